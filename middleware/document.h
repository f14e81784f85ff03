/* SPDX-License-Identifier: MIT */
/* The trace's part of the envelope: the members after the output, or the whole body when only the trace is wanted. */
#ifndef GBX_MIDDLEWARE_DOCUMENT_H
#define GBX_MIDDLEWARE_DOCUMENT_H

#include "schemas/trace_config.h"
#include "json/writer.h"
#include <glassbox/export.h>

/* Zeroed, it has not begun. */
typedef struct gbxi_document {
    gbx_exporter *exporter;
    gbx_err error; /* why there is no trace, when there should be one */
    bool begun;
} gbxi_document;

typedef enum gbxi_document_state {
    GBXI_DOCUMENT_MORE,  /* the writer's memory is full; take it and go on */
    GBXI_DOCUMENT_END,   /* all is written, the envelope is closed */
    GBXI_DOCUMENT_BROKEN /* the exporter failed in the middle: what went out cannot be completed */
} gbxi_document_state;

/* Writes as much as the writer's memory holds, at least 1 KiB of which must be free. The first call freezes the capture
 * (NULL: nothing was captured) and makes the exporter. */
gbxi_document_state gbxi_document_write(gbxi_document *document, gbxi_json_writer *writer, gbx_capture *capture,
                                        const gbxi_trace_config *config);
void gbxi_document_fini(gbxi_document *document);

#endif
