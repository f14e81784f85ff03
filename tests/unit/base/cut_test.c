/* SPDX-License-Identifier: MIT */
/* No text is cut inside a character. */
#include "base/cut.h"
#include <glassbox/error.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void a_text_is_cut_before_the_character_that_does_not_fit(void **state)
{
    static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z";
    static const size_t lengths[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};

    (void)state;
    for (size_t max = 0; max < sizeof(lengths) / sizeof(lengths[0]); max++)
        assert_int_equal(gbxi_cut(text, sizeof(text) - 1, max), lengths[max]);
}

static void bytes_that_are_no_text_are_cut_anywhere(void **state)
{
    (void)state;
    assert_int_equal(gbxi_cut("\x80\x80\x80\x80\x80\x80", 6, 5), 5);
    assert_int_equal(gbxi_cut("\xff\xff\xff", 3, 2), 2);
    assert_int_equal(gbxi_cut("\x80\x80", 2, 1), 1);
}

static void what_was_printed_without_room_ends_at_a_character(void **state)
{
    static const struct {
        const char *given, *kept;
    } rows[] = {{"123456", "123456"}, {"12345\xc3\xa9", "12345\xc3\xa9"}, {"123456\xc3\xa9", "123456"}};
    char text[8];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t length = gbxi_cut_printed(text, snprintf(text, sizeof(text), "%s", rows[i].given), sizeof(text));

        assert_int_equal(length, strlen(rows[i].kept));
        assert_string_equal(text, rows[i].kept);
    }
    assert_int_equal(gbxi_cut_printed(text, -1, sizeof(text)), 0);
    assert_string_equal(text, "");
}

static void what_is_copied_without_room_ends_at_a_character(void **state)
{
    char text[8];

    (void)state;
    gbxi_cut_text(text, sizeof(text), "12345\xc3\xa9");
    assert_string_equal(text, "12345\xc3\xa9");
    gbxi_cut_text(text, sizeof(text), "123456\xc3\xa9");
    assert_string_equal(text, "123456");
    gbxi_cut_text(text, sizeof(text), "");
    assert_string_equal(text, "");
}

static void an_error_is_cut_at_a_character(void **state)
{
    char text[sizeof(((gbx_error *)0)->text)];
    gbx_error error;

    (void)state;
    memset(text, 'x', sizeof(text));
    strcpy(text + sizeof(text) - 3, "\xc3\xa9");
    gbx_error_set(&error, GBX_ERR_TYPE, NULL, "%s", text);
    assert_string_equal(error.text, text);
    gbx_error_set(&error, GBX_ERR_TYPE, NULL, "x%s", text);
    assert_int_equal(strlen(error.text), sizeof(text) - 2);
    assert_int_equal(error.text[sizeof(text) - 3], 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_cut_before_the_character_that_does_not_fit),
        cmocka_unit_test(bytes_that_are_no_text_are_cut_anywhere),
        cmocka_unit_test(what_was_printed_without_room_ends_at_a_character),
        cmocka_unit_test(what_is_copied_without_room_ends_at_a_character),
        cmocka_unit_test(an_error_is_cut_at_a_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
