/* SPDX-License-Identifier: MIT */
/* The texts of error codes, and filling errors. */
#include <glassbox/error.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_code_has_its_text(void **state)
{
    static const struct {
        gbx_err code;
        const char *text;
    } codes[] = {
#define CODE_ROW(name, number, text) {GBX_ERR_##name, text},
        GBX_ERROR_CODES(CODE_ROW)};

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        assert_string_equal(gbx_err_text(codes[i].code), codes[i].text);
    assert_string_equal(gbx_err_text((gbx_err)1000), "unknown error");
}

static void an_error_is_filled_and_its_code_returned(void **state)
{
    gbx_error error;

    (void)state;
    memset(&error, 'x', sizeof(error));
    assert_int_equal(gbx_error_set(&error, GBX_ERR_RANGE, "/a/b", "%s is not %d", "one", 2), GBX_ERR_RANGE);
    assert_int_equal(error.code, GBX_ERR_RANGE);
    assert_string_equal(error.pointer, "/a/b");
    assert_string_equal(error.text, "one is not 2");
    assert_int_equal(gbx_error_set(&error, GBX_ERR_SYNTAX, NULL, "no"), GBX_ERR_SYNTAX);
    assert_string_equal(error.pointer, "");
    assert_string_equal(error.text, "no");
}

static void what_is_too_long_is_cut_and_terminated(void **state)
{
    static char longer[1000];
    gbx_error error;

    (void)state;
    memset(longer, 'a', sizeof(longer) - 1);
    gbx_error_set(&error, GBX_ERR_TYPE, longer, "%s", longer);
    assert_int_equal(strlen(error.pointer), sizeof(error.pointer) - 1);
    assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
}

static void without_an_error_the_code_is_returned(void **state)
{
    (void)state;
    assert_int_equal(gbx_error_set(NULL, GBX_ERR_IO, "/a", "no"), GBX_ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_its_text),
        cmocka_unit_test(an_error_is_filled_and_its_code_returned),
        cmocka_unit_test(what_is_too_long_is_cut_and_terminated),
        cmocka_unit_test(without_an_error_the_code_is_returned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
