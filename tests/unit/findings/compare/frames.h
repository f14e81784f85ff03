/* SPDX-License-Identifier: MIT */
/* Requests whose frames take times that a test tells one by one. */
#ifndef GBX_TESTS_COMPARE_FRAMES_H
#define GBX_TESTS_COMPARE_FRAMES_H

#include "findings/compare/comparison.h"

/* A frame of a request. Zeroed members are "one.c", "/one", one call, 30 ns for a span, and three self times. */
typedef struct frame_time {
    const char *name;
    uint64_t self_ns;
    const char *file, *route;
    uint64_t calls, price_ns, total_ns;
} frame_time;

/* Adds a request with these frames to one side. Its route is that of the first. */
void frames_add_request(gbxi_gathered *gathered, gbxi_compare_half half, const frame_time *frames, size_t count);

/* Adds a request with one frame. */
void frames_add_one(gbxi_gathered *gathered, gbxi_compare_half half, const char *name, uint64_t self_ns);

/* Compares self times. */
void frames_compare(gbxi_comparison *comparison, gbxi_gathered *gathered);

/* The row of a frame. Fails if there is none. */
const gbxi_compared_frame *frames_row(const gbxi_comparison *comparison, const char *name);

#endif
