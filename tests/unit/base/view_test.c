/* SPDX-License-Identifier: MIT */
/* Views: what equals what. */
#include "base/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void views_are_equal_by_their_bytes(void **state)
{
    static const char text[] = "abcab";
    const gbxi_view ab = {text, 2}, again = {text + 3, 2}, abc = {text, 3}, bc = {text + 1, 2}, none = {0};

    (void)state;
    assert_true(gbxi_view_equals(ab, again));
    assert_false(gbxi_view_equals(ab, abc));
    assert_false(gbxi_view_equals(ab, bc));
    assert_true(gbxi_view_equals(none, (gbxi_view){text, 0}));
    assert_false(gbxi_view_equals(none, ab));
}

static void a_view_is_a_text_of_the_same_length(void **state)
{
    const gbxi_view view = {"graph\0s", 7};

    (void)state;
    assert_false(gbxi_view_is(view, "graph"));
    assert_true(gbxi_view_is((gbxi_view){view.at, 5}, "graph"));
    assert_false(gbxi_view_is((gbxi_view){view.at, 4}, "graph"));
    assert_true(gbxi_view_is((gbxi_view){0}, ""));
    assert_true(gbxi_view_equals(gbxi_view_of("graph"), (gbxi_view){view.at, 5}));
}

static void a_view_is_among_names_or_not(void **state)
{
    static const char *const names[] = {"nodes", "", "node", NULL}, *const none[] = {NULL};

    (void)state;
    assert_true(gbxi_view_is_among(gbxi_view_of("node"), names));
    assert_true(gbxi_view_is_among(gbxi_view_of("nodes"), names));
    assert_true(gbxi_view_is_among((gbxi_view){0}, names));
    assert_false(gbxi_view_is_among(gbxi_view_of("nod"), names));
    assert_false(gbxi_view_is_among(gbxi_view_of("edges"), names));
    assert_false(gbxi_view_is_among((gbxi_view){0}, none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_are_equal_by_their_bytes),
        cmocka_unit_test(a_view_is_a_text_of_the_same_length),
        cmocka_unit_test(a_view_is_among_names_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
