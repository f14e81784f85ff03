/* SPDX-License-Identifier: MIT */
/* Work that a process does behind the scenes, so that somebody can see when it is done and why it failed.
 *
 *     gbxi_job_open(&job, "retention", 3600 * GBXI_NS_PER_S);      // once an hour, and when somebody asks
 *     if (gbxi_job_is_due(&job)) {                                 // often
 *         gbxi_job_begin(&job);
 *         gbxi_job_end(&job, do_it(&error), error.text);
 *     }
 *     gbxi_job_close(&job);
 *
 * A job that fails is done again, after one second at first and after twice as long each time, but no longer than five
 * minutes, less up to a quarter so that many processes do not do it at once. After eight attempts it has failed: it
 * waits until its next regular time.
 *
 * The jobs of all owners in a process are in one list, which is in a library of its own, so these functions are
 * exported. Thread: any, for gbxi_jobs_look; the owner's, for the others. */
#ifndef GBX_BASE_JOB_H
#define GBX_BASE_JOB_H

#include <glassbox/api.h>
#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GBXI_JOB_ATTEMPTS_MAX = 8, GBXI_JOB_ERROR_BYTES = 256, GBXI_JOBS_SHOWN_MAX = 64 };

/* X(constant, name) */
#define GBXI_JOB_STATES(X)                                                                                             \
    X(WAITING, "waiting") /* it was never done, or its last attempt succeeded */                                       \
    X(RUNNING, "running")                                                                                              \
    X(RETRYING, "retrying") /* its last attempt failed, and it is done again soon */                                   \
    X(FAILED, "failed")     /* so did all the others: it waits until its next regular time */

typedef enum gbxi_job_state {
#define GBXI_JOB_ENUM(constant, name) GBXI_JOB_##constant,
    GBXI_JOB_STATES(GBXI_JOB_ENUM)
#undef GBXI_JOB_ENUM
} gbxi_job_state;

/* What is known of a job. */
typedef struct gbxi_job_facts {
    const char *name; /* a literal */
    gbxi_job_state state;
    unsigned attempts;                /* that failed since the last success */
    uint64_t runs;                    /* attempts in all */
    uint64_t failures;                /* of those */
    uint64_t every_ns;                /* 0: only when somebody asks */
    uint64_t next_ns;                 /* when it is due; gbxi_monotonic_ns; UINT64_MAX: when somebody asks */
    uint64_t began_ns;                /* the attempt under way, or the last one */
    uint64_t duration_ns;             /* of the last attempt that has ended */
    int64_t ended_unix_ns;            /* when that was; 0: never */
    char error[GBXI_JOB_ERROR_BYTES]; /* of the last failure since the last success; otherwise empty */
} gbxi_job_facts;

/* Caller's memory, at a fixed address while it is open. */
typedef struct gbxi_job {
    gbxi_job_facts facts; /* under the lock of all jobs */
    struct gbxi_job *next;
} gbxi_job;

/* Puts a job into the list. It is due at once if it has a regular time. `name` is a literal. */
GBX_API void gbxi_job_open(gbxi_job *job, const char *name, uint64_t every_ns);

/* Takes it out. A zeroed job, and one that was closed, is allowed. */
GBX_API void gbxi_job_close(gbxi_job *job);

/* Makes it due now. Thread: any, while it is open. */
GBX_API void gbxi_job_ask(gbxi_job *job);

/* Whether it is time to begin. */
GBX_API bool gbxi_job_is_due(const gbxi_job *job);

/* When it is due next; gbxi_monotonic_ns. UINT64_MAX: when somebody asks. */
GBX_API uint64_t gbxi_job_next_ns(const gbxi_job *job);

/* An attempt begins, and ends with `err`; `text` says what went wrong. */
GBX_API void gbxi_job_begin(gbxi_job *job);
GBX_API void gbxi_job_end(gbxi_job *job, gbx_err err, const char *text);

/* Fills what is known of the jobs that are open, in the order in which they were opened, and returns their number. */
GBX_API size_t gbxi_jobs_look(gbxi_job_facts facts[GBXI_JOBS_SHOWN_MAX]);

/* The name of a state. */
GBX_API const char *gbxi_job_state_name(gbxi_job_state state);

#endif
