/* SPDX-License-Identifier: MIT */
/* Finds the calls that have no length. */
#include "export/instants.h"
#include "base/grow.h"

#include <stdlib.h>

static bool add_instant(gbxi_instants *instants, uint32_t call_index)
{
    size_t byte = call_index / 8;

    if (!gbxi_grow(&instants->bits, &instants->capacity, byte + 1, 1))
        return false;
    if (byte >= instants->bytes) {
        memset(instants->bits + instants->bytes, 0, byte + 1 - instants->bytes);
        instants->bytes = byte + 1;
    }
    instants->bits[byte] |= (uint8_t)(1u << call_index % 8);
    return true;
}

/* `open` has room for the numbers of all calls that are open at once. */
static bool find_in_thread(gbxi_instants *instants, gbxi_trace_walk *walk, uint32_t *open)
{
    gbxi_trace_step step;

    while (gbxi_trace_walk_next_call(walk, &step)) {
        if (step.kind == GBXI_TRACE_STEP_ENTER)
            open[step.depth] = step.call_index;
        else if (step.duration_ns == 0 && !add_instant(instants, open[step.depth]))
            return false;
    }
    return true;
}

bool gbxi_instants_init(gbxi_instants *instants, gbxi_trace_walk *walk)
{
    uint32_t *open = malloc(((size_t)walk->trace->depth_max + 1) * sizeof(*open));
    bool good = open != NULL;

    *instants = (gbxi_instants){0};
    for (size_t i = 0; good && i < walk->trace->facts.lane_count; i++) {
        gbxi_trace_walk_thread(walk, i);
        good = find_in_thread(instants, walk, open);
    }
    free(open);
    return good;
}

void gbxi_instants_fini(gbxi_instants *instants)
{
    free(instants->bits);
    *instants = (gbxi_instants){0};
}
