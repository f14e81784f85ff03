/* SPDX-License-Identifier: MIT */
/* Waiting for the next turn of a loop. */
#define _GNU_SOURCE
#include "runtime/turns.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct visitor {
    gbxi_turn turn;
    gbxi_turns *turns;
    struct visitor *other; /* cancelled when this one runs */
    unsigned ran;
    bool again;
} visitor;

static void visit(gbxi_turn *turn)
{
    visitor *self = H2O_STRUCT_FROM_MEMBER(visitor, turn, turn);

    self->ran++;
    if (self->again)
        gbxi_turns_wait(self->turns, &self->turn);
    if (self->other != NULL)
        gbxi_turn_cancel(&self->other->turn);
}

/* One turn; returns whether anything was waiting. */
static bool take_turn(gbxi_turns *turns)
{
    if (!gbxi_turns_begin(turns))
        return false;
    gbxi_turns_run(turns);
    return true;
}

static void what_waits_runs_once_in_the_next_turn(void **state)
{
    gbxi_turns turns;
    visitor one = {.turn = {.run = visit}}, two = one;

    (void)state;
    gbxi_turns_init(&turns);
    assert_false(take_turn(&turns));
    gbxi_turns_wait(&turns, &one.turn);
    gbxi_turns_wait(&turns, &two.turn);
    assert_true(gbxi_turn_is_waiting(&one.turn));
    assert_true(take_turn(&turns));
    assert_false(gbxi_turn_is_waiting(&one.turn));
    assert_false(take_turn(&turns));
    assert_int_equal(one.ran, 1);
    assert_int_equal(two.ran, 1);
    assert_int_equal(turns.number, 4);
}

static void what_waits_again_runs_in_the_turn_after(void **state)
{
    gbxi_turns turns;
    visitor one = {.turn = {.run = visit}, .turns = &turns, .again = true};

    (void)state;
    gbxi_turns_init(&turns);
    gbxi_turns_wait(&turns, &one.turn);
    for (unsigned i = 1; i < 4; i++) {
        assert_true(take_turn(&turns));
        assert_int_equal(one.ran, i);
    }
}

static void what_is_cancelled_does_not_run_even_in_the_turn_itself(void **state)
{
    gbxi_turns turns;
    visitor one = {.turn = {.run = visit}}, two = one, three = one;

    (void)state;
    gbxi_turns_init(&turns);
    two.other = &three;
    gbxi_turn_cancel(&one.turn);
    gbxi_turns_wait(&turns, &one.turn);
    gbxi_turns_wait(&turns, &two.turn);
    gbxi_turns_wait(&turns, &three.turn);
    gbxi_turn_cancel(&one.turn);
    assert_true(take_turn(&turns));
    assert_int_equal(one.ran, 0);
    assert_int_equal(two.ran, 1);
    assert_int_equal(three.ran, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_runs_once_in_the_next_turn),
        cmocka_unit_test(what_waits_again_runs_in_the_turn_after),
        cmocka_unit_test(what_is_cancelled_does_not_run_even_in_the_turn_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
