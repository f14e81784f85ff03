/* SPDX-License-Identifier: MIT */
/* Random programs, and the expected content of their traces, computed in a slow and obvious way. */
#ifndef GBX_TESTS_REFERENCE_H
#define GBX_TESTS_REFERENCE_H

#include "recording.h"
#include <stdbool.h>

enum { REFERENCE_SITES = 12, REFERENCE_LANES_MAX = 4, REFERENCE_CALLS_MAX = 20000 };

/* The sites random programs call; the line of one is its number + 1. */
extern const gbx_site reference_sites[REFERENCE_SITES];

typedef struct reference_call {
    uint32_t lane;
    uint32_t site;
    int parent; /* number of the call around it, -1 for a root */
    uint32_t depth;
    uint64_t start_ns;
    uint64_t end_ns;
    bool folded;
    bool noted;   /* it has a note "n" */
    int64_t note; /* its last value */
    bool failed;
    uint64_t failed_ns; /* the first time */
} reference_call;

/* A program as it ran: every call, lane after lane, in the order of the enters. */
typedef struct reference {
    recording r;
    uint64_t random;
    uint32_t lanes;
    int call_count;
    reference_call calls[REFERENCE_CALLS_MAX];
} reference;

/* What one site's calls add up to. */
typedef struct reference_totals {
    uint32_t calls;
    uint64_t self_ns, total_ns, sum_ns, min_ns, max_ns, p95_ns;
} reference_totals;

/* The most calls of one child in one call of a parent, and how long those took together. */
typedef struct reference_repeat {
    uint32_t count;
    uint64_t total_ns;
} reference_repeat;

/* Runs a random program of up to `steps` steps a lane, on 1 to 4 threads whose times overlap; the capture is finished,
 * and the caller's to unref. The same seed makes the same program. */
gbx_capture *reference_run(reference *program, uint64_t seed, int steps);

/* A random number below `limit`. */
uint32_t reference_random(reference *program, uint32_t limit);

/* Marks the calls that are shorter as folded. All that follows leaves them out. */
void reference_fold(reference *program, uint64_t min_duration_ns);

uint64_t reference_self_ns(const reference *program, int call);
reference_totals reference_totals_of(const reference *program, uint32_t site);
uint64_t reference_roots_ns(const reference *program);
/* How many of the first `duration_ns` nanoseconds no root covers. */
uint64_t reference_unattributed_ns(const reference *program, uint64_t duration_ns);
reference_repeat reference_repeat_of(const reference *program, uint32_t parent_site, uint32_t child_site);

#endif
