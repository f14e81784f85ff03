/* SPDX-License-Identifier: MIT */
/* Requests of an imaginary service, whose frames take random times of known distributions. */
#ifndef GBX_TESTS_COMPARE_SAMPLES_H
#define GBX_TESTS_COMPARE_SAMPLES_H

#include "findings/compare/comparison.h"

enum { SAMPLES_FRAMES = 16, SAMPLES_NONE = SAMPLES_FRAMES };

/* One side. Zeroed members have no effect; `seed` and `requests` must be set. Spreads are of logarithms. */
typedef struct samples {
    uint64_t seed;
    size_t requests;
    double shortest_ns;    /* the first frame; the last one is 40 times as long; 5000 */
    double drift;          /* of all frames */
    double process_spread; /* of each frame, from process to process */
    double request_spread; /* of all frames together, from request to request */
    double frame_spread;   /* of each frame, from request to request */
    double outliers;       /* share of values that the machine makes three times as large */
    double neighbour;      /* all frames of the second half of the requests are so much slower */
    uint32_t planted;      /* bits of frames */
    double planted_factor; /* that take so much longer */
    const char *route;     /* "/" */
    bool reversed;         /* names are told in the opposite order */
} samples;

/* Adds the requests of one side. */
void samples_add(gbxi_gathered *gathered, gbxi_compare_half half, const samples *what);

/* Compares two sides. */
void samples_compare(gbxi_comparison *comparison, const samples *before, const samples *after);

/* The frame with this number; NULL if it is not there. */
const gbxi_compared_frame *samples_frame(const gbxi_comparison *comparison, unsigned number);

#endif
