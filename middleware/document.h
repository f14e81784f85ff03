/* SPDX-License-Identifier: MIT */
/* The trace part of the envelope: the members after the output, or the whole body with traces_only. */
#ifndef GBX_MIDDLEWARE_DOCUMENT_H
#define GBX_MIDDLEWARE_DOCUMENT_H

#include "middleware/exporting.h"
#include "schemas/trace_config.h"
#include "json/writer.h"
#include <glassbox/export.h>
#include <h2o.h>

/* Zeroed except for the callback: a document that has not begun. */
typedef struct gbxi_document {
    /* The exporter that the document waited for is there, or cannot be. */
    void (*on_ready)(struct gbxi_document *document);
    gbx_exporter *exporter;
    gbxi_exporting *exporting; /* creates the exporter elsewhere; NULL: nothing does */
    gbxi_exporting_client client;
    gbx_err error; /* the reason why a requested trace is missing */
    bool begun;
    bool opened; /* its first bytes are written */
} gbxi_document;

typedef enum gbxi_document_state {
    GBXI_DOCUMENT_MORE,  /* the writer's memory is full; empty it and continue */
    GBXI_DOCUMENT_END,   /* everything is written, and the envelope is closed */
    GBXI_DOCUMENT_BROKEN /* the exporter failed midway, so the response cannot be completed */
} gbxi_document_state;

/* Creates the exporter of the capture, which is finished (NULL: nothing was captured). For a large capture the
 * analyst of `mirror` does that, if there is one. Afterwards gbxi_document_is_waiting tells whether to wait for
 * on_ready. */
void gbxi_document_begin(gbxi_document *document, gbxi_mirror *mirror, h2o_context_t *context, gbx_capture *capture,
                         const gbxi_trace_config *config);

static inline bool gbxi_document_is_waiting(const gbxi_document *document)
{
    return document->exporting != NULL;
}

/* Writes as much as fits into the writer's memory, of which at least 1 KiB must be free. The document has begun and
 * does not wait. */
gbxi_document_state gbxi_document_write(gbxi_document *document, gbxi_json_writer *writer,
                                        const gbxi_trace_config *config);

/* Frees what the document has, whether or not it is complete. It must not be written any more. */
void gbxi_document_fini(gbxi_document *document);

#endif
