/* SPDX-License-Identifier: MIT */
/* The turns of an event loop: one iteration each. What has had enough of a turn waits for the next one, so that every
 * connection gets its share. libh2o's zero timeout cannot do that, because it also runs what is added while it runs.
 *
 * Thread: the loop's, for all functions. */
#ifndef GBX_RUNTIME_TURNS_H
#define GBX_RUNTIME_TURNS_H

#include <h2o.h>
#include <stdbool.h>

/* Waits for the next turn. Caller's memory, zeroed but for `run`. */
typedef struct gbxi_turn {
    h2o_linklist_t link;
    void (*run)(struct gbxi_turn *turn);
} gbxi_turn;

typedef struct gbxi_turns {
    h2o_linklist_t waiting;
    uint64_t number; /* of the current turn, from 1 */
} gbxi_turns;

void gbxi_turns_init(gbxi_turns *turns);

/* Makes `turn` run in the next turn. It must not be waiting. */
void gbxi_turns_wait(gbxi_turns *turns, gbxi_turn *turn);
bool gbxi_turn_is_waiting(const gbxi_turn *turn);
/* Stops waiting, if it is. */
void gbxi_turn_cancel(gbxi_turn *turn);

/* Begins a turn. Returns whether anything has waited for it: then gbxi_turns_run must be called in this iteration of
 * the loop, from one of libh2o's callbacks. Outside of them libh2o would free sockets that it still has to look at. */
bool gbxi_turns_begin(gbxi_turns *turns);

/* Runs what has waited. What begins to wait meanwhile waits for the next turn. */
void gbxi_turns_run(gbxi_turns *turns);

#endif
