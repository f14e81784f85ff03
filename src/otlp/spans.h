/* SPDX-License-Identifier: MIT */
/* The spans of a trace, one after the other: number 0 is the request, and then follow the calls, thread by thread, in
 * the order in which they ended, because only then all is known of them.
 *
 *     for (bool good = gbxi_otlp_spans_begin(&spans, trace, &request, 0); good && !spans.is_done;
 *          good = gbxi_otlp_spans_next(&spans))
 *         ... spans.span, which has the number spans.number ...
 *     gbxi_otlp_spans_fini(&spans); */
#ifndef GBX_OTLP_SPANS_H
#define GBX_OTLP_SPANS_H

#include "export/notes.h"
#include "otlp/conventions.h"
#include "trace/walk.h"

/* A zeroed struct has no trace. */
typedef struct gbxi_otlp_spans {
    const gbxi_trace *trace; /* borrowed */
    gbxi_trace_walk walk;
    gbxi_notes notes;
    uint32_t *open; /* the numbers of the open calls, by depth */
    gbxi_otlp_words words;
    size_t thread;
    size_t number;
    gbxi_otlp_span span;
    bool is_done; /* there is no span any more */
} gbxi_otlp_spans;

/* Goes to the span with this number. The trace must outlive the spans, and the texts of the request the next call.
 * Errors: false if memory is short; fini, or another begin, is safe. Cost: a pass over the records of the thread up to
 * there. */
GBX_MUST_USE bool gbxi_otlp_spans_begin(gbxi_otlp_spans *spans, const gbxi_trace *trace,
                                        const gbxi_otlp_request *request, size_t number);

/* Goes to the next span. Errors: false if memory is short; then only fini or begin may follow. */
GBX_MUST_USE bool gbxi_otlp_spans_next(gbxi_otlp_spans *spans);

void gbxi_otlp_spans_fini(gbxi_otlp_spans *spans);

#endif
