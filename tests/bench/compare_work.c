/* SPDX-License-Identifier: MIT */
/* A process that works as a service does, and stores every request, for the experiment of compare_truth.js:
 * bench-compare_work DIRECTORY REQUESTS KIND [FRAME PERCENT] prints the id of the run. A request has 16 frames of about
 * 5 to 250 us. KIND is what they do: numbers, clock (they wait until it is late enough), mixed, which is numbers,
 * memory, texts and allocations, or long-numbers and long-mixed, which take ten times as long. FRAME, from 0, does so
 * many percent more. */
#define _GNU_SOURCE
#include "store/store.h"
#include <glassbox/capture.h>
#include <glassbox/span.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORK_FRAMES = 16, TABLE_COUNT = 1 << 16, PIECES_MAX = 64 };

static uint32_t table[TABLE_COUNT];
static volatile uint32_t result;
static unsigned slower_frame = WORK_FRAMES, slower_percent;

static void work_numbers(unsigned units)
{
    uint32_t value = units;

    for (unsigned i = 0; i < units * 100; i++)
        value = value * 1664525 + 1013904223;
    result = value;
}

static void work_memory(unsigned units)
{
    uint32_t at = units;

    for (unsigned i = 0; i < units * 20; i++)
        at = table[at % TABLE_COUNT] + i;
    result = at;
}

static void work_text(unsigned units)
{
    char text[64];

    for (unsigned i = 0; i < units; i++)
        result += (uint32_t)snprintf(text, sizeof(text), "%u of %s", i, "a text");
}

static void work_pieces(unsigned units)
{
    void *pieces[PIECES_MAX];

    for (unsigned i = 0; i < units / 8; i++) {
        for (size_t k = 0; k < PIECES_MAX; k++)
            memset(pieces[k] = malloc(16 + k * 8), (int)i, 16);
        for (size_t k = 0; k < PIECES_MAX; k++)
            free(pieces[k]);
    }
}

static void work_until(unsigned units)
{
    struct timespec now;
    uint64_t end;

    clock_gettime(CLOCK_MONOTONIC, &now);
    end = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec + units * 150;
    do
        clock_gettime(CLOCK_MONOTONIC, &now);
    while ((uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec < end);
}

typedef void work_kind(unsigned units);

static work_kind *const mixed[] = {work_numbers, work_memory, work_text, work_pieces};
static work_kind *only; /* NULL: mixed */
static unsigned rounds = 1;

static void work_frame(unsigned frame, unsigned units)
{
    if (frame == slower_frame)
        units += units * slower_percent / 100;
    for (unsigned i = 0; i < rounds; i++)
        (only != NULL ? only : mixed[frame % 4])(units);
}

#define WORK(frame, units)                                                                                             \
    do {                                                                                                               \
        GBX_SPAN_NAMED("work." #frame);                                                                                \
        work_frame(frame, units);                                                                                      \
    } while (0)

/* How large the units are is a matter of the machine: the times are about 5 to 200 us. */
static void serve_request(void)
{
    GBX_SPAN_NAMED("handle");
    WORK(0, 40);
    WORK(1, 100);
    WORK(2, 60);
    WORK(3, 40);
    {
        GBX_SPAN_NAMED("middle");
        WORK(4, 400);
        WORK(5, 300);
        WORK(6, 200);
        WORK(7, 120);
        WORK(8, 900);
        WORK(9, 800);
    }
    WORK(10, 500);
    WORK(11, 240);
    {
        GBX_SPAN_NAMED("last");
        WORK(12, 1600);
        WORK(13, 1600);
        WORK(14, 900);
        WORK(15, 480);
    }
}

static void fail(const gbx_error *error)
{
    fprintf(stderr, "bench-compare_work: %s\n", error->text);
    exit(1);
}

static void store_request(const gbx_sink *sink)
{
    gbx_capture *capture =
        gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .name = "GET /"});
    gbx_recording recording = {.size = sizeof(recording),
                               .capture = capture,
                               .method = "GET",
                               .path = "/",
                               .route = "/",
                               .source_root = "",
                               .status = 200,
                               .reasons = GBX_KEEP_SAMPLED};
    gbx_error error;
    gbx_scope scope = gbx_capture_enter(capture);

    serve_request();
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    if (sink->take(sink->context, &recording, &error) != GBX_ERR_OK)
        fail(&error);
    gbx_capture_unref(capture);
}

static bool read_kind(const char *kind)
{
    if (strncmp(kind, "long-", 5) == 0) {
        rounds = 10;
        kind += 5;
    }
    if (strcmp(kind, "numbers") == 0)
        only = work_numbers;
    else if (strcmp(kind, "clock") == 0)
        only = work_until;
    return only != NULL || strcmp(kind, "mixed") == 0;
}

int main(int argc, char **argv)
{
    gbxi_store_options options = {.program = "compare_work"};
    gbxi_store *store;
    gbx_error error;
    gbx_sink sink;

    if ((argc != 4 && argc != 6) || !read_kind(argv[3]))
        return 2;
    options.directory = argv[1];
    slower_frame = argc == 6 ? (unsigned)atoi(argv[4]) : WORK_FRAMES;
    slower_percent = argc == 6 ? (unsigned)atoi(argv[5]) : 0;
    for (uint32_t i = 0; i < TABLE_COUNT; i++)
        table[i] = i * 2654435761u;
    if (gbxi_store_open(&options, &store, &error) != GBX_ERR_OK)
        fail(&error);
    sink = gbxi_store_sink(store);
    for (int i = 0; i < atoi(argv[2]); i++)
        store_request(&sink);
    puts(gbxi_store_run_id(store));
    if (gbxi_store_close(store, &error) != GBX_ERR_OK)
        fail(&error);
    return 0;
}
