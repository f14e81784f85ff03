/* SPDX-License-Identifier: MIT */
/* What the span macros record: order, names, notes, failures, ends by every way out of a scope. */
#include "shape.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void leaf(void)
{
    GBX_SPAN();
}

static void early(int n)
{
    GBX_SPAN_NAMED("early");
    for (int i = 0; i != 3; ++i) {
        GBX_SPAN_NAMED("turn");
        if (i == 0)
            continue;
        if (i == n)
            break;
        if (n == 9)
            return;
    }
    leaf();
}

/* Runs `work` under a capture of its own and returns it finished. */
static gbx_capture *record(void (*work)(void), const gbx_capture_options *options)
{
    gbx_capture *capture = gbx_capture_new(options);
    gbx_scope scope = gbx_capture_enter(capture);

    work();
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    return capture;
}

static void check(void (*work)(void), const char *expected)
{
    gbx_capture *capture = record(work, NULL);

    assert_string_equal(shape_of(capture, 0), expected);
    gbx_capture_unref(capture);
}

static void scopes(void)
{
    early(1);
    early(9);
}

static void records_scopes_however_they_end(void **state)
{
    (void)state;
    check(scopes, "early(turn turn leaf) early(turn turn)");
}

static void names(void)
{
    GBX_SPAN();
    {
        GBX_SPAN_FMT("link(%s, %d)", "a\"b", 7);
        GBX_SPAN_FMT("plain");
    }
    GBX_SPAN_NAMED("a\nb");
}

static void names_come_from_function_literal_and_format(void **state)
{
    (void)state;
    check(names, "names(link(a\"b, 7)(plain) a\nb)");
}

static void long_name(void)
{
    static char text[100001];

    memset(text, 'x', sizeof(text) - 1);
    GBX_SPAN_FMT("%s", text);
}

static void cuts_names_at_1023_bytes(void **state)
{
    gbx_capture *capture = record(long_name, NULL);

    (void)state;
    assert_int_equal(strlen(shape_of(capture, 0)), 1023);
    gbx_capture_unref(capture);
}

/* `text` ends as 'x's and a character of two bytes, which begins at the byte `at`. */
static void fill_with_character_at(char *text, size_t at)
{
    memset(text, 'x', at);
    strcpy(text + at, "\xc3\xa9!");
}

static void texts_of_every_kind(void)
{
    static char name[1030], text[4100], key[GBX_KEY_BYTES_MAX + 4];

    fill_with_character_at(name, 1022);
    fill_with_character_at(text, 4094);
    fill_with_character_at(key, GBX_KEY_BYTES_MAX - 1);
    GBX_SPAN_FMT("%s", name);
    gbx_note_str(key, text);
    gbx_span_fail(text);
}

static void no_text_is_cut_inside_a_character(void **state)
{
    char name[200];
    gbx_capture_options options = {.size = sizeof(options), .name = name};
    gbx_capture_facts facts;
    gbx_capture *capture;
    gbx_reader reader;
    gbx_record step;

    (void)state;
    fill_with_character_at(name, 127);
    capture = record(texts_of_every_kind, &options);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_int_equal(strlen(facts.name), 127);
    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &step);) {
        if (step.kind == GBX_RECORD_ENTER)
            assert_int_equal(step.format_length, 1022);
        if (step.kind == GBX_RECORD_NOTE_STR)
            assert_int_equal(step.key_length, GBX_KEY_BYTES_MAX - 1);
        if (step.kind == GBX_RECORD_NOTE_STR || step.kind == GBX_RECORD_FAIL)
            assert_int_equal(step.text_length, 4094);
    }
    gbx_capture_unref(capture);
}

static void notes(void)
{
    GBX_SPAN_NAMED("outer");
    gbx_note_int("n", -5);
    {
        GBX_SPAN_NAMED("inner");
        gbx_note_str("sql", "select 1");
        gbx_note_str("none", NULL);
        gbx_span_fail("no such table");
    }
    gbx_note_double("ratio", 0.5);
}

static void notes_belong_to_the_innermost_span(void **state)
{
    (void)state;
    check(notes, "outer{n=-5}(inner{sql=select 1}{none=}!no such table{ratio=0.5})");
}

static void notes_without_a_span(void)
{
    gbx_note_int("before", 1);
    gbx_span_fail("too early");
    leaf();
    gbx_note_str("after", "all");
    gbx_note_double("half", 0.5);
    gbx_span_fail("too late");
}

static void a_note_without_a_span_belongs_to_the_trace_and_nothing_is_missing(void **state)
{
    gbx_capture *capture = record(notes_without_a_span, NULL);
    gbx_capture_facts facts;

    (void)state;
    assert_string_equal(shape_of(capture, 0), "{before=1} !too early leaf {after=all} {half=0.5} !too late");
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_false(facts.truncated);
    gbx_capture_unref(capture);
}

/* A failure has a time of its own: not before what was recorded before it, and not after what follows. */
static void a_failure_says_when(void **state)
{
    gbx_capture *capture = record(notes_without_a_span, NULL);
    uint64_t last_ns = 0, failures = 0;
    gbx_reader reader;
    gbx_record step;

    (void)state;
    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &step);) {
        if (step.kind != GBX_RECORD_ENTER && step.kind != GBX_RECORD_EXIT && step.kind != GBX_RECORD_FAIL)
            continue;
        assert_true(step.at_ns >= last_ns && step.at_ns <= gbx_capture_duration_ns(capture));
        last_ns = step.at_ns;
        failures += step.kind == GBX_RECORD_FAIL;
    }
    assert_true(last_ns > 0);
    assert_int_equal(failures, 2);
    gbx_capture_unref(capture);
}

static void many_notes(void)
{
    static char text[5000];

    memset(text, 't', sizeof(text) - 1);
    GBX_SPAN_NAMED("s");
    for (int i = 0; i != 200; ++i)
        gbx_note_str("key", text);
}

static void cuts_long_notes_and_keeps_them_across_blocks(void **state)
{
    gbx_capture *capture = record(many_notes, NULL);
    gbx_reader reader;
    gbx_record step;
    int seen = 0;

    (void)state;
    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &step);) {
        if (step.kind != GBX_RECORD_NOTE_STR)
            continue;
        ++seen;
        assert_int_equal(step.text_length, 4095);
        assert_int_equal(step.text[4094], 't');
        assert_memory_equal(step.key, "key", 3);
    }
    assert_int_equal(seen, 200);
    gbx_capture_unref(capture);
}

static int evaluations;

static const char *evaluated(void)
{
    ++evaluations;
    return "x";
}

static void lazy(void)
{
    GBX_SPAN_FMT("%s", evaluated());
    gbx_note_str("k", evaluated());
}

static void arguments_are_evaluated_only_while_captured(void **state)
{
    (void)state;
    evaluations = 0;
    lazy();
    assert_int_equal(evaluations, 0);
    check(lazy, "x{k=x}");
    assert_int_equal(evaluations, 2);
}

static jmp_buf back;

static void jump(void)
{
    GBX_SPAN_NAMED("deep");
    GBX_SPAN_NAMED("deeper");
    longjmp(back, 1);
}

static void jumps(void)
{
    GBX_SPAN_NAMED("base");
    if (setjmp(back) == 0)
        jump();
    leaf();
}

static void spans_left_by_longjmp_end_with_the_span_around_them(void **state)
{
    (void)state;
    check(jumps, "base(deep(deeper(leaf)))");
}

/* By hand, as a binding for another language might get it wrong. */
static void wrong_ends(void)
{
    static const gbx_site site = {"hand", "wrong_ends", "span_test.c", 1, {0}};
    gbx_span a, b, never;

    gbxi_span_begin(&a, &site);
    gbxi_span_begin(&b, &site);
    gbxi_span_end(&never);
    gbx_note_int("n", 1);
    gbxi_span_end(&a);
    gbxi_span_end(&a);
    gbxi_span_end(&b);
    leaf();
}

static void spans_ended_twice_too_late_or_never_begun_leave_a_balanced_lane(void **state)
{
    (void)state;
    check(wrong_ends, "hand(hand{n=1}) leaf");
}

static void sites_know_function_file_and_line(void **state)
{
    gbx_capture *capture = record(leaf, NULL);
    gbx_reader reader;
    gbx_record step;

    (void)state;
    gbx_reader_init(&reader, capture, 0);
    assert_true(gbx_reader_next(&reader, &step));
    assert_string_equal(step.site->function, "leaf");
    assert_non_null(strstr(step.site->file, "span_test.c"));
    assert_null(strchr(step.site->file, '/') == step.site->file ? "absolute" : NULL);
    assert_true(step.site->line > 10 && step.site->line < 30);
    assert_false(gbx_record_is_formatted(&step));
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_scopes_however_they_end),
        cmocka_unit_test(names_come_from_function_literal_and_format),
        cmocka_unit_test(cuts_names_at_1023_bytes),
        cmocka_unit_test(no_text_is_cut_inside_a_character),
        cmocka_unit_test(notes_belong_to_the_innermost_span),
        cmocka_unit_test(a_note_without_a_span_belongs_to_the_trace_and_nothing_is_missing),
        cmocka_unit_test(a_failure_says_when),
        cmocka_unit_test(cuts_long_notes_and_keeps_them_across_blocks),
        cmocka_unit_test(arguments_are_evaluated_only_while_captured),
        cmocka_unit_test(spans_left_by_longjmp_end_with_the_span_around_them),
        cmocka_unit_test(spans_ended_twice_too_late_or_never_begun_leave_a_balanced_lane),
        cmocka_unit_test(sites_know_function_file_and_line),
    };
    return cmocka_run_group_tests_name("span", tests, NULL, NULL);
}
