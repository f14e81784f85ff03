/* SPDX-License-Identifier: MIT */
/* Spans for instrumented code: one line where a scope begins, and nothing where it ends.
 *
 *     void layout(graph *g)
 *     {
 *         GBX_SPAN();                          // this function, until its scope ends
 *         {
 *             GBX_SPAN_NAMED("layout.edges");  // this block, under a literal name
 *             gbx_note_int("edges", g->edge_count);
 *         }
 *     }
 *
 * Time that no scope covers, such as the time of a job in a queue, is recorded as a span when it is over:
 *
 *     job->queued = gbx_span_moment();              // where the wait begins, on this thread
 *     ...
 *     GBX_SPAN_SINCE("queue", job->queued);         // where the wait ends, on this thread or another one
 *
 * Cost: while the thread is not captured, a span is one thread-local load, a test and a branch. capture.h describes how
 * a thread is captured. With -DGBX_DISABLE every test is a constant false, so that an optimising compiler removes the
 * spans.
 *
 * Spans end with their scope: by return, break, goto or C++ exception. longjmp skips the ends of spans; the span around
 * them then closes them.
 *
 * Names, literal formats and file names must outlive every capture that recorded them. Literals do, until their shared
 * object is unloaded. Plugins linked with -Wl,-z,nodelete stay in memory after dlclose; glassbox::capture and
 * glassbox-capture.pc add that option (docs/linking.md). */
#ifndef GLASSBOX_SPAN_H
#define GLASSBOX_SPAN_H

#include <glassbox/api.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longer keys of notes are cut to this length. */
#define GBX_KEY_BYTES_MAX 127

/* A call site: one static const per use of a macro. Its address identifies it. */
typedef struct gbx_site {
    const char *name;
    const char *function;
    const char *file;
    uint32_t line;
    uint32_t reserved[1]; /* zero */
} __attribute__((aligned(16))) gbx_site;

/* A span in progress. Its address identifies the span that ends. Its content is never read or written. */
typedef struct gbx_span {
    char unused;
} gbx_span;

struct gbxi_lane;

/* The lane that the calling thread records into; NULL while the thread is not captured. Written by the thread itself,
 * in src/capture only. */
GBX_API extern __thread struct gbxi_lane *gbxi_lane_here __attribute__((tls_model("initial-exec")));

/* Called by the macros below; do not call them directly. gbxi_span_begin_format is for formats that may change or go,
 * and gbxi_span_begin_text also for those that outlive the capture: then is_literal is not 0. Thread: one whose
 * gbxi_lane_here is set. */
GBX_API void gbxi_span_begin(gbx_span *span, const gbx_site *site);
GBX_API void gbxi_span_begin_format(gbx_span *span, const gbx_site *site, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
GBX_API void gbxi_span_begin_text(gbx_span *span, const gbx_site *site, int is_literal, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
GBX_API void gbxi_span_end(gbx_span *span);
GBX_API uint64_t gbxi_span_moment(void);
GBX_API void gbxi_span_since(const gbx_site *site, uint64_t moment);
GBX_API void gbxi_note_str(const char *key, const char *value);
GBX_API void gbxi_note_int(const char *key, int64_t value);
GBX_API void gbxi_note_double(const char *key, double value);
GBX_API void gbxi_span_fail(const char *reason);

#ifdef GBX_DISABLE
#define GBXI_CAPTURED() 0
#else
#define GBXI_CAPTURED() __builtin_expect(!!gbxi_lane_here, 0)
#endif

static inline void gbxi_span_leave_scope(gbx_span *span)
{
    if (GBXI_CAPTURED())
        gbxi_span_end(span);
}

#define GBXI_ONLY_CAPTURED(call)                                                                                       \
    do {                                                                                                               \
        if (GBXI_CAPTURED())                                                                                           \
            call;                                                                                                      \
    } while (0)
#define GBXI_SPAN(id, name_, begin, ...)                                                                               \
    static const gbx_site GBXI_PASTE(id, _site) = {name_, __func__, __FILE__, __LINE__, {0}};                          \
    gbx_span GBXI_PASTE(id, _span) __attribute__((cleanup(gbxi_span_leave_scope)));                                    \
    GBXI_ONLY_CAPTURED(begin(&GBXI_PASTE(id, _span), &GBXI_PASTE(id, _site) __VA_ARGS__))
#define GBXI_COMMA ,

/* Records a span from here to the end of the enclosing scope, named after the function. */
#define GBX_SPAN() GBXI_SPAN(GBXI_UNIQUE(gbxi_at_), __func__, gbxi_span_begin, )
/* Like GBX_SPAN, with a name, which must be a string literal. */
#define GBX_SPAN_NAMED(literal) GBXI_SPAN(GBXI_UNIQUE(gbxi_at_), "" literal, gbxi_span_begin, )
/* Like GBX_SPAN, with the name that printf would print. Arguments are evaluated only while the thread is captured.
 * Names are cut to 1,023 bytes.
 *
 * If the format is a string literal, integers, characters, pointers and texts are copied here and formatted when the
 * finished capture is first read. Other names are formatted here: those with floating-point numbers, whose text depends
 * on the locale; with wide characters, NULL, %n, %m, numbered arguments, or widths and precisions over 1,023; with more
 * than 16 values; those with a format that is not a literal; and those that a redaction filter must see. Cost while
 * captured: up to twice that of GBX_SPAN for an integer or a short text; several times that where it is formatted. */
#define GBX_SPAN_FMT(...)                                                                                              \
    GBXI_SPAN(GBXI_UNIQUE(gbxi_at_), __func__, gbxi_span_begin_text,                                                   \
              GBXI_COMMA __builtin_constant_p(GBXI_FIRST(__VA_ARGS__, "")) GBXI_COMMA __VA_ARGS__)
#define GBXI_FIRST(first, ...) first

/* The current time for GBX_SPAN_SINCE; 0 while the thread is not captured. Thread: any. Cost: reading the clock while
 * captured. */
static inline uint64_t gbx_span_moment(void)
{
    return GBXI_CAPTURED() ? gbxi_span_moment() : 0;
}

/* Records a span with a literal name that began at `moment` and ends here. There is no span if the moment is 0 or is
 * earlier than the start of the capture. A span cannot overlap what the thread has already recorded: it begins after
 * that if `moment` is earlier. Notes cannot be added. Thread: any that records into the capture in which the moment was
 * taken. */
#define GBX_SPAN_SINCE(literal, moment) GBXI_SPAN_SINCE(GBXI_UNIQUE(gbxi_at_), "" literal, moment)
#define GBXI_SPAN_SINCE(id, name_, moment)                                                                             \
    do {                                                                                                               \
        static const gbx_site GBXI_PASTE(id, _site) = {name_, __func__, __FILE__, __LINE__, {0}};                      \
        GBXI_ONLY_CAPTURED(gbxi_span_since(&GBXI_PASTE(id, _site), moment));                                           \
    } while (0)

/* Adds a key and a value to the innermost open span, or to the trace itself if the thread has no open span. Keys are
 * cut to 127 bytes, and values to 4,095 bytes. The last value of a key stays; notes have no time, so of the values that
 * several threads give to the trace itself it is not known which is last. Inside a dropped span the note is lost and
 * the trace is marked as truncated. Arguments are evaluated only while the thread is captured. Thread: any. */
#define gbx_note_str(key, value) GBXI_ONLY_CAPTURED(gbxi_note_str(key, value))
#define gbx_note_int(key, value) GBXI_ONLY_CAPTURED(gbxi_note_int(key, value))
#define gbx_note_double(key, value) GBXI_ONLY_CAPTURED(gbxi_note_double(key, value))

/* Marks the innermost open span and the whole trace as failed; without an open span, the trace alone. The first failure
 * becomes the trace's `error`, that of a span its reason, and the first one without a span the trace's `own_error`.
 * Reasons are cut to 4,095 bytes. Inside a dropped span the failure is lost, as a note is. Thread: any. */
#define gbx_span_fail(reason) GBXI_ONLY_CAPTURED(gbxi_span_fail(reason))

#ifdef __cplusplus
}
#endif

#endif
