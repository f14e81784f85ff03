/* SPDX-License-Identifier: MIT */
/* A program without libh2o that records its work into a store. Usage: store [DIRECTORY]; without one, the environment
 * says whether and where. */
#include <glassbox/capture.h>
#include <glassbox/span.h>
#include <glassbox/store.h>
#include <stdio.h>
#include <stdlib.h>

enum { JOBS = 20, CLOSE_MS = 5000 };

static void add_up(unsigned number)
{
    GBX_SPAN_FMT("add_up(%u)", number);
    if (number == 13)
        gbx_span_fail("bad luck");
}

/* A recorder that keeps failed work in a store. If it is NULL, `error` says why, or memory is short. */
static gbx_recorder *open_store(const char *directory, gbx_error *error)
{
    const gbx_recorder_options rules = {.size = sizeof(rules), .failed = true};
    const gbx_store_options store = {.size = sizeof(store), .directory = directory};
    gbx_recorder *recorder = gbx_recorder_new(&rules);

    if (recorder != NULL && gbx_recorder_add_store(recorder, &store, error) != GBX_ERR_OK) {
        gbx_recorder_unref(recorder);
        return NULL;
    }
    return recorder;
}

static void run_numbered(gbx_recorder *recorder, unsigned number)
{
    const gbx_request request = {.size = sizeof(request), .method = "JOB", .path = "/add", .route = "/add"};
    gbx_capture *capture = gbx_capture_new(NULL);

    {
        GBX_ENTER(capture);
        add_up(number);
    }
    if (capture == NULL)
        return;
    gbx_capture_finish(capture);
    gbx_recorder_offer(recorder, capture, &request);
    gbx_capture_unref(capture);
}

static int close_store(gbx_recorder *recorder)
{
    gbx_recorder_counts counts;
    gbx_err err = gbx_recorder_close(recorder, CLOSE_MS);

    gbx_recorder_counts_get(recorder, &counts, sizeof(counts));
    printf("%llu jobs, %llu kept, %llu lost\n", (unsigned long long)counts.seen, (unsigned long long)counts.kept,
           (unsigned long long)(counts.missed + counts.failed));
    gbx_recorder_unref(recorder);
    return err == GBX_ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    gbx_error error = {0};
    gbx_recorder *recorder = NULL;

    if (argc > 1)
        recorder = open_store(argv[1], &error);
    else if (gbx_recorder_open_environment(&recorder, &error) == GBX_ERR_OK && recorder == NULL)
        return puts("nothing is recorded") < 0;
    if (recorder == NULL) {
        fprintf(stderr, "store: %s\n", error.text);
        return EXIT_FAILURE;
    }
    for (unsigned i = 0; i < JOBS; i++)
        run_numbered(recorder, i);
    return close_store(recorder);
}
