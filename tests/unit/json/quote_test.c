/* SPDX-License-Identifier: MIT */
/* Texts of clients in messages are short, marked and harmless. */
#include "json/quote.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TEN "0123456789"
#define FORTY TEN TEN TEN TEN

static void expect_quote(const char *text, size_t length, const char *quote)
{
    assert_string_equal(gbxi_quoted((gbxi_view){text, length}).text, quote);
}

static void short_texts_are_quoted_whole_and_longer_ones_are_cut_and_marked(void **state)
{
    (void)state;
    expect_quote("", 0, "");
    expect_quote(NULL, 0, "");
    expect_quote("caf\xc3\xa9 \"x\" \\", 11, "caf\xc3\xa9 \"x\" \\");
    expect_quote(FORTY, 40, FORTY);
    expect_quote(FORTY "!", 41, FORTY "...");
    expect_quote(TEN TEN TEN "012345678\xc3\xa9", 41, TEN TEN TEN "012345678...");
    expect_quote(TEN TEN TEN "0123456\xf0\x9f\x98\x80", 41, TEN TEN TEN "0123456...");
    expect_quote(TEN TEN TEN "01234567\xc3\xa9z", 41, TEN TEN TEN "01234567\xc3\xa9...");
}

static void control_characters_are_escaped(void **state)
{
    char full[GBXI_QUOTE_BYTES_MAX + 1], quote[GBXI_QUOTE_SIZE] = "";

    (void)state;
    expect_quote("a\0b\n\x1b[31m\x7f", 10, "a\\x00b\\x0a\\x1b[31m\\x7f");
    expect_quote("\xc2\x9b\xc2\xa0", 4, "\\xc2\x9b\xc2\xa0");
    memset(full, 1, sizeof(full));
    for (size_t i = 0; i < GBXI_QUOTE_BYTES_MAX; i++)
        strcat(quote, "\\x01");
    strcat(quote, "..."); /* it fits exactly */
    expect_quote(full, sizeof(full), quote);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_texts_are_quoted_whole_and_longer_ones_are_cut_and_marked),
        cmocka_unit_test(control_characters_are_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
