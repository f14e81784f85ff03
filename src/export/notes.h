/* SPDX-License-Identifier: MIT */
/* The notes of open calls, which are kept until the exits of the calls are written.
 *
 * Only the innermost call gets notes, so the notes form a stack, and the notes of the innermost call are on top. If a
 * key is repeated in the same call, the new value replaces the old one and keeps its position. */
#ifndef GBX_EXPORT_NOTES_H
#define GBX_EXPORT_NOTES_H

#include "trace/note.h"
#include "json/writer.h"

typedef struct gbxi_pending_note {
    gbxi_note note;
    uint32_t depth; /* of its call */
    uint32_t hash;
    uint32_t next; /* the next older note in the same bucket: its number + 1 */
} gbxi_pending_note;

/* A zeroed struct is empty. */
typedef struct gbxi_notes {
    gbxi_pending_note *at;
    uint32_t count;
    uint32_t capacity;
    uint32_t *buckets; /* the newest note of each bucket: its number + 1 */
    uint64_t hash_key; /* 0 before the first note */
} gbxi_notes;

/* Adds a note to the innermost call, which is at `depth`. Errors: false if memory is short. */
bool gbxi_notes_put(gbxi_notes *notes, uint32_t depth, const gbxi_note *note);

/* The number of the first note of the innermost call, which is at `depth`. Its notes extend to the end of the stack. */
uint32_t gbxi_notes_first(const gbxi_notes *notes, uint32_t depth);

/* Removes all notes from number `first` on. */
void gbxi_notes_cut(gbxi_notes *notes, uint32_t first);

/* Writes a note as a member of the object that is open. */
void gbxi_note_write(const gbxi_note *note, gbxi_json_writer *writer);

void gbxi_notes_fini(gbxi_notes *notes);

#endif
