/* SPDX-License-Identifier: MIT */
/* The frames of a trace in the order of their total times. */
#ifndef GBX_TRACE_TOTALS_H
#define GBX_TRACE_TOTALS_H

#include "trace/frames.h"

/* A frame and what it is ordered by. */
typedef struct gbxi_total {
    uint64_t total_ns;
    uint32_t frame; /* its index in the frames */
} gbxi_total;

/* All frames with calls, `count` of them, by total time in descending order. On a tie, the frame seen first comes
 * first. Returns NULL if out of memory. Owns: the caller, with free. Cost: linear in the frames. */
GBX_MUST_USE gbxi_total *gbxi_totals_new(const gbxi_frames *frames, uint32_t count);

#endif
