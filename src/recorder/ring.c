/* SPDX-License-Identifier: MIT */
/* Owns the cells of rings and their turns. */
#include "recorder/ring.h"
#include "base/atomic.h"
#include <stdlib.h>

enum { SHUT = 1, STEP = 2 };

static gbxi_ring_cell *cell_at(const gbxi_ring *ring, size_t at)
{
    return &ring->cells[at / STEP & ring->mask];
}

bool gbxi_ring_init(gbxi_ring *ring, size_t capacity)
{
    size_t count = 2;

    while (count < capacity)
        count *= 2;
    *ring = (gbxi_ring){.mask = count - 1};
    if ((ring->cells = calloc(count, sizeof(*ring->cells))) == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        gbxi_store_relaxed(&ring->cells[i].turn, i * STEP);
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

    while ((at & SHUT) == 0) {
        gbxi_ring_cell *cell = cell_at(ring, at);
        ptrdiff_t ahead = (ptrdiff_t)(gbxi_load_acquire(&cell->turn) - at);

        if (ahead < 0)
            return false; /* what was put a round earlier is still there */
        if (ahead > 0) {
            at = gbxi_load_relaxed(&ring->pushes);
        } else if (gbxi_swap_relaxed(&ring->pushes, &at, at + STEP)) {
            cell->item = item;
            gbxi_store_release(&cell->turn, at + 1);
            return true;
        }
    }
    return false;
}

bool gbxi_ring_has(const gbxi_ring *ring)
{
    size_t at = gbxi_load_relaxed(&ring->pops);

    return gbxi_load_acquire(&cell_at(ring, at)->turn) == at + 1;
}

void *gbxi_ring_pop(gbxi_ring *ring)
{
    size_t at = gbxi_load_relaxed(&ring->pops);
    gbxi_ring_cell *cell = cell_at(ring, at);
    void *item;

    if (gbxi_load_acquire(&cell->turn) != at + 1)
        return NULL;
    item = cell->item;
    gbxi_store_relaxed(&ring->pops, at + STEP);
    gbxi_store_release(&cell->turn, at + (ring->mask + 1) * STEP);
    return item;
}

void gbxi_ring_shut(gbxi_ring *ring)
{
    size_t at = gbxi_load_relaxed(&ring->pushes);

    while ((at & SHUT) == 0 && !gbxi_swap_relaxed(&ring->pushes, &at, at | SHUT))
        ;
}

bool gbxi_ring_is_over(const gbxi_ring *ring)
{
    return gbxi_load_relaxed(&ring->pushes) == (gbxi_load_relaxed(&ring->pops) | SHUT);
}
