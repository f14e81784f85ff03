/* SPDX-License-Identifier: MIT */
/* Spans, a second thread and an exporter without HTTP: the program that docs/embedding.md quotes. */
#include <glassbox/capture.h>
#include <glassbox/export.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int count_words(const char *text)
{
    int words = 0;

    for (const char *at = text; *at != '\0'; at++)
        words += *at != ' ' && (at == text || at[-1] == ' ');
    return words;
}

static int parse(const char *text)
{
    GBX_SPAN();
    gbx_note_int("bytes", (int64_t)strlen(text));
    if (*text == '\0') {
        gbx_span_fail("nothing to parse");
        return -1;
    }
    {
        GBX_SPAN_NAMED("parse.words");
        return count_words(text);
    }
}

struct job {
    const char *text;
    uint64_t queued;      /* when it began to wait */
    gbx_capture *carried; /* NULL when the request is not captured */
    int words;
};

static void hand_over(struct job *job)
{
    job->queued = gbx_span_moment();
    job->carried = gbx_capture_carry();
}

static void *go_on(void *argument)
{
    struct job *job = argument;
    GBX_RESUME(job->carried);
    GBX_SPAN_SINCE("job.queue", job->queued);
    GBX_SPAN();

    job->words = parse(job->text);
    return NULL;
}

static int print_trace(gbx_capture *capture)
{
    gbx_exporter *exporter = gbx_exporter_new(capture, GBX_FORMAT_SUMMARY, NULL);
    char piece[4096];
    ptrdiff_t length;

    if (exporter == NULL)
        return -1;
    while ((length = gbx_exporter_read(exporter, piece, sizeof(piece))) > 0)
        fwrite(piece, 1, (size_t)length, stdout);
    gbx_exporter_free(exporter);
    return length == 0 ? 0 : -1;
}

int main(void)
{
    struct job job = {.text = "glass box"};
    gbx_capture *capture = gbx_capture_new(NULL);
    pthread_t worker;
    int failed;

    if (capture == NULL)
        return EXIT_FAILURE;
    gbx_scope scope = gbx_capture_enter(capture);
    hand_over(&job);
    failed = pthread_create(&worker, NULL, go_on, &job);
    if (failed)
        gbx_capture_unref(job.carried);
    gbx_capture_leave(scope);
    if (!failed)
        pthread_join(worker, NULL);
    gbx_capture_finish(capture);
    failed = failed || print_trace(capture) != 0;
    gbx_capture_unref(capture);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
