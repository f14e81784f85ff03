/* SPDX-License-Identifier: MIT */
/* Owns dictionaries. */
#include "findings/dictionary.h"
#include "base/grow.h"
#include "base/hash.h"
#include <stdlib.h>

static bool dictionary_is_same(const void *context, const gbxi_table_slot *slot, const void *key)
{
    const gbxi_dictionary *dictionary = context;
    const gbxi_view *text = key;

    return gbxi_view_equals(dictionary->at[slot->number - 1], *text);
}

static bool dictionary_keep(gbxi_dictionary *dictionary, gbxi_view text)
{
    char *kept = malloc(text.length + 1);

    if (kept == NULL ||
        !gbxi_grow(&dictionary->at, &dictionary->capacity, dictionary->count + (size_t)1, sizeof(*dictionary->at))) {
        free(kept);
        return false;
    }
    if (text.length > 0)
        memcpy(kept, text.at, text.length);
    kept[text.length] = '\0';
    dictionary->at[dictionary->count++] = (gbxi_view){kept, text.length};
    return true;
}

uint32_t gbxi_dictionary_number(gbxi_dictionary *dictionary, gbxi_view text)
{
    gbxi_table_slot *slot;
    uint32_t hash;

    if (dictionary->key == 0)
        dictionary->key = gbxi_hash_key();
    if (!gbxi_table_reserve(&dictionary->table, sizeof(gbxi_table_slot), dictionary->count + (size_t)1))
        return GBXI_TEXT_NONE;
    hash = gbxi_hash_text(dictionary->key, text.at, text.length);
    slot = gbxi_table_find(&dictionary->table, sizeof(gbxi_table_slot), hash, dictionary_is_same, dictionary, &text);
    if (slot->number == 0) {
        if (!dictionary_keep(dictionary, text))
            return GBXI_TEXT_NONE;
        *slot = (gbxi_table_slot){hash, dictionary->count};
    }
    return slot->number - 1;
}

void gbxi_dictionary_fini(gbxi_dictionary *dictionary)
{
    for (uint32_t i = 0; i < dictionary->count; i++)
        free((char *)(uintptr_t)dictionary->at[i].at);
    gbxi_account_free(dictionary->at);
    gbxi_table_fini(&dictionary->table);
    *dictionary = (gbxi_dictionary){.count = 0};
}
