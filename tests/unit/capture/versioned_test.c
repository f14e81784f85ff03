/* SPDX-License-Identifier: MIT */
/* Programs and libraries of different versions: structs that are smaller or larger than the other side's, and the
 * options that a capture keeps. */
#define _GNU_SOURCE
#include "base/versioned.h"
#include "shape.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <glassbox/version.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A struct in its first version, and as it grew. */
typedef struct first {
    size_t size;
    uint64_t a;
} first;

typedef struct second {
    size_t size;
    uint64_t a;
    uint64_t b;
} second;

static void an_older_program_gets_the_defaults_of_what_it_does_not_know(void **state)
{
    const struct {
        first given;
        uint64_t behind; /* no part of the struct, so not to be looked at */
    } program = {{sizeof(first), 7}, 99};
    second known;

    (void)state;
    assert_int_equal(gbxi_options_read(&known, sizeof(known), sizeof(first), &program.given, NULL), GBX_ERR_OK);
    assert_int_equal(known.size, sizeof(known));
    assert_int_equal(known.a, 7);
    assert_int_equal(known.b, 0);
}

static void a_newer_program_is_refused_for_what_it_sets_alone(void **state)
{
    second program = {sizeof(program), 7, 0};
    first known;
    gbx_error error = {0};

    (void)state;
    assert_int_equal(gbxi_options_read(&known, sizeof(known), sizeof(first), &program, &error), GBX_ERR_OK);
    assert_int_equal(known.a, 7);
    program.b = 1;
    assert_int_equal(gbxi_options_read(&known, sizeof(known), sizeof(first), &program, &error), GBX_ERR_ARGUMENT);
    assert_non_null(strstr(error.text, "sets a field this library does not know"));
    assert_int_equal(known.a, 0);
}

static void a_size_below_the_first_versions_is_refused_and_null_is_all_defaults(void **state)
{
    first known = {1, 1};
    struct {
        first given;
        first beyond; /* never read, but compilers cannot know */
    } program = {{0, 7}, {0, 0}};
    gbx_error error = {0};

    (void)state;
    for (program.given.size = 0; program.given.size < sizeof(first); program.given.size++) {
        assert_int_equal(gbxi_options_read(&known, sizeof(known), sizeof(first), &program.given, &error),
                         GBX_ERR_ARGUMENT);
        assert_true(error.text[0] != '\0');
    }
    program.given.size = SIZE_MAX; /* nothing of it is read */
    assert_int_equal(gbxi_options_read(&known, sizeof(known), sizeof(first), &program.given, &error), GBX_ERR_ARGUMENT);
    assert_int_equal(gbxi_options_read(&known, sizeof(known), sizeof(first), NULL, NULL), GBX_ERR_OK);
    assert_int_equal(known.a, 0);
}

static void a_result_fills_what_both_know_and_zeroes_the_rest(void **state)
{
    const first known = {1, 2};
    unsigned char result[32];

    (void)state;
    for (size_t size = 0; size <= sizeof(result); ++size) {
        size_t common = size < sizeof(known) ? size : sizeof(known);
        memset(result, 0xee, sizeof(result));
        gbxi_result_write(result, size, &known, sizeof(known));
        assert_memory_equal(result, &known, common);
        for (size_t i = common; i < sizeof(result); ++i)
            assert_int_equal(result[i], i < size ? 0 : 0xee);
    }
}

/* Runs `accepts` on a struct of every size that another version might have. `first_bytes` is that of the first version.
 */
static void check_sizes(const void *given, size_t first_bytes, size_t size, bool (*accepts)(const void *given))
{
    unsigned char room[256] = {0};
    size_t claimed;

    memcpy(room, given, size);
    for (claimed = 0; claimed <= sizeof(room); ++claimed) {
        memcpy(room, &claimed, sizeof(claimed));
        assert_int_equal(accepts(room), claimed >= first_bytes);
        if (claimed <= size)
            continue;
        room[claimed - 1] = 1;
        assert_false(accepts(room));
        room[claimed - 1] = 0;
    }
}

static bool accepts_capture_options(const void *given)
{
    gbx_capture *capture = gbx_capture_new(given);

    gbx_capture_unref(capture);
    return capture != NULL;
}

static bool accepts_clock(const void *given)
{
    return accepts_capture_options(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .clock = given});
}

static bool accepts_redaction_options(const void *given)
{
    gbx_redaction *redaction = gbx_redaction_new(given);

    gbx_redaction_unref(redaction);
    return redaction != NULL;
}

static void every_struct_is_taken_from_older_and_newer_programs(void **state)
{
    gbx_capture_options options = {.size = sizeof(options), .name = "n"};
    const gbx_clock clock = {.size = sizeof(clock)};
    gbx_redaction_options redaction = {.size = sizeof(redaction), .names = true};

    (void)state;
    check_sizes(&options, offsetof(gbx_capture_options, parent_span_id), sizeof(options), accepts_capture_options);
    check_sizes(&clock, sizeof(clock), sizeof(clock), accepts_clock);
    check_sizes(&redaction, sizeof(redaction), sizeof(redaction), accepts_redaction_options);
    options.reserved[6] = 1;
    assert_false(accepts_capture_options(&options));
    redaction.reserved[5] = 1;
    assert_false(accepts_redaction_options(&redaction));
    assert_int_equal(gbx_capture_live_count(), 0);
}

static void facts_are_given_for_any_size_and_of_finished_captures_only(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    struct {
        gbx_capture_facts known;
        uint64_t later;
    } newer;
    gbx_lane_facts lane;
    gbx_reader reader;
    gbx_record record = {.kind = GBX_RECORD_EXIT};
    const char *name = NULL;

    (void)state;
    assert_int_equal(gbx_capture_facts_get(capture, &newer.known, sizeof(newer)), GBX_ERR_STATE);
    assert_null(newer.known.name);
    assert_int_equal(gbx_lane_facts_get(capture, 0, &lane, sizeof(lane)), GBX_ERR_STATE);
    assert_int_equal(gbx_reader_init(&reader, capture, 0), GBX_ERR_STATE);
    assert_false(gbx_reader_next(&reader, &record));
    gbx_capture_finish(capture);
    newer.later = 5;
    assert_int_equal(gbx_capture_facts_get(capture, &newer.known, sizeof(newer)), GBX_ERR_OK);
    assert_string_equal(newer.known.name, "capture");
    assert_int_equal(newer.later, 0);
    assert_int_equal(gbx_capture_facts_get(capture, (gbx_capture_facts *)(void *)&name, sizeof(name)), GBX_ERR_OK);
    assert_string_equal(name, "capture");
    assert_int_equal(gbx_lane_facts_get(capture, 0, &lane, sizeof(lane)), GBX_ERR_RANGE);
    assert_int_equal(gbx_reader_init(&reader, capture, 0), GBX_ERR_RANGE);
    assert_false(gbx_reader_next(&reader, &record));
    assert_int_equal(record.kind, GBX_RECORD_END);
    gbx_capture_unref(capture);
}

static void a_capture_tells_the_parent_that_it_was_given(void **state)
{
    const gbx_capture_options options = {
        .size = sizeof(options), .parent_span_id = {1, 2, 3, 4, 5, 6, 7, 8}, .trace_flags = 3};
    gbx_capture *capture = gbx_capture_new(&options);
    gbx_capture_facts facts;

    (void)state;
    gbx_capture_finish(capture);
    assert_int_equal(gbx_capture_facts_get(capture, &facts, sizeof(facts)), GBX_ERR_OK);
    assert_memory_equal(facts.parent_span_id, options.parent_span_id, sizeof(facts.parent_span_id));
    assert_int_equal(facts.trace_flags, 3);
    gbx_capture_unref(capture);
}

static int disposed;

static void dispose(void *context)
{
    ++disposed;
    free(context);
}

static bool keep(void *context, gbx_text *text)
{
    assert_int_equal(*(int *)context, 5);
    assert_int_equal(text->size, sizeof(*text));
    return true;
}

static uint64_t tick(void *context)
{
    static uint64_t now;

    (void)context;
    return ++now;
}

/* Options, strings and clock are in memory that is gone before the first span. */
static gbx_capture *make_from_memory_that_goes(void)
{
    char *key = strdup("secret"), *name = strdup("name");
    const char **keys = calloc(2, sizeof(*keys));
    gbx_clock *clock = calloc(1, sizeof(*clock));
    gbx_redaction_options *what = calloc(1, sizeof(*what));
    gbx_capture_options *options = calloc(1, sizeof(*options));
    int *context = malloc(sizeof(*context));
    gbx_capture *capture;

    keys[0] = key;
    *context = 5;
    *clock = (gbx_clock){.size = sizeof(*clock), .now_ns = tick};
    *what = (gbx_redaction_options){
        .size = sizeof(*what), .keys = keys, .filter = keep, .context = context, .dispose = dispose};
    *options = (gbx_capture_options){
        .size = sizeof(*options), .name = name, .clock = clock, .redaction = gbx_redaction_new(what)};
    capture = gbx_capture_new(options);
    gbx_redaction_unref(options->redaction);
    free(options);
    free(what);
    free(clock);
    free(keys);
    free(name);
    free(key);
    return capture;
}

static void a_capture_needs_nothing_of_its_options_any_more(void **state)
{
    gbx_capture *capture = make_from_memory_that_goes();
    gbx_scope scope = gbx_capture_enter(capture);

    (void)state;
    {
        GBX_SPAN_NAMED("span");
        gbx_note_str("secret", "s");
        gbx_note_str("open", "o");
    }
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    assert_string_equal(shape_of(capture, 0), "span{secret=[redacted]}{open=o}");
    assert_int_equal(disposed, 0);
    gbx_capture_unref(capture);
    assert_int_equal(disposed, 1);
}

static void a_capture_keeps_its_trace_id_and_makes_one_of_zeroes(void **state)
{
    static const uint8_t given[16] = {0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd,
                                      0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c};
    static const uint8_t none[16];
    gbx_capture_options options = {.size = sizeof(options)};
    gbx_capture *kept, *made, *next;
    gbx_capture_facts facts;

    (void)state;
    memcpy(options.trace_id, given, sizeof(given));
    kept = gbx_capture_new(&options);
    made = gbx_capture_new(NULL);
    next = gbx_capture_new(NULL);
    assert_memory_equal(gbx_capture_trace_id(kept), given, sizeof(given));
    gbx_capture_finish(kept);
    assert_int_equal(gbx_capture_facts_get(kept, &facts, sizeof(facts)), GBX_ERR_OK);
    assert_memory_equal(facts.trace_id, given, sizeof(given));
    assert_memory_not_equal(gbx_capture_trace_id(made), none, sizeof(none));
    assert_memory_not_equal(gbx_capture_trace_id(made), gbx_capture_trace_id(next), sizeof(none));
    gbx_capture_unref(kept);
    gbx_capture_unref(made);
    gbx_capture_unref(next);
}

static void the_version_is_the_headers(void **state)
{
    char expected[32];

    (void)state;
    snprintf(expected, sizeof(expected), "%d.%d.%d", GBX_VERSION_MAJOR, GBX_VERSION_MINOR, GBX_VERSION_PATCH);
    assert_string_equal(gbx_version(), expected);
    assert_string_equal(GBX_VERSION, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_older_program_gets_the_defaults_of_what_it_does_not_know),
        cmocka_unit_test(a_newer_program_is_refused_for_what_it_sets_alone),
        cmocka_unit_test(a_size_below_the_first_versions_is_refused_and_null_is_all_defaults),
        cmocka_unit_test(a_result_fills_what_both_know_and_zeroes_the_rest),
        cmocka_unit_test(every_struct_is_taken_from_older_and_newer_programs),
        cmocka_unit_test(facts_are_given_for_any_size_and_of_finished_captures_only),
        cmocka_unit_test(a_capture_tells_the_parent_that_it_was_given),
        cmocka_unit_test(a_capture_needs_nothing_of_its_options_any_more),
        cmocka_unit_test(a_capture_keeps_its_trace_id_and_makes_one_of_zeroes),
        cmocka_unit_test(the_version_is_the_headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
