/* SPDX-License-Identifier: MIT */
/* When names are formatted: literal formats when the capture is read, all others and those that a filter sees at once.
 */
#define _GNU_SOURCE
#include "capture/lane.h"
#include "capture/pool.h"
#include "capture/state.h"
#include "shape.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Formatting at the span, counted. Hardened builds call the second one. */
static _Atomic(uint32_t) formatted_count;
int __real_vsnprintf(char *text, size_t size, const char *format, va_list args);
int __wrap_vsnprintf(char *text, size_t size, const char *format, va_list args);
int __wrap_vsnprintf(char *text, size_t size, const char *format, va_list args)
{
    gbxi_add_relaxed(&formatted_count, 1);
    return __real_vsnprintf(text, size, format, args);
}

int __wrap___vsnprintf_chk(char *text, size_t size, int flag, size_t room, const char *format, va_list args);
int __wrap___vsnprintf_chk(char *text, size_t size, int flag, size_t room, const char *format, va_list args)
{
    assert_true(flag >= 0 && size <= room);
    return __wrap_vsnprintf(text, size, format, args);
}

static gbx_capture *record(void (*work)(void), const gbx_redaction_options *what)
{
    gbx_redaction *redaction = what != NULL ? gbx_redaction_new(what) : NULL;
    gbx_capture *capture = gbx_capture_new(
        &(gbx_capture_options){.size = sizeof(gbx_capture_options), .redaction = redaction, .max_spans = 200000});
    gbx_scope scope = gbx_capture_enter(capture);

    gbx_redaction_unref(redaction);
    gbxi_store_relaxed(&formatted_count, 0);
    work();
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    return capture;
}

/* Checks the shape of what `work` records, and how many names were formatted while it ran. */
static void check(void (*work)(void), const gbx_redaction_options *what, uint32_t formatted, const char *expected)
{
    gbx_capture *capture = record(work, what);

    assert_int_equal(gbxi_load_relaxed(&formatted_count), formatted);
    assert_string_equal(shape_of(capture, 0), expected);
    assert_string_equal(shape_of(capture, 0), expected); /* the second reader finds them formatted */
    gbx_capture_unref(capture);
}

static void format_literals(void)
{
    char name[] = "anna";

    GBX_SPAN_FMT("user(%s, %d)", name, 7);
    memcpy(name, "bert", sizeof(name));
    GBX_SPAN_FMT("%lx of %-6s|", 255ul, name);
    memcpy(name, "carl", sizeof(name));
}

static void a_literal_format_is_applied_when_the_capture_is_read(void **state)
{
    (void)state;
    check(format_literals, NULL, 0, "user(anna, 7)(ff of bert  |)");
}

static const char *pick_format(void)
{
    static char format[16];

    memcpy(format, "static(%d)", sizeof("static(%d)"));
    return format;
}

static void format_others(void)
{
    char stack[] = "stack(%d)";
    const char *format = pick_format();

    GBX_SPAN_FMT(stack, 1);
    memset(stack, '%', sizeof(stack) - 1);
    GBX_SPAN_FMT(format, 2);
    GBX_SPAN_FMT(pick_format(), 3);
    memset((char *)(uintptr_t)format, '%', 10);
}

static void a_format_that_may_change_is_applied_at_once(void **state)
{
    (void)state;
    check(format_others, NULL, 3, "stack(1)(static(2)(static(3)))");
}

static void format_real(void)
{
    GBX_SPAN_FMT("%s %.2f", "ratio", 0.5);
}

static void numbers_that_follow_the_locale_are_formatted_at_once(void **state)
{
    (void)state;
    check(format_real, NULL, 1, "ratio 0.50");
}

static bool keep_all(void *context, gbx_text *text)
{
    *(uint32_t *)context += text->kind == GBX_TEXT_NAME;
    return true;
}

static void a_filter_sees_the_text_at_once(void **state)
{
    uint32_t asked = 0;
    const gbx_redaction_options redaction = {.size = sizeof(redaction), .filter = keep_all, .context = &asked};

    (void)state;
    check(format_literals, &redaction, 2, "user(anna, 7)(ff of bert  |)");
    assert_int_equal(asked, 2);
}

static bool holds(const gbx_capture *capture, const char *bytes)
{
    return memmem(capture->lanes[0]->first.events, 4096, bytes, strlen(bytes)) != NULL;
}

static void format_secret(void)
{
    GBX_SPAN_FMT("secret(%s)", "open-sesame-3");
}

/* The block may hold what an earlier capture left in it. */
static void redacted_names_leave_no_values_behind(void **state)
{
    static const char *const keys[] = {"secret", NULL};
    const gbx_redaction_options names = {.size = sizeof(names), .names = true},
                                by_key = {.size = sizeof(by_key), .keys = keys};
    gbx_capture *capture;

    (void)state;
    gbxi_pool_limit_set(0); /* no idle blocks */
    gbxi_pool_limit_set(16384);
    capture = record(format_secret, &names);
    assert_false(holds(capture, "open-sesame-3"));
    assert_string_equal(shape_of(capture, 0), "format_secret");
    gbx_capture_unref(capture);
    capture = record(format_secret, &by_key);
    assert_true(holds(capture, "open-sesame-3") && !holds(capture, "secret("));
    assert_string_equal(shape_of(capture, 0), "secret(open-sesame-3)");
    assert_true(holds(capture, "secret(open-sesame-3)"));
    gbx_capture_unref(capture);
}

enum { MANY = 20000 };

/* Names of all lengths, so that blocks end at all places. */
static void format_many(void)
{
    static const char tail[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    for (int i = 0; i < MANY; i++) {
        GBX_SPAN_FMT("%d/%.*s", i, i % 61, tail);
        gbx_note_int("i", i);
    }
}

static size_t count_intact(const gbx_capture *capture)
{
    static const char tail[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char expected[128];
    gbx_reader reader;
    gbx_record name;
    size_t count = 0;

    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &name);)
        if (name.kind == GBX_RECORD_ENTER && gbx_record_is_formatted(&name)) {
            int number = atoi(name.name);
            snprintf(expected, sizeof(expected), "%d/%.*s", number, number % 61, tail);
            assert_int_equal(gbx_record_name_length(&name), strlen(expected));
            assert_memory_equal(name.name, expected, strlen(expected));
            count++;
        }
    return count;
}

static void names_survive_the_change_of_blocks(void **state)
{
    gbx_capture *capture = record(format_many, NULL);

    (void)state;
    assert_int_equal(count_intact(capture), MANY);
    assert_true(gbxi_pool_used_count() > 10);
    gbx_capture_unref(capture);
}

/* At every limit of blocks, what fits is intact and the rest is counted. */
static void names_without_memory_are_dropped_and_counted(void **state)
{
    (void)state;
    for (size_t blocks = 1; blocks < 6; blocks++) {
        size_t limit = gbxi_pool_limit_set(gbxi_pool_used_count() + blocks);
        gbx_capture *capture = record(format_many, NULL);
        gbx_capture_facts facts;

        gbx_capture_facts_get(capture, &facts, sizeof(facts));
        assert_true(facts.dropped_spans != 0 && facts.truncated);
        assert_int_equal(count_intact(capture) + facts.dropped_spans, MANY);
        gbx_capture_unref(capture);
        gbxi_pool_limit_set(limit);
    }
}

static void format_long(int count, const char *text)
{
    for (int i = 0; i < count; i++) {
        GBX_SPAN_FMT("%s", text);
    }
}

/* The allowance is 64 bytes a span and 1 MiB, whether names are deferred or not. */
static void deferred_names_use_up_the_allowance_of_their_text(void **state)
{
    gbx_capture *capture =
        gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 10000});
    gbx_scope scope = gbx_capture_enter(capture);
    char text[1001];
    gbx_reader reader;
    gbx_record name;
    size_t formatted = 0;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    format_long(5000, text);
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &name);)
        formatted += name.kind == GBX_RECORD_ENTER && gbx_record_is_formatted(&name);
    assert_int_equal(formatted, (10000 * 64 + (1 << 20) + 999) / 1000);
    gbx_capture_unref(capture);
}

static void names_past_the_depth_are_dropped(void **state)
{
    gbx_capture *capture = gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = 2});
    gbx_scope scope = gbx_capture_enter(capture);
    gbx_capture_facts facts;

    (void)state;
    {
        GBX_SPAN_FMT("%d", 1);
        GBX_SPAN_FMT("%d", 2);
        GBX_SPAN_FMT("%d", 3);
    }
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_int_equal(facts.dropped_spans, 1);
    assert_string_equal(shape_of(capture, 0), "1(2)");
    gbx_capture_unref(capture);
}

/* The thread goes on in the block that is being read. */
static void spans_after_the_finish_do_not_disturb_readers(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);

    (void)state;
    {
        GBX_SPAN_FMT("before(%d)", 1);
        gbx_capture_finish(capture);
        GBX_SPAN_FMT("after(%d)", 2);
        assert_string_equal(shape_of(capture, 0), "before(1)");
        GBX_SPAN_FMT("later(%s)", "still");
        assert_string_equal(shape_of(capture, 0), "before(1)");
    }
    gbx_capture_leave(scope);
    assert_string_equal(shape_of(capture, 0), "before(1)");
    gbx_capture_unref(capture);
}

static pthread_barrier_t together;

static void *read_all(void *capture)
{
    pthread_barrier_wait(&together);
    return count_intact(capture) == MANY ? capture : NULL;
}

static void *go_on(void *capture)
{
    GBX_ENTER(capture);

    for (int i = 0; i < MANY; i++) {
        GBX_SPAN_FMT("%d", i);
    }
    return NULL;
}

static void readers_on_several_threads_see_the_same_names(void **state)
{
    enum { READERS = 4 };
    gbx_capture *capture = record(format_many, NULL);
    pthread_t threads[READERS];

    (void)state;
    assert_int_equal(pthread_barrier_init(&together, NULL, READERS), 0);
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_all, capture), 0);
    for (size_t i = 0; i < READERS; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, capture);
    }
    pthread_barrier_destroy(&together);
    gbx_capture_unref(capture);
}

static void check_number(const gbx_record *name, int number)
{
    char expected[16];

    snprintf(expected, sizeof(expected), "%d", number);
    assert_int_equal(gbx_record_name_length(name), strlen(expected));
    assert_memory_equal(name->name, expected, strlen(expected));
}

/* Whatever the writer had published at the finish is complete. */
static void a_capture_is_read_while_its_thread_goes_on(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        gbx_capture *capture = gbx_capture_new(NULL);
        pthread_t thread;
        gbx_capture_facts facts;
        gbx_reader reader;
        gbx_record name;
        int next = 0;

        assert_int_equal(pthread_create(&thread, NULL, go_on, capture), 0);
        do {
            gbx_capture_facts_get(capture, &facts, sizeof(facts));
        } while (gbx_capture_duration_ns(capture) < (uint64_t)i * 50000);
        gbx_capture_finish(capture);
        gbx_capture_facts_get(capture, &facts, sizeof(facts));
        if (facts.lane_count != 0)
            for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &name);)
                if (name.kind == GBX_RECORD_ENTER)
                    check_number(&name, next++);
        assert_int_equal(pthread_join(thread, NULL), 0);
        gbx_capture_unref(capture);
    }
}

/* Reads the two calls of a name and compares them with the first `kept` bytes of `text`. */
static void assert_names(const gbx_capture *capture, const char *text, size_t kept)
{
    gbx_reader reader;
    gbx_record name;

    gbx_reader_init(&reader, capture, 0);
    for (int call = 0; call < 2; call++) {
        assert_true(gbx_reader_next(&reader, &name));
        assert_int_equal(gbx_record_name_length(&name), kept);
        assert_memory_equal(name.name, text, kept);
        assert_true(gbx_reader_next(&reader, &name));
    }
}

/* A name that is one text is moved, not formatted: short, long and cut ones, also inside a character. */
static void a_name_of_one_text_is_that_text(void **state)
{
    static const size_t lengths[] = {1, 2, 13, 14, 15, 16, 17, 100, 1021, 1022, 1023, 1024, 1025, 1500};
    char text[1501];

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        gbx_capture *capture = gbx_capture_new(NULL);
        gbx_scope scope = gbx_capture_enter(capture);
        size_t length = lengths[i];

        for (size_t at = 0; at < length; at++)
            text[at] = (char)('a' + at % 26);
        if (length == 1024)
            memcpy(text + 1022, "\xC3\xA9", 2);
        text[length] = '\0';
        format_long(2, text);
        gbx_capture_leave(scope);
        gbx_capture_finish(capture);
        assert_names(capture, text, length == 1024 ? 1022 : length < 1023 ? length : 1023);
        gbx_capture_unref(capture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_literal_format_is_applied_when_the_capture_is_read),
        cmocka_unit_test(a_format_that_may_change_is_applied_at_once),
        cmocka_unit_test(numbers_that_follow_the_locale_are_formatted_at_once),
        cmocka_unit_test(a_filter_sees_the_text_at_once),
        cmocka_unit_test(redacted_names_leave_no_values_behind),
        cmocka_unit_test(names_survive_the_change_of_blocks),
        cmocka_unit_test(names_without_memory_are_dropped_and_counted),
        cmocka_unit_test(a_name_of_one_text_is_that_text),
        cmocka_unit_test(deferred_names_use_up_the_allowance_of_their_text),
        cmocka_unit_test(names_past_the_depth_are_dropped),
        cmocka_unit_test(spans_after_the_finish_do_not_disturb_readers),
        cmocka_unit_test(readers_on_several_threads_see_the_same_names),
        cmocka_unit_test(a_capture_is_read_while_its_thread_goes_on),
    };
    return cmocka_run_group_tests_name("name", tests, NULL, NULL);
}
