/* SPDX-License-Identifier: MIT */
/* Owns items by key. */
#include "findings/bins.h"
#include "base/grow.h"

void *gbxi_bins_of(gbxi_bins *bins, const uint32_t *key, size_t count)
{
    uint32_t before = bins->keys.count;
    uint32_t number;

    if (!gbxi_grow(&bins->items, &bins->capacity, before + (size_t)1, bins->item_bytes) ||
        (number = gbxi_dictionary_number(&bins->keys, (gbxi_view){(const char *)key, count * sizeof(*key)})) ==
            GBXI_TEXT_NONE)
        return NULL;
    if (number == before)
        memset(gbxi_bins_at(bins, number), 0, bins->item_bytes);
    return gbxi_bins_at(bins, number);
}

void gbxi_bins_fini(gbxi_bins *bins)
{
    gbxi_dictionary_fini(&bins->keys);
    gbxi_account_free(bins->items);
    bins->items = NULL;
    bins->capacity = 0;
}
