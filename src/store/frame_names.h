/* SPDX-License-Identifier: MIT */
/* The frames that a run has seen, and their numbers in its database. */
#ifndef GBX_STORE_FRAME_NAMES_H
#define GBX_STORE_FRAME_NAMES_H

#include "base/table.h"
#include "base/view.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GBXI_FRAME_NAMES_MAX = 100000,
    GBXI_FRAME_NAMES_BYTES_MAX = 32 << 20 /* of their texts */
};

/* What distinguishes frames. */
typedef struct gbxi_frame_name {
    gbxi_view name, file;
    uint32_t line;
} gbxi_frame_name;

/* One frame. */
typedef struct gbxi_frame_names_item {
    uint32_t name_at, name_length, file_length, line; /* the file follows the name */
    uint32_t row;                                     /* for the caller; 0 at first */
} gbxi_frame_names_item;

/* Zeroed but for `key` (gbxi_hash_key): empty. */
typedef struct gbxi_frame_names {
    uint64_t key;
    gbxi_table table;
    gbxi_frame_names_item *items;
    size_t count, capacity;
    char *texts;
    size_t texts_bytes, texts_capacity;
} gbxi_frame_names;

void gbxi_frame_names_fini(gbxi_frame_names *names);

/* The number of a frame, from 1; a new one gets the next number. 0 if there is no room: `*full` tells whether there are
 * too many, or else memory is short. Cost: one hash, and one comparison of the texts. */
uint32_t gbxi_frame_names_intern(gbxi_frame_names *names, const gbxi_frame_name *name, bool *full);

/* Forgets the frames after the first `count`. */
void gbxi_frame_names_cut(gbxi_frame_names *names, size_t count);

#endif
