/* SPDX-License-Identifier: MIT */
/* What is told of notes and failures when there are many of them, or long ones. */
#include "document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const gbx_site query = {"query", "query", "src/query.c", 5, {0}};
static const gbx_site other_query = {"query", "query", "src/query.c", 50, {0}};

static recording r;

/* A call of `ns` with a note. */
static void call_with_note(uint64_t ns, int64_t note)
{
    recording_enter(&r, &query);
    gbxi_note_int("n", note);
    recording_pass(&r, ns);
    recording_exit(&r);
}

static size_t occurrences(const char *text, const char *of)
{
    size_t count = 0;

    for (const char *at = strstr(text, of); at != NULL; at = strstr(at + 1, of))
        count++;
    return count;
}

static char *export_as(gbx_capture *capture, gbx_format format, uint32_t top_n)
{
    size_t length;

    return document_of(capture, format, &(gbx_export_options){.size = sizeof(gbx_export_options), .top_n = top_n},
                       &length);
}

static void assert_in(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("%s is not in %s", part, text);
}

static void the_longest_calls_with_notes_have_captions(void **state)
{
    gbx_capture *capture;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 40; i++)
        call_with_note(100 + (uint64_t)(i * 7 % 40), i * 7 % 40);
    recording_call(&r, &query, 5000); /* longer than all, but without notes */
    capture = recording_finish(&r);
    text = export_as(capture, GBX_FORMAT_SPEEDSCOPE, 0);
    assert_int_equal(occurrences(text, "{\"name\":\"query {n="), 32);
    assert_in(text, "\"query {n=8}\"");
    assert_null(strstr(text, "\"query {n=7}\""));
    assert_int_equal(occurrences(text, "{\"name\":\"query\","), 1);
    free(text);
    gbx_capture_unref(capture);
}

static void equal_captions_share_a_frame(void **state)
{
    gbx_capture *capture;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 20; i++)
        call_with_note(10, i % 2);
    capture = recording_finish(&r);
    text = export_as(capture, GBX_FORMAT_SPEEDSCOPE, 0);
    assert_int_equal(occurrences(text, "{\"name\":"), 3);
    assert_int_equal(occurrences(text, "\"type\":\"O\",\"frame\":1,"), 10);
    assert_int_equal(occurrences(text, "\"type\":\"C\",\"frame\":2,"), 10);
    free(text);
    gbx_capture_unref(capture);
}

/* Exports a trace of nested calls: each has a note of its own, and the innermost has failed as well. */
static char *export_nested(uint32_t depth)
{
    gbx_capture *capture;
    char *text;

    recording_begin(&r, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = 2000});
    for (uint32_t i = 0; i < depth; i++) {
        recording_enter(&r, &query);
        gbxi_note_int("n", i);
        recording_pass(&r, 1);
    }
    gbxi_span_fail("full");
    capture = recording_finish(&r);
    text = export_as(capture, GBX_FORMAT_SPEEDSCOPE, 0);
    gbx_capture_unref(capture);
    return text;
}

/* Whatever the app can show with its captions, it shows. */
static void calls_and_captions_are_nested_two_thousand_deep_at_most(void **state)
{
    static const struct {
        uint32_t depth;
        size_t failed, noted;
    } rows[] = {{1500, 1, 32}, {1967, 1, 32}, {1968, 1, 31}, {1990, 1, 9}, {1999, 1, 0}, {2000, 0, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *text = export_nested(rows[i].depth);
        assert_int_equal(occurrences(text, "query failed: full {n="), rows[i].failed);
        assert_int_equal(occurrences(text, "query {n="), rows[i].noted);
        free(text);
    }
}

static void long_texts_are_cut_at_a_character(void **state)
{
    char reason[1001] = "", name[64];
    gbx_capture *capture;
    char *text, *caption, *end;

    (void)state;
    for (size_t i = 0; i < 500; i++)
        memcpy(reason + 2 * i, "\xC3\xA9", 3);
    recording_begin(&r, NULL);
    recording_enter(&r, &query);
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof(name), "key %d of a certain length", i);
        gbxi_note_str(name, "a value of a certain length");
    }
    gbxi_span_fail(reason);
    recording_exit(&r);
    capture = recording_finish(&r);
    text = export_as(capture, GBX_FORMAT_SPEEDSCOPE, 0);
    caption = strstr(text, "query failed: \xC3\xA9");
    assert_non_null(caption);
    end = strchr(caption, '"');
    assert_in_range(end - caption, 400, 480 + 3);
    assert_memory_equal(end - 3, "\xE2\x80\xA6", 3);
    assert_non_null(strstr(caption, "\xC3\xA9\xE2\x80\xA6 {key 0 of a certain length=a value"));
    assert_null(strstr(text, "\xEF\xBF\xBD"));
    /* The name of a profile has little room. */
    caption = strstr(text, " ms CPU, failed: ");
    assert_non_null(caption);
    assert_in_range(strchr(caption, '"') - caption, 80, 100);
    free(text);
    gbx_capture_unref(capture);
}

static void a_summary_lists_the_slowest_and_counts_what_it_leaves_out(void **state)
{
    char key[32];
    gbx_capture *capture;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 150; i++) {
        recording_enter(&r, &query);
        recording_pass(&r, 1 + (uint64_t)i);
        if (i < 120)
            gbxi_span_fail(i == 0 ? "the first" : "another");
        recording_exit(&r);
    }
    recording_enter(&r, &query);
    for (int i = 0; i < 103; i++) {
        snprintf(key, sizeof(key), "key %d", i);
        gbxi_note_int(key, 1);
        gbxi_note_int(key, i);
    }
    recording_pass(&r, 1000);
    recording_exit(&r);
    capture = recording_finish(&r);
    text = export_as(capture, GBX_FORMAT_SUMMARY, 3);
    assert_in(text,
              "\"slowest_calls\":[{\"name\":\"query\",\"file\":\"src/query.c\",\"line\":5,\"thread_id\":100,"
              "\"start_ms\":0.011325,\"duration_ms\":0.001,\"self_ms\":0.001,\"notes\":{\"key 0\":0,\"key 1\":1,");
    assert_in(text, "\"key 99\":99},\"notes_omitted\":6,\"error\":null}");
    assert_null(strstr(text, "key 100"));
    assert_int_equal(occurrences(text, "\"duration_ms\":"), 3 + 100);
    assert_in(text, "\"failed_calls\":[{\"name\":\"query\",\"file\":\"src/query.c\",\"line\":5,\"thread_id\":100,"
                    "\"start_ms\":0,\"duration_ms\":0.000001,\"self_ms\":0.000001,\"notes\":{},\"notes_omitted\":0,"
                    "\"error\":\"the first\"}");
    assert_in(text, "],\"failed_count\":120,");
    assert_in(
        text,
        "\"error\":{\"span\":\"query\",\"reason\":\"the first\"},\"own_error\":null,\"notes\":{},\"notes_omitted\":0,");
    free(text);
    gbx_capture_unref(capture);
}

static void a_summary_lists_at_most_a_thousand(void **state)
{
    gbx_capture *capture;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 1100; i++) {
        recording_enter_formatted(&r, &query, 0, i, "q");
        recording_exit(&r);
    }
    capture = recording_finish(&r);
    text = export_as(capture, GBX_FORMAT_SUMMARY, UINT32_MAX);
    assert_int_equal(occurrences(text, "\"duration_ms\":"), 1000);
    assert_int_equal(occurrences(text, "\"percentage\":"), 1000 + 1);
    free(text);
    gbx_capture_unref(capture);
}

/* A failure without a span, before any other, is the trace's. */
static void a_failure_without_a_span_has_none(void **state)
{
    static const char error[] =
        "\"error\":{\"span\":null,\"reason\":\"refused\"},\"own_error\":\"refused\",\"notes\":{\"region\":\"eu\"},";
    gbx_capture *capture;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    gbxi_note_str("region", "us");
    gbxi_span_fail("refused");
    recording_call(&r, &query, 10);
    gbxi_note_str("region", "eu");
    gbxi_span_fail("again");
    capture = recording_finish(&r);
    text = export_as(capture, GBX_FORMAT_FULL, 0);
    assert_in(text, error);
    assert_in(text, "\"truncated\":false");
    assert_null(strstr(text, "\"again\""));
    free(text);
    text = export_as(capture, GBX_FORMAT_SUMMARY, 0);
    assert_in(text, error);
    assert_in(text, "\"failed_calls\":[],\"failed_count\":0,");
    assert_in(text, "\"truncated\":false");
    free(text);
    text = export_as(capture, GBX_FORMAT_SPEEDSCOPE, 0);
    assert_in(text, "\"name\":\"capture 0.000 ms, failed: refused {region=eu}\"");
    assert_in(text, " ms CPU, failed: refused {region=eu}\"");
    free(text);
    gbx_capture_unref(capture);
}

static void fail_outside(recording *on, void *argument)
{
    (void)on;
    (void)argument;
    gbxi_span_fail("on a thread");
}

/* The earliest one, on whatever thread, beside that of a span before it. */
static void a_failure_without_a_span_is_told_beside_an_earlier_one(void **state)
{
    static const char errors[] =
        "\"error\":{\"span\":\"query\",\"reason\":\"timeout\"},\"own_error\":\"on a thread\",\"notes\":{},";
    gbx_capture *capture;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &query);
    gbxi_span_fail("timeout");
    gbxi_span_fail("at the same time");
    recording_pass(&r, 10);
    recording_exit(&r);
    gbxi_span_fail("no answer");
    recording_on_thread(&r, "worker", 101, 9, fail_outside, NULL);
    capture = recording_finish(&r);
    text = export_as(capture, GBX_FORMAT_FULL, 0);
    assert_in(text, errors);
    free(text);
    text = export_as(capture, GBX_FORMAT_SUMMARY, 0);
    assert_in(text, errors);
    assert_in(text, "\"error\":\"timeout\"}],\"failed_count\":1,");
    free(text);
    text = export_as(capture, GBX_FORMAT_SPEEDSCOPE, 0);
    assert_in(text, "\"name\":\"capture 0.000 ms, failed: timeout, failed: on a thread\"");
    assert_in(text, " ms CPU, failed: timeout, failed: on a thread\"");
    free(text);
    gbx_capture_unref(capture);
}

static void note_the_state(recording *on, void *argument)
{
    (void)on;
    (void)argument;
    gbxi_note_str("state", "working");
}

/* Notes have no time. The thread that was inside longest is the first. */
static void of_several_threads_the_last_has_the_last_word(void **state)
{
    gbx_capture *capture;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    recording_pass(&r, 10);
    recording_on_thread(&r, "worker", 101, 5, note_the_state, NULL);
    gbxi_note_str("state", "done");
    capture = recording_finish(&r);
    for (gbx_format format = GBX_FORMAT_FULL; format <= GBX_FORMAT_SUMMARY; format++) {
        text = export_as(capture, format, 0);
        assert_in(text, "\"own_error\":null,\"notes\":{\"state\":\"working\"}");
        free(text);
    }
    gbx_capture_unref(capture);
}

/* Keys are compared as wholes. */
static void a_key_that_begins_another_is_another(void **state)
{
    gbx_capture *capture;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &query);
    gbxi_note_int("rows", 1);
    gbxi_note_int("row", 2);
    gbxi_note_int("rows.all", 3);
    recording_exit(&r);
    capture = recording_finish(&r);
    text = export_as(capture, GBX_FORMAT_SUMMARY, 0);
    assert_in(text, "\"notes\":{\"rows\":1,\"row\":2,\"rows.all\":3}");
    free(text);
    text = export_as(capture, GBX_FORMAT_SPEEDSCOPE, 0);
    assert_in(text, "\"query {rows=1, row=2, rows.all=3}\"");
    free(text);
    gbx_capture_unref(capture);
}

/* Whatever it is told in; a parent's own failure is not that of the call inside. */
static void the_first_failure_of_a_call_is_its_reason(void **state)
{
    static const gbx_call_tree trees[] = {GBX_CALL_TREE_NESTED, GBX_CALL_TREE_FLAT};
    gbx_capture *capture;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &other_query);
    recording_enter(&r, &query);
    gbxi_span_fail("first");
    gbxi_span_fail("second");
    recording_exit(&r);
    gbxi_span_fail("third");
    gbxi_span_fail("fourth");
    recording_exit(&r);
    capture = recording_finish(&r);
    for (size_t i = 0; i < 2; i++) {
        gbx_export_options options = {.size = sizeof(options), .call_tree = trees[i]};
        size_t length;
        text = document_of(capture, GBX_FORMAT_FULL, &options, &length);
        assert_int_equal(occurrences(text, "\"error\":\"first\""), 2);
        assert_int_equal(occurrences(text, "\"error\":\"third\""), 2);
        assert_null(strstr(text, "\"second\""));
        assert_null(strstr(text, "\"fourth\""));
        free(text);
    }
    gbx_capture_unref(capture);
}

/* One caption for each call, though a call may be both among the failed and among the longest with notes; and one frame
 * for each function, though the texts are equal. */
static void a_call_with_both_has_one_caption_and_the_next_its_own(void **state)
{
    static const char *const opens[] = {"\"type\":\"O\",\"frame\":0,", "\"type\":\"O\",\"frame\":1,",
                                        "\"type\":\"O\",\"frame\":2,", "\"type\":\"O\",\"frame\":3,"};
    gbx_capture *capture;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 4; i++) {
        recording_enter(&r, i % 2 == 0 ? &query : &other_query);
        gbxi_note_int("n", 1);
        gbxi_span_fail("timeout");
        recording_pass(&r, 10);
        recording_exit(&r);
    }
    capture = recording_finish(&r);
    text = export_as(capture, GBX_FORMAT_SPEEDSCOPE, 0);
    assert_in(text, "{\"name\":\"query failed: timeout {n=1}\",\"file\":\"src/query.c\",\"line\":5}");
    assert_in(text, "{\"name\":\"query failed: timeout {n=1}\",\"file\":\"src/query.c\",\"line\":50}");
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(occurrences(text, opens[i]), 2);
    free(text);
    gbx_capture_unref(capture);
}

static void the_trace_has_a_hundred_notes_and_counts_the_rest(void **state)
{
    char key[32];
    gbx_capture *capture;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 105; i++) {
        snprintf(key, sizeof(key), "key %d", i);
        gbxi_note_int(key, i);
    }
    capture = recording_finish(&r);
    for (gbx_format format = GBX_FORMAT_FULL; format <= GBX_FORMAT_SUMMARY; format++) {
        text = export_as(capture, format, 0);
        assert_in(text, "\"notes\":{\"key 0\":0,");
        assert_in(text, "\"key 99\":99},\"notes_omitted\":5,");
        free(text);
    }
    text = export_as(capture, GBX_FORMAT_SPEEDSCOPE, 0);
    assert_in(text, "\"name\":\"capture 0.000 ms {key 0=0, key 1=1, ");
    free(text);
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_calls_with_notes_have_captions),
        cmocka_unit_test(equal_captions_share_a_frame),
        cmocka_unit_test(calls_and_captions_are_nested_two_thousand_deep_at_most),
        cmocka_unit_test(long_texts_are_cut_at_a_character),
        cmocka_unit_test(a_summary_lists_the_slowest_and_counts_what_it_leaves_out),
        cmocka_unit_test(a_summary_lists_at_most_a_thousand),
        cmocka_unit_test(a_failure_without_a_span_has_none),
        cmocka_unit_test(a_failure_without_a_span_is_told_beside_an_earlier_one),
        cmocka_unit_test(of_several_threads_the_last_has_the_last_word),
        cmocka_unit_test(a_key_that_begins_another_is_another),
        cmocka_unit_test(the_first_failure_of_a_call_is_its_reason),
        cmocka_unit_test(a_call_with_both_has_one_caption_and_the_next_its_own),
        cmocka_unit_test(the_trace_has_a_hundred_notes_and_counts_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
