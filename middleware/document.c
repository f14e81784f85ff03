/* SPDX-License-Identifier: MIT */
/* Writes the trace document, or null if there is none, into the response. */
#include "middleware/document.h"

enum { TAIL_BYTES = 256, NS_PER_MS = 1000000 }; /* for what follows the document */

static bool is_fast(const gbx_capture *capture, const gbxi_trace_config *config)
{
    return (double)gbx_capture_duration_ns(capture) < config->slow_threshold_ms * NS_PER_MS;
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

static void document_begin(gbxi_document *document, gbxi_json_writer *w, gbx_capture *capture,
                           const gbxi_trace_config *config)
{
    const gbx_export_options options = {
        .size = sizeof(options), .min_duration_ns = config->min_duration_ns, .top_n = config->top_n};
    ptrdiff_t length;

    document->begun = true;
    if (config->trace_output == GBXI_TRACE_OUTPUT_BOTH)
        gbxi_json_key(w, "traces");
    if (capture == NULL)
        return;
    if (is_fast(capture, config))
        return;
    document->exporter = gbx_exporter_new(capture, config->trace_format, &options);
    if (document->exporter == NULL) {
        document->error = GBX_ERR_NO_MEMORY;
        return;
    }
    /* As long as nothing of the document is written, null can still replace it. */
    length = gbx_exporter_read(document->exporter, w->at, (size_t)(w->end - w->at) - TAIL_BYTES);
    if (length > 0) {
        gbxi_json_raw(w, "", 0); /* begins a value whose bytes are already in place */
        w->at += length;
        return;
    }
    document->error = length < 0 ? gbx_exporter_error(document->exporter) : GBX_ERR_STATE;
    document_stop(document);
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

gbxi_document_state gbxi_document_write(gbxi_document *document, gbxi_json_writer *writer, gbx_capture *capture,
                                        const gbxi_trace_config *config)
{
    if (!document->begun) {
        document_begin(document, writer, capture, config);
        if (document->exporter == NULL)
            gbxi_json_null(writer);
    }
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
    document_stop(document);
}
