/* SPDX-License-Identifier: MIT */
/* Sizes and numbers of the command line, at their edges. */
#include "cli/size.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

static void reads_sizes_with_and_without_a_unit(void **state)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } cases[] = {
        {"1", 1},
        {"1000", 1000},
        {"007", 7},
        {"1K", 1024},
        {"1k", 1024},
        {"32M", (uint64_t)32 << 20},
        {"32m", (uint64_t)32 << 20},
        {"2G", (uint64_t)2 << 30},
        {"2g", (uint64_t)2 << 30},
        {"18446744073709551615", UINT64_MAX},
        {"17179869183G", (uint64_t)17179869183 << 30},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t bytes = 0;
        assert_true(gbxi_size_parse(cases[i].text, 1, UINT64_MAX, &bytes));
        assert_int_equal(bytes, cases[i].bytes);
    }
}

static void refuses_what_is_no_size_and_leaves_the_value_alone(void **state)
{
    static const char *const texts[] = {
        "",
        "0",
        "0K",
        "K",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1.5",
        "1KB",
        "1KK",
        "1 K",
        "1T",
        "0x10",
        "1e3",
        "18446744073709551616",
        "17179869184G",
        "99999999999999999999999999999999",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        uint64_t bytes = 42;
        if (gbxi_size_parse(texts[i], 1, UINT64_MAX, &bytes))
            fail_msg("accepted '%s'", texts[i]);
        assert_int_equal(bytes, 42);
    }
}

static void reads_sizes_within_their_range_only(void **state)
{
    uint64_t bytes = 42;

    (void)state;
    assert_true(gbxi_size_parse("0", 0, 9, &bytes));
    assert_int_equal(bytes, 0);
    assert_true(gbxi_size_parse("2K", 2048, 2048, &bytes));
    assert_int_equal(bytes, 2048);
    assert_false(gbxi_size_parse("2K", 0, 2047, &bytes));
    assert_false(gbxi_size_parse("2K", 2049, 9999, &bytes));
    assert_int_equal(bytes, 2048);
}

static void reads_numbers_within_their_range_only(void **state)
{
    static const struct {
        const char *text;
        uint64_t min, max;
        bool valid;
    } cases[] = {
        {"0", 0, 9, true},
        {"9", 0, 9, true},
        {"10", 0, 9, false},
        {"0", 1, 9, false},
        {"", 0, 9, false},
        {"5x", 0, 9, false},
        {"-0", 0, 9, false},
        {"1K", 0, 9999, false},
        {"18446744073709551615", 0, UINT64_MAX, true},
        {"18446744073709551616", 0, UINT64_MAX, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t value = 77;
        assert_int_equal(gbxi_number_parse(cases[i].text, cases[i].min, cases[i].max, &value), cases[i].valid);
        assert_true(cases[i].valid || value == 77);
    }
}

static void reads_durations_within_their_range_only(void **state)
{
    static const struct {
        const char *text;
        uint64_t duration_s;
    } cases[] = {{"1s", 1}, {"30s", 30}, {"10m", 600}, {"12h", 43200}, {"7d", 604800}, {"365d", 31536000}};
    static const char *const texts[] = {"",      "s",    "0s",  "10",  "10 m",
                                        "-1s",   "1.5h", "1w",  "10M", "1S",
                                        "10min", "366d", "1hm", " 1s", "213503982334602d"};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t duration_s = 0;
        assert_true(gbxi_duration_parse(cases[i].text, 1, 31536000, &duration_s));
        assert_int_equal(duration_s, cases[i].duration_s);
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        uint64_t duration_s = 42;
        if (gbxi_duration_parse(texts[i], 1, 31536000, &duration_s))
            fail_msg("accepted '%s'", texts[i]);
        assert_int_equal(duration_s, 42);
    }
}

static void reads_times_within_their_range_only(void **state)
{
    static const struct {
        const char *text;
        uint64_t time_ns;
    } cases[] = {{"1ns", 1}, {"250us", 250000}, {"100ms", 100000000}, {"60s", 60000000000}};
    static const char *const texts[] = {"",     "s",  "0ns", "10",  "10 ms", "-1s",
                                        "1.5s", "1m", "1MS", "61s", "1nss",  "18446744073709551615s"};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t time_ns = 0;
        assert_true(gbxi_time_parse(cases[i].text, 1, 60000000000, &time_ns));
        assert_int_equal(time_ns, cases[i].time_ns);
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        uint64_t time_ns = 42;
        if (gbxi_time_parse(texts[i], 1, 60000000000, &time_ns))
            fail_msg("accepted '%s'", texts[i]);
        assert_int_equal(time_ns, 42);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_sizes_with_and_without_a_unit),
        cmocka_unit_test(refuses_what_is_no_size_and_leaves_the_value_alone),
        cmocka_unit_test(reads_sizes_within_their_range_only),
        cmocka_unit_test(reads_numbers_within_their_range_only),
        cmocka_unit_test(reads_durations_within_their_range_only),
        cmocka_unit_test(reads_times_within_their_range_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
