/* SPDX-License-Identifier: MIT */
/* Owns the way through a trace, and what its records say of spans. */
#include "otlp/spans.h"
#include "otlp/conventions.h"
#include "otlp/span_id.h"
#include <stdlib.h>

/* The lowest eight bits are those of the W3C, and two more tell where the parent is. */
enum { FLAG_SAMPLED = 0x01, FLAG_REMOTE_IS_KNOWN = 0x100, FLAG_PARENT_IS_REMOTE = 0x200 };

/* A wall clock may stand before 1970, which the format cannot say. */
static uint64_t spans_unix_ns(const gbxi_trace *trace, uint64_t at_ns)
{
    int64_t start_ns = trace->facts.start_unix_ns;

    if (start_ns >= 0)
        return (uint64_t)start_ns + at_ns;
    return at_ns > 0 - (uint64_t)start_ns ? at_ns - (0 - (uint64_t)start_ns) : 0;
}

static void spans_clear(gbxi_otlp_spans *spans)
{
    const gbx_capture_facts *facts = &spans->trace->facts;

    spans->span = (gbxi_otlp_span){.flags = facts->trace_flags | (uint32_t)(FLAG_SAMPLED | FLAG_REMOTE_IS_KNOWN)};
    memcpy(spans->span.trace_id, facts->trace_id, sizeof(facts->trace_id));
}

static void spans_fail(gbxi_otlp_spans *spans, gbxi_view reason, uint64_t at_ns)
{
    spans->span.has_exception = true;
    spans->span.exception = reason;
    spans->span.exception_unix_ns = spans_unix_ns(spans->trace, at_ns);
}

static bool spans_own_notes(gbxi_otlp_spans *spans)
{
    const gbxi_marks *own = &spans->trace->own;
    bool good = true;

    gbxi_notes_cut(&spans->notes, 0);
    for (uint32_t i = 0; i < own->note_count && good; i++)
        good = gbxi_notes_put(&spans->notes, 0, &own->notes[i]);
    return good;
}

/* The span of the request. What failed outside of all calls is an event of it. */
static bool spans_request(gbxi_otlp_spans *spans, const gbxi_otlp_request *request)
{
    const gbxi_trace *trace = spans->trace;
    const gbxi_mark *mark = gbxi_marks_of(&trace->own, 0);
    bool good;

    spans_clear(spans);
    spans->span.has_parent = gbxi_trace_has_parent(&trace->facts);
    if (spans->span.has_parent)
        spans->span.flags |= FLAG_PARENT_IS_REMOTE;
    memcpy(spans->span.parent_id, trace->facts.parent_span_id, sizeof(spans->span.parent_id));
    gbxi_otlp_span_id(trace->facts.trace_id, 0, spans->span.id);
    spans->span.start_unix_ns = spans_unix_ns(trace, 0);
    spans->span.end_unix_ns = spans_unix_ns(trace, trace->facts.duration_ns);
    good = spans_own_notes(spans) &&
           gbxi_otlp_describe_request(&spans->words, trace, request, &spans->notes, &spans->span);
    if (mark != NULL && mark->reason != NULL)
        spans_fail(spans, (gbxi_view){mark->reason, mark->reason_length}, mark->failed_at_ns);
    if (mark != NULL)
        spans->span.attributes.dropped += mark->omitted_notes;
    gbxi_notes_cut(&spans->notes, 0);
    return good;
}

/* The span of a call that has just ended. Its parent is the call around it, or the request. */
static bool spans_call(gbxi_otlp_spans *spans, const gbxi_trace_step *step)
{
    const gbxi_trace *trace = spans->trace;
    uint64_t parent = step->depth > 0 ? (uint64_t)spans->open[step->depth - 1] + 1 : 0;

    spans_clear(spans);
    spans->span.has_parent = true;
    gbxi_otlp_span_id(trace->facts.trace_id, (uint64_t)spans->open[step->depth] + 1, spans->span.id);
    gbxi_otlp_span_id(trace->facts.trace_id, parent, spans->span.parent_id);
    spans->span.name = (gbxi_view){step->frame->name, step->frame->name_length};
    spans->span.start_unix_ns = spans_unix_ns(trace, step->start_ns);
    spans->span.end_unix_ns = spans_unix_ns(trace, step->at_ns);
    if (step->reason != NULL) {
        spans->span.is_failed = true;
        spans->span.reason = (gbxi_view){step->reason, step->reason_length};
        spans_fail(spans, spans->span.reason, step->failed_at_ns);
    }
    return gbxi_otlp_describe_call(&spans->words, &trace->threads[spans->thread].facts, step->frame, &spans->notes,
                                   gbxi_notes_first(&spans->notes, step->depth), &spans->span);
}

static bool spans_note(gbxi_otlp_spans *spans, const gbxi_trace_step *step)
{
    gbxi_note note;

    gbxi_note_set(&note, &spans->walk.record);
    return gbxi_notes_put(&spans->notes, step->depth, &note);
}

/* Goes on to the next exit of a call; `found` is false at the end of the thread. */
static bool spans_walk(gbxi_otlp_spans *spans, gbxi_trace_step *step, bool *found)
{
    bool good = true;

    while (good && (*found = gbxi_trace_walk_next(&spans->walk, step)) && step->kind != GBXI_TRACE_STEP_EXIT) {
        if (step->kind == GBXI_TRACE_STEP_ENTER)
            spans->open[step->depth] = step->call_index;
        else
            good = spans_note(spans, step);
    }
    return good;
}

static void spans_enter_thread(gbxi_otlp_spans *spans, size_t thread)
{
    spans->thread = thread;
    if (thread < spans->trace->facts.lane_count)
        gbxi_trace_walk_thread(&spans->walk, thread);
}

/* Goes to the next exit over all threads; `found` is false after the last. */
static bool spans_step(gbxi_otlp_spans *spans, gbxi_trace_step *step, bool *found)
{
    bool good = true;

    *found = false;
    while (good && !*found && spans->thread < spans->trace->facts.lane_count) {
        good = spans_walk(spans, step, found);
        if (good && !*found)
            spans_enter_thread(spans, spans->thread + 1);
    }
    return good;
}

static void spans_drop_notes(gbxi_otlp_spans *spans, uint32_t depth)
{
    gbxi_notes_cut(&spans->notes, gbxi_notes_first(&spans->notes, depth));
}

bool gbxi_otlp_spans_next(gbxi_otlp_spans *spans)
{
    gbxi_trace_step step;
    bool found;

    spans->number++;
    if (!spans_step(spans, &step, &found))
        return false;
    spans->is_done = !found;
    if (!found)
        return true;
    if (!spans_call(spans, &step))
        return false;
    spans_drop_notes(spans, step.depth);
    return true;
}

/* Passes the spans over that come before a number. All of the threads before its own are passed at once. */
static bool spans_pass(gbxi_otlp_spans *spans, size_t number)
{
    const gbxi_trace *trace = spans->trace;
    size_t thread = 0;
    gbxi_trace_step step;
    bool found = true;

    while (thread < trace->facts.lane_count &&
           (size_t)trace->threads[thread].first_call + trace->threads[thread].call_count < number)
        thread++;
    spans_enter_thread(spans, thread);
    if (thread == trace->facts.lane_count)
        return true;
    for (size_t i = trace->threads[thread].first_call + (size_t)1; i < number && found; i++) {
        if (!spans_step(spans, &step, &found))
            return false;
        if (found)
            spans_drop_notes(spans, step.depth);
    }
    return true;
}

bool gbxi_otlp_spans_begin(gbxi_otlp_spans *spans, const gbxi_trace *trace, const gbxi_otlp_request *request,
                           size_t number)
{
    gbxi_otlp_spans_fini(spans);
    spans->trace = trace;
    spans->open = malloc(((size_t)trace->depth_max + 1) * sizeof(*spans->open));
    if (spans->open == NULL || !gbxi_trace_walk_init(&spans->walk, trace) || !spans_pass(spans, number))
        return false;
    spans->number = number;
    if (number == 0)
        return spans_request(spans, request);
    spans->number--;
    return gbxi_otlp_spans_next(spans);
}

void gbxi_otlp_spans_fini(gbxi_otlp_spans *spans)
{
    gbxi_trace_walk_fini(&spans->walk);
    gbxi_notes_fini(&spans->notes);
    gbxi_otlp_words_fini(&spans->words);
    free(spans->open);
    *spans = (gbxi_otlp_spans){0};
}
