/* SPDX-License-Identifier: MIT */
/* Texts by number: equal bytes have one number, counted from 0 in the order in which they were first seen. */
#ifndef GBX_FINDINGS_DICTIONARY_H
#define GBX_FINDINGS_DICTIONARY_H

#include "base/table.h"
#include "base/view.h"
#include <stdint.h>

#define GBXI_TEXT_NONE UINT32_MAX

/* A zeroed struct is empty. */
typedef struct gbxi_dictionary {
    gbxi_view *at; /* each is also terminated */
    uint32_t count;
    size_t capacity;
    gbxi_table table;
    uint64_t key; /* of the hash: texts may come from a stranger */
} gbxi_dictionary;

/* The number of a text, which is copied if it is new. GBXI_TEXT_NONE: memory is short. */
uint32_t gbxi_dictionary_number(gbxi_dictionary *dictionary, gbxi_view text);

void gbxi_dictionary_fini(gbxi_dictionary *dictionary);

#endif
