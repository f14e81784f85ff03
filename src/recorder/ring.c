/* SPDX-License-Identifier: MIT */
/* Owns the cells of rings and their turns. */
#include "recorder/ring.h"
#include "base/atomic.h"
#include <stdlib.h>

bool gbxi_ring_init(gbxi_ring *ring, size_t capacity)
{
    size_t count = 2;

    while (count < capacity)
        count *= 2;
    *ring = (gbxi_ring){.mask = count - 1};
    if ((ring->cells = calloc(count, sizeof(*ring->cells))) == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        gbxi_store_relaxed(&ring->cells[i].turn, i);
    return true;
}

void gbxi_ring_fini(gbxi_ring *ring)
{
    free(ring->cells);
    ring->cells = NULL;
}

bool gbxi_ring_push(gbxi_ring *ring, void *item)
{
    size_t at = gbxi_load_relaxed(&ring->pushes);

    for (;;) {
        gbxi_ring_cell *cell = &ring->cells[at & ring->mask];
        size_t turn = gbxi_load_acquire(&cell->turn);

        if (turn == at && gbxi_swap_relaxed(&ring->pushes, &at, at + 1)) {
            cell->item = item;
            gbxi_store_release(&cell->turn, at + 1);
            return true;
        }
        if ((ptrdiff_t)(turn - at) < 0)
            return false; /* what was put a round earlier is still there */
        if (turn != at)
            at = gbxi_load_relaxed(&ring->pushes);
    }
}

bool gbxi_ring_has(const gbxi_ring *ring)
{
    size_t at = gbxi_load_relaxed(&ring->pops);

    return gbxi_load_acquire(&ring->cells[at & ring->mask].turn) == at + 1;
}

void *gbxi_ring_pop(gbxi_ring *ring)
{
    size_t at = gbxi_load_relaxed(&ring->pops);
    gbxi_ring_cell *cell = &ring->cells[at & ring->mask];
    void *item;

    if (gbxi_load_acquire(&cell->turn) != at + 1)
        return NULL;
    item = cell->item;
    gbxi_store_relaxed(&ring->pops, at + 1);
    gbxi_store_release(&cell->turn, at + ring->mask + 1);
    return item;
}
