/* SPDX-License-Identifier: MIT */
/* Sorting by whole numbers in linear time, and the numbers that stand for doubles. */
#ifndef GBX_GRAPH_TRANSFORM_SORT_H
#define GBX_GRAPH_TRANSFORM_SORT_H

#include <glassbox/error.h>
#include <stddef.h>
#include <stdint.h>

/* A node or an edge with what it is sorted by. */
typedef struct gbxi_sort_item {
    uint64_t key;
    uint32_t number;
} gbxi_sort_item;

/* Sorts by rising key; equal keys stay in the order they are in. Errors: NO_MEMORY. Cost: linear: by each of the key's
 * bytes that is not the same in all items, the lowest first (a radix sort). */
GBX_MUST_USE gbx_err gbxi_sort(gbxi_sort_item *items, size_t count);

/* A key in the order of the doubles; -0 and 0 have the same. Not for NaN. */
uint64_t gbxi_sort_key_of_double(double value);

#endif
