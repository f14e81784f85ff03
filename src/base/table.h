/* SPDX-License-Identifier: MIT */
/* Hash tables that find the number of a thing: open addressing, linear probing, at most half full, nothing taken out.
 *
 * The things themselves are in an array of the caller's, who hashes and compares them. A slot holds a hash and a
 * number; a table whose slots hold more, so that comparing needs no look elsewhere, has a struct that begins with a
 * gbxi_slot:
 *
 *     if (!gbxi_table_reserve(&table, sizeof(gbxi_slot), count + 1))
 *         return GBX_ERR_NO_MEMORY;
 *     slot = gbxi_table_find(&table, sizeof(gbxi_slot), hash, is_same, things, &key);
 *     if (slot->number == 0)
 *         *slot = (gbxi_slot){hash, ++count};        // new: things[count - 1]
 *
 * Thread: one at a time; any number may search a table that nobody changes. */
#ifndef GBX_BASE_TABLE_H
#define GBX_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct gbxi_slot {
    uint32_t hash;
    uint32_t number; /* of the thing, plus one; 0 is a free slot */
} gbxi_slot;

/* Owns: its slots. Zeroed is empty; a search needs a table that was reserved once. */
typedef struct gbxi_table {
    unsigned char *slots;
    size_t slot_count; /* a power of two, or 0 */
} gbxi_table;

#define GBXI_TABLE_SLOTS_FIRST ((size_t)64)

/* Whether the thing of a slot with the right hash is `key`; `context` is the caller's. */
typedef bool gbxi_table_is_same(const void *context, const gbxi_slot *slot, const void *key);

/* The slot where a search for `hash` begins. */
static inline gbxi_slot *gbxi_table_first(const gbxi_table *table, size_t slot_bytes, uint32_t hash)
{
    return (gbxi_slot *)(void *)(table->slots + (hash & (table->slot_count - 1)) * slot_bytes);
}

/* The slot of `key`, or the free one where it belongs. Always inline, so that `is_same` is too. */
__attribute__((always_inline)) static inline gbxi_slot *gbxi_table_find(const gbxi_table *table, size_t slot_bytes,
                                                                        uint32_t hash, gbxi_table_is_same *is_same,
                                                                        const void *context, const void *key)
{
    for (uint32_t at = hash;; at++) {
        gbxi_slot *slot = gbxi_table_first(table, slot_bytes, at);

        if (slot->number == 0 || (slot->hash == hash && is_same(context, slot, key)))
            return slot;
    }
}

/* What gbxi_table_reserve does when there are not slots enough; not for callers. */
__attribute__((noinline, unused)) static bool gbxi_table_rehash(gbxi_table *table, size_t slot_bytes, size_t count)
{
    gbxi_table grown = {NULL, table->slot_count > 0 ? table->slot_count : GBXI_TABLE_SLOTS_FIRST};

    while (grown.slot_count / 2 < count)
        grown.slot_count *= 2;
    if ((grown.slots = (unsigned char *)calloc(grown.slot_count, slot_bytes)) == NULL)
        return false;
    for (size_t i = 0; i < table->slot_count; i++) {
        gbxi_slot *slot = (gbxi_slot *)(void *)(table->slots + i * slot_bytes), *to;
        uint32_t at = slot->hash;

        if (slot->number == 0)
            continue;
        while ((to = gbxi_table_first(&grown, slot_bytes, at))->number != 0)
            at++;
        memcpy(to, slot, slot_bytes);
    }
    free(table->slots);
    *table = grown;
    return true;
}

/* Makes slots enough for `count` things, below 2^31. Errors: false when memory is short, and then nothing has changed.
 * Cost: constant on average when things are added one by one. */
static inline bool gbxi_table_reserve(gbxi_table *table, size_t slot_bytes, size_t count)
{
    return count <= table->slot_count / 2 || gbxi_table_rehash(table, slot_bytes, count);
}

static inline void gbxi_table_fini(gbxi_table *table)
{
    free(table->slots);
    table->slots = NULL;
    table->slot_count = 0;
}

#endif
