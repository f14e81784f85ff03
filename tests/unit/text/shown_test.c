/* SPDX-License-Identifier: MIT */
/* Texts of strangers on a terminal: what is shown of them, and how wide it is. */
#include "text/shown.h"
#include "json/utf8.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

static void what_moves_the_cursor_or_the_direction_is_shown_as_bytes(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"", ""},
        {"graph.parse", "graph.parse"},
        {"a b", "a b"},
        {"\x1b[2J", "\\x1b[2J"},
        {"a\nb\r\tc", "a\\x0ab\\x0d\\x09c"},
        {"\x7f", "\\x7f"},
        {"\xc2\x9b"
         "31m",
         "\\xc2\\x9b31m"}, /* CSI as one character */
        {"\xe2\x80\xae"
         "evil",
         "\\xe2\\x80\\xae"
         "evil"},                            /* right-to-left override */
        {"\xe2\x80\xa8", "\\xe2\\x80\\xa8"}, /* line separator */
        {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"\xff\xfe", "\\xff\\xfe"},
        {"\xe2\x82", "\\xe2\\x82"},          /* cut in the middle */
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* a surrogate */
    };
    char out[64];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t length = gbxi_shown(out, sizeof(out), cases[i].text, strlen(cases[i].text));

        assert_string_equal(out, cases[i].shown);
        assert_int_equal(length, strlen(cases[i].shown));
    }
}

static void every_byte_alone_is_printable(void **state)
{
    char out[8];

    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        char text = (char)byte;
        size_t length = gbxi_shown(out, sizeof(out), &text, 1);

        for (size_t i = 0; i < length; i++)
            assert_true(out[i] >= ' ' && out[i] < 0x7f);
        assert_int_equal(length, byte >= ' ' && byte < 0x7f ? 1 : 4);
    }
}

/* What reaches the terminal of any text is well-formed, printable and as wide as it is said to be. */
static void any_bytes_become_printable_text(void **state)
{
    uint64_t random = 88172645463325252u;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[12], out[sizeof(text) * 4 + 1];
        size_t written, sequence, room;

        for (size_t i = 0; i < sizeof(text); i++) {
            random ^= random << 13, random ^= random >> 7, random ^= random << 17;
            /* Half of them are bytes of longer sequences, so that some are whole. */
            text[i] = (char)(random % 2 == 0 ? random >> 8 & 0xff : 0x80 | (random >> 8 & 0x7f));
        }
        room = 1 + random % sizeof(out);
        written = gbxi_shown(out, room, text, sizeof(text));
        assert_true(written < room);
        for (size_t i = 0; i < written; i += sequence) {
            assert_int_equal(gbxi_utf8_judge((const unsigned char *)out + i, written - i, &sequence),
                             GBXI_UTF8_WELL_FORMED);
            assert_true((unsigned char)out[i] >= ' ' && out[i] != 0x7f);
            assert_false((unsigned char)out[i] == 0xc2 && (unsigned char)out[i + 1] < 0xa0);
        }
        assert_int_equal(gbxi_shown_fit(out, written, gbxi_shown_columns(out, written)), written);
    }
}

static void no_room_ends_the_text_at_a_whole_character(void **state)
{
    static const char text[] = "ab\xe2\x82\xac\x1b";
    static const struct {
        size_t size;
        const char *shown;
    } cases[] = {{1, ""},
                 {2, "a"},
                 {3, "ab"},
                 {5, "ab"},
                 {6, "ab\xe2\x82\xac"},
                 {9, "ab\xe2\x82\xac"},
                 {10, "ab\xe2\x82\xac\\x1b"}};
    char out[64];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        memset(out, '!', sizeof(out));
        gbxi_shown(out, cases[i].size, text, strlen(text));
        assert_string_equal(out, cases[i].shown);
        assert_int_equal(out[cases[i].size], '!');
    }
}

static void wide_characters_take_two_columns_and_combining_ones_none(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
    } cases[] = {{"", 0},
                 {"abc", 3},
                 {"\xc3\xa4", 1},
                 {"\xe2\x82\xac", 1},
                 {"e\xcc\x81", 1},
                 {"\xe6\x97\xa5\xe6\x9c\xac", 4},
                 {"\xf0\x9f\x98\x80", 2},
                 {"\xe2\x96\x88", 1}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(gbxi_shown_columns(cases[i].text, strlen(cases[i].text)), cases[i].columns);
}

static void what_fits_is_counted_in_columns(void **state)
{
    static const char wide[] = "\xe6\x97\xa5\xe6\x9c\xac"
                               "a";

    (void)state;
    assert_int_equal(gbxi_shown_fit("abc", 3, 0), 0);
    assert_int_equal(gbxi_shown_fit("abc", 3, 2), 2);
    assert_int_equal(gbxi_shown_fit("abc", 3, 9), 3);
    assert_int_equal(gbxi_shown_fit(wide, strlen(wide), 1), 0);
    assert_int_equal(gbxi_shown_fit(wide, strlen(wide), 3), 3);
    assert_int_equal(gbxi_shown_fit(wide, strlen(wide), 5), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_moves_the_cursor_or_the_direction_is_shown_as_bytes),
        cmocka_unit_test(every_byte_alone_is_printable),
        cmocka_unit_test(any_bytes_become_printable_text),
        cmocka_unit_test(no_room_ends_the_text_at_a_whole_character),
        cmocka_unit_test(wide_characters_take_two_columns_and_combining_ones_none),
        cmocka_unit_test(what_fits_is_counted_in_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
