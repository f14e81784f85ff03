/* SPDX-License-Identifier: MIT */
/* Finds what the frames of each request have in common. */
#define _GNU_SOURCE
#include "findings/compare/pace.h"
#include "findings/compare/compared.h"
#include "findings/compare/median.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A frame of the route that is looked at, on one side. */
typedef struct pace_frame {
    gbxi_gathered_values *values;
    double median; /* logarithm */
    size_t next;   /* value of the next request that has the frame */
    uint32_t route;
    bool counts;
} pace_frame;

/* Room for as many frames as there are. */
typedef struct pace_room {
    pace_frame *frames;
    double *distances; /* of the frames of a request that count, sorted */
    size_t count;
} pace_room;

static double pace_log(const gbxi_gathered_value *value)
{
    return log(value->self_ns > 0 ? (double)value->self_ns : 1);
}

static bool pace_median(pace_frame *frame)
{
    double *logs = malloc((frame->values->count + 1) * sizeof(*logs));

    if (logs == NULL)
        return false;
    for (size_t i = 0; i < frame->values->count; i++)
        logs[i] = pace_log(&frame->values->at[i]);
    frame->median = frame->values->count > 0 ? gbxi_median(logs, frame->values->count) : 0;
    free(logs);
    return true;
}

/* The median of sorted distances without the one at `left_out`. */
static double pace_without(const double *sorted, size_t count, size_t left_out)
{
    size_t middle = (count - 1) / 2;
    double upper = sorted[middle + (middle >= left_out)];

    if ((count - 1) % 2 == 1)
        return upper;
    return (sorted[middle - 1 + (middle - 1 >= left_out)] + upper) / 2;
}

static size_t pace_place(const double *sorted, size_t count, double distance)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (sorted[middle] < distance)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool pace_has(const pace_frame *frame, uint32_t request)
{
    return frame->next < frame->values->count && frame->values->at[frame->next].request == request;
}

/* Settles one request of the route, whose frames are in the room. */
static void pace_settle_request(pace_room *room, uint32_t request)
{
    size_t count = 0;

    for (size_t i = 0; i < room->count; i++) {
        pace_frame *frame = &room->frames[i];

        if (frame->counts && pace_has(frame, request))
            room->distances[count++] = pace_log(&frame->values->at[frame->next]) - frame->median;
    }
    if (count > 0)
        (void)gbxi_median(room->distances, count);
    for (size_t i = 0; i < room->count; i++) {
        pace_frame *frame = &room->frames[i];
        gbxi_gathered_value *value;

        if (!pace_has(frame, request))
            continue;
        value = &frame->values->at[frame->next++];
        if (count < GBXI_DRIFT_FRAMES_MIN)
            value->common = 0;
        else if (!frame->counts)
            value->common = gbxi_median_of_sorted(room->distances, count);
        else
            value->common = pace_without(room->distances, count,
                                         pace_place(room->distances, count, pace_log(value) - frame->median));
    }
}

static int pace_route_order(const void *a, const void *b)
{
    uint32_t left = ((const pace_frame *)a)->route, right = ((const pace_frame *)b)->route;

    return (left > right) - (left < right);
}

static bool pace_settle_half(gbxi_gathered *gathered, gbxi_compare_half half, const bool *counts, pace_frame *frames,
                             double *distances)
{
    size_t end;

    for (size_t i = 0; i < gathered->cell_count; i++) {
        gbxi_gathered_cell *cell = &gathered->cells[i];

        frames[i] = (pace_frame){.values = &cell->halves[half], .route = cell->route, .counts = counts[i]};
        if (!pace_median(&frames[i]))
            return false;
    }
    if (gathered->cell_count > 1)
        qsort(frames, gathered->cell_count, sizeof(*frames), pace_route_order);
    for (size_t begin = 0; begin < gathered->cell_count; begin = end) {
        pace_room room = {.frames = frames + begin, .distances = distances};
        uint32_t route = frames[begin].route;

        end = begin;
        while (end < gathered->cell_count && frames[end].route == route)
            end++;
        room.count = end - begin;
        for (uint32_t request = 0; request < gathered->routes[route].halves[half].count; request++)
            pace_settle_request(&room, request);
    }
    return true;
}

bool gbxi_pace_settle(gbxi_gathered *gathered, const bool *counts)
{
    pace_frame *frames = malloc((gathered->cell_count + 1) * sizeof(*frames));
    double *distances = malloc((gathered->cell_count + 1) * sizeof(*distances));
    bool done = frames != NULL && distances != NULL;

    for (size_t half = 0; done && half < GBXI_COMPARE_HALVES; half++)
        done = pace_settle_half(gathered, (gbxi_compare_half)half, counts, frames, distances);
    free(frames);
    free(distances);
    return done;
}
