/* SPDX-License-Identifier: MIT */
/* One captured run of the graph pipeline on a page, by two threads, exported in every format that requests can ask for:
 * gbx-one-run PAGE DIRECTORY writes DIRECTORY/full.json, summary.json and speedscope.json. */
#define _GNU_SOURCE
#include "graph/pipeline.h"
#include "schemas/format.h"
#include "json/writer.h"
#include <glassbox/capture.h>
#include <glassbox/export.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct run {
    gbx_capture *capture;
    gbxi_json_buffer body;
    gbx_err result;
} run;

/* A file as the body of a request to the source `html`. */
static gbx_err read_page(const char *path, gbxi_json_buffer *body)
{
    FILE *file = fopen(path, "rb");
    gbxi_json_writer writer;
    gbxi_json_text text;
    char piece[4096];
    size_t length;
    gbx_err result;

    if (file == NULL)
        return GBX_ERR_IO;
    gbxi_json_writer_init_buffer(&writer, body);
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "graph_data");
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "html");
    gbxi_json_text_begin(&writer, &text);
    while ((length = fread(piece, 1, sizeof(piece), file)) > 0)
        gbxi_json_text_add(&writer, &text, piece, length);
    gbxi_json_text_end(&writer, &text);
    gbxi_json_object_end(&writer);
    gbxi_json_object_end(&writer);
    result = ferror(file) ? GBX_ERR_IO : gbxi_json_writer_finish(&writer);
    fclose(file);
    return result;
}

static gbx_err run_pipeline(const gbxi_json_buffer *body)
{
    GBX_SPAN();
    static const gbxi_graph_route route = {.source = "html",
                                           .source_length = 4,
                                           .engine = "dot",
                                           .engine_length = 3,
                                           .transformation = "default",
                                           .transformation_length = 7};
    gbxi_json_buffer answer = {0};
    gbxi_json_writer writer;
    gbx_error error;
    gbx_err result;

    gbxi_json_writer_init_buffer(&writer, &answer);
    result = gbxi_graph_run(&route, body->bytes, body->length, &writer, &error);
    if (result == GBX_ERR_OK)
        result = gbxi_json_writer_finish(&writer);
    gbxi_json_buffer_fini(&answer);
    return result;
}

static void *run_captured(void *context)
{
    run *r = context;
    gbx_scope scope = gbx_capture_enter(r->capture);

    r->result = run_pipeline(&r->body);
    gbx_capture_leave(scope);
    return NULL;
}

static gbx_err write_document(gbx_capture *capture, gbx_format format, const char *directory)
{
    static const gbx_export_options options = {.size = sizeof(options), .top_n = 1000};
    gbx_exporter *exporter = gbx_exporter_new(capture, format, &options);
    char path[4096];
    char piece[65536];
    ptrdiff_t length = -GBX_ERR_NO_MEMORY;
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s.json", directory, gbx_format_name(format));
    file = fopen(path, "wb");
    while (file != NULL && exporter != NULL && (length = gbx_exporter_read(exporter, piece, sizeof(piece))) > 0)
        if (fwrite(piece, 1, (size_t)length, file) != (size_t)length)
            break;
    if (file == NULL || fclose(file) != 0)
        length = -GBX_ERR_IO;
    gbx_exporter_free(exporter);
    return length == 0 ? GBX_ERR_OK : GBX_ERR_IO;
}

int main(int argc, char **argv)
{
    run r = {0};
    run helper;
    pthread_t thread;
    gbx_err result = argc == 3 ? read_page(argv[1], &r.body) : GBX_ERR_ARGUMENT;

    if (result != GBX_ERR_OK)
        goto Exit;
    if ((r.capture = gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .name = "one run"})) ==
        NULL) {
        result = GBX_ERR_NO_MEMORY;
        goto Exit;
    }
    helper = r;
    if (pthread_create(&thread, NULL, run_captured, &helper) != 0) {
        result = GBX_ERR_NO_MEMORY;
        goto Exit;
    }
    run_captured(&r);
    pthread_join(thread, NULL);
    gbx_capture_finish(r.capture);
    result = r.result != GBX_ERR_OK ? r.result : helper.result;
    for (int format = 0; result == GBX_ERR_OK && gbx_format_name((gbx_format)format) != NULL; ++format)
        if (gbxi_format_is_routed((gbx_format)format))
            result = write_document(r.capture, (gbx_format)format, argv[2]);

Exit:
    gbx_capture_unref(r.capture);
    gbxi_json_buffer_fini(&r.body);
    if (result != GBX_ERR_OK)
        fprintf(stderr, "gbx-one-run: %s\n", gbx_err_text(result));
    return result == GBX_ERR_OK && gbx_capture_live_count() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
