/* SPDX-License-Identifier: MIT */
/* The trace part of the envelope: the members after the output, or the whole body with traces_only. */
#ifndef GBX_MIDDLEWARE_DOCUMENT_H
#define GBX_MIDDLEWARE_DOCUMENT_H

#include "schemas/trace_config.h"
#include "json/writer.h"
#include <glassbox/export.h>

/* A zeroed struct is a document that has not begun. */
typedef struct gbxi_document {
    gbx_exporter *exporter;
    gbx_err error; /* the reason why a requested trace is missing */
    bool begun;
} gbxi_document;

typedef enum gbxi_document_state {
    GBXI_DOCUMENT_MORE,  /* the writer's memory is full; empty it and continue */
    GBXI_DOCUMENT_END,   /* everything is written, and the envelope is closed */
    GBXI_DOCUMENT_BROKEN /* the exporter failed midway, so the response cannot be completed */
} gbxi_document_state;

/* Writes as much as fits into the writer's memory, of which at least 1 KiB must be free. The first call creates
 * the exporter of the capture, which is finished (NULL: nothing was captured). */
gbxi_document_state gbxi_document_write(gbxi_document *document, gbxi_json_writer *writer, gbx_capture *capture,
                                        const gbxi_trace_config *config);
void gbxi_document_fini(gbxi_document *document);

#endif
