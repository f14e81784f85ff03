/* SPDX-License-Identifier: MIT */
/* Exporters: a finished capture as text, pulled piece by piece, so that a socket, a file and a test read alike. */
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

/* Zero means the default. */
typedef struct gbx_export_options {
    size_t size;              /* sizeof(gbx_export_options) */
    uint64_t min_duration_ns; /* shorter spans are left out; their time stays with the parent; default 0 */
    uint32_t top_n;           /* hotspots in a summary; default 10, at most 1000 */
    uint32_t reserved;        /* zero */
} gbx_export_options;

/* An exporter over a finished capture, which it keeps referenced; NULL when memory is short, the capture is not
 * finished, the format unknown or the options refused (api.h). NULL options = defaults. Thread: any; any number of
 * exporters per capture. Owns: the caller, until gbx_exporter_free. */
GBX_API GBX_MUST_USE gbx_exporter *gbx_exporter_new(gbx_capture *capture, gbx_format format,
                                                    const gbx_export_options *options);

/* Like read(2): writes up to `capacity` bytes into `buffer` and returns how many; 0 at the end, -1 on an error, whose
 * code gbx_exporter_error tells and after which the document is incomplete. A capacity of 0 is such an error, but the
 * next read goes on. Thread: any, one at a time. */
GBX_API GBX_MUST_USE ptrdiff_t gbx_exporter_read(gbx_exporter *exporter, void *buffer, size_t capacity);

/* What the last read ended with: GBX_ERR_OK unless it returned -1. Thread: as gbx_exporter_read. */
GBX_API gbx_err gbx_exporter_error(const gbx_exporter *exporter);

/* Frees it, at its end or before. NULL is allowed. Thread: any, when no read is under way. */
GBX_API void gbx_exporter_free(gbx_exporter *exporter);

#ifdef __cplusplus
}
#endif

#endif
