/* SPDX-License-Identifier: MIT */
/* The documents agree with themselves and each other, for known captures and random ones. */
#define _GNU_SOURCE
#include "document.h"
#include "meaning.h"
#include "reference.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PROGRAMS = 60, DEEP = 500 };

static recording r;

static const gbx_export_options flat_tree = {.size = sizeof(flat_tree), .call_tree = GBX_CALL_TREE_FLAT};

static void check(gbx_capture *capture, const gbx_export_options *options, size_t piece)
{
    const char *complaint = meaning_check(capture, options, piece);

    if (complaint != NULL)
        fail_msg("%s", complaint);
    gbx_capture_unref(capture);
}

static void call_briefly(recording *record, void *site)
{
    recording_call(record, site, 5);
}

static void documents_of_known_captures_agree(void **state)
{
    (void)state;
    check(document_record_request(&r), NULL, 4096);
    check(document_record_request(&r),
          &(gbx_export_options){.size = sizeof(gbx_export_options), .min_duration_ns = 300, .top_n = 1}, 13);
    check(document_record_truncated(&r), NULL, 100);
    check(document_record_truncated(&r),
          &(gbx_export_options){.size = sizeof(gbx_export_options), .min_duration_ns = 20}, 4096);
    check(document_record_unentered(&r), NULL, 1);
}

/* Every thread, idle or folded away, has its profile when none has calls; else only those with calls have one. */
static void threads_without_calls_have_profiles_only_when_all_are(void **state)
{
    static const gbx_site site = {"short", "short", "src/short.c", 1, {0}};
    static const char main_profile[] = "thread 100, ";
    static const char other_profile[] = "\"name\":\"capture: other thread 7, ";
    gbx_capture *capture;
    size_t length;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    recording_on_thread(&r, "other", 7, 0, call_briefly, (void *)&site);
    capture = recording_finish(&r);
    text = document_of(capture, GBX_FORMAT_SPEEDSCOPE, NULL, &length);
    assert_null(strstr(text, main_profile));
    assert_non_null(strstr(text, other_profile));
    free(text);
    text = document_of(capture, GBX_FORMAT_SPEEDSCOPE,
                       &(gbx_export_options){.size = sizeof(gbx_export_options), .min_duration_ns = 100}, &length);
    assert_non_null(strstr(text, main_profile));
    assert_non_null(strstr(text, other_profile));
    free(text);
    check(capture, &(gbx_export_options){.size = sizeof(gbx_export_options), .min_duration_ns = 100}, 4096);
}

static void documents_of_random_programs_agree(void **state)
{
    static reference program;

    (void)state;
    for (uint64_t seed = 1; seed <= PROGRAMS; ++seed) {
        gbx_export_options options = {.size = sizeof(options),
                                      .min_duration_ns = seed % 3 * seed,
                                      .top_n = (uint32_t)(seed % 14),
                                      .call_tree = (gbx_call_tree)(seed / 3 % 3)};
        check(reference_run(&program, seed, 10 + (int)seed * 5), &options, 1 + seed * 97);
    }
}

static void documents_of_deep_traces_agree(void **state)
{
    static const gbx_site site = {"down", "down", "src/down.c", 1, {0}};

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < DEEP; ++i) {
        recording_enter(&r, &site);
        recording_pass(&r, 1);
    }
    check(recording_finish(&r), NULL, 4096);
}

/* A flat tree is read by our own reader, whatever the depth of the calls. */
static void a_flat_tree_of_the_deepest_trace_is_readable(void **state)
{
    static const gbx_site site = {"down", "down", "src/down.c", 1, {0}};

    (void)state;
    recording_begin(&r, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = 2000});
    for (int i = 0; i < 2000; i++) {
        recording_enter(&r, &site);
        recording_pass(&r, (uint64_t)i % 3);
    }
    check(recording_finish(&r),
          &(gbx_export_options){.size = sizeof(gbx_export_options), .call_tree = GBX_CALL_TREE_FLAT}, 4096);
}

static void forms_of_the_call_tree_agree(void **state)
{
    (void)state;
    for (gbx_call_tree form = GBX_CALL_TREE_NESTED; form <= GBX_CALL_TREE_NONE; form++) {
        const gbx_export_options all = {.size = sizeof(all), .call_tree = form};
        const gbx_export_options folded = {.size = sizeof(folded), .call_tree = form, .min_duration_ns = 300};

        check(document_record_request(&r), &all, 1);
        check(document_record_request(&r), &folded, 77);
        check(document_record_truncated(&r), &all, 4096);
        check(document_record_unentered(&r), &all, 5);
    }
}

/* The system that this one follows tells documents apart by their first member. */
static void documents_begin_with_their_type(void **state)
{
    static const struct {
        gbx_format format;
        const char *begin;
    } cases[] = {
        {GBX_FORMAT_FULL, "{\"response_type\":\"full\","},
        {GBX_FORMAT_SUMMARY, "{\"response_type\":\"summary\","},
        {GBX_FORMAT_SPEEDSCOPE, "{\"$schema\":"},
    };
    gbx_capture *capture = document_record_request(&r);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t length;
        char *text = document_of(capture, cases[i].format, NULL, &length);
        assert_memory_equal(text, cases[i].begin, strlen(cases[i].begin));
        free(text);
    }
    gbx_capture_unref(capture);
}

/* The levels of JSON that a balanced document has. Its strings must be without brackets. */
static size_t levels_of(const char *text, size_t length)
{
    size_t deepest = 0, depth = 0;

    for (size_t i = 0; i < length; i++) {
        depth += text[i] == '{' || text[i] == '[';
        deepest = depth > deepest ? depth : deepest;
        assert_true(depth > 0);
        depth -= text[i] == '}' || text[i] == ']';
    }
    assert_int_equal(depth, 0);
    return deepest;
}

/* The deepest the contract allows; deeper than the reader goes, so brackets are counted by hand. */
static void the_deepest_trace_is_balanced(void **state)
{
    static const gbx_site site = {"down", "down", "src/down.c", 1, {0}};
    gbx_capture *capture;
    size_t length;
    char *text;

    (void)state;
    recording_begin(&r, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = 2000});
    for (int i = 0; i < 2000; ++i)
        recording_enter(&r, &site);
    capture = recording_finish(&r);
    text = document_of(capture, GBX_FORMAT_FULL, NULL, &length);
    assert_int_equal(levels_of(text, length), 2 + 2000 * 2);
    assert_non_null(strstr(text, "\"max_depth\":2000,"));
    free(text);
    text = document_of(capture, GBX_FORMAT_FULL, &flat_tree, &length);
    assert_int_equal(levels_of(text, length), 4); /* as deep as metadata is */
    assert_non_null(strstr(text, "\"max_depth\":2000,"));
    free(text);
    gbx_capture_unref(capture);
}

/* The first occurrence of `from` in a copy of `text`, replaced by as many bytes. */
static char *spoil(const char *text, const char *from, const char *to)
{
    char *copy = strdup(text);
    char *at = copy != NULL ? strstr(copy, from) : NULL;

    assert_non_null(at);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    return copy;
}

/* Puts the pprof document of another capture in the place of this one. */
static void swap_pprof(meaning_texts *texts)
{
    static recording other;
    gbx_capture *capture = document_record_truncated(&other);

    free(texts->at[GBX_FORMAT_PPROF]);
    texts->at[GBX_FORMAT_PPROF] = document_of(capture, GBX_FORMAT_PPROF, NULL, &texts->lengths[GBX_FORMAT_PPROF]);
    gbx_capture_unref(capture);
}

/* The check is worth nothing unless it notices: one spoiled place at a time, in each document. */
static void spoiled_documents_are_noticed(void **state)
{
    static const struct {
        gbx_format document;
        const char *from, *to;
    } places[] = {
        {GBX_FORMAT_FULL, "\"exit\"", "\"exix\""},
        {GBX_FORMAT_FULL, "\"max_depth\":4", "\"max_depth\":3"},
        {GBX_FORMAT_FULL, "\"response_type\":\"full\"", "\"response_type\":\"flat\""},
        {GBX_FORMAT_FULL, "\"start_ns\":5000000500", "\"start_ns\":500       "},
        {GBX_FORMAT_SUMMARY, "\"response_type\":\"summary\"", "\"response_type\":\"gammary\""},
        {GBX_FORMAT_FULL, "\"depth\":1", "\"depth\":2"},
        {GBX_FORMAT_FULL, "\"self_ns\":2000100", "\"self_ns\":2000101"},
        {GBX_FORMAT_FULL, "\"call_index\":1", "\"call_index\":2"},
        {GBX_FORMAT_FULL, "\"duration_ns\":1500", "\"duration_ns\":1501"},
        {GBX_FORMAT_FULL, "\"encoding\"", "\"bytes\"   "},
        {GBX_FORMAT_FULL, "\"timestamp_ns\":5000000600", "\"timestamp_ns\":5000000601"},
        {GBX_FORMAT_FULL, "\"error\":\"template", "\"error\":\"temptate"},
        {GBX_FORMAT_FULL, "\"error\":{\"span\":\"job\"", "\"error\":{\"span\":\"jab\""},
        {GBX_FORMAT_SUMMARY, "\"error\":\"template", "\"error\":\"temptate"},
        {GBX_FORMAT_SUMMARY, "\"failed_count\":2", "\"failed_count\":1"},
        {GBX_FORMAT_SUMMARY, "\"duration_ms\":2.00272", "\"duration_ms\":2.00271"},
        {GBX_FORMAT_SUMMARY, "\"encoding\":\"utf-8\",", "                   "},
        {GBX_FORMAT_SUMMARY, "\"method_count\":8", "\"method_count\":9"},
        {GBX_FORMAT_SUMMARY, "\"unattributed_ms\":0.000751", "\"unattributed_ms\":0.000752"},
        {GBX_FORMAT_SUMMARY, "\"calls\":5", "\"calls\":4"},
        {GBX_FORMAT_SUMMARY, "\"truncated\":false", "\"truncated\":true "},
        {GBX_FORMAT_SPEEDSCOPE, "\"type\":\"C\"", "\"type\":\"O\""},
        {GBX_FORMAT_SPEEDSCOPE, "\"type\":\"C\",\"frame\":2", "\"type\":\"C\",\"frame\":1"},
        {GBX_FORMAT_SPEEDSCOPE, "\"at\":1600", "\"at\":2600"},
        {GBX_FORMAT_SPEEDSCOPE, "\"endValue\":2004470", "\"endValue\":2004471"},
        {GBX_FORMAT_SPEEDSCOPE, "\"frame\":7", "\"frame\":9"},
        {GBX_FORMAT_SPEEDSCOPE, "handle failed: ", "handle faiied: "},
        {GBX_FORMAT_SPEEDSCOPE, "graph.parse {", "graph.parse ("},
        {GBX_FORMAT_SPEEDSCOPE, "ms, failed: ", "ms, foiled: "},
        {GBX_FORMAT_FOLDED, "graph.parse 1000", "graph.parse 1001"},
        {GBX_FORMAT_FOLDED, "link(a) 80", "link(a)-80"},
        {GBX_FORMAT_FOLDED, "handle;db.query", "handle;db\nquery"},
        {GBX_FORMAT_CHROME, "\"ph\":\"B\"", "\"ph\":\"E\""},
        {GBX_FORMAT_CHROME, "\"ph\":\"i\"", "\"ph\":\"B\""},
        {GBX_FORMAT_CHROME, "\"ts\":0.600", "\"ts\":0.601"},
        {GBX_FORMAT_CHROME, "src/server.c\",\"line\":40", "src/server.c\",\"line\":41"},
    };
    gbx_capture *capture = document_record_request(&r);
    meaning_texts texts;

    (void)state;
    for (gbx_format format = 0; format <= GBX_FORMAT_PPROF; format++)
        texts.at[format] = document_of(capture, format, NULL, &texts.lengths[format]);
    assert_null(meaning_check_texts(&texts));
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); ++i) {
        char *whole = texts.at[places[i].document];
        char *spoiled = spoil(whole, places[i].from, places[i].to);
        texts.at[places[i].document] = spoiled;
        if (meaning_check_texts(&texts) == NULL)
            fail_msg("%s for %s went unnoticed", places[i].to, places[i].from);
        texts.at[places[i].document] = whole;
        free(spoiled);
    }
    swap_pprof(&texts);
    if (meaning_check_texts(&texts) == NULL)
        fail_msg("the pprof document of another capture went unnoticed");
    for (gbx_format format = 0; format <= GBX_FORMAT_PPROF; format++)
        free(texts.at[format]);
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_of_known_captures_agree),
        cmocka_unit_test(threads_without_calls_have_profiles_only_when_all_are),
        cmocka_unit_test(documents_of_random_programs_agree),
        cmocka_unit_test(documents_of_deep_traces_agree),
        cmocka_unit_test(the_deepest_trace_is_balanced),
        cmocka_unit_test(a_flat_tree_of_the_deepest_trace_is_readable),
        cmocka_unit_test(forms_of_the_call_tree_agree),
        cmocka_unit_test(documents_begin_with_their_type),
        cmocka_unit_test(spoiled_documents_are_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
