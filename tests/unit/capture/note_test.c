/* SPDX-License-Identifier: MIT */
/* Notes that are numbers: every length of key, wherever in a block they fall. */
#include <glassbox/read.h>
#include <glassbox/span.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { LENGTHS = GBX_KEY_BYTES_MAX + 5, ROUNDS = 40 };

/* A key of `length` bytes. */
static const char *key_of(size_t length)
{
    static char key[LENGTHS + 1];

    memset(key, 'a' + (int)(length % 26), length);
    key[length] = '\0';
    return key;
}

/* The span before each note moves the place of the next one by one slot, so that some reach the end of a block. */
static void note_all(void)
{
    GBX_SPAN_NAMED("root");
    for (size_t i = 0; i < (size_t)ROUNDS * LENGTHS; i++) {
        {
            GBX_SPAN_NAMED("before");
        }
        if (i % 2 == 0)
            gbx_note_int(key_of(i % LENGTHS), (int64_t)i - 100);
        else
            gbx_note_double(key_of(i % LENGTHS), (double)i / 4);
    }
}

static gbx_capture *capture_of(void (*work)(void), const gbx_capture_options *options)
{
    gbx_capture *capture = gbx_capture_new(options);
    gbx_scope scope = gbx_capture_enter(capture);

    work();
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    return capture;
}

static void assert_note(const gbx_record *note, size_t i)
{
    size_t length = i % LENGTHS;

    assert_int_equal(note->key_length, length < GBX_KEY_BYTES_MAX ? length : GBX_KEY_BYTES_MAX);
    assert_memory_equal(note->key, key_of(length), note->key_length);
    assert_int_equal(note->kind, i % 2 == 0 ? GBX_RECORD_NOTE_INT : GBX_RECORD_NOTE_DOUBLE);
    if (i % 2 == 0)
        assert_int_equal(note->integer, (int64_t)i - 100);
    else
        assert_true(note->real == (double)i / 4);
}

static void numbers_are_kept_under_keys_of_every_length(void **state)
{
    gbx_capture *capture = capture_of(note_all, NULL);
    gbx_capture_facts facts;
    gbx_reader reader;
    gbx_record record;
    size_t seen = 0;

    (void)state;
    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &record);)
        if (record.kind != GBX_RECORD_ENTER && record.kind != GBX_RECORD_EXIT)
            assert_note(&record, seen++);
    assert_int_equal(seen, ROUNDS * LENGTHS);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_false(facts.truncated);
    gbx_capture_unref(capture);
}

static void note_without_a_key(void)
{
    GBX_SPAN_NAMED("root");
    gbx_note_int(NULL, 1);
    gbx_note_double(NULL, 2);
}

static void a_number_may_have_no_key(void **state)
{
    gbx_capture *capture = capture_of(note_without_a_key, NULL);
    gbx_reader reader;
    gbx_record record;
    size_t seen = 0;

    (void)state;
    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &record);)
        if (record.kind == GBX_RECORD_NOTE_INT || record.kind == GBX_RECORD_NOTE_DOUBLE) {
            assert_int_equal(record.key_length, 0);
            seen++;
        }
    assert_int_equal(seen, 2);
    gbx_capture_unref(capture);
}

/* More than the allowance of text, which is 1 MiB and 64 bytes for each span. */
static void note_endlessly(void)
{
    GBX_SPAN_NAMED("root");
    for (int i = 0; i < 100000; i++)
        gbx_note_int("key", i);
}

static void numbers_use_up_the_allowance_of_text(void **state)
{
    gbx_capture *capture =
        capture_of(note_endlessly, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 1});
    gbx_capture_facts facts;
    gbx_reader reader;
    gbx_record record;
    int64_t seen = 0;

    (void)state;
    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &record);)
        if (record.kind == GBX_RECORD_NOTE_INT)
            assert_int_equal(record.integer, seen++);
    assert_int_equal(seen, (1024 * 1024 + 64) / 32);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_true(facts.truncated);
    gbx_capture_unref(capture);
}

static void do_not_fail(void)
{
    GBX_SPAN_NAMED("fine");
    gbx_note_str("error", "only a note");
}

static void fail_outside_of_spans(void)
{
    gbx_span_fail("of the trace itself");
}

static void fail_in_a_dropped_span(void)
{
    GBX_SPAN_NAMED("the only one");
    {
        GBX_SPAN_NAMED("dropped");
        gbx_span_fail("and so is this");
    }
}

static void the_facts_tell_whether_anything_failed(void **state)
{
    static const struct {
        void (*work)(void);
        bool failed;
    } cases[] = {{do_not_fail, false}, {fail_outside_of_spans, true}, {fail_in_a_dropped_span, true}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gbx_capture *capture =
            capture_of(cases[i].work, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = 1});
        gbx_capture_facts facts;

        gbx_capture_facts_get(capture, &facts, sizeof(facts));
        assert_int_equal(facts.failed, cases[i].failed);
        gbx_capture_unref(capture);
    }
}

static void a_route_is_kept_as_it_was_told_last(void **state)
{
    static const char first[] = "/users", last[] = "/users/{id}";
    gbx_capture *capture = gbx_capture_new(NULL);

    (void)state;
    assert_null(gbx_capture_route(capture));
    gbx_capture_tell_route(capture, first);
    gbx_capture_tell_route(capture, last);
    assert_ptr_equal(gbx_capture_route(capture), last);
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_kept_under_keys_of_every_length),
        cmocka_unit_test(a_number_may_have_no_key),
        cmocka_unit_test(numbers_use_up_the_allowance_of_text),
        cmocka_unit_test(the_facts_tell_whether_anything_failed),
        cmocka_unit_test(a_route_is_kept_as_it_was_told_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
