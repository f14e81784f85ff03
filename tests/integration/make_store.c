/* SPDX-License-Identifier: MIT */
/* A store with traces that are known beforehand:
 * gbx-make-store DIRECTORY COUNT prints the id of its run and ends when the run is closed.
 * gbx-make-store DIRECTORY COUNT hold prints the id when COUNT traces are committed. Then each line of its input is a
 * number of further traces, which are committed before "done" is printed; it closes the run at the end of the input. */
#define _GNU_SOURCE
#include "store/store.h"
#include "tests/unit/trace/recording.h"
#include <glassbox/recorder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const gbx_site site_handle = {"handle", "handle", "src/handle.c", 10, {0}};
static const gbx_site site_parse = {"parse", "parse", "src/parse.c", 20, {0}};
static const gbx_site site_query = {"db.query", "db_query", "src/db.c", 30, {0}};
static const gbx_site site_row = {"row", "row", "src/db.c", 40, {0}};
static const gbx_site site_render = {"render", "render", "src/render.c", 50, {0}};

static recording r;

static void render_on_worker(recording *record, void *argument)
{
    (void)argument;
    recording_call(record, &site_render, 5000);
}

/* The number of its trace, from 1, decides everything: the higher, the slower; each tenth fails; the third has a name
 * that a terminal should not see, and that of the fourth has no path; each fourth has a second thread. */
static gbx_capture *record_trace(unsigned number)
{
    const char *name = number == 3 ? "GET /hello \x1b[31m" : number == 4 ? "nightly" : "POST /graph";
    const gbx_capture_options options = {.size = sizeof(options), .name = name};

    recording_begin(&r, &options);
    gbxi_note_int("number", number);
    recording_enter(&r, &site_handle);
    recording_call(&r, &site_parse, 1000 + number);
    for (unsigned i = 0; i <= number % 3; i++) {
        recording_enter(&r, &site_query);
        gbxi_note_str("statement", "SELECT 1");
        if (number % 10 == 0 && i == 0)
            gbxi_span_fail("time is up");
        recording_call(&r, &site_row, 200);
        recording_pass(&r, 2000);
        recording_exit(&r);
    }
    recording_pass(&r, 100000 + 1000 * (uint64_t)number);
    recording_exit(&r);
    if (number % 4 == 0)
        recording_on_thread(&r, "worker", 101, 1000, render_on_worker, NULL);
    return recording_finish(&r);
}

static void complain_of(const gbx_error *error)
{
    fprintf(stderr, "gbx-make-store: %s\n", error->text);
    exit(1);
}

static void store_trace(const gbx_sink *sink, unsigned number)
{
    gbx_capture *capture = record_trace(number);
    const gbx_recording kept = {.size = sizeof(kept),
                                .capture = capture,
                                .method = number == 3 ? "GET" : "POST",
                                .path = number == 3 ? "/hello" : "/graph",
                                .route = number == 3 ? "/hello" : "/graph",
                                .source_root = "",
                                .status = number % 10 == 0 ? 500 : 200,
                                .reasons = number % 10 == 0 ? GBX_KEEP_FAILED | GBX_KEEP_SAMPLED : GBX_KEEP_SAMPLED};
    gbx_error error;

    if (sink->offered != NULL)
        sink->offered(sink->context);
    if (sink->take(sink->context, &kept, &error) != GBX_ERR_OK)
        complain_of(&error);
    gbx_capture_unref(capture);
}

static void store_traces(const gbx_sink *sink, unsigned *number, unsigned count)
{
    gbx_error error;

    for (unsigned i = 0; i < count; i++)
        store_trace(sink, ++*number);
    if (sink->flush(sink->context, &error) != GBX_ERR_OK)
        complain_of(&error);
}

int main(int argc, char **argv)
{
    gbxi_store_options options = {.program = "make \x1b[1m store"};
    unsigned number = 0;
    gbxi_store *store;
    gbx_error error;
    gbx_sink sink;
    char line[32];

    if (argc < 3) {
        fprintf(stderr, "usage: gbx-make-store DIRECTORY COUNT [hold]\n");
        return 2;
    }
    options.directory = argv[1];
    if (gbxi_store_open(&options, &store, &error) != GBX_ERR_OK)
        complain_of(&error);
    sink = gbxi_store_sink(store);
    store_traces(&sink, &number, (unsigned)atoi(argv[2]));
    puts(gbxi_store_run_id(store));
    fflush(stdout);
    while (argc > 3 && fgets(line, sizeof(line), stdin) != NULL) {
        store_traces(&sink, &number, (unsigned)atoi(line));
        puts("done");
        fflush(stdout);
    }
    if (gbxi_store_close(store, &error) != GBX_ERR_OK)
        complain_of(&error);
    return 0;
}
