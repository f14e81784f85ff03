/* SPDX-License-Identifier: MIT */
/* Reads CPU time and memory of this process. */
#define _GNU_SOURCE
#include "store/process.h"
#include "base/time.h"
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static uint64_t process_cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * GBXI_NS_PER_S + (uint64_t)now.tv_nsec;
}

/* 0 if /proc is not there. */
static uint64_t process_rss_bytes(void)
{
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");

    if (file == NULL)
        return 0;
    if (fscanf(file, "%*u %llu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

void gbxi_process_meter_init(gbxi_process_meter *meter)
{
    meter->cpu_ns = process_cpu_ns();
}

void gbxi_process_meter_read(gbxi_process_meter *meter, const gbx_process_state *state, gbxi_process_row *row)
{
    uint64_t cpu_ns = process_cpu_ns();

    *row = (gbxi_process_row){
        .at_unix_s = (int64_t)time(NULL),
        .cpu_ns = cpu_ns - meter->cpu_ns,
        .rss_bytes = process_rss_bytes(),
        .loop_lag_ns = state->loop_lag_ns,
        .worker_queue = state->worker_queue,
        .live_captures = gbx_capture_live_count(),
    };
    meter->cpu_ns = cpu_ns;
}
