/* SPDX-License-Identifier: MIT */
/* The trace formats and their names, which appear in route suffixes, in `trace_format` and in file names; and the forms
 * of a call tree. */
#ifndef GLASSBOX_FORMAT_H
#define GLASSBOX_FORMAT_H

#include <glassbox/api.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(constant, number, name): one row per format that a request can ask for. A released row stays. The numbers of this
 * list and the next are together 0, 1, 2... without a gap. This list generates a part of the enum and of the names, the
 * decoding of `trace_format`, the routes, the rows of the OpenAPI document and a part of the exporter's table. The
 * table's entry for a format is called gbxi_format_<name> (src/export/format.h). */
#define GBX_FORMATS(X)                                                                                                 \
    X(FULL, 0, full)             /* every event, timing and call */                                                    \
    X(SUMMARY, 1, summary)       /* where the time went */                                                             \
    X(SPEEDSCOPE, 2, speedscope) /* the file format of www.speedscope.app */

/* X(constant, number, name): one row per format that is only for files, because other tools read it. No route ends in
 * its name, and `trace_format` does not take it. Exporters know it as any other. */
#define GBX_FILE_FORMATS(X)                                                                                            \
    X(FOLDED, 3, folded) /* the self time of each stack as text, for flame graphs */                                   \
    X(CHROME, 4, chrome) /* the Trace Event Format, for Perfetto and chrome://tracing */                               \
    X(PPROF, 5, pprof)   /* a gzip-compressed profile.proto, for pprof */

typedef enum gbx_format {
#define GBXI_FORMAT_ENUM(constant, number, name) GBX_FORMAT_##constant = number,
    GBX_FORMATS(GBXI_FORMAT_ENUM) GBX_FILE_FORMATS(GBXI_FORMAT_ENUM)
#undef GBXI_FORMAT_ENUM
} gbx_format;

/* X(constant, number, name): the forms of the call tree in a `full` document. A released row stays. */
#define GBX_CALL_TREES(X)                                                                                              \
    X(NESTED, 0, "nested") /* each call holds the calls inside it */                                                   \
    X(FLAT, 1, "flat")     /* a list, in which each call has its parent's number; for readers of limited depth */      \
    X(NONE, 2, "none")     /* no call tree: null */

typedef enum gbx_call_tree {
#define GBXI_CALL_TREE_ENUM(constant, number, name) GBX_CALL_TREE_##constant = number,
    GBX_CALL_TREES(GBXI_CALL_TREE_ENUM)
#undef GBXI_CALL_TREE_ENUM
} gbx_call_tree;

/* The name of a format of either list: a static string, or NULL if the value is not a format. Thread: any. */
GBX_API const char *gbx_format_name(gbx_format format);

/* Finds the format of either list with that name. `name` need not be terminated. Returns false if there is none.
 * Thread: any. */
GBX_API bool gbx_format_from_name(const char *name, size_t length, gbx_format *format);

#ifdef __cplusplus
}
#endif

#endif
