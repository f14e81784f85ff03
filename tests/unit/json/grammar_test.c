/* SPDX-License-Identifier: MIT */
/* The corners of RFC 8259: what must be accepted, what must be refused, and what the refusal says. */
#include "json/reader.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct text_case {
    const char *text;
    size_t length;
    const char *says; /* the whole sentence of the refusal; NULL where only the code matters */
} text_case;

#define TEXT(literal) literal, sizeof(literal) - 1
#define EACH(table, item) (const text_case *item = table; item < table + sizeof(table) / sizeof(*table); item++)

static const text_case accepted[] = {
    {TEXT("null"), NULL},
    {TEXT("true"), NULL},
    {TEXT("false"), NULL},
    {TEXT("0"), NULL},
    {TEXT("-0"), NULL},
    {TEXT("-0.0"), NULL},
    {TEXT("1"), NULL},
    {TEXT(" \t\r\n1 \t\r\n"), NULL},
    {TEXT("\"\""), NULL},
    {TEXT("[]"), NULL},
    {TEXT("{}"), NULL},
    {TEXT("[ ]"), NULL},
    {TEXT("{ }"), NULL},
    {TEXT("[[],{},[[]]]"), NULL},
    {TEXT("{\"\":0}"), NULL},
    {TEXT("{\"a\":1,\"a\":2}"), NULL},
    {TEXT("[0e1,0E1,0e+1,0e-1,0.5,-0.5,1e10,1E+2,123.456e-7]"), NULL},
    {TEXT("[1e-400]"), NULL},
    {TEXT("[1.7976931348623157e308]"), NULL},
    {TEXT("[4.9406564584124654e-324]"), NULL},
    {TEXT("[9223372036854775807,-9223372036854775808,18446744073709551615]"), NULL},
    {TEXT("[18446744073709551616]"), NULL},
    {TEXT("[-9223372036854775809]"), NULL},
    {TEXT("[100000000000000000000000000000000000000000000000000000000000000000000000000000]"), NULL},
    {TEXT("[0.1000000000000000000000000000000000000000000000000000000000000000000000000001]"), NULL},
    {TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), NULL},
    {TEXT("\"\\u0000\\u001F\\uD834\\udd1E\\uffff\""), NULL},
    {TEXT("\"\x7f\""), NULL},
    {TEXT("\"\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\""), NULL},
    {TEXT("\"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\""), NULL},
    {TEXT("\"\xE2\x80\xA8\xE2\x80\xA9\xEF\xBB\xBF\""), NULL},
    {TEXT("{\"a\":{\"b\":[1,2,{\"c\":null}]}}"), NULL},
};

static const text_case refused[] = {
    {TEXT("[1e400, x]"), "not JSON at line 1, column 9: expected a value"},
    {TEXT("[100000000000000000000, 1e400"), "not JSON: the text ends at line 1, column 30: expected a comma or ]"},
    {TEXT(""), "not JSON: the text is empty"},
    {TEXT(" "), "not JSON: the text is empty"},
    {TEXT("\n\t \r"), "not JSON: the text is empty"},
    {TEXT("\xEF\xBB\xBF{}"), "not JSON: the text starts with a byte order mark"},
    {TEXT("\xEF\xBB\xBF"), "not JSON: the text starts with a byte order mark"},
    {TEXT("\xFF\xFE{\0}\0"), "not JSON at line 1, column 1: expected a value"},
    {TEXT("{"), "not JSON: the text ends at line 1, column 2: expected a member's name in double quotes or }"},
    {TEXT("["), "not JSON: the text ends at line 1, column 2: expected a value"},
    {TEXT("{\"a\""), "not JSON: the text ends at line 1, column 5: expected a colon"},
    {TEXT("{\"a\":"), "not JSON: the text ends at line 1, column 6: expected a value"},
    {TEXT("{\"a\":1"), "not JSON: the text ends at line 1, column 7: expected a comma or }"},
    {TEXT("[1,\n 2"), "not JSON: the text ends at line 2, column 3: expected a comma or ]"},
    {TEXT("[\"\xC3\xA9\xF0\x9F\x98\x80\", x]"), "not JSON at line 1, column 8: expected a value"},
    {TEXT("\"abc"), "not JSON: the text ends at line 1, column 5: expected the closing quote of a string"},
    {TEXT("\"abc\\"),
     "not JSON: the text ends at line 1, column 6: expected one of \" \\ / b f n r t u after the backslash"},
    {TEXT("[1,]"), "not JSON at line 1, column 4: expected a value"},
    {TEXT("[,1]"), "not JSON at line 1, column 2: expected a value"},
    {TEXT("[1,,2]"), "not JSON at line 1, column 4: expected a value"},
    {TEXT("[1 2]"), "not JSON at line 1, column 4: expected a comma or ]"},
    {TEXT("[1}"), "not JSON at line 1, column 3: expected a comma or ]"},
    {TEXT("{\"a\":1]"), "not JSON at line 1, column 7: expected a comma or }"},
    {TEXT("{\"a\":1,}"), "not JSON at line 1, column 8: expected a member's name in double quotes"},
    {TEXT("{,}"), "not JSON at line 1, column 2: expected a member's name in double quotes or }"},
    {TEXT("{a:1}"), "not JSON at line 1, column 2: expected a member's name in double quotes or }"},
    {TEXT("{'a':1}"), "not JSON at line 1, column 2: expected a member's name in double quotes or }"},
    {TEXT("{1:1}"), "not JSON at line 1, column 2: expected a member's name in double quotes or }"},
    {TEXT("{\"a\" 1}"), "not JSON at line 1, column 6: expected a colon"},
    {TEXT("{\"a\"::1}"), "not JSON at line 1, column 6: expected a value"},
    {TEXT("[:]"), NULL},
    {TEXT("]"), NULL},
    {TEXT("}"), NULL},
    {TEXT(","), NULL},
    {TEXT("[1]]"), "not JSON at line 1, column 4: expected the end of the text"},
    {TEXT("{}{}"), "not JSON at line 1, column 3: expected the end of the text"},
    {TEXT("1 2"), "not JSON at line 1, column 3: expected the end of the text"},
    {TEXT("[1]x"), NULL},
    {TEXT("1\0"), "not JSON at line 1, column 2: expected the end of the text"},
    {TEXT("\0"), "not JSON at line 1, column 1: expected a value"},
    {TEXT("[1\0]"), "not JSON at line 1, column 3: expected a comma or ]"},
    {TEXT("{\"a\":1}\0\0"), NULL},
    {TEXT("[1] // comment"), NULL},
    {TEXT("/* comment */ 1"), NULL},
    {TEXT("# 1"), NULL},
    {TEXT("nul"), "not JSON at line 1, column 1: expected a value"},
    {TEXT("nulll"), "not JSON at line 1, column 5: expected the end of the text"},
    {TEXT("[true,false,null,x]"), "not JSON at line 1, column 18: expected a value"},
    {TEXT("True"), NULL},
    {TEXT("TRUE"), NULL},
    {TEXT("undefined"), NULL},
    {TEXT("[NaN]"), "not JSON at line 1, column 2: expected a value"},
    {TEXT("[Infinity]"), NULL},
    {TEXT("[-Infinity]"), "not JSON at line 1, column 3: expected a digit"},
    {TEXT("[-]"), "not JSON at line 1, column 3: expected a digit"},
    {TEXT("[+1]"), "not JSON at line 1, column 2: expected a value"},
    {TEXT("[01]"), "not JSON at line 1, column 3: a digit must not follow a leading zero"},
    {TEXT("[-01]"), "not JSON at line 1, column 4: a digit must not follow a leading zero"},
    {TEXT("[00]"), NULL},
    {TEXT("[.5]"), "not JSON at line 1, column 2: expected a value"},
    {TEXT("[1.]"), "not JSON at line 1, column 4: expected a digit after the decimal point"},
    {TEXT("[1.e5]"), NULL},
    {TEXT("[1e]"), "not JSON at line 1, column 4: expected a digit in the exponent"},
    {TEXT("[1e+]"), "not JSON at line 1, column 5: expected a digit in the exponent"},
    {TEXT("[1e5.5]"), "not JSON at line 1, column 5: expected a comma or ]"},
    {TEXT("[0x10]"), "not JSON at line 1, column 3: expected a comma or ]"},
    {TEXT("[1_000]"), NULL},
    {TEXT("[1 000]"), NULL},
    {TEXT("[--1]"), NULL},
    {TEXT("[\"a\nb\"]"), "not JSON at line 1, column 4: a control character must be escaped"},
    {TEXT("[\"a\tb\"]"), "not JSON at line 1, column 4: a control character must be escaped"},
    {TEXT("[\"a\0b\"]"), "not JSON at line 1, column 4: a control character must be escaped"},
    {TEXT("[\"\x1f\"]"), "not JSON at line 1, column 3: a control character must be escaped"},
    {TEXT("['a']"), "not JSON at line 1, column 2: expected a value"},
    {TEXT("[\"\\a\"]"), "not JSON at line 1, column 4: expected one of \" \\ / b f n r t u after the backslash"},
    {TEXT("[\"\\x41\"]"), NULL},
    {TEXT("[\"\\0\"]"), NULL},
    {TEXT("[\"\\u12\"]"), "not JSON at line 1, column 7: expected four hexadecimal digits after \\u"},
    {TEXT("[\"\\u12G4\"]"), "not JSON at line 1, column 7: expected four hexadecimal digits after \\u"},
    {TEXT("[\"\\U0041\"]"), NULL},
    {TEXT("[\"\\uD800\"]"), "not JSON at line 1, column 9: expected the second half of a surrogate pair"},
    {TEXT("[\"\\uD800x\"]"), "not JSON at line 1, column 9: expected the second half of a surrogate pair"},
    {TEXT("[\"\\uD800\\n\"]"), "not JSON at line 1, column 9: expected the second half of a surrogate pair"},
    {TEXT("[\"\\uD800\\uD800\"]"), "not JSON at line 1, column 15: expected the second half of a surrogate pair"},
    {TEXT("[\"\\uDC00\"]"), "not JSON at line 1, column 9: a low surrogate must follow a high surrogate"},
    {TEXT("[\"\x80\"]"), "not JSON at line 1, column 3: valid UTF-8 expected"},
    {TEXT("[\"\xC0\x80\"]"), "not JSON at line 1, column 3: valid UTF-8 expected"},
    {TEXT("[\"\xC3\"]"), "not JSON at line 1, column 3: valid UTF-8 expected"},
    {TEXT("[\"\xE0\x80\x80\"]"), NULL},
    {TEXT("[\"\xED\xA0\x80\"]"), NULL},
    {TEXT("[\"\xF0\x80\x80\x80\"]"), NULL},
    {TEXT("[\"\xF4\x90\x80\x80\"]"), NULL},
    {TEXT("[\"\xF8\x88\x80\x80\x80\"]"), NULL},
    {TEXT("[\"\xFE\"]"), NULL},
    {TEXT("[\"\xE2\x82"), NULL},
    {TEXT("\xC2\xA0[]"), NULL},
    {TEXT("\f[]"), NULL},
    {TEXT("\v[]"), NULL},
};

static const text_case beyond[] = {
    {TEXT("[1e400]"), "the JSON has a number beyond the range of a double at line 1, column 2"},
    {TEXT("[1e-400,\n -1E+400, 2e400]"), "the JSON has a number beyond the range of a double at line 2, column 2"},
    {TEXT("[1.8e308, 100000000000000000000]"),
     "the JSON has a number beyond the range of a double at line 1, column 2"},
    {TEXT("[0.5e-9223372036854775808, 100000000000000000000, 0.5e+9223372036854775808]"),
     "the JSON has a number beyond the range of a double at line 1, column 51"},
    {TEXT("[1e-99999, 100000000000000000000, 0.1e99999]"),
     "the JSON has a number beyond the range of a double at line 1, column 35"},
};

/* A copy on the heap that ends where the text ends, so that a sanitizer sees every read past it. */
static gbx_err parse_copy(const char *text, size_t length, gbxi_json_document **document, gbx_error *error)
{
    char *copy = malloc(length + (length == 0));
    gbx_err code;

    assert_non_null(copy);
    memcpy(copy, text, length);
    code = gbxi_json_parse(copy, length, document, error);
    free(copy);
    return code;
}

static void check_acceptance(const text_case *item)
{
    gbxi_json_document *document = NULL;
    gbx_error error = {0};
    gbx_err code = parse_copy(item->text, item->length, &document, &error);

    if (code != GBX_ERR_OK)
        fail_msg("%s: %s", item->text, error.text);
    assert_int_not_equal(gbxi_json_typeof(gbxi_json_root(document)), GBXI_JSON_ABSENT);
    gbxi_json_free(document);
}

static void accepts_what_rfc_8259_allows(void **state)
{
    (void)state;
    for
        EACH(accepted, item)
    check_acceptance(item);
}

static void check_refusal(const text_case *item, gbx_err expected)
{
    gbxi_json_document *document = NULL;
    gbx_error error = {0};
    gbx_err code = parse_copy(item->text, item->length, &document, &error);

    if (code != expected)
        fail_msg("\"%s\" gave %d, not %d", item->text, code, expected);
    assert_null(document);
    assert_int_equal(error.code, expected);
    assert_string_equal(error.pointer, "");
    if (item->says != NULL)
        assert_string_equal(error.text, item->says);
    else
        assert_memory_equal(error.text, "not JSON at line 1, column ", 27);
    assert_int_equal(parse_copy(item->text, item->length, &document, NULL), expected);
}

static void refuses_what_rfc_8259_forbids_and_says_where(void **state)
{
    (void)state;
    for
        EACH(refused, item)
    check_refusal(item, GBX_ERR_SYNTAX);
}

static void calls_numbers_beyond_a_double_a_limit(void **state)
{
    (void)state;
    for
        EACH(beyond, item)
    check_refusal(item, GBX_ERR_LIMIT);
}

/* The text [BEFORE0...0BEHIND] with that many zeros. The next call replaces it. */
static text_case zeros_between(const char *before, size_t zeros, const char *behind, const char *says)
{
    static char text[8192];

    assert_true(zeros + strlen(before) + strlen(behind) < sizeof(text));
    memset(text, '0', sizeof(text));
    memcpy(text, before, strlen(before));
    strcpy(text + strlen(before) + zeros, behind);
    return (text_case){text, strlen(text), says};
}

/* Whether a number is too large or too close to 0 depends on its digits too, not on its exponent alone. */
static void knows_large_numbers_from_small_ones_by_their_digits(void **state)
{
    static const char first[] = "the JSON has a number beyond the range of a double at line 1, column 2";
    text_case item;

    (void)state;
    item = zeros_between("[1", 6000, ".0e-500]", first);
    check_refusal(&item, GBX_ERR_LIMIT);
    item = zeros_between("[-1", 6000, "E-500, 100000000000000000000]", first);
    check_refusal(&item, GBX_ERR_LIMIT);
    item = zeros_between("[1e+", 30, "99999999999999999999]", first);
    check_refusal(&item, GBX_ERR_LIMIT);
    item = zeros_between("[0.", 6000, "1, 100000000000000000000, 1e400]",
                         "the JSON has a number beyond the range of a double at line 1, column 6030");
    check_refusal(&item, GBX_ERR_LIMIT);
    item = zeros_between("[0.", 5000, "1e+4000, 100000000000000000000, 2e-99999999999999999999]", NULL);
    check_acceptance(&item);
}

static void refuses_every_truncation(void **state)
{
    static const char whole[] =
        "{\"a\":[1,-2.5e3,\"x\\u00e9\\uD834\\uDD1E\xC3\xA9\",true,false,null,{}],\"b\":{\"c\":[]}}";
    gbxi_json_document *document = NULL;
    gbx_error error;

    (void)state;
    for (size_t length = 0; length < sizeof(whole) - 1; length++)
        assert_int_equal(parse_copy(whole, length, &document, &error), GBX_ERR_SYNTAX);
    assert_int_equal(parse_copy(whole, sizeof(whole) - 1, &document, &error), GBX_ERR_OK);
    gbxi_json_free(document);
}

/* `depth` arrays or objects around `core`. */
static gbx_err parse_around(const char *core, size_t depth, bool objects, bool closed)
{
    size_t open_length = objects ? 5 : 1;
    char *text = malloc(depth * 6 + strlen(core));
    char *at = text;
    gbxi_json_document *document = NULL;
    gbx_err code;

    assert_non_null(text);
    for (size_t i = 0; i < depth; i++, at += open_length)
        memcpy(at, objects ? "{\"a\":" : "[", open_length);
    memcpy(at, core, strlen(core));
    at += strlen(core);
    for (size_t i = 0; closed && i < depth; i++)
        *at++ = objects ? '}' : ']';
    code = gbxi_json_parse(text, (size_t)(at - text), &document, NULL);
    gbxi_json_free(document);
    free(text);
    return code;
}

static gbx_err parse_nested(size_t depth, bool objects, bool closed)
{
    return parse_around("1", depth, objects, closed);
}

static void takes_a_second_look_at_every_level_allowed(void **state)
{
    (void)state;
    assert_int_equal(parse_around("18446744073709551616", 1024, false, true), GBX_ERR_OK);
    assert_int_equal(parse_around("[],18446744073709551616", 1024, false, true), GBX_ERR_OK);
    assert_int_equal(parse_around("18446744073709551616", 1025, false, true), GBX_ERR_LIMIT);
}

static void allows_1024_levels_and_no_more(void **state)
{
    (void)state;
    for (int objects = 0; objects < 2; objects++) {
        assert_int_equal(parse_nested(1023, objects, true), GBX_ERR_OK);
        assert_int_equal(parse_nested(1024, objects, true), GBX_ERR_OK);
        assert_int_equal(parse_nested(1025, objects, true), GBX_ERR_LIMIT);
        assert_int_equal(parse_nested(200000, objects, true), GBX_ERR_LIMIT);
        assert_int_equal(parse_nested(1024, objects, false), GBX_ERR_SYNTAX);
        assert_int_not_equal(parse_nested(200000, objects, false), GBX_ERR_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_what_rfc_8259_allows),
        cmocka_unit_test(refuses_what_rfc_8259_forbids_and_says_where),
        cmocka_unit_test(calls_numbers_beyond_a_double_a_limit),
        cmocka_unit_test(knows_large_numbers_from_small_ones_by_their_digits),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(allows_1024_levels_and_no_more),
        cmocka_unit_test(takes_a_second_look_at_every_level_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
