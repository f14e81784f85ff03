/* SPDX-License-Identifier: MIT */
/* A capture's place in the gate, and the time limit for holding it.
 *
 * Thread: the request's event loop. */
#ifndef GBX_MIDDLEWARE_SLOT_H
#define GBX_MIDDLEWARE_SLOT_H

#include "middleware/gate.h"
#include <h2o.h>

/* Caller's memory, at a fixed address while the place is held. A zeroed slot holds no place. */
typedef struct gbxi_slot {
    gbx_gate *gate; /* referenced; NULL: no place is held */
    gbx_capture *capture;
    h2o_context_t *context;
    uint64_t deadline_ms; /* in the loop's clock */
    h2o_timeout_entry_t timer;
} gbxi_slot;

/* Takes over the place that gbxi_gate_enter took. When the time is over, the place is given back and a capture that is
 * not finished yet is cut. `capture` is borrowed until the place is given back. */
void gbxi_slot_hold(gbxi_slot *slot, gbx_gate *gate, gbx_capture *capture, h2o_context_t *context);

static inline bool gbxi_slot_is_held(const gbxi_slot *slot)
{
    return slot->gate != NULL;
}

/* Gives the place back, if one is held. */
void gbxi_slot_release(gbxi_slot *slot);

#endif
