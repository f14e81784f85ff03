/* SPDX-License-Identifier: MIT */
/* A bounded queue of pointers from any number of threads to one. Nobody waits: a push into a full ring fails.
 *
 * Each cell has a number that says whose turn it is: that of a push, or that of the pop after it (the bounded queue of
 * Dmitry Vyukov, https://www.1024cores.net/home/lock-free-algorithms/queues/bounded-mpmc-queue). A push reserves its
 * cell with one compare-and-swap, so a thread that is interrupted between that and its last store hides what later
 * pushes put, but it delays no other push.
 *
 * Positions count by two. The lowest bit of `pushes` shuts the ring: the same compare-and-swap that would reserve a
 * cell finds it, so every push either comes before the end, and is popped, or fails. */
#ifndef GBX_RECORDER_RING_H
#define GBX_RECORDER_RING_H

#include <stdbool.h>
#include <stddef.h>

typedef struct gbxi_ring_cell {
    _Atomic(size_t) turn;
    void *item;
} gbxi_ring_cell;

typedef struct gbxi_ring {
    gbxi_ring_cell *cells;
    size_t mask;                         /* number of cells minus one */
    _Alignas(64) _Atomic(size_t) pushes; /* twice the positions reserved so far; and 1 if the ring is shut */
    _Alignas(64) _Atomic(size_t) pops;   /* twice the positions taken so far; writer: the thread that pops */
} gbxi_ring;

/* Room for `capacity` items, rounded up to a power of two that is at least 2. Errors: false if memory is short. */
bool gbxi_ring_init(gbxi_ring *ring, size_t capacity);
void gbxi_ring_fini(gbxi_ring *ring); /* a zeroed ring is allowed */

/* Puts an item, which is not NULL. False if the ring is full or shut. Thread: any. */
bool gbxi_ring_push(gbxi_ring *ring, void *item);

/* Takes the item that has waited longest; NULL if there is none. Thread: one. */
void *gbxi_ring_pop(gbxi_ring *ring);

/* Whether a pop would find something. Thread: that of the pops. */
bool gbxi_ring_has(const gbxi_ring *ring);

/* Makes every later push fail. Idempotent. Thread: any. */
void gbxi_ring_shut(gbxi_ring *ring);

/* Whether the ring is shut and everything that was put has been popped. Thread: that of the pops. */
bool gbxi_ring_is_over(const gbxi_ring *ring);

#endif
