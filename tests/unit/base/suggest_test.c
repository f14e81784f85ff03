/* SPDX-License-Identifier: MIT */
/* The name that is suggested for an unknown one, and when none is suggested. */
#include "base/suggest.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const char *nearest_of(const char *written)
{
    static const char *const names[] = {
        "host", "port", "key", "key-file", "max-body", "max-captures", "captures-per-second"};
    gbxi_suggestion suggestion = gbxi_suggestion_for(written);

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        gbxi_suggestion_offer(&suggestion, names[i]);
    return suggestion.nearest;
}

static void the_nearest_name_is_suggested(void **state)
{
    static const struct {
        const char *written, *name;
    } cases[] = {
        {"--por", "port"},
        {"--prot", "port"},
        {"--prot=80", "port"},
        {"prot", "port"},
        {"--hots", "host"},
        {"--max-b", "max-body"},
        {"--maxbody", "max-body"},
        {"--max_body", "max-body"},
        {"--max-bodyy", "max-body"},
        {"--key-fiel", "key-file"},
        {"--captures", "captures-per-second"},
        {"--kye", "key"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(nearest_of(cases[i].written), cases[i].name);
}

static void what_is_near_nothing_gets_no_suggestion(void **state)
{
    static const char *const cases[] = {
        "",         "--",      "-",
        "--x",      "--p",     "--xy",
        "--teapot", "--=port", "--a-name-longer-than-any-option-has-ever-been-or-will-be"};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_null(nearest_of(cases[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_name_is_suggested),
        cmocka_unit_test(what_is_near_nothing_gets_no_suggestion),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
