/* SPDX-License-Identifier: MIT */
/* A program without HTTP that captures a piece of its own work. Usage: plain [full|summary|speedscope]; the trace goes
 * to the standard output. */
#include <glassbox/capture.h>
#include <glassbox/export.h>
#include <glassbox/span.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned fibonacci(unsigned n)
{
    GBX_SPAN_FMT("fibonacci(%u)", n); /* formatted only while this thread is captured */
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static void work(void)
{
    GBX_SPAN();
    gbx_note_int("result", fibonacci(8));
}

/* A capture of work(), finished; NULL when memory is short. */
static gbx_capture *capture_work(void)
{
    gbx_capture *capture = gbx_capture_new(NULL);

    if (capture == NULL)
        return NULL;
    {
        GBX_ENTER(capture); /* this thread records into it until the block ends */
        work();
    }
    gbx_capture_finish(capture); /* an exporter reads finished captures only */
    return capture;
}

/* An exporter is read like a file: any buffer size will do. */
static int write_trace(gbx_capture *capture, gbx_format format, FILE *file)
{
    gbx_exporter *exporter = gbx_exporter_new(capture, format, NULL);
    char buffer[4096];
    ptrdiff_t length = -1;

    if (exporter == NULL)
        return -1;
    while ((length = gbx_exporter_read(exporter, buffer, sizeof(buffer))) > 0)
        if (fwrite(buffer, 1, (size_t)length, file) != (size_t)length)
            break;
    gbx_exporter_free(exporter);
    return length == 0 && fflush(file) == 0 ? 0 : -1;
}

static int format_of(const char *name, gbx_format *format)
{
    if (strcmp(name, "full") == 0)
        *format = GBX_FORMAT_FULL;
    else if (strcmp(name, "summary") == 0)
        *format = GBX_FORMAT_SUMMARY;
    else if (strcmp(name, "speedscope") == 0)
        *format = GBX_FORMAT_SPEEDSCOPE;
    else
        return -1;
    return 0;
}

int main(int argc, char **argv)
{
    gbx_format format;
    gbx_capture *capture;
    int failed;

    if (format_of(argc > 1 ? argv[1] : "speedscope", &format) != 0) {
        fprintf(stderr, "usage: plain [full|summary|speedscope]\n");
        return EXIT_FAILURE;
    }
    capture = capture_work();
    failed = capture == NULL || write_trace(capture, format, stdout) != 0;
    gbx_capture_unref(capture);
    if (failed)
        fprintf(stderr, "plain: the trace could not be written\n");
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
