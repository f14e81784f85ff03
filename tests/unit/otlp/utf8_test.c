/* SPDX-License-Identifier: MIT */
/* Texts as UTF-8: the same as those that the writer of JSON makes. */
#include "otlp/utf8.h"
#include "json/writer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void check_text(const char *text, size_t length, const char *expected, size_t expected_length)
{
    unsigned char made[256];
    gbxi_view view = {text, length};

    assert_int_equal(gbxi_otlp_utf8_length(view), expected_length);
    assert_ptr_equal(gbxi_otlp_utf8_put(made, view), made + expected_length);
    assert_memory_equal(made, expected, expected_length);
}

static void ill_formed_sequences_are_replaced(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"plain", "plain"},
        {"a long text without anything special", "a long text without anything special"},
        {"\xc3\xa9t\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "\xc3\xa9t\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"a\xff"
         "b",
         "a\xef\xbf\xbd"
         "b"},
        {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xe2\x82", "\xef\xbf\xbd"},
        {"\xe2\x82z", "\xef\xbf\xbdz"},
        {"eight by\xed\xa0\x80", "eight by\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        check_text(cases[i][0], strlen(cases[i][0]), cases[i][1], strlen(cases[i][1]));
    check_text("a\0b", 3, "a\0b", 3);
}

static void random_bytes_become_what_json_has(void **state)
{
    static const unsigned char alphabet[] = {'a',  'z',  0x80, 0xbf, 0xc3, 0xe0, 0xa0,
                                             0xe2, 0x82, 0xed, 0xf0, 0x9f, 0xf4, 0xff};
    uint64_t random = 7;
    char text[40];

    (void)state;
    for (int round = 0; round < 20000; round++) {
        gbxi_json_buffer buffer = {0};
        gbxi_json_writer writer;
        size_t length = (size_t)round % sizeof(text);

        for (size_t i = 0; i < length; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            text[i] = (char)alphabet[(random >> 33) % sizeof(alphabet)];
        }
        gbxi_json_writer_init_buffer(&writer, &buffer);
        gbxi_json_string_n(&writer, text, length);
        assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
        check_text(text, length, buffer.bytes + 1, buffer.length - 2);
        gbxi_json_buffer_fini(&buffer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ill_formed_sequences_are_replaced),
        cmocka_unit_test(random_bytes_become_what_json_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
