/* SPDX-License-Identifier: MIT */
/* The flight recorder: every request is captured, and when it ends the recorder keeps its capture or lets it go. So the
 * request that nobody thought of tracing can be looked at afterwards.
 *
 *     gbx_recorder_options rules = {.size = sizeof(rules), .slower_than_ns = 100000000, .failed = true};
 *     gbx_recorder *recorder = gbx_recorder_new(&rules);
 *     gbx_recorder_add(recorder, &sink);                            // where kept captures go
 *     gbx_h2o_config config = {.size = sizeof(config)};             // the middleware offers (h2o.h)
 *     config.recorder = recorder;
 *     ... serve ...
 *     gbx_recorder_close(recorder, 5000);                           // after the last request
 *     gbx_recorder_unref(recorder);
 *
 * A kept capture goes over a bounded queue to the recorder's thread, which passes it to the sinks. A request never
 * waits: if the queue is full, the capture is let go and counted. A sink that fails or is slow costs captures, which
 * are counted, and nothing else.
 *
 * A program without libh2o makes captures as in capture.h and offers each when it is finished: gbx_recorder_offer. */
#ifndef GLASSBOX_RECORDER_H
#define GLASSBOX_RECORDER_H

#include <glassbox/api.h>
#include <glassbox/capture.h>
#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(constant, number, name): why a capture is kept. A capture may have several reasons. A released row stays. */
#define GBX_KEEP_REASONS(X)                                                                                            \
    X(SLOW, 0, "slow")       /* it took at least slower_than_ns */                                                     \
    X(FAILED, 1, "failed")   /* its status is 5xx, or a span of it failed */                                           \
    X(SAMPLED, 2, "sampled") /* one in N */                                                                            \
    X(FIRST, 3, "first")     /* the first of its route in this minute */                                               \
    X(ASKED, 4, "asked")     /* its client asked for the trace */

typedef enum gbx_keep_reason {
#define GBXI_KEEP_ENUM(constant, number, name) GBX_KEEP_##constant = 1 << number,
    GBX_KEEP_REASONS(GBXI_KEEP_ENUM)
#undef GBXI_KEEP_ENUM
} gbx_keep_reason;

/* What the process is doing, once a second. */
typedef struct gbx_process_state {
    size_t size;           /* bytes that the library knows */
    uint64_t loop_lag_ns;  /* how long a ready event waits for its event loop; the longest of all loops */
    uint32_t worker_queue; /* requests that wait for a worker */
    uint32_t reserved;     /* zero */
} gbx_process_state;

/* Zero selects the default. Without any rule, only captures that were asked for are kept. */
typedef struct gbx_recorder_options {
    size_t size;             /* sizeof(gbx_recorder_options) */
    uint64_t slower_than_ns; /* keep what takes at least this long; 0: no such rule */
    uint32_t one_in;         /* keep every N-th request; 1: all; 0: no such rule */
    bool failed;             /* keep a status of 5xx, and captures in which a span failed */
    bool first;              /* keep the first request of each method and route in every minute */
    uint8_t reserved[2];     /* zero */
    uint32_t queue_captures; /* that may wait for the sinks, with the one that they take; default 1024, at most 2^20 */
    uint32_t max_captures;   /* plain requests captured at the same time; others are not captured; default 1024 */
    size_t queue_bytes;      /* memory of those captures, unless it is a single one; default 256 MiB */
    /* Told on the recorder's thread, in one sentence, that captures are being lost, why, and when that has ended. At
     * most one call in ten seconds for each sink, and for the queue. NULL: nobody is told. */
    void (*report)(void *context, const char *text);
    /* Asked on the recorder's thread once a second. NULL: all zero. */
    void (*observe)(void *context, gbx_process_state *state);
    void *context; /* passed to both; borrowed: must outlive the recorder */
} gbx_recorder_options;

/* What a capture is the capture of. All texts are copied. NULL is "" for each. */
typedef struct gbx_request {
    size_t size;             /* sizeof(gbx_request) */
    const char *method;      /* at most 32 bytes are kept */
    const char *path;        /* without the query; at most 1,023 bytes are kept */
    const char *route;       /* used if the capture was told none (gbx_capture_tell_route); at most 1,023 bytes */
    const char *source_root; /* files below it are named relative to it */
    uint32_t status;         /* of the response; 0: there was none */
    bool asked;              /* the client asked for the trace */
    uint8_t reserved[3];     /* zero */
} gbx_request;

/* A kept capture, as a sink gets it. Borrowed during the call; take a reference to the capture to keep it. */
typedef struct gbx_recording {
    size_t size;             /* bytes that the library knows */
    gbx_capture *capture;    /* finished */
    const char *method;      /* never NULL, as are the next three */
    const char *path;        /* without the query, redacted as the capture's name is */
    const char *route;       /* what the capture was told, or the prefix that the path configuration serves */
    const char *source_root; /* files below it are named relative to it; "": none are */
    uint32_t status;         /* of the response; 0: there was none */
    uint32_t reasons;        /* of gbx_keep_reason, at least one */
} gbx_recording;

/* Where kept captures go. All functions but `take` may be NULL. Those that return an error fill `error` with a sentence
 * that names what failed; the recorder counts and reports it, and goes on. For every kept capture, either `offered` or
 * `missed` is called. Thread: the recorder's, one at a time, except for `offered` and `missed`, which any number of
 * requests call on their own threads, and `dispose`, which the last reference calls. */
typedef struct gbx_sink {
    size_t size;      /* sizeof(gbx_sink) */
    const char *name; /* for reports; copied; at most 31 bytes */
    gbx_err (*take)(void *context, const gbx_recording *recording, gbx_error *error);
    gbx_err (*flush)(void *context, gbx_error *error); /* once a second if something was taken, and at the end */
    gbx_err (*tick)(void *context, const gbx_process_state *state, gbx_error *error); /* once a second */
    gbx_err (*close)(void *context,
                     gbx_error *error); /* once, after the last take, flush and tick: end what was begun */
    void (*offered)(void *context);     /* a capture is kept; it is taken, unless a close ends that; must not block */
    void (*missed)(void *context);      /* a capture is kept, but the queue had no room; must not block */
    void (*dispose)(void *context); /* once, after the last call of the others, with the recorder's last reference */
    void *context;
} gbx_sink;

/* Counters since the recorder was made. Each is exact, but they are not read at the same instant. */
typedef struct gbx_recorder_counts {
    uint64_t seen;    /* captures offered */
    uint64_t kept;    /* of those: for a reason */
    uint64_t missed;  /* of the kept: no room in the queue, memory was short, or a close had no more time for them */
    uint64_t taken;   /* of the kept: passed to all sinks; the others wait. After a close, none waits */
    uint64_t failed;  /* takes that a sink refused */
    uint64_t ignored; /* plain requests that were not captured, because max_captures were under way */
} gbx_recorder_counts;

/* A recorder: its rules, its queue and its thread. Reference-counted. */
typedef struct gbx_recorder gbx_recorder;

/* Creates a recorder with one reference. NULL options select all defaults. Returns NULL if memory is short or the
 * options are refused (api.h). Thread: any. Owns: the caller, until gbx_recorder_unref; path configurations hold
 * references of their own. */
GBX_API GBX_MUST_USE gbx_recorder *gbx_recorder_new(const gbx_recorder_options *options);

/* Adds a reference and returns its argument, which may be NULL. Thread: any. */
GBX_API gbx_recorder *gbx_recorder_ref(gbx_recorder *recorder);

/* Drops a reference. The last one closes the recorder, without a limit of time, disposes of the sinks and frees it.
 * NULL is allowed. If gbx_recorder_close returned LIMIT and a sink is still busy, it does none of that: the memory is
 * never freed. Thread: any but the recorder's. */
GBX_API void gbx_recorder_unref(gbx_recorder *recorder);

/* Adds a sink; at most eight. The first one starts the recorder's thread. Owns: the recorder, which calls `dispose`; if
 * this function fails, the sink is still the caller's. Thread: one at a time, before the first capture is offered.
 * Errors: ARGUMENT (a struct that is refused as described in api.h, no `take`), LIMIT (the ninth sink), STATE (the
 * recorder is closed), NO_MEMORY (also: no thread can be started). */
GBX_API GBX_MUST_USE gbx_err gbx_recorder_add(gbx_recorder *recorder, const gbx_sink *sink);

/* Decides about a finished capture. Returns the reasons for which it is kept, or 0 if it is let go. The caller keeps
 * its reference either way. Without a sink nothing is kept. Thread: any. Cost: about 100 ns, and 300 ns more if it is
 * kept; never a lock. */
GBX_API uint32_t gbx_recorder_offer(gbx_recorder *recorder, gbx_capture *capture, const gbx_request *request);

/* Ends the recorder: from now on nothing is kept. Waits until the sinks have taken and flushed what is in the queue,
 * but at most `patience_ms` (0: no limit). After that, what still waits is counted as missed and not passed on.
 * Idempotent. Thread: any but the recorder's. Errors: LIMIT (the time was over while a sink was still busy; its
 * functions and its context are used until it returns, and a later call may find that it has). */
GBX_API gbx_err gbx_recorder_close(gbx_recorder *recorder, uint32_t patience_ms);

/* Gets the counters. `size` is sizeof(*counts). Thread: any. */
GBX_API void gbx_recorder_counts_get(const gbx_recorder *recorder, gbx_recorder_counts *counts, size_t size);

/* Reads rules as people write them, such as "slow=100ms,errors,1/1000,first", into the members of `options` that are
 * rules: `slow=` with us, ms or s; `errors`; `1/N`; `all`, which is 1/1; `first`; or `none` alone. Of two rules of a
 * kind, the one that keeps more counts. Spaces around a rule are allowed. Errors: SYNTAX with a sentence that quotes
 * the rule at fault, and nothing is changed. Thread: any. */
GBX_API GBX_MUST_USE gbx_err gbx_recorder_rules_read(const char *text, gbx_recorder_options *options, gbx_error *error);

/* Creates a recorder with a store as the environment says: GLASSBOX_STORE is the store's directory, and GLASSBOX_KEEP
 * are rules (default GBX_KEEP_DEFAULT). `*recorder` is NULL if GLASSBOX_STORE is not set or empty, and after an error.
 * Part of the component store (docs/linking.md). Thread: any, while no other thread changes the environment. Owns: the
 * caller, until gbx_recorder_unref. Errors: SYNTAX (GLASSBOX_KEEP), those of gbx_recorder_add_store (store.h), with a
 * sentence in `error` that names the variable. */
GBX_API GBX_MUST_USE gbx_err gbx_recorder_open_environment(gbx_recorder **recorder, gbx_error *error);

/* The same in one word: NULL if GLASSBOX_STORE is not set, and after an error. Thread: as above. Owns: as above. */
GBX_API GBX_MUST_USE gbx_recorder *gbx_recorder_from_environment(void);

/* The rules of programs whose user gives a store and no rules. */
#define GBX_KEEP_DEFAULT "slow=100ms,errors,1/1000,first"

#ifdef __cplusplus
}
#endif

#endif
