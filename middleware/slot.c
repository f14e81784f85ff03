/* SPDX-License-Identifier: MIT */
/* Owns the timer of a capture under way. */
#define _GNU_SOURCE
#include "middleware/slot.h"

enum { COARSE_MS = 1000 };

static void slot_on_timer(h2o_timeout_entry_t *timer);

/* Uses the timers that every loop already has. A separate timer list for each limit would be checked in every iteration
 * of the loop. */
static void slot_wait(gbxi_slot *slot, uint64_t left_ms)
{
    h2o_context_t *context = slot->context;

    slot->timer.cb = slot_on_timer;
    h2o_timeout_link(context->loop, left_ms > COARSE_MS ? &context->one_sec_timeout : &context->hundred_ms_timeout,
                     &slot->timer);
}

static void slot_on_timer(h2o_timeout_entry_t *timer)
{
    gbxi_slot *slot = H2O_STRUCT_FROM_MEMBER(gbxi_slot, timer, timer);
    uint64_t now_ms = h2o_now(slot->context->loop);

    if (now_ms < slot->deadline_ms) {
        slot_wait(slot, slot->deadline_ms - now_ms);
        return;
    }
    gbx_capture_leave(gbx_capture_enter(slot->capture)); /* records what the handler has waited so far */
    if (gbx_capture_cut(slot->capture) && slot->counts)
        gbxi_gate_count_expired(slot->gate);
    gbxi_slot_release(slot);
    if (slot->on_time_over != NULL)
        slot->on_time_over(slot);
}

void gbxi_slot_watch(gbxi_slot *slot, gbx_gate *gate, gbx_capture *capture, h2o_context_t *context,
                     void (*on_time_over)(gbxi_slot *slot))
{
    uint32_t max_ms = gbxi_gate_max_capture_ms(gate);

    *slot = (gbxi_slot){.gate = gbx_gate_ref(gate),
                        .on_time_over = on_time_over,
                        .capture = capture,
                        .context = context,
                        .deadline_ms = h2o_now(context->loop) + max_ms};
    slot_wait(slot, max_ms);
}

void gbxi_slot_hold(gbxi_slot *slot, gbx_gate *gate, gbx_capture *capture, h2o_context_t *context,
                    void (*on_time_over)(gbxi_slot *slot))
{
    gbxi_slot_watch(slot, gate, capture, context, on_time_over);
    slot->counts = true;
}

void gbxi_slot_release(gbxi_slot *slot)
{
    if (slot->gate == NULL)
        return;
    h2o_timeout_unlink(&slot->timer);
    if (slot->counts)
        gbxi_gate_leave(slot->gate);
    gbx_gate_unref(slot->gate);
    slot->gate = NULL;
}
