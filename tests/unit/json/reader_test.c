/* SPDX-License-Identifier: MIT */
/* Values as they are read: types, exact numbers, strings, members, iteration. */
#include "json/reader.h"
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static gbxi_json_document *parse(const char *text)
{
    gbxi_json_document *document = NULL;
    gbx_error error;

    if (gbxi_json_parse(text, strlen(text), &document, &error) != GBX_ERR_OK)
        fail_msg("%s: %s", text, error.text);
    return document;
}

static void tells_the_type_of_each_value(void **state)
{
    static const struct {
        const char *text;
        gbxi_json_type type;
        const char *name;
    } table[] = {
        {"null", GBXI_JSON_NULL, "null"},
        {"true", GBXI_JSON_BOOL, "boolean"},
        {"false", GBXI_JSON_BOOL, "boolean"},
        {"-1", GBXI_JSON_INTEGER, "integer"},
        {"18446744073709551615", GBXI_JSON_INTEGER, "integer"},
        {"18446744073709551616", GBXI_JSON_DOUBLE, "number"},
        {"1.0", GBXI_JSON_DOUBLE, "number"},
        {"1e2", GBXI_JSON_DOUBLE, "number"},
        {"\"\"", GBXI_JSON_STRING, "string"},
        {"[]", GBXI_JSON_ARRAY, "array"},
        {"{}", GBXI_JSON_OBJECT, "object"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        gbxi_json_document *document = parse(table[i].text);
        assert_int_equal(gbxi_json_typeof(gbxi_json_root(document)), table[i].type);
        assert_string_equal(gbxi_json_type_name(table[i].type), table[i].name);
        gbxi_json_free(document);
    }
    assert_int_equal(gbxi_json_typeof((gbxi_json_value){0}), GBXI_JSON_ABSENT);
    assert_string_equal(gbxi_json_type_name(GBXI_JSON_ABSENT), "absent");
}

/* Which of the getters take a value, and what they say. */
typedef struct number_case {
    const char *text;
    bool is_int64, is_uint64, is_double;
    int64_t int64;
    uint64_t uint64;
    double real;
} number_case;

static void gives_numbers_exactly_or_not_at_all(void **state)
{
    static const number_case table[] = {
        {"0", true, true, true, 0, 0, 0.0},
        {"-0", true, true, true, 0, 0, 0.0},
        {"42", true, true, true, 42, 42, 42.0},
        {"-42", true, false, true, -42, 0, -42.0},
        {"9007199254740992", true, true, true, 9007199254740992, 9007199254740992, 9007199254740992.0},
        {"9007199254740993", true, true, false, 9007199254740993, 9007199254740993, 0},
        {"-9007199254740993", true, false, false, -9007199254740993, 0, 0},
        {"9223372036854775807", true, true, false, INT64_MAX, INT64_MAX, 0},
        {"-9223372036854775808", true, false, true, INT64_MIN, 0, -0x1p63},
        {"9223372036854775808", false, true, true, 0, 9223372036854775808u, 0x1p63},
        {"18446744073709551615", false, true, false, 0, UINT64_MAX, 0},
        {"18446744073709551616", false, false, true, 0, 0, 0x1p64},
        {"-9223372036854775809", false, false, true, 0, 0, -0x1p63},
        {"100000000000000000000000", false, false, true, 0, 0, 1e23},
        {"1.5", false, false, true, 0, 0, 1.5},
        {"5.0", false, false, true, 0, 0, 5.0},
        {"1e-400", false, false, true, 0, 0, 0.0},
        {"\"5\"", false, false, false, 0, 0, 0},
        {"true", false, false, false, 0, 0, 0},
        {"null", false, false, false, 0, 0, 0},
        {"[5]", false, false, false, 0, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        gbxi_json_document *document = parse(table[i].text);
        gbxi_json_value value = gbxi_json_root(document);
        int64_t int64 = 7;
        uint64_t uint64 = 7;
        double real = 7;

        assert_int_equal(gbxi_json_int64(value, &int64), table[i].is_int64);
        assert_int_equal(int64, table[i].is_int64 ? table[i].int64 : 7);
        assert_int_equal(gbxi_json_uint64(value, &uint64), table[i].is_uint64);
        assert_true(uint64 == (table[i].is_uint64 ? table[i].uint64 : 7));
        assert_int_equal(gbxi_json_double(value, &real), table[i].is_double);
        assert_true(real == (table[i].is_double ? table[i].real : 7));
        gbxi_json_free(document);
    }
}

static void keeps_the_sign_of_a_zero_with_a_point(void **state)
{
    gbxi_json_document *document = parse("-0.0");
    double real = 1;

    (void)state;
    assert_true(gbxi_json_double(gbxi_json_root(document), &real));
    assert_true(real == 0 && signbit(real));
    gbxi_json_free(document);
}

static void widens_large_integers_only_outside_strings(void **state)
{
    gbxi_json_document *document = parse(
        "{\"99999999999999999999\":[\"99999999999999999999\\\"\",99999999999999999999, -99999999999999999999 ,7]}");
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(gbxi_json_root(document), "99999999999999999999"));
    gbxi_json_string text = {0};
    double real = 0;
    int64_t seven = 0;

    (void)state;
    assert_true(gbxi_json_next(&each) && gbxi_json_str(each.value, &text));
    assert_int_equal(text.length, 21);
    assert_memory_equal(text.at, "99999999999999999999\"", 21);
    assert_true(gbxi_json_next(&each) && gbxi_json_double(each.value, &real));
    assert_true(real == 1e20);
    assert_true(gbxi_json_next(&each) && gbxi_json_double(each.value, &real));
    assert_true(real == -1e20);
    assert_true(gbxi_json_next(&each) && gbxi_json_int64(each.value, &seven));
    assert_int_equal(seven, 7);
    assert_false(gbxi_json_next(&each));
    gbxi_json_free(document);
}

static void widens_only_what_is_beyond_64_bits(void **state)
{
    gbxi_json_document *document = parse("[18446744073709551616,18446744073709551615,10000000000000000000,"
                                         "-9223372036854775808,-9223372036854775809,9999999999999999999,"
                                         "-1000000000000000000]");
    static const gbxi_json_type types[] = {GBXI_JSON_DOUBLE, GBXI_JSON_INTEGER, GBXI_JSON_INTEGER, GBXI_JSON_INTEGER,
                                           GBXI_JSON_DOUBLE, GBXI_JSON_INTEGER, GBXI_JSON_INTEGER};
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_root(document));

    (void)state;
    while (gbxi_json_next(&each))
        assert_int_equal(gbxi_json_typeof(each.value), types[each.index]);
    assert_int_equal(each.index, 6);
    gbxi_json_free(document);
}

static void keeps_the_digits_of_what_is_beyond_64_bits(void **state)
{
    static const char text[] = "{\"a\":[\"s\",18446744073709551616,\"18446744073709551616\",[-9223372036854775809]],"
                               "\"b\":1.5,\"c\":{\"d\":340282366920938463463374607431768211455},\"e\":7,\"f\":\"g\"}";
    gbxi_json_document *document = parse(text);
    gbxi_json_value root = gbxi_json_root(document), value = gbxi_json_member(root, "a");
    gbxi_json_iterator each = gbxi_json_each(value);
    gbxi_json_string digits = {0}, unchanged = {"x", 1};

    (void)state;
    assert_int_equal(gbxi_json_count(value), 4);
    assert_true(gbxi_json_next(&each) && !gbxi_json_wide(each.value, &unchanged));
    assert_true(gbxi_json_next(&each) && gbxi_json_wide(each.value, &digits));
    assert_true(gbxi_view_is(digits, "18446744073709551616"));
    assert_false(gbxi_json_str(each.value, &unchanged));
    assert_true(gbxi_json_next(&each) && gbxi_json_typeof(each.value) == GBXI_JSON_STRING);
    assert_false(gbxi_json_wide(each.value, &unchanged));
    assert_true(gbxi_json_next(&each));
    each = gbxi_json_each(each.value);
    assert_true(gbxi_json_next(&each) && gbxi_json_wide(each.value, &digits));
    assert_true(gbxi_view_is(digits, "-9223372036854775809"));
    assert_false(gbxi_json_wide(gbxi_json_member(root, "b"), &unchanged));
    assert_true(gbxi_json_wide(gbxi_json_member(gbxi_json_member(root, "c"), "d"), &digits));
    assert_true(gbxi_view_is(digits, "340282366920938463463374607431768211455"));
    assert_false(gbxi_json_wide(gbxi_json_member(root, "e"), &unchanged));
    assert_int_equal(gbxi_json_typeof(gbxi_json_member(root, "f")), GBXI_JSON_STRING);
    assert_true(gbxi_view_is(unchanged, "x"));
    gbxi_json_free(document);
}

/* In the parser's own memory these numbers look like strings and other numbers. */
static void numbers_that_look_like_something_else_move_no_digits(void **state)
{
    static const char text[] = "[2459565876494606882,7812738666512280684,2.9043552100789517e-144,8608480567731124087,"
                               "3.0266874179647486e267,\"a\",18446744073709551616,\"b\",2459565876494606882,"
                               "340282366920938463463374607431768211455,\"c\"]";
    gbxi_json_document *document = parse(text);
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_root(document));
    gbxi_json_string digits = {0};
    double real = 0;

    (void)state;
    while (gbxi_json_next(&each)) {
        bool string = each.index == 5 || each.index == 7 || each.index == 10;

        assert_int_equal(gbxi_json_wide(each.value, &digits), each.index == 6 || each.index == 9);
        assert_int_equal(gbxi_json_str(each.value, &digits), string);
        if (each.index == 6)
            assert_true(gbxi_json_double(each.value, &real) && real == 18446744073709551616.0);
        if (each.index == 2)
            assert_true(gbxi_json_double(each.value, &real) && real == 2.9043552100789517e-144);
    }
    gbxi_json_free(document);
}

/* 400 digits are more than a double can be. */
static void an_integer_beyond_the_range_of_a_double_is_the_largest_one(void **state)
{
    char text[420] = "[-";
    gbxi_json_document *document;
    gbxi_json_iterator each;
    gbxi_json_string digits = {0};
    double real = 0;

    (void)state;
    memset(text + 2, '9', 400);
    strcpy(text + 402, ",1]");
    document = parse(text);
    each = gbxi_json_each(gbxi_json_root(document));
    assert_true(gbxi_json_next(&each) && gbxi_json_double(each.value, &real));
    assert_true(real == -DBL_MAX);
    assert_true(gbxi_json_wide(each.value, &digits));
    assert_int_equal(digits.length, 401);
    assert_memory_equal(digits.at, text + 1, 401);
    gbxi_json_free(document);
}

static void gives_strings_with_their_length(void **state)
{
    static const struct {
        const char *text;
        const char *bytes;
        size_t length;
    } table[] = {
        {"\"\"", "", 0},
        {"\"a\\u0000b\"", "a\0b", 3},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8},
        {"\"\\u00e9\\uD834\\uDD1E\"", "\xC3\xA9\xF0\x9D\x84\x9E", 6},
        {"\"\xE2\x82\xAC\"", "\xE2\x82\xAC", 3},
    };
    gbxi_json_string text;
    bool truth;

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        gbxi_json_document *document = parse(table[i].text);

        assert_true(gbxi_json_str(gbxi_json_root(document), &text));
        assert_int_equal(text.length, table[i].length);
        assert_memory_equal(text.at, table[i].bytes, text.length);
        assert_false(gbxi_json_bool(gbxi_json_root(document), &truth));
        gbxi_json_free(document);
    }
}

static void gives_booleans(void **state)
{
    gbxi_json_document *document = parse("[true,false,1]");
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_root(document));
    gbxi_json_string text;
    bool truth = false;

    (void)state;
    assert_true(gbxi_json_next(&each) && gbxi_json_bool(each.value, &truth) && truth);
    assert_false(gbxi_json_str(each.value, &text));
    assert_true(gbxi_json_next(&each) && gbxi_json_bool(each.value, &truth) && !truth);
    assert_true(gbxi_json_next(&each));
    assert_false(gbxi_json_bool(each.value, &truth));
    gbxi_json_free(document);
}

static void finds_the_first_member_of_a_name(void **state)
{
    gbxi_json_document *document = parse("{\"ab\":{\"a\":9},\"a\":1,\"a\":2,\"a\\u0000\":3,\"\":4}");
    gbxi_json_value root = gbxi_json_root(document);
    int64_t number = 0;

    (void)state;
    assert_true(gbxi_json_int64(gbxi_json_member(root, "a"), &number));
    assert_int_equal(number, 1);
    assert_true(gbxi_json_int64(gbxi_json_member(root, ""), &number));
    assert_int_equal(number, 4);
    assert_int_equal(gbxi_json_typeof(gbxi_json_member(root, "b")), GBXI_JSON_ABSENT);
    assert_int_equal(gbxi_json_typeof(gbxi_json_member(gbxi_json_member(root, "a"), "a")), GBXI_JSON_ABSENT);
    assert_int_equal(gbxi_json_typeof(gbxi_json_member((gbxi_json_value){0}, "a")), GBXI_JSON_ABSENT);
    gbxi_json_free(document);
}

static void member_of_an_array_is_absent(void **state)
{
    gbxi_json_document *document = parse("[\"a\",1]");

    (void)state;
    assert_int_equal(gbxi_json_typeof(gbxi_json_member(gbxi_json_root(document), "a")), GBXI_JSON_ABSENT);
    gbxi_json_free(document);
}

static void counts_members_and_elements(void **state)
{
    static const struct {
        const char *text;
        size_t count;
    } table[] = {
        {"[]", 0},    {"{}", 0}, {"[1]", 1}, {"[[1,2],[3],{\"a\":1}]", 3}, {"{\"a\":[1,2,3],\"b\":{\"c\":1}}", 2},
        {"\"x\"", 0}, {"5", 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        gbxi_json_document *document = parse(table[i].text);
        assert_int_equal(gbxi_json_count(gbxi_json_root(document)), table[i].count);
        gbxi_json_free(document);
    }
    assert_int_equal(gbxi_json_count((gbxi_json_value){0}), 0);
}

static void iterates_objects_in_order_with_keys_and_indices(void **state)
{
    gbxi_json_document *document = parse("{\"one\":{\"deep\":[1,[2]]},\"two\":[],\"\\u0000\":1.5,\"one\":null}");
    static const char *const keys[] = {"one", "two", "\0", "one"};
    static const size_t key_lengths[] = {3, 3, 1, 3};
    static const gbxi_json_type types[] = {GBXI_JSON_OBJECT, GBXI_JSON_ARRAY, GBXI_JSON_DOUBLE, GBXI_JSON_NULL};
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_root(document));
    size_t steps = 0;

    (void)state;
    while (gbxi_json_next(&each)) {
        assert_int_equal(each.index, steps);
        assert_int_equal(each.key.length, key_lengths[steps]);
        assert_memory_equal(each.key.at, keys[steps], each.key.length);
        assert_int_equal(gbxi_json_typeof(each.value), types[steps]);
        steps++;
    }
    assert_int_equal(steps, 4);
    assert_false(gbxi_json_next(&each));
    gbxi_json_free(document);
}

static void iterates_over_nothing_in_scalars_and_empty_containers(void **state)
{
    static const char *const texts[] = {"[]", "{}", "1", "\"x\"", "null"};
    gbxi_json_iterator none = gbxi_json_each((gbxi_json_value){0});

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        gbxi_json_document *document = parse(texts[i]);
        gbxi_json_iterator each = gbxi_json_each(gbxi_json_root(document));
        assert_false(gbxi_json_next(&each));
        gbxi_json_free(document);
    }
    assert_false(gbxi_json_next(&none));
}

static void free_takes_null(void **state)
{
    (void)state;
    gbxi_json_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_the_type_of_each_value),
        cmocka_unit_test(gives_numbers_exactly_or_not_at_all),
        cmocka_unit_test(keeps_the_sign_of_a_zero_with_a_point),
        cmocka_unit_test(widens_large_integers_only_outside_strings),
        cmocka_unit_test(widens_only_what_is_beyond_64_bits),
        cmocka_unit_test(keeps_the_digits_of_what_is_beyond_64_bits),
        cmocka_unit_test(numbers_that_look_like_something_else_move_no_digits),
        cmocka_unit_test(an_integer_beyond_the_range_of_a_double_is_the_largest_one),
        cmocka_unit_test(gives_strings_with_their_length),
        cmocka_unit_test(gives_booleans),
        cmocka_unit_test(finds_the_first_member_of_a_name),
        cmocka_unit_test(member_of_an_array_is_absent),
        cmocka_unit_test(counts_members_and_elements),
        cmocka_unit_test(iterates_objects_in_order_with_keys_and_indices),
        cmocka_unit_test(iterates_over_nothing_in_scalars_and_empty_containers),
        cmocka_unit_test(free_takes_null),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
