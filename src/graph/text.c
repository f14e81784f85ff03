/* SPDX-License-Identifier: MIT */
/* Owns the block of texts and the table of interned names. */
#define _GNU_SOURCE
#include "graph/text.h"
#include "graph/array.h"
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { FIRST_SLOTS = 64 };

gbx_err gbxi_texts_extend(gbxi_texts *texts, gbxi_text *text, const char *bytes, size_t length)
{
    void *block = texts->bytes;
    gbx_err err;

    if (length == 0)
        return GBX_ERR_OK;
    err = gbxi_array_reserve(&block, &texts->capacity, texts->used + length, 1);
    texts->bytes = block;
    if (err != GBX_ERR_OK)
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
    free(texts->bytes);
    *texts = (gbxi_texts){0};
}

/* Both halves of the 128-bit product: every bit of the input reaches every bit of the result. */
static uint64_t fold_product(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint32_t hash_name(uint64_t key, const char *bytes, size_t length)
{
    uint64_t hash = key ^ length, word;

    for (; length >= sizeof(word); bytes += sizeof(word), length -= sizeof(word)) {
        memcpy(&word, bytes, sizeof(word));
        hash = fold_product(hash ^ word, key | 1) + key;
    }
    word = 0;
    memcpy(&word, bytes, length);
    return (uint32_t)(fold_product(fold_product(hash ^ word, key | 1), 0x9e3779b97f4a7c15u) >> 16);
}

/* The name's slot, or the free one where it belongs. */
static gbxi_text_name_slot *name_slot_of(const gbxi_text_names *names, const gbxi_texts *texts, uint32_t hash,
                                         const char *bytes, size_t length)
{
    size_t mask = names->slot_count - 1, at = hash & mask;

    for (; names->slots[at].number != 0; at = (at + 1) & mask) {
        gbxi_text name = names->slots[at].name;

        if (names->slots[at].hash == hash && name.length == length &&
            memcmp(gbxi_texts_at(texts, name), bytes, length) == 0)
            break;
    }
    return &names->slots[at];
}

static gbx_err rehash_names(gbxi_text_names *names, size_t slot_count)
{
    gbxi_text_name_slot *slots = calloc(slot_count, sizeof(*slots));

    if (slots == NULL)
        return GBX_ERR_NO_MEMORY;
    if (names->slot_count == 0 && getrandom(&names->key, sizeof(names->key), GRND_NONBLOCK) < 0)
        names->key = (uintptr_t)slots * 0x9e3779b97f4a7c15u; /* before the pool is filled: the address will do */
    for (size_t i = 0; i < names->slot_count; ++i) {
        size_t at = names->slots[i].hash & (slot_count - 1);

        if (names->slots[i].number == 0)
            continue;
        while (slots[at].number != 0)
            at = (at + 1) & (slot_count - 1);
        slots[at] = names->slots[i];
    }
    free(names->slots);
    names->slots = slots;
    names->slot_count = slot_count;
    return GBX_ERR_OK;
}

gbx_err gbxi_text_names_reserve(gbxi_text_names *names, size_t count)
{
    void *array = names->names;
    size_t slot_count = names->slot_count > 0 ? names->slot_count : FIRST_SLOTS;
    gbx_err err = gbxi_array_reserve(&array, &names->capacity, count, sizeof(*names->names));

    names->names = array;
    if (err != GBX_ERR_OK)
        return err;
    while (slot_count < 2 * count)
        slot_count *= 2;
    return slot_count > names->slot_count ? rehash_names(names, slot_count) : GBX_ERR_OK;
}

gbx_err gbxi_text_names_intern(gbxi_text_names *names, gbxi_texts *texts, const char *bytes, size_t length,
                               uint32_t *number, bool *is_new)
{
    gbxi_text_name_slot *slot;
    uint32_t hash;
    gbx_err err;

    if ((err = gbxi_text_names_reserve(names, names->count + 1)) != GBX_ERR_OK)
        return err;
    hash = hash_name(names->key, bytes, length);
    slot = name_slot_of(names, texts, hash, bytes, length);
    *is_new = slot->number == 0;
    if (*is_new) {
        if ((err = gbxi_texts_add(texts, bytes, length, &names->names[names->count])) != GBX_ERR_OK)
            return err;
        slot->name = names->names[names->count];
        slot->hash = hash;
        slot->number = (uint32_t)++names->count;
    }
    *number = slot->number - 1;
    return GBX_ERR_OK;
}

void gbxi_text_names_search_begin(const gbxi_text_names *names, gbxi_text_name_search *search, const char *bytes,
                                  size_t length)
{
    *search = (gbxi_text_name_search){bytes, length, hash_name(names->key, bytes, length)};
    if (names->slot_count > 0)
        __builtin_prefetch(&names->slots[search->hash & (names->slot_count - 1)]);
}

/* The slot it falls on is its own more often than not. */
void gbxi_text_names_search_go_on(const gbxi_text_names *names, const gbxi_texts *texts,
                                  const gbxi_text_name_search *search)
{
    if (names->slot_count > 0)
        __builtin_prefetch(gbxi_texts_at(texts, names->slots[search->hash & (names->slot_count - 1)].name));
}

bool gbxi_text_names_search_end(const gbxi_text_names *names, const gbxi_texts *texts,
                                const gbxi_text_name_search *search, uint32_t *number)
{
    const gbxi_text_name_slot *slot;

    if (names->slot_count == 0)
        return false;
    slot = name_slot_of(names, texts, search->hash, search->bytes, search->length);
    if (slot->number == 0)
        return false;
    *number = slot->number - 1;
    return true;
}

bool gbxi_text_names_find(const gbxi_text_names *names, const gbxi_texts *texts, const char *bytes, size_t length,
                          uint32_t *number)
{
    const gbxi_text_name_search search = {bytes, length, hash_name(names->key, bytes, length)};

    return gbxi_text_names_search_end(names, texts, &search, number);
}

void gbxi_text_names_fini(gbxi_text_names *names)
{
    free(names->names);
    free(names->slots);
    *names = (gbxi_text_names){0};
}
