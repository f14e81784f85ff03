/* SPDX-License-Identifier: MIT */
/* Exporters: read a finished capture as a document in one of the trace formats, piece by piece. */
#ifndef GLASSBOX_EXPORT_H
#define GLASSBOX_EXPORT_H

#include <glassbox/api.h>
#include <glassbox/capture.h>
#include <glassbox/error.h>
#include <glassbox/format.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gbx_exporter gbx_exporter;

/* Zero selects the default. */
typedef struct gbx_export_options {
    size_t size;              /* sizeof(gbx_export_options) */
    uint64_t min_duration_ns; /* shorter spans are omitted and their time counts for the parent; default 0 */
    uint32_t top_n;           /* hotspots in a summary, and slowest calls; default 10; more than 1000 is 1000 */
    gbx_call_tree call_tree;  /* the form of the call tree in a `full` document; default nested */
    /* Files below this directory are named relative to it; others, and all by default, as the compiler named them. Not
     * used after gbx_exporter_new. */
    const char *source_root;
} gbx_export_options;

/* Creates an exporter for a finished capture. The exporter holds a reference to the capture. NULL options select all
 * defaults. Returns NULL if memory is short, the capture is not finished, the format is unknown or the options are
 * refused (api.h). Thread: any; a capture may have any number of exporters. Owns: the caller, until gbx_exporter_free.
 */
GBX_API GBX_MUST_USE gbx_exporter *gbx_exporter_new(gbx_capture *capture, gbx_format format,
                                                    const gbx_export_options *options);

/* Like read(2): writes up to `capacity` bytes into `buffer` and returns their number, or 0 at the end, or -1 on an
 * error. gbx_exporter_error returns the code of the error. After an error the document is incomplete. A capacity of 0
 * is an error too, but the next read continues the document. Thread: any, one at a time. */
GBX_API GBX_MUST_USE ptrdiff_t gbx_exporter_read(gbx_exporter *exporter, void *buffer, size_t capacity);

/* The error code of the last read: GBX_ERR_OK unless the read returned -1. Thread: as gbx_exporter_read. */
GBX_API gbx_err gbx_exporter_error(const gbx_exporter *exporter);

/* Frees the exporter, whether or not the document has been read to its end. NULL is allowed. Thread: any, while no read
 * is in progress. */
GBX_API void gbx_exporter_free(gbx_exporter *exporter);

#ifdef __cplusplus
}
#endif

#endif
