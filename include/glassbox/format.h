/* SPDX-License-Identifier: MIT */
/* The trace formats and their names on the wire: route suffixes, `trace_format`, file names. */
#ifndef GLASSBOX_FORMAT_H
#define GLASSBOX_FORMAT_H

#include <glassbox/api.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(constant, number, name): one row a format; numbers are never given twice. From this list come the enum, the names,
 * the decoding of `trace_format`, the routes, the rows of the OpenAPI document and the exporter's table, whose entry is
 * called gbxi_format_<name> (src/export/format.h). */
#define GBX_FORMATS(X)                                                                                                 \
    X(FULL, 0, full)             /* every event, timing and call */                                                    \
    X(SUMMARY, 1, summary)       /* where the time went */                                                             \
    X(SPEEDSCOPE, 2, speedscope) /* the file format of www.speedscope.app */

typedef enum gbx_format {
#define GBXI_FORMAT_ENUM(constant, number, name) GBX_FORMAT_##constant = number,
    GBX_FORMATS(GBXI_FORMAT_ENUM)
#undef GBXI_FORMAT_ENUM
} gbx_format;

/* The format's name; a static string, NULL for a value that is no format. Thread: any. */
GBX_API const char *gbx_format_name(gbx_format format);

/* The format of that name; false when there is none. Thread: any. */
GBX_API bool gbx_format_from_name(const char *name, size_t length, gbx_format *format);

#ifdef __cplusplus
}
#endif

#endif
