/* SPDX-License-Identifier: MIT */
/* Items by a key of a few numbers, in the order in which they were first asked for. */
#ifndef GBX_FINDINGS_BINS_H
#define GBX_FINDINGS_BINS_H

#include "findings/dictionary.h"

/* A struct in which only `item_bytes` is set is empty. */
typedef struct gbxi_bins {
    size_t item_bytes;
    gbxi_dictionary keys;
    unsigned char *items;
    size_t capacity;
} gbxi_bins;

/* The item of a key of `count` numbers, all zero if it is new; borrowed until the next call. NULL: memory is short. */
void *gbxi_bins_of(gbxi_bins *bins, const uint32_t *key, size_t count);

/* The number of items, and one of them. */
static inline size_t gbxi_bins_count(const gbxi_bins *bins)
{
    return bins->keys.count;
}

static inline void *gbxi_bins_at(const gbxi_bins *bins, size_t index)
{
    return bins->items + index * bins->item_bytes;
}

void gbxi_bins_fini(gbxi_bins *bins);

#endif
