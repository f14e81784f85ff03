/* SPDX-License-Identifier: MIT */
/* Names of spans without their arguments. */
#include "findings/frame_label.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void cuts_off_what_arguments_change(void **state)
{
    static const struct {
        const char *name, *label;
    } rows[] = {
        {"link(a.html)", "link"}, {"fibonacci(7)", "fibonacci"},  {"SELECT users", "SELECT"},
        {"user 17", "user"},      {"worker-3", "worker"},         {"page/17", "page"},
        {"load: 7", "load"},      {"ns::load", "ns::load"},       {"list<int>", "list"},
        {"q?a=1", "q"},           {"graph.parse", "graph.parse"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_true(gbxi_view_is(gbxi_frame_label(gbxi_view_of(rows[i].name)), rows[i].label));
}

static void keeps_names_that_have_no_arguments(void **state)
{
    static const char *const names[] = {"sha256", "row17", "(anonymous)", "[loop]", "7", "/7", "", "a"};

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_true(gbxi_view_is(gbxi_frame_label(gbxi_view_of(names[i])), names[i]));
}

static void finds_the_arguments_that_a_name_tells(void **state)
{
    static const struct {
        const char *name, *arguments;
    } rows[] = {
        {"link(a)", "(a)"}, {"user 17", "17"}, {"get 'a'", "'a'"}, {"worker-3", "3"}, {"load: 7", "7"},
        {"id=9", "9"},      {"section p", ""}, {"parse", ""},      {"list<int>", ""}, {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_true(gbxi_view_is(gbxi_frame_arguments(gbxi_view_of(rows[i].name)), rows[i].arguments));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_off_what_arguments_change),
        cmocka_unit_test(keeps_names_that_have_no_arguments),
        cmocka_unit_test(finds_the_arguments_that_a_name_tells),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
