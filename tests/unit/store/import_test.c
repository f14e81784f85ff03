/* SPDX-License-Identifier: MIT */
/* Full documents that are read back: the same document comes out again, and whatever contradicts itself is refused. */
#include "document.h"
#include "store/import.h"
#include <glassbox/read.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { IMPORT_PROGRAMS = 600, IMPORT_STEPS_MAX = 200, IMPORT_OPEN_MAX = 100, IMPORT_SITES = 7 };

#define IMPORT_SITE(name, file, line)                                                                                  \
    {                                                                                                                  \
        name, "function", file, line,                                                                                  \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }
static const gbx_site import_sites[IMPORT_SITES] = {
    IMPORT_SITE("parse", "a.c", 1), IMPORT_SITE("twin", "a.c", 7),           IMPORT_SITE("twin", "b.c", 7),
    IMPORT_SITE("", "", 0),         IMPORT_SITE("\xC3\xA4\"\n", "\\c.c", 9), IMPORT_SITE("far", "b.c", UINT32_MAX),
    IMPORT_SITE("one", "a.c", 2)};

typedef struct import_program {
    recording r;
    uint64_t random;
    bool has_twins; /* methods with the same name */
    bool on_thread;
} import_program;

static uint32_t import_random(import_program *p, uint32_t limit)
{
    p->random = p->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(p->random >> 33) % limit;
}

static const char *import_text(import_program *p)
{
    static const char *const texts[] = {"", "a", "timeout", "\xE2\x82\xAC 5", "\"quoted\\\"", "tab\there", "0"};

    return texts[import_random(p, sizeof(texts) / sizeof(texts[0]))];
}

static const gbx_site *import_site(import_program *p)
{
    const gbx_site *site = &import_sites[import_random(p, IMPORT_SITES)];

    return !p->has_twins && site == &import_sites[2] ? &import_sites[1] : site;
}

static void import_note(import_program *p)
{
    static const double numbers[] = {0, -0.0, 3, 1e300, 0.1, -1.5, 9223372036854775808.0};

    switch (import_random(p, 4)) {
    case 0:
        gbxi_note_int("number", (int64_t)p->random);
        break;
    case 1:
        gbxi_note_double("real", numbers[import_random(p, sizeof(numbers) / sizeof(numbers[0]))]);
        break;
    case 2:
        gbxi_note_double("none", __builtin_nan(""));
        break;
    default:
        gbxi_note_str(import_random(p, 2) == 0 ? "text" : "key \"\xC3\xBC\"", import_text(p));
    }
}

static void import_steps(recording *r, void *argument);

static void import_step(import_program *p, uint32_t base)
{
    recording *r = &p->r;
    uint32_t choice = import_random(p, 40);

    if (choice < 10 && r->depth < IMPORT_OPEN_MAX)
        recording_enter(r, import_site(p));
    else if (choice < 13 && r->depth < IMPORT_OPEN_MAX)
        recording_enter_formatted(r, import_site(p), import_random(p, 8), (int)import_random(p, 4), import_text(p));
    else if (choice < 24 && r->depth > base)
        recording_exit(r);
    else if (choice < 28)
        import_note(p);
    else if (choice == 28)
        gbxi_span_fail(import_text(p));
    else if (choice > 29)
        recording_pass(r, import_random(p, 300));
    if (choice != 29 || p->on_thread)
        return;
    p->on_thread = true;
    recording_on_thread(r, "worker", 200 + import_random(p, 3), r->now_ns / 2, import_steps, p);
    p->on_thread = false;
}

static void import_steps(recording *r, void *argument)
{
    import_program *p = argument;
    uint32_t base = r->depth;

    for (uint32_t steps = import_random(p, IMPORT_STEPS_MAX); steps > 0; steps--)
        import_step(p, base);
}

static gbx_capture *import_capture(uint64_t seed, bool has_twins)
{
    static import_program p;
    gbx_capture_options options = {.size = sizeof(options), .name = "GET /random", .trace_id = {1, 2, 0xab}};

    p.random = seed;
    p.has_twins = has_twins;
    p.on_thread = false;
    if (seed % 2 == 0)
        options.parent_span_id[seed % 8] = 0xc5;
    if (import_random(&p, 5) == 0)
        options.max_spans = 1 + import_random(&p, 40);
    recording_begin(&p.r, &options);
    import_steps(&p.r, &p);
    return recording_finish(&p.r);
}

static char *full_of(gbx_capture *capture, size_t *length)
{
    return document_of(capture, GBX_FORMAT_FULL, NULL, length);
}

/* Reads the document of a capture. Returns how many places were guessed; if none, the same document comes out. */
static uint64_t check_round(gbx_capture *capture)
{
    size_t length, again_length;
    char *text = full_of(capture, &length), *again;
    gbxi_import import = {0};
    gbx_error error = {0};

    if (gbxi_import_full(text, length, &import, &error) != GBX_ERR_OK)
        fail_msg("%s: %s", error.text, text);
    again = full_of(import.capture, &again_length);
    if (import.guessed_calls == 0)
        assert_string_equal(again, text);
    gbx_capture_unref(import.capture);
    free(again);
    free(text);
    return import.guessed_calls;
}

static void a_document_comes_back_byte_for_byte(void **state)
{
    static recording r;
    gbx_capture *captures[3];

    (void)state;
    captures[0] = document_record_truncated(&r);
    captures[1] = document_record_unentered(&r);
    captures[2] = import_capture(7, false);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(check_round(captures[i]), 0);
        gbx_capture_unref(captures[i]);
    }
}

static void random_documents_come_back_byte_for_byte(void **state)
{
    size_t exact = 0;

    (void)state;
    for (uint64_t seed = 0; seed < IMPORT_PROGRAMS; seed++) {
        gbx_capture *capture = import_capture(seed, false);

        exact += check_round(capture) == 0 ? 1 : 0;
        gbx_capture_unref(capture);
    }
    assert_true(exact > IMPORT_PROGRAMS / 4);
    assert_int_equal(gbx_capture_live_count(), 0);
}

static void methods_with_the_same_name_are_told_apart_by_their_times(void **state)
{
    static recording r;
    gbx_capture *capture;

    (void)state;
    recording_begin(&r, NULL);
    recording_call(&r, &import_sites[2], 30);
    for (int i = 0; i < 3; i++)
        recording_call(&r, &import_sites[1], 10);
    capture = recording_finish(&r);
    assert_int_equal(check_round(capture), 0);
    gbx_capture_unref(capture);
}

static void what_cannot_be_told_apart_is_counted_as_guessed(void **state)
{
    static recording r;
    gbx_capture *capture;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 4; i++) {
        recording_call(&r, &import_sites[1], 10);
        recording_call(&r, &import_sites[2], 10);
    }
    capture = recording_finish(&r);
    assert_in_range(check_round(capture), 1, 8);
    gbx_capture_unref(capture);
    for (uint64_t seed = 0; seed < 300; seed++) {
        capture = import_capture(seed, true);
        check_round(capture);
        gbx_capture_unref(capture);
    }
}

static void a_text_that_is_too_long_is_cut(void **state)
{
    static recording r;
    static char bytes[2000];
    gbxi_import import = {0};
    gbx_capture *capture;
    size_t length;
    char *text;

    (void)state;
    memset(bytes, '\xFF', sizeof(bytes) - 1); /* each becomes three bytes in a document */
    recording_begin(&r, NULL);
    recording_enter(&r, &import_sites[0]);
    gbxi_note_str("k", bytes);
    recording_exit(&r);
    capture = recording_finish(&r);
    text = full_of(capture, &length);
    assert_int_equal(gbxi_import_full(text, length, &import, NULL), GBX_ERR_OK);
    gbx_capture_unref(import.capture);
    gbx_capture_unref(capture);
    free(text);
}

/* A small document, in pieces that tests replace. */
#define METADATA_OF(start, end, error, entries, methods, threads)                                                      \
    "\"metadata\": {\"name\": \"n\", \"trace_id\": \"0102030405060708090a0b0c0d0e0f10\", \"started_at\": "             \
    "\"2026-11-29T10:03:10.407683310Z\", \"total_duration_ns\": 100, \"start_time_ns\": " start                        \
    ", \"end_time_ns\": " end ", \"entry_count\": " entries ", \"method_count\": " methods ", \"error\": " error       \
    ", \"own_error\": null, \"notes\": {}, \"notes_omitted\": 0, \"truncated\": false, \"dropped_spans\": 0, "         \
    "\"overhead\": {\"ns_per_span\": 1.5}, \"threads\": [" threads "]}"
#define THREAD_OF(tid) "{\"name\": \"main\", \"tid\": " tid ", \"inside_ms\": 0.0001, \"cpu_ms\": 0}"
#define METHOD_OF(name, calls)                                                                                         \
    "{\"name\": \"" name "\", \"file\": \"f.c\", \"line\": 3, \"call_count\": " calls                                  \
    ", \"total_ns\": 10, \"self_ns\": 10, \"min_ns\": 10, \"max_ns\": 10}"
#define ENTRY_OF(name, event, at, depth, tid)                                                                          \
    "{\"name\": \"" name "\", \"event\": \"" event "\", \"timestamp_ns\": " at ", \"depth\": " depth                   \
    ", \"thread_id\": " tid "}"
#define PAIR_OF(name) ENTRY_OF(name, "enter", "20", "0", "7") "," ENTRY_OF(name, "exit", "30", "0", "7")
#define DOCUMENT_OF(metadata, entries, methods)                                                                        \
    "{\"response_type\": \"full\", " metadata ", \"entries\": [" entries "], \"method_timings\": [" methods "]}"
#define METADATA METADATA_OF("10", "110", "null", "2", "1", THREAD_OF("7"))
#define METHOD METHOD_OF("a", "1")

static void check_refused(const char *text, const char *message)
{
    gbxi_import import = {0};
    gbx_error error = {0};

    assert_int_equal(gbxi_import_full(text, strlen(text), &import, &error), GBX_ERR_SYNTAX);
    assert_null(import.capture);
    assert_string_equal(error.text, message);
}

static void a_small_document_is_read(void **state)
{
    static const char text[] = DOCUMENT_OF(METADATA, PAIR_OF("a"), METHOD);
    gbxi_import import = {0};
    gbx_capture_facts facts;

    (void)state;
    assert_int_equal(gbxi_import_full(text, strlen(text), &import, NULL), GBX_ERR_OK);
    assert_int_equal(gbx_capture_facts_get(import.capture, &facts, sizeof(facts)), GBX_ERR_OK);
    assert_int_equal(facts.span_count, 1);
    assert_int_equal(facts.duration_ns, 100);
    assert_int_equal(facts.trace_id[15], 0x10);
    assert_true(facts.start_unix_ns == INT64_C(1795946590407683310));
    gbx_capture_unref(import.capture);
}

static void what_is_no_trace_is_refused_with_the_member_at_fault(void **state)
{
    (void)state;
    check_refused("[]", "/ must be an object");
    check_refused("{}", "/response_type is missing");
    check_refused("{\"response_type\": \"summary\"}", "/response_type must be \"full\"");
    check_refused("{\"response_type\": \"full\"}", "/metadata is missing");
    check_refused("{\"response_type\": \"full\", \"metadata\": 7}", "/metadata must be object, and is integer");
    check_refused("{\"response_type\": \"full\", \"metadata\": {}}", "/metadata/name is missing");
}

static void facts_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    check_refused(DOCUMENT_OF(METADATA_OF("10", "111", "null", "2", "1", THREAD_OF("7")), PAIR_OF("a"), METHOD),
                  "/metadata/end_time_ns is not the duration after start_time_ns");
    check_refused(DOCUMENT_OF(METADATA_OF("10", "110", "null", "3", "1", THREAD_OF("7")), PAIR_OF("a"), METHOD),
                  "/metadata/entry_count is not the length of that list");
    check_refused(DOCUMENT_OF(METADATA_OF("10", "110", "null", "2", "2", THREAD_OF("7")), PAIR_OF("a"), METHOD),
                  "/metadata/method_count is not the length of that list");
    check_refused(DOCUMENT_OF(METADATA_OF("10", "110", "{}", "2", "1", THREAD_OF("7")), PAIR_OF("a"), METHOD),
                  "/metadata/error/span is missing");
    check_refused(DOCUMENT_OF(METADATA, PAIR_OF("b"), METHOD), "/entries/0/name is that of no method");
    check_refused(DOCUMENT_OF(METADATA, PAIR_OF("a"), METHOD_OF("a", "2")),
                  "/method_timings has other numbers of calls than the entries");
    check_refused(DOCUMENT_OF(METADATA_OF("10", "110", "null", "2", "1", THREAD_OF("8")), PAIR_OF("a"), METHOD),
                  "/entries/0/thread_id is not that of the next thread");
}

static void ids_that_are_none_are_refused(void **state)
{
#define PARENT_OF(id) DOCUMENT_OF("\"metadata\": {\"name\": \"n\", \"trace_id\": " id "}", "", "")
#define ID "\"0102030405060708090a0b0c0d0e0f10\""
    (void)state;
    check_refused(PARENT_OF("\"01\""), "/metadata/trace_id must be 32 hexadecimal digits");
    check_refused(PARENT_OF(ID ", \"parent_span_id\": 5"), "/metadata/parent_span_id must be string, and is integer");
    check_refused(PARENT_OF(ID ", \"parent_span_id\": \"0102030405060g08\""),
                  "/metadata/parent_span_id must be 16 hexadecimal digits");
    check_refused(PARENT_OF(ID ", \"parent_span_id\": " ID), "/metadata/parent_span_id must be 16 hexadecimal digits");
    check_refused(PARENT_OF(ID ", \"parent_span_id\": \"0102030405060a08\""), "/metadata/started_at is missing");
#undef ID
#undef PARENT_OF
}

static void entries_that_are_not_nested_are_refused(void **state)
{
#define TWO_OF(first, second) DOCUMENT_OF(METADATA, first "," second, METHOD)
    (void)state;
    check_refused(TWO_OF(ENTRY_OF("a", "enter", "20", "0", "7"), ENTRY_OF("a", "enter", "30", "1", "7")),
                  "/entries ends with open calls");
    check_refused(TWO_OF(ENTRY_OF("a", "exit", "20", "0", "7"), ENTRY_OF("a", "exit", "30", "0", "7")),
                  "/entries/0/depth is not that of the innermost open call");
    check_refused(TWO_OF(ENTRY_OF("a", "enter", "20", "1", "7"), ENTRY_OF("a", "exit", "30", "1", "7")),
                  "/entries/0/depth is not the number of open calls");
    check_refused(TWO_OF(ENTRY_OF("a", "enter", "20", "0", "7"), ENTRY_OF("a", "exit", "19", "0", "7")),
                  "/entries/1/timestamp_ns is before that of the entry before");
    check_refused(TWO_OF(ENTRY_OF("a", "enter", "20", "0", "7"), ENTRY_OF("a", "exit", "111", "0", "7")),
                  "/entries/1/timestamp_ns is not within the trace");
    check_refused(TWO_OF(ENTRY_OF("a", "enter", "9", "0", "7"), ENTRY_OF("a", "exit", "20", "0", "7")),
                  "/entries/0/timestamp_ns is not within the trace");
    check_refused(TWO_OF(ENTRY_OF("a", "enter", "20", "0", "7"), ENTRY_OF("b", "exit", "30", "0", "7")),
                  "/entries/1/name is not that of the innermost open call");
    check_refused(TWO_OF(ENTRY_OF("a", "enter", "20", "0", "7"), ENTRY_OF("a", "exit", "30", "0", "8")),
                  "/entries/1/thread_id is another one while a call of this thread is open");
    check_refused(TWO_OF(ENTRY_OF("a", "begin", "20", "0", "7"), ENTRY_OF("a", "exit", "30", "0", "7")),
                  "/entries/0/event must be enter or exit");
#undef TWO_OF
}

/* A document ends everywhere, and is changed everywhere. */
static void a_damaged_document_never_does_harm(void **state)
{
    static recording r;
    static const char changes[] = {'"', '0', '9', '-', ',', ' ', 'x', '{', ']'};
    gbx_capture *capture = document_record_request(&r);
    size_t length;
    char *text = full_of(capture, &length);
    gbx_error error = {0};

    (void)state;
    for (size_t i = 0; i < length; i += 7) {
        gbxi_import import = {0};
        char kept = text[i];

        assert_int_not_equal(gbxi_import_full(text, i, &import, &error), GBX_ERR_OK);
        text[i] = changes[i % sizeof(changes)];
        if (gbxi_import_full(text, length, &import, &error) == GBX_ERR_OK)
            gbx_capture_unref(import.capture);
        text[i] = kept;
    }
    gbx_capture_unref(capture);
    free(text);
    assert_int_equal(gbx_capture_live_count(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_comes_back_byte_for_byte),
        cmocka_unit_test(random_documents_come_back_byte_for_byte),
        cmocka_unit_test(methods_with_the_same_name_are_told_apart_by_their_times),
        cmocka_unit_test(what_cannot_be_told_apart_is_counted_as_guessed),
        cmocka_unit_test(a_text_that_is_too_long_is_cut),
        cmocka_unit_test(a_small_document_is_read),
        cmocka_unit_test(what_is_no_trace_is_refused_with_the_member_at_fault),
        cmocka_unit_test(facts_that_contradict_each_other_are_refused),
        cmocka_unit_test(ids_that_are_none_are_refused),
        cmocka_unit_test(entries_that_are_not_nested_are_refused),
        cmocka_unit_test(a_damaged_document_never_does_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
