/* SPDX-License-Identifier: MIT */
/* The notes of the calls that are open, until their exit is written.
 *
 * Only the innermost call gets notes, so they form a stack: a call's own are always its top part. A key that comes
 * again on the same call replaces the value and keeps its place. */
#ifndef GBX_EXPORT_NOTES_H
#define GBX_EXPORT_NOTES_H

#include "json/writer.h"
#include <glassbox/read.h>

/* One key and value. Strings are borrowed from the capture. */
typedef struct gbxi_note {
    const char *key;
    union {
        const char *text;
        int64_t integer;
        double real;
    } value;
    uint32_t key_length;
    uint32_t text_length;
    gbx_record_kind kind;
    uint32_t depth; /* of its call */
    uint32_t hash;
    uint32_t next; /* older note in the same bucket, number + 1 */
} gbxi_note;

/* Zeroed is empty. */
typedef struct gbxi_notes {
    gbxi_note *at;
    uint32_t count;
    uint32_t capacity;
    uint32_t *buckets; /* newest note, number + 1 */
} gbxi_notes;

/* Adds the note of a record to the innermost call, which is at `depth`. Errors: false without memory. */
bool gbxi_notes_put(gbxi_notes *notes, uint32_t depth, const gbx_record *record);

/* Where the notes of the innermost call, which is at `depth`, begin; they end with the stack. */
uint32_t gbxi_notes_first(const gbxi_notes *notes, uint32_t depth);

/* Forgets the notes from number `first` on. */
void gbxi_notes_cut(gbxi_notes *notes, uint32_t first);

/* Writes a note as a member of the object that is open. */
void gbxi_note_write(const gbxi_note *note, gbxi_json_writer *writer);

void gbxi_notes_fini(gbxi_notes *notes);

#endif
