/* SPDX-License-Identifier: MIT */
/* Walking over the calls of a trace. */
#include "trace/walk.h"

#include <stdlib.h>

bool gbx__walk_init(gbx__walk *walk, const gbx__trace *trace)
{
    *walk = (gbx__walk){.trace = trace};
    walk->calls = malloc(((size_t)trace->depth_max + 1) * sizeof(*walk->calls));
    return walk->calls != NULL;
}

void gbx__walk_fini(gbx__walk *walk)
{
    free(walk->calls);
    *walk = (gbx__walk){0};
}

void gbx__walk_thread(gbx__walk *walk, size_t thread)
{
    gbx__reader_init(&walk->reader, walk->trace->capture, walk->trace->threads[thread].lane);
    walk->depth = 0;
    walk->skipped = 0;
    walk->recorded = walk->trace->threads[thread].first_recorded;
    walk->call_index = walk->trace->threads[thread].first_call;
}

static bool enter(gbx__walk *walk, gbx__step *step)
{
    const gbx__trace *trace = walk->trace;
    const gbx__frame *frame;
    uint32_t recorded = walk->recorded++;

    /* Under a folded call all are: their bits need no look. */
    if (walk->skipped > 0 || gbx__trace_is_folded(trace, recorded)) {
        ++walk->skipped;
        return false;
    }
    frame = &trace->frames.at[gbx__frames_find(&trace->frames, &walk->record)];
    walk->calls[walk->depth] = (gbx__walk_call){.frame = frame, .start_ns = walk->record.at_ns};
    step->kind = GBX__STEP_ENTER;
    step->depth = walk->depth++;
    step->frame = frame;
    step->at_ns = walk->record.at_ns;
    step->call_index = walk->call_index++;
    return true;
}

static bool leave(gbx__walk *walk, gbx__step *step)
{
    const gbx__walk_call *call;

    if (walk->skipped > 0) {
        --walk->skipped;
        return false;
    }
    if (walk->depth == 0)
        return false;
    call = &walk->calls[--walk->depth];
    step->kind = GBX__STEP_EXIT;
    step->depth = walk->depth;
    step->frame = call->frame;
    step->at_ns = walk->record.at_ns;
    step->start_ns = call->start_ns;
    step->duration_ns = step->at_ns - call->start_ns;
    step->self_ns = step->duration_ns - call->children_ns;
    if (walk->depth > 0)
        walk->calls[walk->depth - 1].children_ns += step->duration_ns;
    return true;
}

static bool note(const gbx__walk *walk, gbx__step *step)
{
    if (walk->skipped > 0 || walk->depth == 0)
        return false;
    step->kind = GBX__STEP_NOTE;
    step->depth = walk->depth - 1;
    step->frame = walk->calls[walk->depth - 1].frame;
    return true;
}

bool gbx__walk_next(gbx__walk *walk, gbx__step *step)
{
    while (gbx__reader_next(&walk->reader, &walk->record)) {
        switch (walk->record.kind) {
        case GBX__RECORD_ENTER:
            if (enter(walk, step))
                return true;
            break;
        case GBX__RECORD_EXIT:
            if (leave(walk, step))
                return true;
            break;
        case GBX__RECORD_NOTE_STR:
        case GBX__RECORD_NOTE_INT:
        case GBX__RECORD_NOTE_DOUBLE:
            if (note(walk, step))
                return true;
            break;
        case GBX__RECORD_FAIL:
        case GBX__RECORD_END:
            break;
        }
    }
    return false;
}
