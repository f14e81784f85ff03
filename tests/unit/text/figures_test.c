/* SPDX-License-Identifier: MIT */
/* Figures at the edges of their units, and bars. */
#include "text/figures.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

static void times_have_three_digits_in_the_largest_unit(void **state)
{
    static const struct {
        uint64_t ns;
        const char *text;
    } cases[] = {
        {0, "0 ns"},
        {1, "1 ns"},
        {999, "999 ns"},
        {1000, "1.00 us"},
        {1234, "1.23 us"},
        {9994, "9.99 us"},
        {9996, "10.0 us"},
        {35600, "35.6 us"},
        {99949, "99.9 us"},
        {99960, "100 us"},
        {999999, "1000 us"},
        {1000000, "1.00 ms"},
        {12345678, "12.3 ms"},
        {1000000000, "1.00 s"},
        {125000000000, "125 s"},
        {UINT64_MAX, "18446744074 s"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(gbxi_figure_ns(cases[i].ns, false).text, cases[i].text);
    assert_string_equal(gbxi_figure_ns(35600, true).text, "35.6 \xc2\xb5s");
}

static void sizes_are_in_powers_of_1024(void **state)
{
    static const struct {
        uint64_t bytes;
        const char *text;
    } cases[] = {{0, "0 B"},
                 {1023, "1023 B"},
                 {1024, "1.00 KiB"},
                 {36454, "35.6 KiB"},
                 {1 << 20, "1.00 MiB"},
                 {(uint64_t)5 << 30, "5.00 GiB"},
                 {UINT64_MAX, "16777216 TiB"}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(gbxi_figure_bytes(cases[i].bytes).text, cases[i].text);
}

static void instants_are_in_utc_to_the_second(void **state)
{
    (void)state;
    assert_string_equal(gbxi_figure_instant(0).text, "1970-01-01 00:00:00");
    assert_string_equal(gbxi_figure_instant(INT64_C(1754400000123456789)).text, "2025-08-05 13:20:00");
    assert_string_equal(gbxi_figure_instant(-1).text, "1969-12-31 23:59:59");
}

static void bars_are_as_long_as_the_share(void **state)
{
    static const struct {
        uint64_t part, whole;
        const char *plain, *blocks;
    } cases[] = {
        {0, 10, "", ""},
        {10, 10, "####", "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88"},
        {5, 10, "##", "\xe2\x96\x88\xe2\x96\x88"},
        {1, 1000000, "#", "\xe2\x96\x8f"},
        {3, 8, "##", "\xe2\x96\x88\xe2\x96\x8c"},
        {20, 10, "####", "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88"},
        {5, 0, "#", "\xe2\x96\x8f"},
    };
    char bar[GBXI_BAR_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        gbxi_bar(bar, cases[i].part, cases[i].whole, 4, false);
        assert_string_equal(bar, cases[i].plain);
        gbxi_bar(bar, cases[i].part, cases[i].whole, 4, true);
        assert_string_equal(bar, cases[i].blocks);
    }
    gbxi_bar(bar, 1, 1, SIZE_MAX, true);
    assert_int_equal(strlen(bar), (GBXI_BAR_SIZE - 1) / 3 * 3);
    gbxi_bar(bar, 1, 1, 0, true);
    assert_string_equal(bar, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_have_three_digits_in_the_largest_unit),
        cmocka_unit_test(sizes_are_in_powers_of_1024),
        cmocka_unit_test(instants_are_in_utc_to_the_second),
        cmocka_unit_test(bars_are_as_long_as_the_share),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
