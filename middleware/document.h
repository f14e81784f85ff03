/* SPDX-License-Identifier: MIT */
/* The trace's part of the envelope: the members after the output, or the whole body when only the trace is wanted. */
#ifndef GBX_MIDDLEWARE_DOCUMENT_H
#define GBX_MIDDLEWARE_DOCUMENT_H

#include "schemas/trace_config.h"
#include "json/writer.h"
#include <glassbox/export.h>

/* Zeroed, it has not begun. */
typedef struct gbx__document {
    gbx_exporter *exporter;
    gbx_err error; /* why there is no trace, when there should be one */
    bool begun;
} gbx__document;

typedef enum gbx__document_state {
    GBX__DOCUMENT_MORE,  /* the writer's memory is full; take it and go on */
    GBX__DOCUMENT_END,   /* all is written, the envelope is closed */
    GBX__DOCUMENT_BROKEN /* the exporter failed in the middle: what went out cannot be completed */
} gbx__document_state;

/* Writes as much as the writer's memory holds, at least 1 KiB of which must be free. The first call freezes the capture
 * (NULL: nothing was captured) and makes the exporter. */
gbx__document_state gbx__document_write(gbx__document *document, gbx_json_writer *writer, gbx_capture *capture,
                                        const gbx_trace_config *config);
void gbx__document_fini(gbx__document *document);

#endif
