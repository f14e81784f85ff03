/* SPDX-License-Identifier: MIT */
/* Which bytes of a text are the member, and what is left without them. */
#include "middleware/member.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct row {
    const char *text;
    const char *rest; /* NULL: there is no such member */
} row;

static const row rows[] = {
    {"{\"trace_config\":{}}", "{}"},
    {"{\"trace_config\":{},\"a\":1}", "{\"a\":1}"},
    {"{\"a\":1,\"trace_config\":{}}", "{\"a\":1}"},
    {"{\"a\":1,\"trace_config\":{},\"b\":2}", "{\"a\":1,\"b\":2}"},
    {" \t\r\n{ \"trace_config\" : { } , \"a\" : 1 } \n", " \t\r\n{ \"a\" : 1 } \n"},
    {"{ \"a\" : 1 , \"trace_config\" : { } }", "{ \"a\" : 1  }"},
    {"{\n  \"a\": 1,\n  \"trace_config\": {\"x\": [1, 2]},\n  \"b\": 2\n}\n", "{\n  \"a\": 1,\n  \"b\": 2\n}\n"},
    {"{\n  \"trace_config\": {},\n  \"b\": 2\n}", "{\n  \"b\": 2\n}"},
    {"{\n  \"a\": 1,\n  \"trace_config\": {}\n}", "{\n  \"a\": 1\n}"},
    {"{\"trace_config\":null,\"a\":1}", "{\"a\":1}"},
    {"{\"trace_config\":\"}],{\\\"\",\"a\":1}", "{\"a\":1}"},
    {"{\"trace_config\":-1.5e3 ,\"a\":1}", "{\"a\":1}"},
    {"{\"trace_config\":[[{}],{\"a\":[]}],\"a\":1}", "{\"a\":1}"},
    {"{\"a\":{\"trace_config\":1},\"trace_config\":{},\"b\":[{\"trace_config\":2}]}",
     "{\"a\":{\"trace_config\":1},\"b\":[{\"trace_config\":2}]}"},
    {"{\"a\":\"\\\\\",\"trace_config\":{},\"b\":\"\\\"\"}", "{\"a\":\"\\\\\",\"b\":\"\\\"\"}"},
    {"{\"a\":\"\\\\\\\",\\\"trace_config\\\":1\",\"trace_config\":2}", "{\"a\":\"\\\\\\\",\\\"trace_config\\\":1\"}"},
    {"{\"trace\\u005fconfig\":{},\"a\":1}", "{\"a\":1}"},
    {"{\"a\":1,\"\\u0074\\u0072ace\\u005Fconfi\\u0067\":{}}", "{\"a\":1}"},
    {"{\"a\":1,\"trace_config\":1,\"trace_config\":2}", "{\"a\":1,\"trace_config\":2}"}, /* refused elsewhere */
    {"{\"a\":{\"trace_config\":{}}}", NULL},
    {"[{\"trace_config\":{}}]", NULL},
    {"{\"a\":\"trace_config\",\"trace_confi\":1,\"trace_config_\":2,\"Trace_config\":3,\"\":4}", NULL},
    {"{\"trace_config\\u0000\":1,\"trace_confi\\u0167\":2,\"trace_confi\\ug7\":3,\"trace\\\\_config\":4}", NULL},
    {"{\"trace_confi\\u00\":1,\"trace_confi\\n\":1,\"trace_confi\\\\\":1}", NULL},
    {"{}", NULL},
    {"", NULL},
    {"  ", NULL},
    {"\"trace_config\"", NULL},
    {"{\"trace_config\"", NULL},
    {"{\"trace_config\":", NULL},
    {"{\"trace_config\":{", NULL},
    {"{\"trace_config\":\"", NULL},
    {"{\"a\" 1,\"trace_config\":{}}", NULL},
    {"{,\"trace_config\":{}}", NULL},
    {"{\"a\":1}{\"trace_config\":{}}", NULL},
};

/* The text in a block of exactly its length, so that a sanitizer notices what is read beyond it. */
static char *copy_exactly(const char *text, size_t length)
{
    char *copy = malloc(length != 0 ? length : 1);

    assert_non_null(copy);
    memcpy(copy, text, length);
    return copy;
}

static void finds_the_member_and_one_comma(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t length = strlen(rows[i].text);
        char *text = copy_exactly(rows[i].text, length);
        gbxi_member found = gbxi_member_find(text, length);

        print_message("%s\n", rows[i].text);
        assert_int_equal(found.length != 0, rows[i].rest != NULL);
        if (rows[i].rest != NULL) {
            assert_true(gbxi_member_may_be(text, length));
            assert_int_equal(length - found.length, strlen(rows[i].rest));
            assert_memory_equal(text, rows[i].rest, found.at);
            assert_memory_equal(text + found.at + found.length, rows[i].rest + found.at,
                                length - found.at - found.length);
        }
        free(text);
    }
}

static void never_reads_beyond_a_text_that_is_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t length = 0; length <= strlen(rows[i].text); length++) {
            char *text = copy_exactly(rows[i].text, length);
            gbxi_member found = gbxi_member_find(text, length);

            assert_true(found.at + found.length <= length);
            assert_true(gbxi_member_may_be(text, length) || found.length == 0);
            free(text);
        }
    }
}

static void most_texts_cannot_have_it(void **state)
{
    static const char *const without[] = {"",
                                          "{}",
                                          "{\"trace_confi\":1}",
                                          "{\"a\":\"\\n\\u20ac\"}",
                                          "\\u0",
                                          "trace",
                                          "\\u00",
                                          "{\"a\":\"\\u0041\\u00e4\\u00FC\\u001f\"}"};
    static const char *const with[] = {"trace_config", "{\"a\":\"\\u00e4\\u005F\"}", "\\u0061", "\\u0074"};

    (void)state;
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
        assert_false(gbxi_member_may_be(without[i], strlen(without[i])));
    for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++)
        assert_true(gbxi_member_may_be(with[i], strlen(with[i])));
    assert_false(gbxi_member_may_be(NULL, 0));
}

/* A text of nothing but escaped quotation marks would take minutes if each looked back to the beginning. */
static void backslashes_without_end_take_no_longer(void **state)
{
    size_t length = 4 << 20;
    char *text = malloc(length);
    gbxi_member found;

    (void)state;
    assert_non_null(text);
    memcpy(text, "{\"", 2);
    for (size_t i = 2; i < length; i++)
        text[i] = i % 2 == 0 ? '\\' : '"';
    memcpy(text + length - 22, "x\":1,\"trace_config\":2}", 22);
    found = gbxi_member_find(text, length);
    assert_int_equal(found.at, length - 18);
    assert_int_equal(found.length, 17);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_member_and_one_comma),
        cmocka_unit_test(never_reads_beyond_a_text_that_is_cut),
        cmocka_unit_test(most_texts_cannot_have_it),
        cmocka_unit_test(backslashes_without_end_take_no_longer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
