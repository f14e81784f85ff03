/* SPDX-License-Identifier: MIT */
/* A run to compare: gbx-make-pair DIRECTORY SEED COUNT PERCENT [PROGRAM [ROUTE]] stores COUNT requests, whose times
 * vary by a few percent as SEED says, with PERCENT as much time in the frame db.query, and prints the id of the run.
 * PERCENT 0 stores requests without spans. Every tenth is of another route and fails. */
#define _GNU_SOURCE
#include "store/store.h"
#include "tests/unit/trace/recording.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const gbx_site sites[] = {
    {"handle", "handle", "src/handle.c", 10, {0}}, {"parse", "parse", "src/parse.c", 20, {0}},
    {"link", "link", "src/link.c", 30, {0}},       {"db.query", "db_query", "src/db.c", 40, {0}},
    {"row", "row", "src/db.c", 50, {0}},           {"render", "render", "src/render.c", 60, {0}},
    {"\x1b[31mred", "red", "src/red.c", 70, {0}},
};
enum { HANDLE, PARSE, LINK, QUERY, ROW, RENDER, RED };

static recording r;
static uint64_t seed;

/* A time of about `ns`. */
static uint64_t about(uint64_t ns)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return ns + ns * (seed >> 40) % ns / (uint64_t)25 - ns / 50;
}

static void record_spans(uint64_t percent)
{
    recording_enter(&r, &sites[HANDLE]);
    recording_pass(&r, about(20000));
    recording_call(&r, &sites[PARSE], about(50000));
    for (int i = 0; i < 3; i++) {
        recording_enter_formatted(&r, &sites[LINK], 1, i, "a");
        recording_pass(&r, about(10000));
        recording_exit(&r);
    }
    recording_enter(&r, &sites[QUERY]);
    recording_pass(&r, about(80000) * percent / 100);
    recording_call(&r, &sites[ROW], about(8000));
    recording_exit(&r);
    recording_call(&r, &sites[RENDER], about(120000));
    recording_call(&r, &sites[RED], about(30000));
    recording_exit(&r);
}

static void fail(const gbx_error *error)
{
    fprintf(stderr, "gbx-make-pair: %s\n", error->text);
    exit(1);
}

static void store_request(const gbx_sink *sink, unsigned number, uint64_t percent, const char *route)
{
    const bool other = number % 10 == 9;
    const char *path = other ? "/other" : route;
    const gbx_capture_options options = {.size = sizeof(options), .name = "a request"};
    gbx_recording kept = {.size = sizeof(kept),
                          .method = "GET",
                          .path = path,
                          .route = path,
                          .source_root = "",
                          .status = other ? 500 : 200,
                          .reasons = GBX_KEEP_SAMPLED};
    gbx_error error;

    recording_begin(&r, &options);
    if (percent > 0)
        record_spans(percent);
    kept.capture = recording_finish(&r);
    if (sink->take(sink->context, &kept, &error) != GBX_ERR_OK)
        fail(&error);
    gbx_capture_unref(kept.capture);
}

int main(int argc, char **argv)
{
    gbxi_store_options options = {.program = argc > 5 ? argv[5] : "pair"};
    gbxi_store *store;
    gbx_error error;
    gbx_sink sink;

    if (argc < 5)
        return 2;
    options.directory = argv[1];
    seed = (uint64_t)atoi(argv[2]);
    if (gbxi_store_open(&options, &store, &error) != GBX_ERR_OK)
        fail(&error);
    sink = gbxi_store_sink(store);
    for (unsigned i = 0; i < (unsigned)atoi(argv[3]); i++)
        store_request(&sink, i, (uint64_t)atoi(argv[4]), argc > 6 ? argv[6] : "/items/{id}");
    puts(gbxi_store_run_id(store));
    if (gbxi_store_close(store, &error) != GBX_ERR_OK)
        fail(&error);
    return 0;
}
