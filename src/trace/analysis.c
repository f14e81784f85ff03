/* SPDX-License-Identifier: MIT */
/* The pass over all records that turns them into a trace. */
#include "trace/analysis.h"
#include "base/grow.h"
#include "capture/reader.h"

#include <stdlib.h>
#include <string.h>

/* A call without an exit so far. */
typedef struct open_call {
    uint64_t start_ns;
    uint64_t children_ns;
    uint32_t frame;
    uint32_t recorded; /* number of the call */
    uint32_t repeats;  /* its mark in the repeats */
} open_call;

/* Deeper than any call. */
#define NOT_MARKED UINT32_MAX

typedef struct analysis {
    gbxi_trace *trace;
    gbxi_thread *thread;
    gbx_reader reader;
    open_call *open;
    size_t capacity;
    gbxi_marks marks; /* of the open calls */
    uint64_t floor;   /* calls that are shorter are not among the slowest */
    uint32_t depth;
    uint32_t marked; /* depth of the innermost call with a mark, or NOT_MARKED */
} analysis;

static bool remember_formatted(gbxi_trace *trace, uint32_t frame)
{
    if (!gbxi_grow(&trace->formatted, &trace->formatted_capacity, trace->formatted_count + 1, sizeof(frame)))
        return false;
    trace->formatted[trace->formatted_count++] = frame;
    return true;
}

static bool analysis_enter(analysis *a, const gbx_record *record)
{
    gbxi_trace *trace = a->trace;
    uint32_t frame = gbxi_frames_intern(&trace->frames, record);

    if (gbxi_record_is_formatted(record) && !remember_formatted(trace, frame))
        return false;
    if (frame == GBXI_FRAME_NONE || !gbxi_grow(&a->open, &a->capacity, (size_t)a->depth + 1, sizeof(*a->open)))
        return false;
    ++trace->frames.at[frame].open;
    a->open[a->depth++] = (open_call){.start_ns = record->at_ns,
                                      .frame = frame,
                                      .recorded = trace->recorded_count++,
                                      .repeats = gbxi_repeats_mark(&trace->repeats)};
    if (a->depth > trace->depth_max)
        trace->depth_max = a->depth;
    return true;
}

static bool fold_call(gbxi_trace *trace, uint32_t recorded)
{
    size_t had = trace->folded_bytes;

    if (!gbxi_grow(&trace->folded, &trace->folded_bytes, (size_t)recorded / 8 + 1, 1))
        return false;
    if (trace->folded_bytes > had)
        memset(trace->folded + had, 0, trace->folded_bytes - had);
    trace->folded[recorded / 8] |= (uint8_t)(1u << (recorded % 8));
    return true;
}

static void count_call(gbxi_frame *frame, uint64_t duration_ns, uint64_t self_ns)
{
    ++frame->calls;
    frame->self_ns += self_ns;
    frame->sum_ns += duration_ns;
    if (frame->open == 0)
        frame->total_ns += duration_ns;
    if (duration_ns < frame->min_ns)
        frame->min_ns = duration_ns;
    if (duration_ns > frame->max_ns)
        frame->max_ns = duration_ns;
}

static bool count_as_child(analysis *a, uint32_t frame, uint64_t duration_ns)
{
    if (a->depth == 0) {
        a->thread->roots_ns += duration_ns;
        return true;
    }
    a->open[a->depth - 1].children_ns += duration_ns;
    return !a->trace->options.repeats || gbxi_repeats_child(&a->trace->repeats, a->depth - 1, frame, duration_ns);
}

/* Notes what analysis_leave compares calls with. */
static void note_picked(analysis *a)
{
    a->floor = a->trace->slowest.floor;
    a->marked = a->marks.count > 0 ? a->marks.at[a->marks.count - 1].depth : NOT_MARKED;
}

/* Offers a call, which was the innermost. Errors: false if out of memory. */
static bool offer_call(analysis *a, gbxi_picks *picks, uint64_t key, const open_call *call, uint64_t duration_ns,
                       const gbxi_mark *mark)
{
    bool good = true;
    gbxi_pick *pick = gbxi_picks_offer(picks, key, &good);

    if (pick == NULL)
        return good;
    pick->recorded = call->recorded;
    pick->frame = call->frame;
    pick->depth = a->depth;
    pick->thread = (uint32_t)(a->thread - a->trace->threads);
    pick->start_ns = call->start_ns;
    pick->duration_ns = duration_ns;
    pick->self_ns = duration_ns - call->children_ns;
    pick->reason = NULL;
    pick->note_count = pick->omitted_notes = 0;
    return mark == NULL || gbxi_pick_mark(pick, &a->marks, mark);
}

/* The same for a call with a mark, which is removed. */
static bool pick_marked(analysis *a, const open_call *call, uint64_t duration_ns, bool shown, const gbxi_mark *mark)
{
    gbxi_trace *trace = a->trace;
    bool good = true;

    if (shown && gbxi_marks_note_count(&a->marks, mark) > 0 && gbxi_picks_may_take(&trace->noted, duration_ns))
        good = offer_call(a, &trace->noted, duration_ns, call, duration_ns, mark);
    if (mark->reason != NULL)
        good = offer_call(a, &trace->failed_calls, ~mark->failed_at_ns, call, duration_ns, mark) && good;
    gbxi_marks_pop(&a->marks);
    return good;
}

__attribute__((noinline)) static bool analysis_pick(analysis *a, const open_call *call, uint64_t duration_ns)
{
    gbxi_picks *slowest = &a->trace->slowest;
    const gbxi_mark *mark = gbxi_marks_of(&a->marks, a->depth);
    bool shown = duration_ns >= a->trace->options.min_duration_ns, good = true;

    if (shown && gbxi_picks_may_take(slowest, duration_ns))
        good = offer_call(a, slowest, duration_ns, call, duration_ns, mark);
    if (mark != NULL)
        good = pick_marked(a, call, duration_ns, shown, mark) && good;
    note_picked(a);
    return good;
}

/* Records are balanced, so a call is open. */
static bool analysis_leave(analysis *a, const gbx_record *record)
{
    gbxi_trace *trace = a->trace;
    const open_call *call = &a->open[--a->depth];
    gbxi_frame *frame = &trace->frames.at[call->frame];
    uint64_t duration_ns = record->at_ns - call->start_ns;

    --frame->open;
    if ((duration_ns >= a->floor || a->depth == a->marked) && !analysis_pick(a, call, duration_ns))
        return false;
    if (duration_ns < trace->options.min_duration_ns)
        return fold_call(trace, call->recorded);
    count_call(frame, duration_ns, duration_ns - call->children_ns);
    ++a->thread->call_count;
    if (trace->options.repeats && !gbxi_repeats_harvest(&trace->repeats, call->repeats, call->frame))
        return false;
    return count_as_child(a, call->frame, duration_ns);
}

/* Keeps the earliest failure. Threads are read one after another, so a later record may be an earlier failure. */
static void analysis_fail(analysis *a, const gbx_record *record)
{
    gbxi_trace *trace = a->trace;
    const gbxi_frame *frame = a->depth > 0 ? &trace->frames.at[a->open[a->depth - 1].frame] : NULL;

    if (trace->failed && trace->failure.at_ns <= record->at_ns)
        return;
    trace->failed = true;
    trace->failure = (gbxi_failure){.span = frame != NULL ? frame->name : NULL,
                                    .span_length = frame != NULL ? frame->name_length : 0,
                                    .reason = record->text,
                                    .reason_length = record->text_length,
                                    .at_ns = record->at_ns};
}

static bool wants_marks(const gbxi_trace_options *options)
{
    return options->slowest_n + options->noted_n + options->failed_n > 0;
}

/* Takes a note or a failure. */
__attribute__((noinline)) static bool analysis_mark(analysis *a, const gbx_record *record)
{
    if (record->kind == GBX_RECORD_FAIL)
        analysis_fail(a, record);
    if (a->depth == 0)
        return gbxi_marks_put(&a->trace->own, 0, record);
    if (!wants_marks(&a->trace->options))
        return true;
    a->marked = a->depth - 1;
    return gbxi_marks_put(&a->marks, a->depth - 1, record);
}

/* One copy of the loop, so that what it calls is inlined: only notes depend on `marked`. */
static bool analyse_thread(analysis *a)
{
    bool marked = wants_marks(&a->trace->options);
    gbx_record record;
    bool good = true;

    gbx_reader_init(&a->reader, a->trace->capture, a->thread->lane);
    while (good && gbxi_reader_read(&a->reader, &record, marked)) {
        if (record.kind == GBX_RECORD_ENTER)
            good = analysis_enter(a, &record);
        else if (record.kind == GBX_RECORD_EXIT)
            good = analysis_leave(a, &record);
        else
            good = analysis_mark(a, &record);
    }
    return good;
}

bool gbxi_analysis_run(gbxi_trace *trace)
{
    analysis a = {.trace = trace, .floor = trace->slowest.floor, .marked = NOT_MARKED};
    bool good = true;

    for (size_t i = 0; good && i < trace->facts.lane_count; i++) {
        a.thread = &trace->threads[i];
        a.thread->first_call = trace->call_count;
        a.thread->first_recorded = trace->recorded_count;
        a.thread->first_formatted = trace->formatted_count;
        good = analyse_thread(&a);
        trace->call_count += a.thread->call_count;
    }
    good = good && gbxi_picks_rank_all(&trace->slowest) && gbxi_picks_rank_all(&trace->noted) &&
           gbxi_picks_rank_all(&trace->failed_calls);
    gbxi_marks_fini(&a.marks);
    free(a.open);
    if (trace->options.repeats)
        gbxi_repeats_rank(&trace->repeats);
    trace->frame_count = gbxi_frames_number(&trace->frames);
    for (uint32_t i = 0; i < trace->frames.count; i++)
        trace->self_ns += trace->frames.at[i].self_ns;
    return good;
}
