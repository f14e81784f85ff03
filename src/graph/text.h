/* SPDX-License-Identifier: MIT */
/* Texts: the bytes of a graph's names and values in one growing block, and the interning of names.
 *
 * A text is a place in the block, so that it is 8 bytes and survives the block's growth; a pointer to it does not. */
#ifndef GBX_GRAPH_TEXT_H
#define GBX_GRAPH_TEXT_H

#include "base/table.h"
#include "base/view.h"
#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text in a block; copy it freely. Zeroed is the empty text. */
typedef struct gbxi_text {
    uint32_t at;
    uint32_t length; /* bytes */
} gbxi_text;

/* Owns: the bytes. Zeroed is empty. */
typedef struct gbxi_texts {
    char *bytes;
    size_t used;
    size_t capacity;
} gbxi_texts;

/* Copies a text into the block; it may hold NUL bytes. Errors: NO_MEMORY; LIMIT past 4 GiB in all. */
GBX_MUST_USE gbx_err gbxi_texts_add(gbxi_texts *texts, const char *bytes, size_t length, gbxi_text *text);
/* Lengthens `text`, which must be the one added last. Errors: as above. */
GBX_MUST_USE gbx_err gbxi_texts_extend(gbxi_texts *texts, gbxi_text *text, const char *bytes, size_t length);
void gbxi_texts_fini(gbxi_texts *texts);

/* Where the text's bytes are, until the next one is added. */
static inline const char *gbxi_texts_at(const gbxi_texts *texts, gbxi_text text)
{
    return text.length > 0 ? texts->bytes + text.at : "";
}

/* The same with its length. */
static inline gbxi_view gbxi_texts_view(const gbxi_texts *texts, gbxi_text text)
{
    return (gbxi_view){gbxi_texts_at(texts, text), text.length};
}

/* With the name itself, so that a look at the slot and one at the bytes are enough. */
typedef struct gbxi_text_name_slot {
    gbxi_slot slot;
    gbxi_text name;
} gbxi_text_name_slot;

/* Different names numbered from 0 in the order they came; a hash table finds them again. The hash has a key of its own,
 * drawn at random, so that nobody can choose names that collide. Owns: both arrays. Zeroed is empty. */
typedef struct gbxi_text_names {
    gbxi_text *names;
    size_t count;
    size_t capacity;
    gbxi_table table; /* of gbxi_text_name_slot */
    uint64_t key;
} gbxi_text_names;

/* Makes room for `count` names in all, which spares growing step by step. Errors: NO_MEMORY, LIMIT. */
GBX_MUST_USE gbx_err gbxi_text_names_reserve(gbxi_text_names *names, size_t count);
/* The number of a name, which is copied into `texts` when it is new. Errors: NO_MEMORY, LIMIT. */
GBX_MUST_USE gbx_err gbxi_text_names_intern(gbxi_text_names *names, gbxi_texts *texts, const char *bytes, size_t length,
                                            uint32_t *number, bool *is_new);
/* Finds without adding; false when the name is not there. */
bool gbxi_text_names_find(const gbxi_text_names *names, const gbxi_texts *texts, const char *bytes, size_t length,
                          uint32_t *number);

/* The same in three steps, for many searches side by side: each step asks the memory for what the next one reads, so
 * that in a table larger than the caches the waits of all of them are one. Nothing may be added in between; the bytes
 * must stay. */
typedef struct gbxi_text_name_search {
    const char *bytes;
    size_t length;
    uint32_t hash;
} gbxi_text_name_search;
void gbxi_text_names_search_begin(const gbxi_text_names *names, gbxi_text_name_search *search, const char *bytes,
                                  size_t length);
void gbxi_text_names_search_go_on(const gbxi_text_names *names, const gbxi_texts *texts,
                                  const gbxi_text_name_search *search);
bool gbxi_text_names_search_end(const gbxi_text_names *names, const gbxi_texts *texts,
                                const gbxi_text_name_search *search, uint32_t *number);
void gbxi_text_names_fini(gbxi_text_names *names);

#endif
