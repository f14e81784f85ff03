/* SPDX-License-Identifier: MIT */
/* Growing arrays: their memory at least doubles, so that adding one item at a time is linear.
 *
 *     typedef struct list { item *items; size_t count, capacity; } list;       // zeroed is empty
 *
 *     if (!gbxi_grow(&list->items, &list->capacity, list->count + 1, sizeof(*list->items)))
 *         return GBX_ERR_NO_MEMORY;
 *     list->items[list->count++] = one;
 *
 * Thread: one at a time an array. */
#ifndef GBX_BASE_GROW_H
#define GBX_BASE_GROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How many items the first memory is for, unless more are needed. */
#define GBXI_GROW_FIRST ((size_t)64)

/* What gbxi_grow does when there is not room enough; not for callers. Out of line, which keeps loops small. */
__attribute__((noinline, unused)) static bool gbxi_grow_memory(void *array, size_t *capacity, size_t need,
                                                               size_t item_bytes)
{
    size_t grown = *capacity < GBXI_GROW_FIRST / 2 ? GBXI_GROW_FIRST : *capacity * 2;
    void *items;

    if (grown < need)
        grown = need;
    if (grown > SIZE_MAX / item_bytes)
        return false;
    memcpy(&items, array, sizeof(items)); /* a pointer of any type: void ** must not alias it */
    if ((items = realloc(items, grown * item_bytes)) == NULL)
        return false;
    memcpy(array, &items, sizeof(items));
    *capacity = grown;
    return true;
}

/* Makes room for `need` items of `item_bytes` each. `array` is the address of the pointer to the items, of whatever
 * type, and `*capacity` how many there is room for; NULL and 0 at first. Errors: false when memory is short, and then
 * nothing has changed. */
static inline bool gbxi_grow(void *array, size_t *capacity, size_t need, size_t item_bytes)
{
    return need <= *capacity || gbxi_grow_memory(array, capacity, need, item_bytes);
}

#ifdef __cplusplus
}
#endif

#endif
