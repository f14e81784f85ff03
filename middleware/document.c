/* SPDX-License-Identifier: MIT */
/* Writes the trace document, or null if there is none, into the response. */
#define _GNU_SOURCE
#include "middleware/document.h"
#include "middleware/analyst.h"
#include <glassbox/read.h>

enum {
    TAIL_BYTES = 256,  /* for what follows the document */
    SPANS_HERE = 20000 /* the event loop analyses that many in about a millisecond */
};

static bool is_fast(const gbx_capture *capture, const gbxi_trace_config *config)
{
    return gbx_capture_duration_ns(capture) < gbxi_trace_config_least_ns(config);
}

/* Reads until the document ends or the memory is full. Returns the last result of the exporter, which is positive if
 * there is more. */
static ptrdiff_t document_pull(gbx_exporter *exporter, gbxi_json_writer *w)
{
    ptrdiff_t length = 1;

    while (length > 0 && (size_t)(w->end - w->at) > TAIL_BYTES) {
        length = gbx_exporter_read(exporter, w->at, (size_t)(w->end - w->at) - TAIL_BYTES);
        if (length > 0)
            w->at += length;
    }
    return length;
}

static void document_stop(gbxi_document *document)
{
    gbx_exporter_free(document->exporter);
    document->exporter = NULL;
}

static void document_take(gbxi_document *document, gbx_exporter *exporter)
{
    document->exporter = exporter;
    if (exporter == NULL)
        document->error = GBX_ERR_NO_MEMORY;
}

static void document_on_exporter(gbxi_exporting_client *client, gbx_exporter *exporter)
{
    gbxi_document *document = H2O_STRUCT_FROM_MEMBER(gbxi_document, client, client);

    gbxi_exporting_end(document->exporting);
    document->exporting = NULL;
    document_take(document, exporter);
    document->on_ready(document);
}

static bool is_large(const gbx_capture *capture)
{
    gbx_capture_facts facts;

    return gbx_capture_facts_get(capture, &facts, sizeof(facts)) == GBX_ERR_OK && facts.span_count > SPANS_HERE;
}

void gbxi_document_begin(gbxi_document *document, gbxi_mirror *mirror, h2o_context_t *context, gbx_capture *capture,
                         const gbxi_trace_config *config)
{
    const gbx_export_options options = {.size = sizeof(options),
                                        .min_duration_ns = config->min_duration_ns,
                                        .top_n = config->top_n,
                                        .call_tree = config->call_tree,
                                        .source_root = mirror->config.source_root};

    document->begun = true;
    if (capture == NULL || is_fast(capture, config))
        return;
    if (!is_large(capture) || !gbxi_analyst_is_there(mirror)) {
        document_take(document, gbx_exporter_new(capture, config->trace_format, &options));
        return;
    }
    document->client.on_exporter = document_on_exporter;
    document->exporting =
        gbxi_exporting_begin(&document->client, mirror, context, capture, config->trace_format, &options);
    if (document->exporting == NULL)
        document->error = GBX_ERR_NO_MEMORY;
}

/* As long as nothing of the document is written, null can still replace it. */
static void document_write_first(gbxi_document *document, gbxi_json_writer *w)
{
    ptrdiff_t length = gbx_exporter_read(document->exporter, w->at, (size_t)(w->end - w->at) - TAIL_BYTES);

    if (length > 0) {
        gbxi_json_raw(w, "", 0); /* begins a value whose bytes are already in place */
        w->at += length;
        return;
    }
    document->error = length < 0 ? gbx_exporter_error(document->exporter) : GBX_ERR_STATE;
    document_stop(document);
}

static void document_open(gbxi_document *document, gbxi_json_writer *w, const gbxi_trace_config *config)
{
    document->opened = true;
    if (config->trace_output == GBXI_TRACE_OUTPUT_BOTH)
        gbxi_json_key(w, "traces");
    if (document->exporter != NULL)
        document_write_first(document, w);
    if (document->exporter == NULL)
        gbxi_json_null(w);
}

static void document_end(const gbxi_document *document, gbxi_json_writer *w, const gbxi_trace_config *config)
{
    if (config->trace_output != GBXI_TRACE_OUTPUT_BOTH)
        return;
    if (document->error != GBX_ERR_OK) {
        gbxi_json_key(w, "trace_error");
        gbxi_json_string_z(w, gbx_err_text(document->error));
    }
    gbxi_json_object_end(w);
}

gbxi_document_state gbxi_document_write(gbxi_document *document, gbxi_json_writer *writer,
                                        const gbxi_trace_config *config)
{
    if (!document->opened)
        document_open(document, writer, config);
    if (document->exporter != NULL) {
        ptrdiff_t length = document_pull(document->exporter, writer);

        if (length > 0)
            return GBXI_DOCUMENT_MORE;
        if (length < 0)
            return GBXI_DOCUMENT_BROKEN;
        document_stop(document);
    }
    document_end(document, writer, config);
    return GBXI_DOCUMENT_END;
}

void gbxi_document_fini(gbxi_document *document)
{
    gbxi_exporting_end(document->exporting);
    document->exporting = NULL;
    document_stop(document);
}
