/* SPDX-License-Identifier: MIT */
/* Exporters: a finished capture as text, pulled piece by piece, so that a socket, a file and a test read alike. */
#ifndef GLASSBOX_EXPORT_H
#define GLASSBOX_EXPORT_H

#include <glassbox/api.h>
#include <glassbox/capture.h>
#include <glassbox/format.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gbx_exporter gbx_exporter;

/* Zero means the default. */
typedef struct gbx_export_options {
    uint64_t min_duration_ns; /* shorter spans are left out; their time stays with the parent; default 0 */
    uint32_t top_n;           /* hotspots in a summary; default 10, at most 1000 */
} gbx_export_options;

/* An exporter over a finished capture, which it keeps referenced; NULL when memory is short, the capture is not
 * finished or the format unknown. NULL options = defaults. Thread: one at a time; any number of exporters per capture.
 */
GBX_API GBX_MUST_USE gbx_exporter *gbx_exporter_new(gbx_capture *capture, gbx_format format,
                                                    const gbx_export_options *options);

/* Like read(2): writes up to `capacity` bytes into `buffer` and returns how many; 0 at the end, and -gbx_err (a
 * negative number) on an error, after which the document is incomplete. */
GBX_API ptrdiff_t gbx_exporter_read(gbx_exporter *exporter, void *buffer, size_t capacity);
GBX_API void gbx_exporter_free(gbx_exporter *exporter); /* NULL is allowed */

#ifdef __cplusplus
}
#endif

#endif
