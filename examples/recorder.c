/* SPDX-License-Identifier: MIT */
/* A program without HTTP that records all of its work and keeps what matters. Usage: recorder [RULES]; each job that is
 * kept is printed as one line. */
#include <glassbox/capture.h>
#include <glassbox/read.h>
#include <glassbox/recorder.h>
#include <glassbox/span.h>
#include <stdio.h>
#include <stdlib.h>

enum { JOBS = 20, CLOSE_MS = 5000 };

static unsigned fibonacci(unsigned n)
{
    GBX_SPAN_FMT("fibonacci(%u)", n);
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static void work(unsigned number)
{
    GBX_SPAN();
    gbx_note_int("result", fibonacci(number));
    if (number == 13)
        gbx_span_fail("bad luck");
}

/* Prints one line for a kept job. Runs on the recorder's thread. */
static gbx_err print_kept(void *context, const gbx_recording *recording, gbx_error *error)
{
    gbx_capture_facts facts;

    gbx_capture_facts_get(recording->capture, &facts, sizeof(facts));
    if (fprintf(context, "%s: %llu spans, kept:", recording->path, (unsigned long long)facts.span_count) < 0)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "a line cannot be written");
#define PRINT_REASON(constant, number, name)                                                                           \
    if ((recording->reasons & GBX_KEEP_##constant) != 0)                                                               \
        fputs(" " name, context);
    GBX_KEEP_REASONS(PRINT_REASON)
    fputc('\n', context);
    return GBX_ERR_OK;
}

static void warn(void *context, const char *text)
{
    (void)context;
    fprintf(stderr, "recorder: %s\n", text);
}

/* A recorder with a sink; NULL if the rules are not valid or memory is short. */
static gbx_recorder *open_recorder(const char *rules)
{
    gbx_recorder_options options = {.size = sizeof(options), .report = warn};
    const gbx_sink sink = {.size = sizeof(sink), .name = "lines", .take = print_kept, .context = stdout};
    gbx_error error;
    gbx_recorder *recorder;

    if (gbx_recorder_rules_read(rules, &options, &error) != GBX_ERR_OK) {
        warn(NULL, error.text);
        return NULL;
    }
    recorder = gbx_recorder_new(&options);
    if (recorder != NULL && gbx_recorder_add(recorder, &sink) != GBX_ERR_OK) {
        gbx_recorder_unref(recorder);
        return NULL;
    }
    return recorder;
}

/* Captures a job, and offers the capture. */
static void run_job(gbx_recorder *recorder, unsigned number)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_request request = {.size = sizeof(request), .method = "JOB", .route = "/fibonacci/{n}"};
    char path[32];

    {
        GBX_ENTER(capture); /* NULL if memory is short: then nothing is recorded */
        work(number);
    }
    if (capture == NULL)
        return;
    gbx_capture_finish(capture);
    snprintf(path, sizeof(path), "/fibonacci/%u", number);
    request.path = path; /* all texts are copied */
    gbx_recorder_offer(recorder, capture, &request);
    gbx_capture_unref(capture);
}

static int close_recorder(gbx_recorder *recorder)
{
    gbx_err err = gbx_recorder_close(recorder, CLOSE_MS);
    gbx_recorder_counts counts;

    gbx_recorder_counts_get(recorder, &counts, sizeof(counts));
    printf("%llu jobs, %llu kept, %llu lost\n", (unsigned long long)counts.seen, (unsigned long long)counts.kept,
           (unsigned long long)(counts.missed + counts.failed));
    gbx_recorder_unref(recorder);
    return err == GBX_ERR_OK && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    gbx_recorder *recorder = open_recorder(argc > 1 ? argv[1] : "slow=100ms,errors,1/10");

    if (recorder == NULL)
        return EXIT_FAILURE;
    for (unsigned i = 0; i < JOBS; i++)
        run_job(recorder, i);
    return close_recorder(recorder);
}
