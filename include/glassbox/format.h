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

/* X(constant, name): one row a format; decoding, routes, exporters and the schema test read this list. */
#define GBX_FORMATS(X)                                                                                                 \
    X(FULL, "full")             /* every event, timing and call */                                                     \
    X(SUMMARY, "summary")       /* where the time went */                                                              \
    X(SPEEDSCOPE, "speedscope") /* the file format of www.speedscope.app */

typedef enum gbx_format {
#define GBXI_FORMAT_ENUM(constant, name) GBX_FORMAT_##constant,
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
