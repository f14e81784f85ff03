/* SPDX-License-Identifier: MIT */
/* What the frames of a comparison have in common, and how much they differ besides. */
#ifndef GBX_FINDINGS_COMPARE_DRIFT_H
#define GBX_FINDINGS_COMPARE_DRIFT_H

#include <glassbox/api.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    GBXI_DRIFT_FRAMES_MIN = 3, /* below which a common drift cannot be told from a change of one frame */
    GBXI_DRIFT_CLASSES = 64    /* of durations: powers of two */
};

typedef struct gbxi_drift_frame {
    double duration_ns; /* in a request, the geometric mean of both sides */
    double shift;       /* logarithm */
} gbxi_drift_frame;

/* Caller's memory. Owns: what it points to, until fini. Zeroed, nothing is in common. */
typedef struct gbxi_drift {
    gbxi_drift_frame *frames; /* settled: the longest first */
    double *room;             /* for `capacity` values and one more */
    size_t count, capacity;
    bool known; /* there are enough frames */
    double drift;
    double spread;                      /* of all frames around the drift */
    double spreads[GBXI_DRIFT_CLASSES]; /* by the class of the duration; NAN: not asked for yet */
} gbxi_drift;

/* Makes room for so many frames. Errors: false if out of memory; fini is safe either way. */
GBX_MUST_USE bool gbxi_drift_init(gbxi_drift *drift, size_t capacity);
void gbxi_drift_add(gbxi_drift *drift, double duration_ns, double shift);

/* Takes the median of the shifts for the drift. One frame that did not change is counted with them, and of two values
 * in the middle the smaller one is taken: where few frames differ, some did change, and the machine did not. */
void gbxi_drift_settle(gbxi_drift *drift);

/* How much frames around that duration, or longer ones, differ from the drift: what a short frame varies says nothing
 * of a long one. 0 where the drift is not known. Thread: one at a time, as it remembers what it found. */
double gbxi_drift_spread(gbxi_drift *drift, double duration_ns);

void gbxi_drift_fini(gbxi_drift *drift);

#endif
