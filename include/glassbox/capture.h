/* SPDX-License-Identifier: MIT */
/* Captures: whoever owns a request records its spans with one of these.
 *
 *     1. gbx_capture *capture = gbx_capture_new(NULL);
 *     2. gbx_scope scope = gbx_capture_enter(capture);     // this thread now records into it
 *     3. ... the work, with GBX_SPAN() in it ...
 *     4. gbx_capture_leave(scope);                         // and now no longer
 *     5. gbx_capture_finish(capture);                      // frozen: export.h can read it
 *     6. gbx_capture_unref(capture);
 *
 * Steps 2 to 4 may happen on any number of threads and any number of times. Behind the middleware (h2o.h) only code
 * that leaves the request's thread or callback has to do anything: carry and resume, below. examples/plain.c is all six
 * steps, examples/later.c is work that goes from thread to thread.
 *
 * - Nesting: enter saves what the thread was recording into, and leave restores it. Only the innermost capture records.
 *   A thread that enters a capture again goes on in the same thread's part of the trace.
 * - Several hops: a job that hands on to another job calls gbx_capture_carry() again, inside the scope that it resumed,
 *   before it hands over. One carried reference is good for one resume. Close the scope before the job is handed over,
 *   if the next thread may end the request: what is still open when the capture ends is cut off there.
 * - The way back: a callback that only sends the result needs no resume. One whose own spans are to be recorded does.
 *   Without a resume, pass the carried reference to gbx_capture_unref.
 * - Waiting: time in which no thread works, such as that in a queue, has no scope. Take gbx_span_moment() where it
 *   begins, before the hand-over, and use GBX_SPAN_SINCE (span.h) where it ends, after the resume.
 * - After finish: threads still inside go on, and what they record is dropped without notice; open spans end at the
 *   time of the finish. Resuming or entering a finished capture records nothing, and carry then returns NULL. The
 *   memory is freed with the last reference: a job that is never run must unref, or the capture is never freed.
 * - Names: a thread has the name in the trace that it has when it first enters the capture (pthread_setname_np, at most
 *   15 bytes). Name a thread when it starts; a later name shows in later captures only. */
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

/* Where a capture takes its times from; copied, `context` excepted. The built-in ones are the time-stamp counter where
 * the kernel calls it invariant and CLOCK_MONOTONIC elsewhere; tests inject their own. A function that is NULL is
 * gbx_clock_monotonic's. */
typedef struct gbx_clock {
    size_t size;                          /* sizeof(gbx_clock) */
    uint64_t (*now_ns)(void *context);    /* monotonic */
    int64_t (*unix_ns)(void *context);    /* wall clock, read once per capture */
    uint64_t (*cpu_ns)(void *context);    /* CPU time of the calling thread */
    uint32_t (*thread_id)(void *context); /* of the calling thread */
    double span_cost_ns;                  /* what one span costs to record, for the trace's own price tag */
    void *context;                        /* borrowed: must outlive every capture that uses the clock */
} gbx_clock;

/* CLOCK_MONOTONIC as a clock: what captures use where the time-stamp counter cannot be trusted. Thread: any. */
GBX_API const gbx_clock *gbx_clock_monotonic(void);

/* Zero means the default, and NULL in its place is all defaults. Nothing of it is needed after gbx_capture_new. */
typedef struct gbx_capture_options {
    size_t size;              /* sizeof(gbx_capture_options) */
    const char *name;         /* copied, 128 bytes at most; default "capture" */
    uint32_t max_spans;       /* past it spans are dropped and counted; default 500000, at most 5000000 */
    uint32_t max_depth;       /* the same for spans nested deeper; default 1000, at most 2000 */
    uint8_t trace_id[16];     /* W3C trace id; all zero makes a random one */
    const gbx_clock *clock;   /* copied; NULL: the best clock of the machine */
    gbx_redaction *redaction; /* what must not be recorded; referenced; NULL: nothing */
} gbx_capture_options;

/* What gbx_capture_enter returns and gbx_capture_leave takes. Opaque; copy it freely, leave it once. */
typedef struct gbx_scope {
    uint64_t serial;
} gbx_scope;

/* A capture with one reference, or NULL when memory is short or the options are refused (api.h). While capturing is
 * switched off (see below) it is cut from the start. Thread: any. Owns: the caller, until gbx_capture_unref. Cost: one
 * 64 KiB block per thread that enters it, more as events come. */
GBX_API GBX_MUST_USE gbx_capture *gbx_capture_new(const gbx_capture_options *options);

/* Adds a reference and returns its argument, which may be NULL. Thread: any. */
GBX_API gbx_capture *gbx_capture_ref(gbx_capture *capture);

/* Drops a reference; the last one frees. NULL is allowed. Thread: any. */
GBX_API void gbx_capture_unref(gbx_capture *capture);

/* Makes the calling thread record into `capture`, which stays referenced until the matching leave; NULL makes it record
 * nowhere. Nests 32 deep; past that, or without memory, the scope records nothing and the capture says so. Thread: any.
 */
GBX_API GBX_MUST_USE gbx_scope gbx_capture_enter(gbx_capture *capture);

/* Ends what the matching enter began, on the same thread: spans still open inside it are closed, and scopes entered
 * later and not yet left are left. Leaving twice, or on another thread, changes nothing; a debug build asserts that
 * nobody does. Thread: that of the matching enter. */
GBX_API void gbx_capture_leave(gbx_scope scope);

/* The capture the calling thread records into, or NULL. Borrowed: take a reference to keep it. Thread: any. */
GBX_API gbx_capture *gbx_capture_current(void);

/* Work that leaves the thread, for a pool or for a later callback of the same event loop:
 *
 *     job->carried = gbx_capture_carry();                  // where the work is handed over
 *     ...
 *     void run(job *job)                                   // where it goes on, now or later, here or elsewhere
 *     {
 *         GBX_RESUME(job->carried);                        // recorded until the scope ends, however it ends
 *         GBX_SPAN();
 *         ...
 *     }
 *
 * carry returns the thread's capture with a reference of its own, or NULL when it is not captured; resume enters it and
 * drops that reference, once; a job that never runs passes it to gbx_capture_unref. Work of another request that the
 * same thread does in between is not recorded, because every resume ends with its scope. Resuming NULL records nowhere,
 * so uncaptured jobs need no test of their own. Thread: any, both. */
GBX_API GBX_MUST_USE gbx_capture *gbx_capture_carry(void);
/* See gbx_capture_carry. Thread: any. */
GBX_API GBX_MUST_USE gbx_scope gbx_capture_resume(gbx_capture *carried);

static inline void gbxi_scope_leave(gbx_scope *scope)
{
    gbx_capture_leave(*scope);
}

/* Resume, or enter, until the end of the enclosing scope. */
#define GBX_RESUME(carried)                                                                                            \
    gbx_scope GBXI_UNIQUE(gbxi_scope_) __attribute__((cleanup(gbxi_scope_leave), unused)) = gbx_capture_resume(carried)
#define GBX_ENTER(capture)                                                                                             \
    gbx_scope GBXI_UNIQUE(gbxi_scope_) __attribute__((cleanup(gbxi_scope_leave), unused)) = gbx_capture_enter(capture)

/* Freezes: what is recorded from now on is dropped. Threads still inside may carry on and leave whenever they like.
 * Idempotent. Thread: any. */
GBX_API void gbx_capture_finish(gbx_capture *capture);

/* Freezes before the work is over: like finish, but the trace says that it is truncated. Tells whether it was this call
 * that froze; one that is finished already stays as it is. Thread: any. */
GBX_API bool gbx_capture_cut(gbx_capture *capture);

/* The trace id, 16 bytes, valid as long as the capture. Thread: any. */
GBX_API const uint8_t *gbx_capture_trace_id(const gbx_capture *capture);

/* The time between new and finish (or now, while it is not finished), in ns. Thread: any. */
GBX_API uint64_t gbx_capture_duration_ns(const gbx_capture *capture);

/* Captures alive in this process, finished ones included; for tests and status pages. Thread: any. */
GBX_API size_t gbx_capture_live_count(void);

/* The master switch, on from the start. Off, captures under way finish as usual, and new ones record nothing: entering
 * them costs what an uncaptured thread costs, their traces are empty and say that they are truncated. The middleware
 * makes none at all. Thread: any; takes effect at the next capture. */
GBX_API void gbx_capture_switch(bool on);

/* Whether it is on. Thread: any. */
GBX_API bool gbx_capture_is_on(void);

#define GBX_CAPTURE_MEMORY_BYTES_DEFAULT ((size_t)1 << 30)
#define GBX_CAPTURE_BLOCK_BYTES ((size_t)65536)

/* Bounds the memory that all captures of the process record into, in bytes; 0 is the default. It is counted in blocks
 * of 64 KiB, of which there is always one. At the bound, lanes that need a further block drop spans, and threads that
 * enter get no lane; both are counted and the traces say truncated. What is recorded stays. Up to 16 MiB (the bound, if
 * that is less) are kept for the next captures. Thread: any; takes effect at the next block. */
GBX_API void gbx_capture_memory_limit_set(size_t bytes);

/* The bound in force, in bytes. Thread: any. */
GBX_API size_t gbx_capture_memory_limit(void);

/* Bytes of it in use, by captures alive. Thread: any. */
GBX_API size_t gbx_capture_memory_used(void);

#ifdef __cplusplus
}
#endif

#endif
