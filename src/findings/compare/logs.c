/* SPDX-License-Identifier: MIT */
/* Makes sorted logarithms of times. */
#include "findings/compare/logs.h"
#include "findings/compare/median.h"
#include <math.h>
#include <stdlib.h>

static bool logs_init(gbxi_compare_logs *logs, size_t before, size_t after)
{
    double *room = malloc((before + after + 1) * sizeof(*room));

    *logs = (gbxi_compare_logs){.count = {before, after}};
    if (room == NULL)
        return false;
    logs->at[GBXI_BEFORE] = room;
    logs->at[GBXI_AFTER] = room + before;
    return true;
}

void gbxi_compare_logs_fini(gbxi_compare_logs *logs)
{
    free(logs->at[GBXI_BEFORE]);
    *logs = (gbxi_compare_logs){.count = {0}};
}

gbxi_sorted gbxi_compare_logs_half(const gbxi_compare_logs *logs, gbxi_compare_half half)
{
    return (gbxi_sorted){logs->at[half], logs->count[half]};
}

static double log_of(double ns)
{
    return log(fmax(ns, 1));
}

static double logs_time(const gbxi_gathered_value *value, gbxi_compare_by by)
{
    return (double)(by == GBXI_COMPARE_SELF ? value->self_ns : value->total_ns);
}

/* Counts the times of one half, which are then sorted. */
static void logs_sum(double *times, size_t count, gbxi_compared_half *half)
{
    double sum_ns = 0;

    half->requests = count;
    for (size_t i = 0; i < count; i++)
        sum_ns += times[i];
    half->sum_ns = sum_ns;
    half->median_ns = count > 0 ? gbxi_median(times, count) : 0;
}

/* Sorts the logarithms of the times of a cell, with or without what each request has in common. */
static void logs_set(gbxi_compare_logs *logs, const gbxi_gathered_cell *cell, gbxi_compare_by by, bool without_common)
{
    for (size_t half = 0; half < GBXI_COMPARE_HALVES; half++) {
        const gbxi_gathered_values *values = &cell->halves[half];
        double *at = logs->at[half];

        for (size_t i = 0; i < values->count; i++)
            at[i] = log_of(logs_time(&values->at[i], by)) - (without_common ? values->at[i].common : 0);
        if (values->count > 0)
            (void)gbxi_median(at, values->count);
    }
}

double gbxi_compare_logs_width(const gbxi_compare_logs *logs)
{
    double width = 0;

    for (size_t half = 0; half < GBXI_COMPARE_HALVES; half++)
        if (logs->count[half] > 0)
            width = fmax(width, gbxi_quartile_distance(logs->at[half], logs->count[half]));
    return width;
}

bool gbxi_compare_logs_of_cell(gbxi_compare_logs *logs, const gbxi_gathered_cell *cell, gbxi_compare_by by,
                               gbxi_compared *found)
{
    double width;

    if (!logs_init(logs, cell->halves[GBXI_BEFORE].count, cell->halves[GBXI_AFTER].count))
        return false;
    for (size_t half = 0; half < GBXI_COMPARE_HALVES; half++) {
        const gbxi_gathered_values *values = &cell->halves[half];

        for (size_t i = 0; i < values->count; i++)
            logs->at[half][i] = logs_time(&values->at[i], by);
        logs_sum(logs->at[half], values->count, &found->halves[half]);
        found->halves[half].calls = values->calls;
    }
    logs_set(logs, cell, by, false);
    width = gbxi_compare_logs_width(logs);
    logs_set(logs, cell, by, true);
    if (gbxi_compare_logs_width(logs) >= width)
        logs_set(logs, cell, by, false);
    return true;
}

bool gbxi_compare_logs_of_route(gbxi_compare_logs *logs, const gbxi_gathered_route *route, gbxi_compared *found)
{
    if (!logs_init(logs, route->halves[GBXI_BEFORE].count, route->halves[GBXI_AFTER].count))
        return false;
    for (size_t half = 0; half < GBXI_COMPARE_HALVES; half++) {
        const gbxi_gathered_requests *requests = &route->halves[half];
        double *at = logs->at[half];

        for (size_t i = 0; i < requests->count; i++)
            at[i] = (double)requests->durations_ns[i];
        logs_sum(at, requests->count, &found->halves[half]);
        for (size_t i = 0; i < requests->count; i++)
            at[i] = log_of(at[i]);
    }
    return true;
}
