/* SPDX-License-Identifier: MIT */
/* Formatted names are what printf writes, whether they are formatted at the span or when the capture is read. */
#define _GNU_SOURCE
#include "capture/lane.h"
#include "capture/state.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

enum { EXPECTED_BYTES = 8192 };

static const char *volatile null_text;
static const gbx_site site = {"format_test", "format_test", "format_test.c", 1, {0}};

/* Compares the only span's name with what printf wrote, which is cut like all names. */
static void check_name(gbx_capture *capture, const char *format, const char *expected, int length)
{
    size_t cut = length < 0 ? 0 : length > GBXI_NAME_MAX ? (size_t)GBXI_NAME_MAX : (size_t)length;
    gbx_reader reader;
    gbx_record record;

    gbx_reader_init(&reader, capture, 0);
    if (!gbx_reader_next(&reader, &record) || gbx_record_name_length(&record) != cut ||
        memcmp(record.name, expected, cut) != 0)
        fail_msg("\"%s\" is \"%.*s\" instead of \"%s\"", format, (int)gbx_record_name_length(&record), record.name,
                 expected);
    assert_true(gbx_record_is_formatted(&record));
}

static bool is_deferred_in(const gbx_capture *capture)
{
    return gbxi_event_kind_of(&capture->lanes[0]->first.events[0]) == GBXI_EVENT_ENTER_VALUES;
}

/* Records a span, checks its name, and returns whether its formatting was deferred. */
#define FORMAT(format, ...)                                                                                            \
    ({                                                                                                                 \
        const char *volatile hidden_ = (format); /* from the compiler's own checks */                                  \
        const char *format_ = hidden_;                                                                                 \
        static char expected_[EXPECTED_BYTES];                                                                         \
        gbx_capture *capture_ = gbx_capture_new(NULL);                                                                 \
        gbx_scope scope_ = gbx_capture_enter(capture_);                                                                \
        gbx_span span_;                                                                                                \
        bool deferred_;                                                                                                \
        int length_ = snprintf(expected_, sizeof(expected_), format_, __VA_ARGS__);                                    \
        gbxi_span_begin_text(&span_, &site, 1, format_, __VA_ARGS__);                                                  \
        gbxi_span_end(&span_);                                                                                         \
        gbx_capture_leave(scope_);                                                                                     \
        gbx_capture_finish(capture_);                                                                                  \
        deferred_ = is_deferred_in(capture_);                                                                          \
        check_name(capture_, format_, expected_, length_);                                                             \
        gbx_capture_unref(capture_);                                                                                   \
        deferred_;                                                                                                     \
    })

static const char *const fields[] = {"",   "1",  "5",   "12",  "40",   ".",     ".0",
                                     ".1", ".7", ".30", "5.3", "12.0", "30.25", "3.20"};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

/* Writes %, the flags whose bits are set, a field, a size and a letter. */
static const char *compose(unsigned flags, const char *field, const char *size, char letter)
{
    static char format[64];
    char *at = format;

    *at++ = '<';
    *at++ = '%';
    for (size_t i = 0; i < 5; i++)
        if (flags & 1u << i)
            *at++ = "-+ #0"[i];
    snprintf(at, sizeof(format) - 8, "%s%s%c>", field, size, letter);
    return format;
}

static const long long numbers[] = {0,
                                    1,
                                    -1,
                                    7,
                                    8,
                                    9,
                                    10,
                                    15,
                                    16,
                                    99,
                                    -100,
                                    127,
                                    128,
                                    255,
                                    256,
                                    -32768,
                                    65535,
                                    1234567,
                                    INT_MAX,
                                    INT_MIN,
                                    UINT_MAX,
                                    LLONG_MAX,
                                    LLONG_MIN,
                                    999999999999,
                                    10000000000000000};

/* Whether C defines the flags for the letter: then the number is copied. */
static bool is_defined(unsigned flags, char letter)
{
    const unsigned sign = 1u << 1 | 1u << 2, alternate = 1u << 3;

    if (letter == 'd' || letter == 'i')
        return (flags & alternate) == 0;
    return (flags & (letter == 'u' ? sign | alternate : sign)) == 0;
}

static void format_number(unsigned flags, const char *field, char letter, long long number)
{
    assert_int_equal(FORMAT(compose(flags, field, "", letter), (int)number), is_defined(flags, letter));
    FORMAT(compose(flags, field, "hh", letter), (int)number);
    FORMAT(compose(flags, field, "h", letter), (int)number);
    FORMAT(compose(flags, field, "l", letter), (long)number);
    FORMAT(compose(flags, field, "ll", letter), number);
    FORMAT(compose(flags, field, "j", letter), (intmax_t)number);
    FORMAT(compose(flags, field, "z", letter), (size_t)number);
    FORMAT(compose(flags, field, "t", letter), (ptrdiff_t)number);
}

/* All flags with every field, and the numbers in turn. */
static void integers_are_printfs_with_all_flags_widths_precisions_and_sizes(void **state)
{
    size_t turn = 0;

    (void)state;
    for (const char *letter = "diuxXo"; *letter != '\0'; letter++)
        for (unsigned flags = 0; flags < 32; flags++)
            for (size_t i = 0; i < FIELDS; i++, turn++)
                format_number(flags, fields[i], *letter, numbers[turn % (sizeof(numbers) / sizeof(numbers[0]))]);
}

static void every_number_is_printfs(void **state)
{
    static const char *const formats[] = {"%lld",  "%+lld",  "%llu",    "%#llx",  "%llX",
                                          "%#llo", "%.0lld", "%#.0llo", "%030lld"};

    (void)state;
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        for (size_t j = 0; j < sizeof(numbers) / sizeof(numbers[0]); j++)
            assert_true(FORMAT(formats[i], numbers[j]));
        for (unsigned bit = 0; bit < 64; bit++)
            assert_true(FORMAT(formats[i], 1ull << bit) && FORMAT(formats[i], (1ull << bit) - 1));
        for (unsigned long long power = 1; power <= 1000000000000000000u; power *= 10)
            assert_true(FORMAT(formats[i], power) && FORMAT(formats[i], power - 1) && FORMAT(formats[i], 0 - power));
    }
}

static void texts_and_characters_are_printfs(void **state)
{
    static const char *const texts[] = {"", "a", "chapter-12.html", "\xc3\xa9\xe2\x82\xac", "100%d"};

    (void)state;
    for (unsigned flags = 0; flags < 32; flags++)
        for (size_t i = 0; i < FIELDS; i++) {
            for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++)
                FORMAT(compose(flags, fields[i], "", 's'), texts[j]);
            FORMAT(compose(flags, fields[i], "", 'c'), 'x');
            FORMAT(compose(flags, fields[i], "", 'c'), 0);
            FORMAT(compose(flags, fields[i], "", 'c'), 0x1e9);
        }
}

static void pointers_and_null_are_printfs(void **state)
{
    (void)state;
    for (unsigned flags = 0; flags < 32; flags++)
        for (size_t i = 0; i < FIELDS; i++) {
            FORMAT(compose(flags, fields[i], "", 'p'), (const void *)&site);
            FORMAT(compose(flags, fields[i], "", 'p'), (void *)UINTPTR_MAX);
            FORMAT(compose(flags, fields[i], "", 'p'), (void *)NULL);
            FORMAT(compose(flags, fields[i], "", 's'), (char *)NULL);
        }
}

static void widths_and_precisions_may_be_arguments(void **state)
{
    static const int sizes[] = {0, 1, 3, 8, 20, 1022, 1023, 1024, 5000, -1, -3, -20, -1023, -1024, -5000};

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        FORMAT("<%*d>", sizes[i], 1234);
        FORMAT("<%-*d>", sizes[i], -1234);
        FORMAT("<%0*d>%s", sizes[i], -1234, "after");
        FORMAT("<%.*d>", sizes[i], 1234);
        FORMAT("<%*s>", sizes[i], "text");
        FORMAT("<%.*s>%c", sizes[i], "text", 'c');
        for (size_t j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++) {
            FORMAT("<%*.*x>", sizes[i], sizes[j], 0xbeef);
            FORMAT("<%*.*s>%d", sizes[i], sizes[j], "some text", 5);
        }
    }
    assert_true(FORMAT("%*.*d", 10, 5, 7) && FORMAT("%.*s", 100000, "text"));
}

static void a_text_with_a_precision_needs_no_terminator(void **state)
{
    char *text = malloc(3); /* a sanitizer sees a read behind its end */

    (void)state;
    assert_non_null(text);
    memcpy(text, "abc", 3);
    assert_true(FORMAT("[%.3s]", text) && FORMAT("[%.*s]", 3, text) && FORMAT("[%5.2s]", text));
    free(text);
}

static void several_values_and_the_words_between_them(void **state)
{
    (void)state;
    assert_true(FORMAT("%s", "alone"));
    assert_true(FORMAT("link(%s, %d) %% of %zu%%", "a\"b", 7, (size_t)9));
    assert_true(FORMAT("%s%s%s", "", "", ""));
    assert_true(FORMAT("%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
    assert_false(
        FORMAT("%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17));
}

/* Texts end on both sides of the cut, in one value and across several. */
static void names_are_cut_where_printf_would_be(void **state)
{
    char *text = malloc(3000);

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < 3000; i++)
        text[i] = (char)('a' + i % 26);
    text[2999] = '\0';
    for (int before = 1000; before <= 1030; before++) {
        assert_true(FORMAT("%.*s%s", before, text, "0123456789012345678901234567890123456789"));
        assert_true(FORMAT("%.*s%d", before, text, 1234567890));
        assert_true(FORMAT("%.*s%c", before, text, '!'));
        assert_true(FORMAT("%.*s%40s", before, text, "to the right"));
        assert_true(FORMAT("%.*s%-40d%x", before, text, -5, 0xabcdef));
        assert_true(FORMAT("%.*s%.30d%%", before, text, 5));
        assert_true(FORMAT("%.*s plain words behind it %s %s", before, text, text + 2900, text + 2900));
    }
    assert_true(FORMAT("%s%s%s%s", text, text, text, text) && FORMAT("%1023s|", "x") && FORMAT("%-1023s|", "x"));
    free(text);
}

/* Wide characters, floating-point numbers, %m, numbered and unknown conversions, and fields longer than a name. */
static void what_is_not_deferred_is_printfs_too(void **state)
{
    (void)state;
    assert_false(FORMAT("%ls %lc", L"wide", (wint_t)L'w'));
    assert_false(FORMAT("%f %s", 0.5, "half"));
    assert_false(FORMAT("%d %Lg %e %a", 1, (long double)2, 3.0, 4.0));
    assert_false(FORMAT("%2$d %1$d", 1, 2));
    assert_false(FORMAT("%'d", 1234567));
    assert_false(FORMAT("%m %d", 1));
    assert_false(FORMAT("%1024d", 1));
    assert_false(FORMAT("%.1024d", 1));
    assert_false(FORMAT("%99999999999999999999d", 1));
    assert_false(FORMAT("%d %", 1));
    assert_false(FORMAT("%d %y", 1));
    assert_false(FORMAT("%s", null_text));
}

static void counted_characters_are_written_at_the_span(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    gbx_span span;
    long long counted = -1;

    (void)state;
    gbxi_span_begin_text(&span, &site, 1, "four%lln", &counted);
    gbxi_span_end(&span);
    gbx_capture_leave(scope);
    gbx_capture_unref(capture);
    assert_int_equal(counted, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_printfs_with_all_flags_widths_precisions_and_sizes),
        cmocka_unit_test(every_number_is_printfs),
        cmocka_unit_test(texts_and_characters_are_printfs),
        cmocka_unit_test(pointers_and_null_are_printfs),
        cmocka_unit_test(widths_and_precisions_may_be_arguments),
        cmocka_unit_test(a_text_with_a_precision_needs_no_terminator),
        cmocka_unit_test(several_values_and_the_words_between_them),
        cmocka_unit_test(names_are_cut_where_printf_would_be),
        cmocka_unit_test(what_is_not_deferred_is_printfs_too),
        cmocka_unit_test(counted_characters_are_written_at_the_span),
    };
    return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
