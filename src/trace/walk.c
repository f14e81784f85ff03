/* SPDX-License-Identifier: MIT */
/* Iterates over the calls of a trace. */
#include "trace/walk.h"
#include "capture/reader.h"

#include <stdlib.h>

bool gbxi_trace_walk_init(gbxi_trace_walk *walk, const gbxi_trace *trace)
{
    *walk = (gbxi_trace_walk){.trace = trace};
    walk->calls = malloc(((size_t)trace->depth_max + 1) * sizeof(*walk->calls));
    return walk->calls != NULL;
}

void gbxi_trace_walk_fini(gbxi_trace_walk *walk)
{
    free(walk->calls);
    *walk = (gbxi_trace_walk){0};
}

void gbxi_trace_walk_thread(gbxi_trace_walk *walk, size_t thread)
{
    gbx_reader_init(&walk->reader, walk->trace->capture, walk->trace->threads[thread].lane);
    walk->depth = 0;
    walk->recorded = walk->trace->threads[thread].first_recorded;
    walk->call_index = walk->trace->threads[thread].first_call;
    walk->formatted = walk->trace->threads[thread].first_formatted;
}

__attribute__((always_inline)) static inline bool walk_enter(gbxi_trace_walk *walk, gbxi_trace_step *step, bool told)
{
    const gbxi_trace *trace = walk->trace;
    const gbxi_frame *frame = &trace->frames.at[gbxi_trace_frame_of(trace, &walk->record, &walk->formatted)];
    uint32_t recorded = walk->recorded++;
    gbxi_trace_walk_call *call;

    /* All calls inside a folded call are folded, so their bits need no check. */
    if (walk->skipped > 0 || gbxi_trace_is_folded(trace, recorded)) {
        ++walk->skipped;
        return false;
    }
    call = &walk->calls[walk->depth];
    call->frame = frame;
    call->start_ns = walk->record.at_ns;
    call->children_ns = 0;
    if (told)
        call->reason = NULL;
    step->kind = GBXI_TRACE_STEP_ENTER;
    step->depth = walk->depth++;
    step->frame = frame;
    step->at_ns = walk->record.at_ns;
    step->call_index = walk->call_index++;
    return true;
}

/* Records are balanced, so a call is open. */
__attribute__((always_inline)) static inline bool walk_leave(gbxi_trace_walk *walk, gbxi_trace_step *step, bool told)
{
    const gbxi_trace_walk_call *call;

    if (walk->skipped > 0) {
        --walk->skipped;
        return false;
    }
    call = &walk->calls[--walk->depth];
    step->kind = GBXI_TRACE_STEP_EXIT;
    step->depth = walk->depth;
    step->frame = call->frame;
    step->at_ns = walk->record.at_ns;
    step->start_ns = call->start_ns;
    step->duration_ns = step->at_ns - call->start_ns;
    step->self_ns = step->duration_ns - call->children_ns;
    if (told) {
        step->reason = call->reason;
        step->reason_length = call->reason_length;
        step->failed_at_ns = call->failed_at_ns;
    }
    if (walk->depth > 0)
        walk->calls[walk->depth - 1].children_ns += step->duration_ns;
    return true;
}

/* Notes outside of spans belong to the trace. */
static bool walk_note(const gbxi_trace_walk *walk, gbxi_trace_step *step)
{
    if (walk->skipped > 0 || walk->depth == 0)
        return false;
    step->kind = GBXI_TRACE_STEP_NOTE;
    step->depth = walk->depth - 1;
    step->frame = walk->calls[walk->depth - 1].frame;
    return true;
}

/* Likewise. The exit of the call tells the first failure. */
static void walk_fail(gbxi_trace_walk *walk)
{
    gbxi_trace_walk_call *call = walk->depth > 0 ? &walk->calls[walk->depth - 1] : NULL;

    if (walk->skipped > 0 || call == NULL || call->reason != NULL)
        return;
    call->reason = walk->record.text;
    call->reason_length = walk->record.text_length;
    call->failed_at_ns = walk->record.at_ns;
}

/* Always inline, so that `notes` is known. */
__attribute__((always_inline)) static inline bool walk_step(gbxi_trace_walk *walk, gbxi_trace_step *step, bool notes)
{
    while (gbxi_reader_read(&walk->reader, &walk->record, notes)) {
        switch (walk->record.kind) {
        case GBX_RECORD_ENTER:
            if (walk_enter(walk, step, notes))
                return true;
            break;
        case GBX_RECORD_EXIT:
            if (walk_leave(walk, step, notes))
                return true;
            break;
        case GBX_RECORD_NOTE_STR:
        case GBX_RECORD_NOTE_INT:
        case GBX_RECORD_NOTE_DOUBLE:
            if (notes && walk_note(walk, step))
                return true;
            break;
        case GBX_RECORD_FAIL:
            if (notes)
                walk_fail(walk);
            break;
        case GBX_RECORD_END:
            break;
        }
    }
    return false;
}

bool gbxi_trace_walk_next(gbxi_trace_walk *walk, gbxi_trace_step *step)
{
    return walk_step(walk, step, true);
}

bool gbxi_trace_walk_next_call(gbxi_trace_walk *walk, gbxi_trace_step *step)
{
    return walk_step(walk, step, false);
}

uint32_t gbxi_trace_walk_depth(gbxi_trace_walk *walk)
{
    gbxi_trace_step step;
    uint32_t depth = 0;

    if (walk->trace->folded == NULL)
        return walk->trace->depth_max;
    for (size_t i = 0; i < walk->trace->facts.lane_count; i++) {
        gbxi_trace_walk_thread(walk, i);
        while (gbxi_trace_walk_next_call(walk, &step))
            if (walk->depth > depth)
                depth = walk->depth;
    }
    return depth;
}
