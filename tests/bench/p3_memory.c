/* SPDX-License-Identifier: MIT */
/* P3: measures bytes per event, allocations per span, the memory limit of a capture, and the memory that is given
 * back. */
#define _GNU_SOURCE
#include "bench.h"
#include "capture/pool.h"
#include "loops.h"
#include <glassbox/capture.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static size_t allocations;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_malloc(size_t size)
{
    ++allocations;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    ++allocations;
    return __real_calloc(count, size);
}

static double resident_mib(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;

    if (file == NULL || fscanf(file, "%*u %lu", &pages) != 1) {
        fprintf(stderr, "p3_memory: cannot read /proc/self/statm\n");
        exit(EXIT_FAILURE);
    }
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

static void add(const char *what, const char *unit, double value, const char *limit_of, double at_most)
{
    bench_add(&(bench_row){.what = what, .unit = unit, .subject_name = what, .limit_of = limit_of, .at_most = at_most},
              &value, NULL, 1);
}

int main(void)
{
    const size_t spans = 5000000;
    size_t used_before = gbxi_pool_used_count(), used, allocations_before;
    double resident_before = resident_mib(), resident_peak;
    gbx_capture *capture =
        gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = (uint32_t)spans / 10});
    gbx_scope scope = gbx_capture_enter(capture);

    allocations_before = allocations;
    loop_span(spans);
    allocations_before = allocations - allocations_before;
    gbx_capture_leave(scope);
    used = gbxi_pool_used_count() - used_before;
    resident_peak = resident_mib();
    gbx_capture_unref(capture);

    bench_begin("P3");
    /* One lane's 32 KiB of stack and at most two blocks begun or held in reserve are a capture's, not an event's. */
    add("memory per event, 1 M events", "bytes", (double)(used * GBXI_BLOCK_BYTES) / (double)(2 * spans / 10),
        "subject", 16.2);
    add("allocations while 5 M spans begin and end", "calls", (double)allocations_before, "subject", 0.5);
    add("resident while captured, 5 M spans asked, 500 k allowed", "MiB", resident_peak - resident_before, "subject",
        500000.0 * 2 * 16 / (1 << 20) + 1);
    add("still resident afterwards (idle blocks: 16 MiB at most)", "MiB", resident_mib() - resident_before, "subject",
        17);
    add("blocks in use afterwards", "blocks", (double)(gbxi_pool_used_count() - used_before), "subject", 0.5);
    return bench_end();
}
