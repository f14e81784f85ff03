/* SPDX-License-Identifier: MIT */
/* Keeps the list of what waits for the next turn. */
#define _GNU_SOURCE
#include "runtime/turns.h"

void gbxi_turns_init(gbxi_turns *turns)
{
    h2o_linklist_init_anchor(&turns->waiting);
    turns->number = 1;
}

void gbxi_turns_wait(gbxi_turns *turns, gbxi_turn *turn)
{
    h2o_linklist_insert(&turns->waiting, &turn->link);
}

bool gbxi_turn_is_waiting(const gbxi_turn *turn)
{
    return h2o_linklist_is_linked((h2o_linklist_t *)&turn->link);
}

void gbxi_turn_cancel(gbxi_turn *turn)
{
    if (gbxi_turn_is_waiting(turn))
        h2o_linklist_unlink(&turn->link);
}

bool gbxi_turns_begin(gbxi_turns *turns)
{
    turns->number++;
    return !h2o_linklist_is_empty(&turns->waiting);
}

void gbxi_turns_run(gbxi_turns *turns)
{
    h2o_linklist_t due;

    h2o_linklist_init_anchor(&due);
    h2o_linklist_insert_list(&due, &turns->waiting);
    while (!h2o_linklist_is_empty(&due)) {
        gbxi_turn *turn = H2O_STRUCT_FROM_MEMBER(gbxi_turn, link, due.next);

        h2o_linklist_unlink(&turn->link);
        turn->run(turn);
    }
}
