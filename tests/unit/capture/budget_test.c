/* SPDX-License-Identifier: MIT */
/* The arithmetic of a capture's budget. */
#include "capture/budget.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_budget_grants_what_it_has_and_takes_back_what_is_returned(void **state)
{
    gbxi_budget budget;

    (void)state;
    memset(&budget, 0xff, sizeof(budget)); /* init depends on nothing in it */
    gbxi_budget_init(&budget, 100);
    assert_int_equal(gbxi_budget_take(&budget, 64), 64);
    assert_int_equal(gbxi_budget_take(&budget, 64), 36);
    assert_int_equal(gbxi_budget_take(&budget, 64), 0);
    gbxi_budget_give_back(&budget, 10);
    assert_int_equal(gbxi_budget_take(&budget, 64), 10);
    assert_int_equal(gbxi_budget_take(&budget, 1), 0);
    gbxi_budget_give_back(&budget, 64);
    assert_int_equal(gbxi_budget_take(&budget, 64), 64);
}

static void a_closed_budget_grants_no_spans_and_no_text(void **state)
{
    gbxi_budget budget;

    (void)state;
    gbxi_budget_init(&budget, 100);
    gbxi_budget_close(&budget);
    assert_int_equal(gbxi_budget_take(&budget, 1), 0);
    assert_false(gbxi_budget_take_text(&budget, 1));
}

/* 64 bytes for each span and a mebibyte. The text that is begun within the budget may exceed it. */
static void text_is_granted_until_the_budget_is_used(void **state)
{
    gbxi_budget budget;

    (void)state;
    gbxi_budget_init(&budget, 2);
    assert_true(gbxi_budget_take_text(&budget, 128 + ((size_t)1 << 20) - 1));
    assert_true(gbxi_budget_take_text(&budget, 1000));
    assert_false(gbxi_budget_take_text(&budget, 1));
    gbxi_budget_init(&budget, 2);
    assert_true(gbxi_budget_take_text(&budget, 128 + ((size_t)1 << 20)));
    assert_false(gbxi_budget_take_text(&budget, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_budget_grants_what_it_has_and_takes_back_what_is_returned),
        cmocka_unit_test(a_closed_budget_grants_no_spans_and_no_text),
        cmocka_unit_test(text_is_granted_until_the_budget_is_used),
    };

    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
