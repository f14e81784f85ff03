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

bool gbxi_compare_logs_of_cell(gbxi_compare_logs *logs, const gbxi_gathered_cell *cell, gbxi_compare_by by,
                               gbxi_compared *found)
{
    if (!logs_init(logs, cell->halves[GBXI_BEFORE].count, cell->halves[GBXI_AFTER].count))
        return false;
    for (size_t half = 0; half < GBXI_COMPARE_HALVES; half++) {
        const gbxi_gathered_values *values = &cell->halves[half];
        double *at = logs->at[half];

        for (size_t i = 0; i < values->count; i++)
            at[i] = logs_time(&values->at[i], by);
        logs_sum(at, values->count, &found->halves[half]);
        found->halves[half].calls = values->calls;
        for (size_t i = 0; i < values->count; i++)
            at[i] = log_of(logs_time(&values->at[i], by)) - values->at[i].common;
        if (values->count > 0)
            (void)gbxi_median(at, values->count);
    }
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
