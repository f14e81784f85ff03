/* SPDX-License-Identifier: MIT */
/* Sums over the traces of a run, frame by frame. */
#ifndef GBX_STORE_FRAME_SUMS_H
#define GBX_STORE_FRAME_SUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a frame did; for one frame of one trace, `traces` is 1. Sums stop at UINT64_MAX. */
typedef struct gbxi_frame_sum {
    uint64_t calls, total_ns, self_ns, min_ns, max_ns, traces;
} gbxi_frame_sum;

/* The sums of the frames by their numbers. Zeroed: empty. */
typedef struct gbxi_frame_sums {
    gbxi_frame_sum *at;
    size_t count, capacity;
} gbxi_frame_sums;

/* Adds what frame number `frame` did. A number that no run gives counts nothing. Errors: false if memory is short. */
bool gbxi_frame_sums_add(gbxi_frame_sums *sums, uint64_t frame, const gbxi_frame_sum *more);

/* The sum of a frame; NULL if it did nothing. */
const gbxi_frame_sum *gbxi_frame_sums_find(const gbxi_frame_sums *sums, uint64_t frame);

void gbxi_frame_sums_fini(gbxi_frame_sums *sums);

#endif
