/* SPDX-License-Identifier: MIT */
/* Owns the block of texts and the table of interned names. */
#include "graph/text.h"
#include "base/account.h"
#include "base/hash.h"
#include "base/view.h"
#include "graph/array.h"
#include <string.h>

gbx_err gbxi_texts_extend(gbxi_texts *texts, gbxi_text *text, const char *bytes, size_t length)
{
    gbx_err err;

    if (length == 0)
        return GBX_ERR_OK;
    if ((err = gbxi_array_reserve(&texts->bytes, &texts->capacity, texts->used + length, 1)) != GBX_ERR_OK)
        return err;
    memcpy(texts->bytes + texts->used, bytes, length);
    texts->used += length;
    text->length += (uint32_t)length;
    return GBX_ERR_OK;
}

gbx_err gbxi_texts_add(gbxi_texts *texts, const char *bytes, size_t length, gbxi_text *text)
{
    gbxi_text added = {(uint32_t)texts->used, 0};
    gbx_err err = gbxi_texts_extend(texts, &added, bytes, length);

    *text = added;
    return err;
}

void gbxi_texts_fini(gbxi_texts *texts)
{
    gbxi_account_free(texts->bytes);
    *texts = (gbxi_texts){0};
}

/* Whether a slot holds the wanted name. */
static bool is_same_name(const void *texts, const gbxi_table_slot *slot, const void *wanted)
{
    const gbxi_text name = ((const gbxi_text_name_slot *)(const void *)slot)->name;
    const gbxi_view *view = wanted;

    return name.length == view->length && memcmp(gbxi_texts_at(texts, name), view->at, view->length) == 0;
}

/* The name's slot, or the free slot where it belongs. */
static gbxi_text_name_slot *name_slot_of(const gbxi_text_names *names, const gbxi_texts *texts, uint32_t hash,
                                         gbxi_view name)
{
    return (gbxi_text_name_slot *)(void *)gbxi_table_find(&names->table, sizeof(gbxi_text_name_slot), hash,
                                                          is_same_name, texts, &name);
}

gbx_err gbxi_text_names_reserve(gbxi_text_names *names, size_t count)
{
    gbx_err err = gbxi_array_reserve(&names->names, &names->capacity, count, sizeof(*names->names));

    if (err != GBX_ERR_OK)
        return err;
    if (!gbxi_table_reserve(&names->table, sizeof(gbxi_text_name_slot), count > 0 ? count : 1))
        return GBX_ERR_NO_MEMORY;
    if (names->key == 0)
        names->key = gbxi_hash_key();
    return GBX_ERR_OK;
}

gbx_err gbxi_text_names_intern(gbxi_text_names *names, gbxi_texts *texts, const char *bytes, size_t length,
                               uint32_t *number, bool *is_new)
{
    gbxi_text_name_slot *slot;
    uint32_t hash;
    gbx_err err;

    if ((err = gbxi_text_names_reserve(names, names->count + 1)) != GBX_ERR_OK)
        return err;
    hash = gbxi_hash_text(names->key, bytes, length);
    slot = name_slot_of(names, texts, hash, (gbxi_view){bytes, length});
    *is_new = slot->slot.number == 0;
    if (*is_new) {
        if ((err = gbxi_texts_add(texts, bytes, length, &names->names[names->count])) != GBX_ERR_OK)
            return err;
        slot->name = names->names[names->count];
        slot->slot = (gbxi_table_slot){hash, (uint32_t)++names->count};
    }
    *number = slot->slot.number - 1;
    return GBX_ERR_OK;
}

void gbxi_text_names_search_begin(const gbxi_text_names *names, gbxi_text_name_search *search, const char *bytes,
                                  size_t length)
{
    *search = (gbxi_text_name_search){bytes, length, gbxi_hash_text(names->key, bytes, length)};
    if (names->table.slot_count > 0)
        __builtin_prefetch(gbxi_table_first(&names->table, sizeof(gbxi_text_name_slot), search->hash));
}

/* Prefetches the bytes of the first slot's name, which is usually the one searched for. */
void gbxi_text_names_search_go_on(const gbxi_text_names *names, const gbxi_texts *texts,
                                  const gbxi_text_name_search *search)
{
    const gbxi_text_name_slot *first;

    if (names->table.slot_count == 0)
        return;
    first = (const void *)gbxi_table_first(&names->table, sizeof(*first), search->hash);
    __builtin_prefetch(gbxi_texts_at(texts, first->name));
}

bool gbxi_text_names_search_end(const gbxi_text_names *names, const gbxi_texts *texts,
                                const gbxi_text_name_search *search, uint32_t *number)
{
    const gbxi_text_name_slot *slot;

    if (names->table.slot_count == 0)
        return false;
    slot = name_slot_of(names, texts, search->hash, (gbxi_view){search->bytes, search->length});
    if (slot->slot.number == 0)
        return false;
    *number = slot->slot.number - 1;
    return true;
}

bool gbxi_text_names_find(const gbxi_text_names *names, const gbxi_texts *texts, const char *bytes, size_t length,
                          uint32_t *number)
{
    const gbxi_text_name_search search = {bytes, length, gbxi_hash_text(names->key, bytes, length)};

    return gbxi_text_names_search_end(names, texts, &search, number);
}

void gbxi_text_names_fini(gbxi_text_names *names)
{
    gbxi_account_free(names->names);
    gbxi_table_fini(&names->table);
    *names = (gbxi_text_names){0};
}
