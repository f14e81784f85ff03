/* SPDX-License-Identifier: MIT */
/* Names in documents that are not JSON: what is replaced, and what is left alone. */
#include "export/plain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void check_plain(const char *text, size_t length, gbxi_plain_kind kind, const char *expected)
{
    gbxi_plain plain = gbxi_plain_of(text, length, kind);
    gbxi_view piece;
    char whole[100];
    size_t at = 0;

    assert_int_equal(gbxi_plain_length(plain), strlen(expected));
    while (gbxi_plain_next(&plain, &piece)) {
        assert_in_range(piece.length, 1, sizeof(whole) - at - 1);
        memcpy(whole + at, piece.at, piece.length);
        at += piece.length;
    }
    whole[at] = '\0';
    assert_string_equal(whole, expected);
    assert_false(gbxi_plain_next(&plain, &piece));
}

static void names_are_well_formed_and_fit_into_a_line(void **state)
{
    static const struct {
        const char *text, *utf8, *folded; /* NULL: as it is */
    } cases[] = {
        {"plain", NULL, NULL},
        {"with spaces  and 5", NULL, NULL},
        {"", NULL, "(unnamed)"},
        {";", NULL, ":"},
        {"a;b;;c", NULL, "a:b::c"},
        {"two\nlines\r\n", NULL, "two lines  "},
        {"\x01\x1F\x7F\t", NULL, "    "},
        {"\xC2\x80\xC2\x85\xC2\x9F\xC2\xA0", NULL, "   \xC2\xA0"},
        {"a\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA", NULL, "a  \xE2\x80\xAA"},
        {"\xC3\xA9\xF0\x9F\x98\x80", NULL, NULL},
        {"\xFF", "\xEF\xBF\xBD", "\xEF\xBF\xBD"},
        {"a\xC3(", "a\xEF\xBF\xBD(", "a\xEF\xBF\xBD("},
        {"cut \xF0\x9F\x98", "cut \xEF\xBF\xBD", "cut \xEF\xBF\xBD"},
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = cases[i].text;

        check_plain(text, strlen(text), GBXI_PLAIN_UTF8, cases[i].utf8 != NULL ? cases[i].utf8 : text);
        check_plain(text, strlen(text), GBXI_PLAIN_FOLDED, cases[i].folded != NULL ? cases[i].folded : text);
    }
}

static void a_name_ends_where_its_length_says(void **state)
{
    (void)state;
    check_plain("abcdef", 3, GBXI_PLAIN_FOLDED, "abc");
    check_plain("\xC3\xA9", 1, GBXI_PLAIN_UTF8, "\xEF\xBF\xBD");
    check_plain("a\0b", 3, GBXI_PLAIN_FOLDED, "a b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_well_formed_and_fit_into_a_line),
        cmocka_unit_test(a_name_ends_where_its_length_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
