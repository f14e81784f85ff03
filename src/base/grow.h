/* SPDX-License-Identifier: MIT */
/* Growing arrays: the capacity at least doubles each time, so that adding items one by one takes linear time.
 *
 *     typedef struct list { item *items; size_t count, capacity; } list;       // zeroed is empty
 *
 *     if (!gbxi_grow(&list->items, &list->capacity, list->count + 1, sizeof(*list->items)))
 *         return GBX_ERR_NO_MEMORY;
 *     list->items[list->count++] = one;
 *
 * The memory is counted in the thread's account (base/account.h), if it is in one. Thread: one at a time per array. */
#ifndef GBX_BASE_GROW_H
#define GBX_BASE_GROW_H

#include "base/account.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The minimum number of items to allocate at first. */
#define GBXI_GROW_FIRST ((size_t)64)

/* The slow path of gbxi_grow; not for callers. Out of line to keep loops small. */
__attribute__((noinline, unused)) static bool gbxi_grow_memory(void *array, size_t *capacity, size_t need,
                                                               size_t item_bytes)
{
    size_t grown = *capacity < GBXI_GROW_FIRST / 2 ? GBXI_GROW_FIRST : *capacity * 2;
    void *items;

    if (grown < need)
        grown = need;
    if (grown > SIZE_MAX / item_bytes)
        return false;
    memcpy(&items, array, sizeof(items)); /* a pointer of any type, which void ** must not alias */
    if ((items = gbxi_account_realloc(items, grown * item_bytes)) == NULL)
        return false;
    memcpy(array, &items, sizeof(items));
    *capacity = grown;
    return true;
}

/* Reserves room for `need` items of `item_bytes` each. `array` is the address of the pointer to the items, of any type.
 * `*capacity` is the number of items there is room for. Initially they are NULL and 0. Errors: false if out of memory;
 * nothing has changed then. */
static inline bool gbxi_grow(void *array, size_t *capacity, size_t need, size_t item_bytes)
{
    return need <= *capacity || gbxi_grow_memory(array, capacity, need, item_bytes);
}

#ifdef __cplusplus
}
#endif

#endif
