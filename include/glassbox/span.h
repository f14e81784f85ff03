/* SPDX-License-Identifier: MIT */
/* Spans for instrumented code: one line where a scope begins, nothing where it ends.
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
 * Time that nobody's scope holds, such as that of a job in a queue, becomes a span once it is over:
 *
 *     job->queued = gbx_span_moment();              // where it begins, on this thread
 *     ...
 *     GBX_SPAN_SINCE("queue", job->queued);         // where it ends, on this thread or another one
 *
 * While the thread is not captured a span is one thread-local load, a test and a branch; capture.h tells who captures.
 * Spans end with their scope: by return, break, goto or C++ exception. longjmp leaves them to be closed by the span
 * around them. -DGBX_DISABLE turns every test into a constant false, so that an optimising compiler drops it all.
 * Names and file names must outlive every capture that saw them: literals do, until their shared object is unloaded. */
#ifndef GLASSBOX_SPAN_H
#define GLASSBOX_SPAN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A call site: one static const per use of a macro. Its address identifies it. */
typedef struct gbx_site {
    const char *name;
    const char *function;
    const char *file;
    uint32_t line;
} __attribute__((aligned(16))) gbx_site;

/* A span in progress. Only its address matters: it tells which span ends. It is never read or written. */
typedef struct gbx_span {
    char unused;
} gbx_span;

struct gbx__lane;

/* Where the calling thread records; null while it is not captured. Writer: the thread itself, in the capture room. */
extern __thread struct gbx__lane *gbx__lane_here __attribute__((tls_model("initial-exec")));

/* The captured halves of the macros below: use the macros. Thread: only while gbx__lane_here is set. */
void gbx__span_begin(gbx_span *span, const gbx_site *site);
void gbx__span_begin_format(gbx_span *span, const gbx_site *site, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void gbx__span_end(gbx_span *span);
uint64_t gbx__span_moment(void);
void gbx__span_since(const gbx_site *site, uint64_t moment);
void gbx__note_str(const char *key, const char *value);
void gbx__note_int(const char *key, int64_t value);
void gbx__note_double(const char *key, double value);
void gbx__span_fail(const char *reason);

#ifdef GBX_DISABLE
#define GBX__CAPTURED() 0
#else
#define GBX__CAPTURED() __builtin_expect(!!gbx__lane_here, 0)
#endif

static inline void gbx__span_leave_scope(gbx_span *span)
{
    if (GBX__CAPTURED())
        gbx__span_end(span);
}

#define GBX__PASTE2(a, b) a##b
#define GBX__PASTE(a, b) GBX__PASTE2(a, b)
#define GBX__ONLY_CAPTURED(call)                                                                                       \
    do {                                                                                                               \
        if (GBX__CAPTURED())                                                                                           \
            call;                                                                                                      \
    } while (0)
#define GBX__SPAN(id, name_, begin, ...)                                                                               \
    static const gbx_site GBX__PASTE(gbx__site_, id) = {name_, __func__, __FILE__, __LINE__};                          \
    gbx_span GBX__PASTE(gbx__span_, id) __attribute__((cleanup(gbx__span_leave_scope), unused));                       \
    GBX__ONLY_CAPTURED(begin(&GBX__PASTE(gbx__span_, id), &GBX__PASTE(gbx__site_, id) __VA_ARGS__))
#define GBX__COMMA ,

/* The enclosing scope, from here to its end, as a span named after the function. */
#define GBX_SPAN() GBX__SPAN(__COUNTER__, __func__, gbx__span_begin, )
/* The same under a name, which must be a string literal. */
#define GBX_SPAN_NAMED(literal) GBX__SPAN(__COUNTER__, "" literal, gbx__span_begin, )
/* The same under a printf-formatted name. Arguments are evaluated only while captured; names over 1,023 bytes are cut.
 * Cost: the formatting, so keep it out of inner loops. */
#define GBX_SPAN_FMT(...) GBX__SPAN(__COUNTER__, __func__, gbx__span_begin_format, GBX__COMMA __VA_ARGS__)

/* This moment, for GBX_SPAN_SINCE; 0 while the thread is not captured. Cost: that of a time-stamp while captured. */
static inline uint64_t gbx_span_moment(void)
{
    return GBX__CAPTURED() ? gbx__span_moment() : 0;
}

/* A span under a literal name that began at `moment` and ends here. Thread: any that records into the capture in which
 * the moment was taken; a moment of no capture, or from before this one, makes no span. A thread's spans follow one
 * another: where the thread has recorded later things already, the span begins after those. Notes cannot be added. */
#define GBX_SPAN_SINCE(literal, moment) GBX__SPAN_SINCE(__COUNTER__, "" literal, moment)
#define GBX__SPAN_SINCE(id, name_, moment)                                                                             \
    do {                                                                                                               \
        static const gbx_site GBX__PASTE(gbx__site_, id) = {name_, __func__, __FILE__, __LINE__};                      \
        GBX__ONLY_CAPTURED(gbx__span_since(&GBX__PASTE(gbx__site_, id), moment));                                      \
    } while (0)

/* A key and a value on the innermost open span; keys over 127 bytes and values over 4,095 bytes are cut. Arguments are
 * evaluated only while captured. */
#define gbx_note_str(key, value) GBX__ONLY_CAPTURED(gbx__note_str(key, value))
#define gbx_note_int(key, value) GBX__ONLY_CAPTURED(gbx__note_int(key, value))
#define gbx_note_double(key, value) GBX__ONLY_CAPTURED(gbx__note_double(key, value))

/* Marks the innermost open span, and with it the trace, as failed. The first failure of a trace is its `error`. */
#define gbx_span_fail(reason) GBX__ONLY_CAPTURED(gbx__span_fail(reason))

#ifdef __cplusplus
}
#endif

#endif
