/* SPDX-License-Identifier: MIT */
/* Captures: a capture records the spans of one request.
 *
 *     1. gbx_capture *capture = gbx_capture_new(NULL);
 *     2. gbx_scope scope = gbx_capture_enter(capture);     // this thread now records into the capture
 *     3. ... the work, with GBX_SPAN() in it ...
 *     4. gbx_capture_leave(scope);                         // this thread no longer records
 *     5. gbx_capture_finish(capture);                      // the capture is frozen; export.h can read it
 *     6. gbx_capture_unref(capture);
 *
 * Steps 2 to 4 may happen on any number of threads and any number of times. Behind the middleware (h2o.h), only code
 * that leaves the request's thread or callback needs calls of its own: carry and resume, below. examples/plain.c shows
 * all six steps, and examples/later.c shows work that moves from thread to thread.
 *
 * - Nesting: enter saves the thread's current capture, and leave restores it. Only the innermost capture records. A
 *   thread that enters a capture again continues its own lane of the trace.
 * - Several hops: a job that hands work to another job calls gbx_capture_carry() again. It does so inside the scope
 *   that it resumed, before the hand-over. One carried reference is good for one resume. If the next thread may end the
 *   request, close the scope before the hand-over: a span that is open when the capture ends is cut off there.
 * - Sending the result: a callback that only sends the result needs no resume. It needs one if its own spans are to be
 *   recorded. Without a resume, pass the carried reference to gbx_capture_unref.
 * - Waiting: time in which no thread works, such as time in a queue, has no scope. Call gbx_span_moment() where the
 *   wait begins, before the hand-over. Use GBX_SPAN_SINCE (span.h) where the wait ends, after the resume. Whoever owns
 *   the capture may have all such times recorded (gbx_capture_tell_waiting); the middleware does, as `handler.wait`.
 * - After finish: threads still inside keep running. What they record is dropped silently, and their open spans end at
 *   the time of the finish. Resuming or entering a finished capture records nothing, and carry then returns NULL.
 * - Memory: the last reference frees the capture. A job that never runs must unref, or the capture is never freed.
 * - Thread names: the trace shows the name that a thread had when it first entered the capture (pthread_setname_np, at
 *   most 15 bytes). Name a thread when it starts; a later name appears in later captures only. */
#ifndef GLASSBOX_CAPTURE_H
#define GLASSBOX_CAPTURE_H

#include <glassbox/error.h>
#include <glassbox/redaction.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gbx_capture gbx_capture;

/* The source of a capture's times. The struct is copied, but `context` is borrowed. The built-in clock is the
 * time-stamp counter if the kernel reports it as invariant, otherwise CLOCK_MONOTONIC. Tests inject their own clock. A
 * NULL function is replaced by that of gbx_clock_monotonic. */
typedef struct gbx_clock {
    size_t size;                          /* sizeof(gbx_clock) */
    uint64_t (*now_ns)(void *context);    /* monotonic */
    int64_t (*unix_ns)(void *context);    /* wall clock, read once per capture */
    uint64_t (*cpu_ns)(void *context);    /* CPU time of the calling thread */
    uint32_t (*thread_id)(void *context); /* of the calling thread */
    double span_cost_ns;                  /* cost of recording one span; the trace reports its own overhead with it */
    void *context;                        /* borrowed: must outlive every capture that uses the clock */
} gbx_clock;

/* The clock based on CLOCK_MONOTONIC, which captures use where the time-stamp counter is not reliable. Thread: any. */
GBX_API const gbx_clock *gbx_clock_monotonic(void);

/* Zero selects the default. The struct need not outlive the call to gbx_capture_new. */
typedef struct gbx_capture_options {
    size_t size;              /* sizeof(gbx_capture_options) */
    const char *name;         /* copied, cut after 128 bytes; default "capture" */
    uint32_t max_spans;       /* further spans are dropped and counted; default 500000; more than 5000000 is 5000000 */
    uint32_t max_depth;       /* deeper spans are dropped and counted; default 1000; more than 2000 is 2000 */
    uint8_t trace_id[16];     /* W3C trace id; all zero: a random one */
    const gbx_clock *clock;   /* copied; NULL: the best clock of the machine */
    gbx_redaction *redaction; /* what must not be recorded; referenced; NULL: no redaction */
    /* Who caused the request, by its W3C traceparent: the id of a span of another program, all zero if there is none,
     * and the flags. Traces that are exported to others name it as their parent. */
    uint8_t parent_span_id[8];
    uint8_t trace_flags;
    uint8_t reserved[7]; /* zero */
} gbx_capture_options;

/* The result of gbx_capture_enter and the argument of gbx_capture_leave. Opaque. Copy it freely, but leave it once. */
typedef struct gbx_scope {
    uint64_t serial;
} gbx_scope;

/* Creates a capture with one reference. NULL options select all defaults. Returns NULL if memory is short or the
 * options are refused (api.h). While capturing is switched off (gbx_capture_switch), the capture is cut from the start.
 * Thread: any. Owns: the caller, until gbx_capture_unref. Cost: one 64 KiB block per thread that enters the capture,
 * and more blocks as events are recorded. */
GBX_API GBX_MUST_USE gbx_capture *gbx_capture_new(const gbx_capture_options *options);

/* Adds a reference and returns its argument, which may be NULL. Thread: any. */
GBX_API gbx_capture *gbx_capture_ref(gbx_capture *capture);

/* Drops a reference. The last one frees the capture. NULL is allowed. Thread: any. */
GBX_API void gbx_capture_unref(gbx_capture *capture);

/* Makes the calling thread record into `capture`, which stays referenced until the matching leave. With NULL the thread
 * records nowhere. Scopes nest 32 deep. If they are nested deeper, or if memory is short, the scope records nothing and
 * the trace is marked as truncated. Thread: any. */
GBX_API GBX_MUST_USE gbx_scope gbx_capture_enter(gbx_capture *capture);

/* Ends the scope that the matching enter began. Spans still open inside the scope are closed, and scopes that were
 * entered later and not yet left are left. Leaving twice, or on another thread, has no effect; a debug build asserts
 * that neither happens. Thread: that of the matching enter. */
GBX_API void gbx_capture_leave(gbx_scope scope);

/* The capture that the calling thread records into, or NULL. Thread: any. Owns: nobody; the result is borrowed, so take
 * a reference to keep it. */
GBX_API gbx_capture *gbx_capture_current(void);

/* Carry and resume record work that leaves the thread, for a thread pool or a later callback of the same event loop:
 *
 *     job->carried = gbx_capture_carry();                  // where the work is handed over
 *     ...
 *     void run(job *job)                                   // where the work continues, on this thread or another
 *     {
 *         GBX_RESUME(job->carried);                        // records until the enclosing scope ends
 *         GBX_SPAN();
 *         ...
 *     }
 *
 * gbx_capture_carry returns the thread's capture with an additional reference, or NULL if the thread is not captured.
 * gbx_capture_resume enters the capture and drops that reference. A job that never runs passes the reference to
 * gbx_capture_unref instead. Every resume ends with its scope, so work that the same thread does for other requests in
 * between is not recorded. Resuming NULL records nowhere, so jobs that are not captured need no special case. Thread:
 * any. Owns: the caller, until one call of gbx_capture_resume or gbx_capture_unref. */
GBX_API GBX_MUST_USE gbx_capture *gbx_capture_carry(void);
/* Enters a carried capture and drops the carried reference; see gbx_capture_carry. Thread: any. */
GBX_API GBX_MUST_USE gbx_scope gbx_capture_resume(gbx_capture *carried);

static inline void gbxi_scope_leave(gbx_scope *scope)
{
    gbx_capture_leave(*scope);
}

/* Resumes or enters a capture until the enclosing scope ends. */
#define GBX_RESUME(carried)                                                                                            \
    gbx_scope GBXI_UNIQUE(gbxi_scope_) __attribute__((cleanup(gbxi_scope_leave), unused)) = gbx_capture_resume(carried)
#define GBX_ENTER(capture)                                                                                             \
    gbx_scope GBXI_UNIQUE(gbxi_scope_) __attribute__((cleanup(gbxi_scope_leave), unused)) = gbx_capture_enter(capture)

struct gbx_site; /* span.h */

/* From now on, the times in which no thread is inside the capture are recorded as spans of `site`, among those of the
 * calling thread, which must be inside the capture. Such a wait begins when the last thread leaves and ends when any
 * thread enters. What a GBX_SPAN_SINCE tells of a wait that is not recorded yet is left out of it. A wait is recorded
 * when the calling thread enters again, so enter and leave once more before the finish to record the last one. The
 * first call decides. Between two entries of the calling thread, 32 waits are recorded. `site` must outlive the
 * capture. Thread: any that is inside; others have no effect. Cost: reading the clock when the last thread leaves, and
 * when one enters after that. */
GBX_API void gbx_capture_tell_waiting(gbx_capture *capture, const struct gbx_site *site);

/* Tells which route of the program the captured request matched, such as "/users/{id}". `route` is borrowed and must
 * outlive the capture: usually it is a literal. The last call decides. A recorder (recorder.h) groups requests by it.
 * Thread: any. */
GBX_API void gbx_capture_tell_route(gbx_capture *capture, const char *route);

/* Freezes the capture: everything recorded from now on is dropped. Threads still inside may keep running and leave at
 * any time. Idempotent. Thread: any. */
GBX_API void gbx_capture_finish(gbx_capture *capture);

/* Freezes the capture before its work is complete: like finish, but the trace is marked as truncated. Returns true if
 * this call froze the capture. A capture that is already finished is not changed. Thread: any. */
GBX_API bool gbx_capture_cut(gbx_capture *capture);

/* The trace id, 16 bytes, valid as long as the capture. A random id is made when it is first asked for: about 1 us.
 * Thread: any. */
GBX_API const uint8_t *gbx_capture_trace_id(const gbx_capture *capture);

/* The route that was told, or NULL. Thread: any. */
GBX_API const char *gbx_capture_route(const gbx_capture *capture);

/* The capture's name as it is recorded: cut and redacted. Valid as long as the capture. Thread: any. */
GBX_API const char *gbx_capture_name(const gbx_capture *capture);

/* The time from new to finish in nanoseconds; until the capture is finished, the time from new to now. Thread: any. */
GBX_API uint64_t gbx_capture_duration_ns(const gbx_capture *capture);

/* The number of captures in this process that are not freed yet, finished ones included. Meant for tests and status
 * pages. Thread: any. */
GBX_API size_t gbx_capture_live_count(void);

/* The master switch, which is on by default. When it is off, captures under way finish as usual and new captures record
 * nothing: entering one costs no more than running uncaptured, and its trace is empty and marked as truncated. The
 * middleware creates no captures at all. Thread: any; takes effect at the next capture. */
GBX_API void gbx_capture_switch(bool on);

/* Whether the master switch is on. Thread: any. */
GBX_API bool gbx_capture_is_on(void);

#define GBX_CAPTURE_MEMORY_BYTES_DEFAULT ((size_t)1 << 30)
#define GBX_CAPTURE_BLOCK_BYTES ((size_t)65536)

/* Limits the memory that all captures of the process record into, in bytes; 0 selects the default. Memory is counted in
 * blocks of 64 KiB, and at least one block is always allowed. At the limit, a lane that needs another block drops
 * spans, and a thread that enters a capture gets no lane. Both are counted, and the traces are marked as truncated.
 * Spans recorded earlier are kept. Up to 16 MiB of freed blocks (or the limit, if lower) are kept for later captures.
 * Thread: any; takes effect at the next block. */
GBX_API void gbx_capture_memory_limit_set(size_t bytes);

/* The memory limit in force, in bytes. Thread: any. */
GBX_API size_t gbx_capture_memory_limit(void);

/* The memory that captures in this process use now, in bytes. Thread: any. */
GBX_API size_t gbx_capture_memory_used(void);

#ifdef __cplusplus
}
#endif

#endif
