/* SPDX-License-Identifier: MIT */
/* Notes of the full document: every kind of value, repeated keys, and any number of notes. */
#include "base/hash.h"
#include "document.h"
#include "export/notes.h"
#include "json/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { KEYS = 20000 };

static const gbx_site outer = {"outer", "outer", "src/outer.c", 1, {0}};
static const gbx_site inner = {"inner", "inner", "src/inner.c", 2, {0}};

static recording r;

/* The notes of the exit entry of the span of that name in the full document of the recording. */
static gbxi_json_value notes_of(gbxi_json_document *document, const char *name)
{
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(gbxi_json_root(document), "entries"));

    while (gbxi_json_next(&each)) {
        gbxi_json_string named = {0}, event = {0};
        assert_true(gbxi_json_str(gbxi_json_member(each.value, "name"), &named));
        assert_true(gbxi_json_str(gbxi_json_member(each.value, "event"), &event));
        if (named.length == strlen(name) && memcmp(named.at, name, named.length) == 0 && event.length == 4)
            return gbxi_json_member(each.value, "notes");
    }
    fail_msg("no exit of %s", name);
    return (gbxi_json_value){0};
}

static gbxi_json_document *finish_and_parse(void)
{
    gbx_capture *capture = recording_finish(&r);
    gbxi_json_document *document = NULL;
    size_t length;
    char *text = document_of(capture, GBX_FORMAT_FULL, NULL, &length);

    assert_int_equal(gbxi_json_parse(text, length, &document, NULL), GBX_ERR_OK);
    free(text);
    gbx_capture_unref(capture);
    return document;
}

static void values_keep_their_kind(void **state)
{
    gbxi_json_document *document;
    gbxi_json_value notes;
    gbxi_json_string text = {0};
    int64_t integer = 0;
    double real = 0;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &outer);
    gbxi_note_str("text", "a \"b\"");
    gbxi_note_int("least", INT64_MIN);
    gbxi_note_double("real", 0.1);
    gbxi_note_str("nothing", NULL);
    recording_exit(&r);
    document = finish_and_parse();
    notes = notes_of(document, "outer");
    assert_int_equal(gbxi_json_count(notes), 4);
    assert_true(gbxi_json_str(gbxi_json_member(notes, "text"), &text));
    assert_int_equal(text.length, 5);
    assert_memory_equal(text.at, "a \"b\"", 5);
    assert_true(gbxi_json_int64(gbxi_json_member(notes, "least"), &integer));
    assert_true(integer == INT64_MIN);
    assert_true(gbxi_json_double(gbxi_json_member(notes, "real"), &real));
    assert_true(real == 0.1);
    gbxi_json_free(document);
}

static void notes_stay_with_their_own_span(void **state)
{
    gbxi_json_document *document;
    int64_t integer = 0;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &outer);
    gbxi_note_int("n", 1);
    recording_enter(&r, &inner);
    gbxi_note_int("n", 2);
    recording_exit(&r);
    gbxi_note_int("m", 3);
    recording_exit(&r);
    document = finish_and_parse();
    assert_int_equal(gbxi_json_count(notes_of(document, "inner")), 1);
    assert_int_equal(gbxi_json_count(notes_of(document, "outer")), 2);
    assert_true(gbxi_json_int64(gbxi_json_member(notes_of(document, "outer"), "n"), &integer));
    assert_int_equal(integer, 1);
    gbxi_json_free(document);
}

/* The parent's own note keeps the stack from being empty between them. */
static void siblings_do_not_inherit_notes(void **state)
{
    gbxi_json_document *document;
    gbxi_json_iterator each;
    size_t noted = 0;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &inner);
    gbxi_note_int("parent", 1);
    for (int i = 0; i < 3; ++i) {
        recording_enter(&r, &outer);
        if (i != 1)
            gbxi_note_int("n", i);
        recording_exit(&r);
    }
    recording_exit(&r);
    document = finish_and_parse();
    for (each = gbxi_json_each(gbxi_json_member(gbxi_json_root(document), "entries")); gbxi_json_next(&each);) {
        gbxi_json_value notes = gbxi_json_member(each.value, "notes");
        int64_t integer = -1;
        if (!gbxi_json_int64(gbxi_json_member(notes, "n"), &integer))
            continue;
        assert_int_equal(gbxi_json_count(notes), 1);
        assert_int_equal(integer, noted++ * 2);
        assert_int_equal(each.index, integer * 2 + 2);
    }
    assert_int_equal(noted, 2);
    assert_int_equal(gbxi_json_count(notes_of(document, "inner")), 1);
    gbxi_json_free(document);
}

static void a_key_that_comes_again_has_its_last_value_in_its_first_place(void **state)
{
    gbxi_json_document *document;
    gbxi_json_iterator each;
    double real = 0;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &outer);
    gbxi_note_str("again", "first");
    gbxi_note_int("between", 1);
    gbxi_note_double("again", 2.5);
    recording_exit(&r);
    document = finish_and_parse();
    each = gbxi_json_each(notes_of(document, "outer"));
    assert_true(gbxi_json_next(&each));
    assert_int_equal(each.key.length, 5);
    assert_memory_equal(each.key.at, "again", 5);
    assert_true(gbxi_json_double(each.value, &real));
    assert_true(real == 2.5);
    assert_true(gbxi_json_next(&each));
    assert_false(gbxi_json_next(&each));
    gbxi_json_free(document);
}

/* Keys are what a reader sees: ill-formed bytes that become the same replacement are one key, and a key that looks like
 * another one in quotes is not that one. */
static void keys_are_compared_as_they_are_read(void **state)
{
    gbxi_json_document *document;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &outer);
    gbxi_note_int("\xFF", 1);
    gbxi_note_int("\xFE", 2);
    gbxi_note_int("\xEF\xBF\xBD", 3);
    gbxi_note_int("\xC3\xA9", 4);
    gbxi_note_int("\"\xC3\xA9\"", 5);
    recording_exit(&r);
    document = finish_and_parse();
    assert_int_equal(gbxi_json_count(notes_of(document, "outer")), 3);
    gbxi_json_free(document);
}

/* Found again by hash, or this takes minutes. */
static void twenty_thousand_keys_stay_linear(void **state)
{
    gbxi_json_document *document;
    char key[32];

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &outer);
    for (int round = 0; round < 2; ++round)
        for (int i = 0; i < KEYS; ++i) {
            snprintf(key, sizeof(key), "key %d", i);
            gbxi_note_int(key, round);
        }
    recording_call(&r, &inner, 1);
    recording_exit(&r);
    document = finish_and_parse();
    assert_int_equal(gbxi_json_count(notes_of(document, "outer")), KEYS);
    assert_int_equal(gbxi_json_typeof(notes_of(document, "inner")), GBXI_JSON_ABSENT);
    gbxi_json_free(document);
}

static uint32_t notes_in_bucket(const gbxi_notes *notes, uint32_t bucket)
{
    uint32_t count = 0;

    for (uint32_t at = notes->buckets[bucket]; at != 0; at = notes->at[at - 1].next)
        ++count;
    return count;
}

/* Each key is used at several depths. */
static void keys_spread_over_the_buckets(void **state)
{
    enum { MANY = 1000, DEPTHS = 10, IN_BUCKET_MAX = 10 };
    static char keys[MANY / DEPTHS][8];
    gbxi_notes notes = {0};
    uint32_t found = 0;

    (void)state;
    for (uint32_t i = 0; i < MANY; i++) {
        char *key = keys[i % (MANY / DEPTHS)];
        gbxi_note note = {.kind = GBX_RECORD_NOTE_INT, .key = key};
        note.key_length = (uint32_t)snprintf(key, sizeof(keys[0]), "key %u", i % (MANY / DEPTHS));
        assert_true(gbxi_notes_put(&notes, i / (MANY / DEPTHS), &note));
    }
    for (uint32_t bucket = 0; bucket < notes.capacity; bucket++) {
        assert_in_range(notes_in_bucket(&notes, bucket), 0, IN_BUCKET_MAX);
        found += notes_in_bucket(&notes, bucket);
    }
    assert_int_equal(found, MANY);
    gbxi_notes_fini(&notes);
}

static uint32_t hash_of_first_note(uint64_t hash_key)
{
    const gbxi_note note = {.kind = GBX_RECORD_NOTE_INT, .key = "n", .key_length = 1, .value.integer = 1};
    gbxi_notes notes = {.hash_key = hash_key};
    uint32_t hash;

    assert_true(gbxi_notes_put(&notes, 0, &note));
    hash = notes.at[0].hash;
    gbxi_notes_fini(&notes);
    return hash;
}

/* So nobody can choose keys that collide. */
static void hashes_of_keys_depend_on_the_key_of_the_process(void **state)
{
    (void)state;
    assert_int_equal(hash_of_first_note(0), hash_of_first_note(gbxi_hash_key()));
    assert_true(hash_of_first_note(0) != hash_of_first_note(gbxi_hash_key() + 1));
    assert_true(hash_of_first_note(1) != hash_of_first_note(2));
}

static void ended_notes_are_empty(void **state)
{
    const gbxi_note note = {.kind = GBX_RECORD_NOTE_INT, .key = "n", .key_length = 1, .value.integer = 1};
    gbxi_notes notes = {0};

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_true(gbxi_notes_put(&notes, 0, &note));
        assert_int_equal(notes.count, 1);
        gbxi_notes_fini(&notes);
        assert_null(notes.at);
        assert_null(notes.buckets);
        assert_int_equal(notes.count, 0);
        assert_int_equal(notes.capacity, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_keep_their_kind),
        cmocka_unit_test(notes_stay_with_their_own_span),
        cmocka_unit_test(siblings_do_not_inherit_notes),
        cmocka_unit_test(a_key_that_comes_again_has_its_last_value_in_its_first_place),
        cmocka_unit_test(keys_are_compared_as_they_are_read),
        cmocka_unit_test(twenty_thousand_keys_stay_linear),
        cmocka_unit_test(keys_spread_over_the_buckets),
        cmocka_unit_test(hashes_of_keys_depend_on_the_key_of_the_process),
        cmocka_unit_test(ended_notes_are_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
