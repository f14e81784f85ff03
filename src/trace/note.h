/* SPDX-License-Identifier: MIT */
/* A note as it was given to a call or to the trace: a key and its value. */
#ifndef GBX_TRACE_NOTE_H
#define GBX_TRACE_NOTE_H

#include <glassbox/read.h>

/* Strings are borrowed from the capture, not terminated. */
typedef struct gbxi_note {
    const char *key;
    union {
        const char *text;
        int64_t integer;
        double real;
    } value;
    uint32_t key_length;
    uint32_t text_length;
    gbx_record_kind kind; /* NOTE_STR, NOTE_INT or NOTE_DOUBLE */
} gbxi_note;

/* Makes a note of a record, which has one of those kinds. */
static inline void gbxi_note_set(gbxi_note *note, const gbx_record *record)
{
    note->key = record->key;
    note->key_length = record->key_length;
    note->text_length = record->text_length; /* 0 for numbers */
    note->kind = record->kind;
    if (record->kind == GBX_RECORD_NOTE_INT)
        note->value.integer = record->integer;
    else if (record->kind == GBX_RECORD_NOTE_DOUBLE)
        note->value.real = record->real;
    else
        note->value.text = record->text;
}

#endif
