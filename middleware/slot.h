/* SPDX-License-Identifier: MIT */
/* A capture's place in the gate, and the time limit for holding it.
 *
 * Thread: the request's event loop. */
#ifndef GBX_MIDDLEWARE_SLOT_H
#define GBX_MIDDLEWARE_SLOT_H

#include "middleware/gate.h"
#include <h2o.h>

/* Caller's memory, at a fixed address while it is held. A zeroed slot is not held. */
typedef struct gbxi_slot {
    gbx_gate *gate;                               /* referenced; NULL: the slot is not held */
    bool counts;                                  /* it has a place in the gate, besides the limit of time */
    void (*on_time_over)(struct gbxi_slot *slot); /* NULL: nobody is told */
    gbx_capture *capture;
    h2o_context_t *context;
    uint64_t deadline_ms; /* in the loop's clock */
    h2o_timeout_entry_t timer;
} gbxi_slot;

/* Takes over the place that gbxi_gate_enter took. When the time is over, the place is given back and a capture that is
 * not finished yet is cut; then `on_time_over` is called. `capture` is borrowed until the place is given back. */
void gbxi_slot_hold(gbxi_slot *slot, gbx_gate *gate, gbx_capture *capture, h2o_context_t *context,
                    void (*on_time_over)(gbxi_slot *slot));

/* The same without a place: only the limit of time applies. */
void gbxi_slot_watch(gbxi_slot *slot, gbx_gate *gate, gbx_capture *capture, h2o_context_t *context,
                     void (*on_time_over)(gbxi_slot *slot));

static inline bool gbxi_slot_is_held(const gbxi_slot *slot)
{
    return slot->gate != NULL;
}

/* Gives the place back, if there is one, and ends the limit of time. */
void gbxi_slot_release(gbxi_slot *slot);

#endif
