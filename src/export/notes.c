/* SPDX-License-Identifier: MIT */
/* Owns the stack of pending notes. A hash table over (call, key) keeps the total time linear in the number of notes. */
#include "export/notes.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST = 32, ESCAPE_BYTES_MAX = 6 };

/* Odd, so that one key at different depths goes to different buckets. */
#define DEPTH_FACTOR 0x9E3779B1u

/* A key as it is written. Bytes that are not UTF-8 are replaced, so different keys may become equal. */
typedef struct written_key {
    const char *at;
    size_t length;
    char bytes[GBX_KEY_BYTES_MAX * ESCAPE_BYTES_MAX + GBXI_JSON_NEED_MAX];
} written_key;

static bool is_ascii(const char *text, size_t length)
{
    unsigned char seen = 0;

    for (size_t i = 0; i < length; i++)
        seen |= (unsigned char)text[i];
    return seen < 0x80;
}

/* An ASCII key is used unchanged, because escapes keep different bytes different. */
static void key_as_written(const char *key, size_t length, written_key *written)
{
    gbxi_json_writer writer;

    written->at = key;
    written->length = length;
    if (is_ascii(key, length))
        return;
    gbxi_json_writer_init_room(&writer, written->bytes, sizeof(written->bytes));
    gbxi_json_string_n(&writer, key, length);
    written->at = written->bytes;
    written->length = (size_t)(writer.at - writer.begin);
}

static bool is_same_key(const gbxi_note *note, const written_key *key)
{
    written_key other;

    key_as_written(note->key, note->key_length, &other);
    return other.length == key->length && memcmp(other.at, key->at, key->length) == 0;
}

static uint32_t hash_key(const gbxi_notes *notes, uint32_t depth, const written_key *key)
{
    return gbxi_hash_text(notes->hash_key, key->at, key->length) + depth * DEPTH_FACTOR;
}

static uint32_t *bucket_of(const gbxi_notes *notes, uint32_t hash)
{
    return &notes->buckets[hash & (notes->capacity - 1)];
}

static void link_note(gbxi_notes *notes, uint32_t number)
{
    uint32_t *bucket = bucket_of(notes, notes->at[number].hash);

    notes->at[number].next = *bucket;
    *bucket = number + 1;
}

/* Relinks the oldest notes first, so that every bucket starts with its newest note. gbxi_notes_cut depends on that. */
static bool grow(gbxi_notes *notes)
{
    uint32_t capacity = notes->capacity == 0 ? FIRST : notes->capacity * 2;
    uint32_t *buckets = calloc(capacity, sizeof(*buckets));
    gbxi_pending_note *at = realloc(notes->at, capacity * sizeof(*at));

    if (at != NULL)
        notes->at = at;
    if (at == NULL || buckets == NULL) {
        free(buckets);
        return false;
    }
    free(notes->buckets);
    notes->buckets = buckets;
    notes->capacity = capacity;
    for (uint32_t i = 0; i < notes->count; i++)
        link_note(notes, i);
    return true;
}

static gbxi_pending_note *notes_find(const gbxi_notes *notes, uint32_t depth, uint32_t hash, const written_key *key)
{
    uint32_t number = notes->count > 0 ? *bucket_of(notes, hash) : 0;

    for (; number != 0; number = notes->at[number - 1].next) {
        gbxi_pending_note *pending = &notes->at[number - 1];
        if (pending->hash == hash && pending->depth == depth && is_same_key(&pending->note, key))
            return pending;
    }
    return NULL;
}

bool gbxi_notes_put(gbxi_notes *notes, uint32_t depth, const gbxi_note *note)
{
    written_key key;
    gbxi_pending_note *pending;
    uint32_t hash;

    key_as_written(note->key, note->key_length, &key);
    if (notes->hash_key == 0)
        notes->hash_key = gbxi_hash_key();
    hash = hash_key(notes, depth, &key);
    pending = notes_find(notes, depth, hash, &key);
    if (pending != NULL) {
        pending->note = *note; /* the keys are written alike */
        return true;
    }
    if (notes->count == notes->capacity && !grow(notes))
        return false;
    notes->at[notes->count] = (gbxi_pending_note){.note = *note, .depth = depth, .hash = hash};
    link_note(notes, notes->count++);
    return true;
}

uint32_t gbxi_notes_first(const gbxi_notes *notes, uint32_t depth)
{
    uint32_t first = notes->count;

    while (first > 0 && notes->at[first - 1].depth == depth)
        --first;
    return first;
}

void gbxi_notes_cut(gbxi_notes *notes, uint32_t first)
{
    while (notes->count > first) {
        const gbxi_pending_note *pending = &notes->at[--notes->count];
        *bucket_of(notes, pending->hash) = pending->next;
    }
}

void gbxi_note_write(const gbxi_note *note, gbxi_json_writer *writer)
{
    gbxi_json_key_n(writer, note->key, note->key_length);
    if (note->kind == GBX_RECORD_NOTE_INT)
        gbxi_json_int(writer, note->value.integer);
    else if (note->kind == GBX_RECORD_NOTE_DOUBLE)
        gbxi_json_real(writer, note->value.real);
    else
        gbxi_json_string_n(writer, note->value.text, note->text_length);
}

void gbxi_notes_fini(gbxi_notes *notes)
{
    free(notes->buckets);
    free(notes->at);
    *notes = (gbxi_notes){0};
}
