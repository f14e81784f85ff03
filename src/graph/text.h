/* SPDX-License-Identifier: MIT */
/* Texts: the bytes of a graph's names and values in one growing block, and interned names.
 *
 * A text is a position in the block. It takes 8 bytes and stays valid when the block grows; a pointer into the block
 * does not. */
#ifndef GBX_GRAPH_TEXT_H
#define GBX_GRAPH_TEXT_H

#include "base/table.h"
#include "base/view.h"
#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text in a block. May be copied freely. A zeroed struct is the empty text. */
typedef struct gbxi_text {
    uint32_t at;
    uint32_t length; /* bytes */
} gbxi_text;

/* Owns: the bytes. A zeroed struct is an empty block. */
typedef struct gbxi_texts {
    char *bytes;
    size_t used;
    size_t capacity;
} gbxi_texts;

/* Copies a text, which may contain NUL bytes, into the block. Errors: NO_MEMORY; LIMIT above 4 GiB in total. */
GBX_MUST_USE gbx_err gbxi_texts_add(gbxi_texts *texts, const char *bytes, size_t length, gbxi_text *text);
/* Extends `text`, which must be the text added last. Errors: as above. */
GBX_MUST_USE gbx_err gbxi_texts_extend(gbxi_texts *texts, gbxi_text *text, const char *bytes, size_t length);
void gbxi_texts_fini(gbxi_texts *texts);

/* The text's bytes. Valid until the next text is added. */
static inline const char *gbxi_texts_at(const gbxi_texts *texts, gbxi_text text)
{
    return text.length > 0 ? texts->bytes + text.at : "";
}

/* The text's bytes with their length. */
static inline gbxi_view gbxi_texts_view(const gbxi_texts *texts, gbxi_text text)
{
    return (gbxi_view){gbxi_texts_at(texts, text), text.length};
}

/* A slot holds the name itself, so that a lookup reads only the slot and the bytes. */
typedef struct gbxi_text_name_slot {
    gbxi_table_slot slot;
    gbxi_text name;
} gbxi_text_name_slot;

/* Distinct names, numbered from 0 in the order in which they were added, and a hash table to find them. The hash has a
 * random key, so that nobody can choose names that collide. Owns: both arrays. A zeroed struct is empty. */
typedef struct gbxi_text_names {
    gbxi_text *names;
    size_t count;
    size_t capacity;
    gbxi_table table; /* of gbxi_text_name_slot */
    uint64_t key;     /* of the hash; 0 before the first name */
} gbxi_text_names;

/* Reserves room for a total of `count` names. Errors: NO_MEMORY, LIMIT. */
GBX_MUST_USE gbx_err gbxi_text_names_reserve(gbxi_text_names *names, size_t count);
/* Sets `number` to the number of a name. A new name is copied into `texts`. Errors: NO_MEMORY, LIMIT. */
GBX_MUST_USE gbx_err gbxi_text_names_intern(gbxi_text_names *names, gbxi_texts *texts, const char *bytes, size_t length,
                                            uint32_t *number, bool *is_new);
/* Finds a name without adding it. Returns false if the name is not there. */
bool gbxi_text_names_find(const gbxi_text_names *names, const gbxi_texts *texts, const char *bytes, size_t length,
                          uint32_t *number);

/* A search in three steps, for many searches at once. Each step prefetches the memory that the next step reads, so that
 * in a large table the cache misses of all searches overlap. Do not add names between the steps; the bytes must stay
 * valid. */
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
