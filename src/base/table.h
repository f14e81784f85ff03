/* SPDX-License-Identifier: MIT */
/* Hash tables that find the number of an item: open addressing, linear probing, at most half full, no removal.
 *
 * The items are in the caller's array, and the caller hashes and compares them. A slot holds a hash and a number. A
 * slot may hold more, so that comparing reads only the slot; it is then a struct that begins with a gbxi_table_slot.
 *
 *     if (!gbxi_table_reserve(&table, sizeof(gbxi_table_slot), count + 1))
 *         return GBX_ERR_NO_MEMORY;
 *     slot = gbxi_table_find(&table, sizeof(gbxi_table_slot), hash, is_same, items, &key);
 *     if (slot->number == 0)
 *         *slot = (gbxi_table_slot){hash, ++count};        // new: items[count - 1]
 *
 * The memory is counted in the thread's account (base/account.h), if it is in one. Thread: one at a time; any number of
 * threads may search a table that does not change. */
#ifndef GBX_BASE_TABLE_H
#define GBX_BASE_TABLE_H

#include "base/account.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct gbxi_table_slot {
    uint32_t hash;
    uint32_t number; /* number of the item plus one; 0 means a free slot */
} gbxi_table_slot;

/* Owns: its slots. A zeroed struct is empty. Reserve a table once before searching it. */
typedef struct gbxi_table {
    unsigned char *slots;
    size_t slot_count; /* a power of two, or 0 */
} gbxi_table;

#define GBXI_TABLE_SLOTS_FIRST ((size_t)64)

/* Whether the item of a slot with the same hash is `key`. `context` is passed through from the caller. */
typedef bool gbxi_table_is_same(const void *context, const gbxi_table_slot *slot, const void *key);

/* The slot where a search for `hash` starts. */
static inline gbxi_table_slot *gbxi_table_first(const gbxi_table *table, size_t slot_bytes, uint32_t hash)
{
    return (gbxi_table_slot *)(void *)(table->slots + (hash & (table->slot_count - 1)) * slot_bytes);
}

/* The slot of `key`, or the free slot where it belongs. Always inline, so that `is_same` is inlined too. */
__attribute__((always_inline)) static inline gbxi_table_slot *gbxi_table_find(const gbxi_table *table,
                                                                              size_t slot_bytes, uint32_t hash,
                                                                              gbxi_table_is_same *is_same,
                                                                              const void *context, const void *key)
{
    for (uint32_t at = hash;; at++) {
        gbxi_table_slot *slot = gbxi_table_first(table, slot_bytes, at);

        if (slot->number == 0 || (slot->hash == hash && is_same(context, slot, key)))
            return slot;
    }
}

/* The slow path of gbxi_table_reserve; not for callers. */
__attribute__((noinline, unused)) static bool gbxi_table_rehash(gbxi_table *table, size_t slot_bytes, size_t count)
{
    gbxi_table grown = {NULL, table->slot_count > 0 ? table->slot_count : GBXI_TABLE_SLOTS_FIRST};

    while (grown.slot_count / 2 < count)
        grown.slot_count *= 2;
    if ((grown.slots = (unsigned char *)gbxi_account_calloc(grown.slot_count, slot_bytes)) == NULL)
        return false;
    for (size_t i = 0; i < table->slot_count; i++) {
        gbxi_table_slot *slot = (gbxi_table_slot *)(void *)(table->slots + i * slot_bytes), *to;
        uint32_t at = slot->hash;

        if (slot->number == 0)
            continue;
        while ((to = gbxi_table_first(&grown, slot_bytes, at))->number != 0)
            at++;
        memcpy(to, slot, slot_bytes);
    }
    gbxi_account_free(table->slots);
    *table = grown;
    return true;
}

/* Reserves slots for `count` items, which must be below 2^31. Errors: false if out of memory; nothing has changed then.
 * Cost: amortised constant when items are added one by one. */
static inline bool gbxi_table_reserve(gbxi_table *table, size_t slot_bytes, size_t count)
{
    return count <= table->slot_count / 2 || gbxi_table_rehash(table, slot_bytes, count);
}

static inline void gbxi_table_fini(gbxi_table *table)
{
    gbxi_account_free(table->slots);
    table->slots = NULL;
    table->slot_count = 0;
}

#endif
