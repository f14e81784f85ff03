/* SPDX-License-Identifier: MIT */
/* Captures: the owner of a request records the spans of that request with a capture.
 *
 *     1. gbx_capture *capture = gbx_capture_new(NULL);
 *     2. gbx_scope scope = gbx_capture_enter(capture);     // this thread records into the capture
 *     3. ... the work, with GBX_SPAN() in it ...
 *     4. gbx_capture_leave(scope);                         // this thread stops recording
 *     5. gbx_capture_finish(capture);                      // frozen: export.h can read it
 *     6. gbx_capture_unref(capture);
 *
 * Any number of threads may do steps 2 to 4, any number of times. The middleware (h2o.h) does all six steps itself:
 * there, only work that continues on another thread or in another callback needs carry and resume (below).
 * examples/plain.c shows all six steps, examples/later.c shows work that moves between threads.
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

/* The clock of a capture. The capture copies the struct, but not what `context` points to. Without a clock, a capture
 * uses the CPU's time-stamp counter if the kernel calls it invariant, and CLOCK_MONOTONIC otherwise. Tests supply their
 * own. A function that is NULL is replaced by that of gbx_clock_monotonic. Thread: the functions are called on the
 * captured threads, any number of them at once. */
typedef struct gbx_clock {
    size_t size;                          /* sizeof(gbx_clock) */
    uint64_t (*now_ns)(void *context);    /* monotonic */
    int64_t (*unix_ns)(void *context);    /* wall clock, read once per capture */
    uint64_t (*cpu_ns)(void *context);    /* CPU time of the calling thread */
    uint32_t (*thread_id)(void *context); /* of the calling thread */
    double span_cost_ns;                  /* cost of recording one span; traces report it as their overhead */
    void *context;                        /* borrowed: must outlive every capture that uses the clock */
} gbx_clock;

/* A clock that reads CLOCK_MONOTONIC. Captures use it where the time-stamp counter is not invariant. Thread: any. */
GBX_API const gbx_clock *gbx_clock_monotonic(void);

/* A zero member selects its default; NULL instead of the struct selects all defaults. The struct and everything it
 * points to may be freed after gbx_capture_new. */
typedef struct gbx_capture_options {
    size_t size;              /* sizeof(gbx_capture_options) */
    const char *name;         /* copied, 128 bytes at most; default "capture" */
    uint32_t max_spans;       /* further spans are dropped and counted; default 500000, at most 5000000 */
    uint32_t max_depth;       /* deeper spans are dropped and counted; default 1000, at most 2000 */
    uint8_t trace_id[16];     /* W3C trace id; all zero: a random id */
    const gbx_clock *clock;   /* copied; NULL: the best clock of the machine */
    gbx_redaction *redaction; /* what must not be recorded; referenced; NULL: nothing */
} gbx_capture_options;

/* Returned by gbx_capture_enter and passed to gbx_capture_leave. Opaque. It may be copied; leave it once. */
typedef struct gbx_scope {
    uint64_t serial;
} gbx_scope;

/* Makes a capture with one reference. Returns NULL when memory is short or the options are refused (api.h). While
 * capturing is switched off (see gbx_capture_switch), the new capture records nothing and its trace says truncated.
 * Thread: any. Owns: the caller, until gbx_capture_unref. Cost: one 64 KiB block for each thread that enters, and more
 * as events are recorded. */
GBX_API GBX_MUST_USE gbx_capture *gbx_capture_new(const gbx_capture_options *options);

/* Adds a reference and returns its argument, which may be NULL. Thread: any. */
GBX_API gbx_capture *gbx_capture_ref(gbx_capture *capture);

/* Drops a reference; the last one frees. NULL is allowed. Thread: any. */
GBX_API void gbx_capture_unref(gbx_capture *capture);

/* Makes the calling thread record into `capture`, or nowhere if it is NULL. The scope holds a reference until the
 * matching leave. Scopes nest up to 32 deep. Deeper ones, and those for which there is no memory, record nothing, and
 * the trace says truncated. Thread: any. */
GBX_API GBX_MUST_USE gbx_scope gbx_capture_enter(gbx_capture *capture);

/* Ends the scope of the matching enter. Spans still open in it are closed, and scopes entered later on this thread are
 * left too. Leaving a scope twice, or on another thread, has no effect; debug builds assert against both. Thread: that
 * of the matching enter. */
GBX_API void gbx_capture_leave(gbx_scope scope);

/* Returns the capture that the calling thread records into, or NULL. It is borrowed: take a reference to keep it.
 * Thread: any. */
GBX_API gbx_capture *gbx_capture_current(void);

/* For work that continues elsewhere: on a thread of a pool, or in a later callback of the same event loop.
 *
 *     job->carried = gbx_capture_carry();                  // where the job is handed over
 *     ...
 *     void run(job *job)                                   // where the job continues, on any thread
 *     {
 *         GBX_RESUME(job->carried);                        // records until the enclosing scope ends
 *         GBX_SPAN();
 *         ...
 *     }
 *
 * gbx_capture_carry returns the thread's capture with a reference of its own, or NULL if the thread is not captured.
 * gbx_capture_resume enters that capture and drops the reference. Resume once for each carry; a job that is never run
 * passes the capture to gbx_capture_unref instead. A resume ends with its scope, so that work for other requests on the
 * same thread is not recorded. Resuming NULL records nowhere, so uncaptured jobs need no special case. Thread: any. */
GBX_API GBX_MUST_USE gbx_capture *gbx_capture_carry(void);

/* Enters a carried capture and drops its reference; see gbx_capture_carry. Thread: any. */
GBX_API GBX_MUST_USE gbx_scope gbx_capture_resume(gbx_capture *carried);

static inline void gbxi_scope_leave(gbx_scope *scope)
{
    gbx_capture_leave(*scope);
}

/* Resume or enter a capture until the end of the enclosing scope. */
#define GBX_RESUME(carried)                                                                                            \
    gbx_scope GBXI_UNIQUE(gbxi_scope_) __attribute__((cleanup(gbxi_scope_leave), unused)) = gbx_capture_resume(carried)
#define GBX_ENTER(capture)                                                                                             \
    gbx_scope GBXI_UNIQUE(gbxi_scope_) __attribute__((cleanup(gbxi_scope_leave), unused)) = gbx_capture_enter(capture)

/* Freezes the capture: everything recorded later is dropped. Threads that are still inside may go on and leave at any
 * time. Idempotent. Thread: any. */
GBX_API void gbx_capture_finish(gbx_capture *capture);

/* Freezes a capture whose work is not over: like finish, but the trace says truncated. Returns false, and changes
 * nothing, if the capture was finished already. Thread: any. */
GBX_API bool gbx_capture_cut(gbx_capture *capture);

/* The 16 bytes of the trace id; valid as long as the capture. Thread: any. */
GBX_API const uint8_t *gbx_capture_trace_id(const gbx_capture *capture);

/* The time from new to finish in ns; until now if the capture is not finished. Thread: any. */
GBX_API uint64_t gbx_capture_duration_ns(const gbx_capture *capture);

/* The number of captures in this process, finished ones included. For tests and status pages. Thread: any. */
GBX_API size_t gbx_capture_live_count(void);

/* Switches capturing on or off for the whole process; it is on at first. After switching off, captures under way finish
 * as usual, new ones record nothing and their traces say truncated, and the middleware makes none. Thread: any; takes
 * effect at the next capture. */
GBX_API void gbx_capture_switch(bool on);

/* Whether capturing is switched on. Thread: any. */
GBX_API bool gbx_capture_is_on(void);

/* The default memory limit, and the unit in which memory is allocated. */
#define GBX_CAPTURE_MEMORY_BYTES_DEFAULT ((size_t)1 << 30)
#define GBX_CAPTURE_BLOCK_BYTES ((size_t)65536)

/* Limits the memory for recording, over all captures of the process, in bytes; 0 restores the default. Memory is
 * allocated in blocks of GBX_CAPTURE_BLOCK_BYTES, and the limit is at least one block. At the limit, threads that need
 * a further block drop spans, and threads that enter a capture record nothing. Both are counted, and the traces say
 * truncated. Recorded events stay. Up to 16 MiB of free blocks, but no more than the limit, are kept for later
 * captures. Thread: any; takes effect at the next block. */
GBX_API void gbx_capture_memory_limit_set(size_t bytes);

/* The memory limit in force, in bytes. Thread: any. */
GBX_API size_t gbx_capture_memory_limit(void);

/* The memory that captures use now, in bytes. Thread: any. */
GBX_API size_t gbx_capture_memory_used(void);

#ifdef __cplusplus
}
#endif

#endif
