/* SPDX-License-Identifier: MIT */
/* Sorting by integer keys in linear time, and integer keys that order doubles. */
#ifndef GBX_GRAPH_TRANSFORM_SORT_H
#define GBX_GRAPH_TRANSFORM_SORT_H

#include <glassbox/error.h>
#include <stddef.h>
#include <stdint.h>

/* The number of a node or an edge, and its sort key. */
typedef struct gbxi_sort_item {
    uint64_t key;
    uint32_t number;
} gbxi_sort_item;

/* Sorts by ascending key; stable. A radix sort that starts with the lowest byte and skips bytes that all keys share.
 * Errors: NO_MEMORY; IO if stopped. Cost: linear. */
GBX_MUST_USE gbx_err gbxi_sort(gbxi_sort_item *items, size_t count);

/* A key that sorts like the double. -0 and 0 have the same key. Not for NaN. */
uint64_t gbxi_sort_key_of_double(double value);

#endif
