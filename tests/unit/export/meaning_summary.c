/* SPDX-License-Identifier: MIT */
/* Checks the summary against the other two documents. */
#include "meaning_model.h"

#include <stdlib.h>
#include <string.h>

static int by_start(const void *left, const void *right)
{
    const model_span *a = left;
    const model_span *b = right;

    return (a->start_ns > b->start_ns) - (a->start_ns < b->start_ns);
}

static uint64_t uncovered_ns(model *m)
{
    uint64_t until_ns = 0;
    uint64_t covered_ns = 0;

    qsort(m->roots, m->root_count, sizeof(*m->roots), by_start);
    for (size_t i = 0; i < m->root_count; ++i) {
        uint64_t from_ns = m->roots[i].start_ns > until_ns ? m->roots[i].start_ns : until_ns;
        if (m->roots[i].end_ns <= from_ns)
            continue;
        covered_ns += m->roots[i].end_ns - from_ns;
        until_ns = m->roots[i].end_ns;
    }
    return m->duration_ns - covered_ns;
}

static bool is_timing_of(const model_frame *frame, gbxi_json_value hotspot)
{
    return model_same(frame->name, model_string(hotspot, "name")) &&
           model_same(frame->file, model_string(hotspot, "file")) && frame->line == model_uint(hotspot, "line") &&
           frame->calls == model_uint(hotspot, "calls") && frame->self_ns == model_ms(hotspot, "self_ms") &&
           frame->total_ns == model_ms(hotspot, "total_ms") && frame->min_ns == model_ms(hotspot, "min_ms") &&
           frame->max_ns == model_ms(hotspot, "max_ms");
}

static bool check_hotspots(const model *m)
{
    gbxi_json_value hotspots = gbxi_json_member(m->summary, "hotspots");
    gbxi_json_iterator each = gbxi_json_each(hotspots);
    uint64_t least_ns = UINT64_MAX;
    double percentage = 0;

    REQUIRE(gbxi_json_typeof(hotspots) == GBXI_JSON_ARRAY && gbxi_json_count(hotspots) <= m->frame_count);
    REQUIRE(m->frame_count == 0 || gbxi_json_count(hotspots) > 0);
    while (gbxi_json_next(&each)) {
        uint64_t self_ns = model_ms(each.value, "self_ms");
        uint64_t p95_ns = model_ms(each.value, "p95_ms");
        size_t frame = 0;
        while (frame < m->frame_count && !is_timing_of(&m->frames[frame], each.value))
            ++frame;
        REQUIRE(frame < m->frame_count);
        REQUIRE(self_ns <= least_ns);
        REQUIRE(p95_ns >= m->frames[frame].min_ns && p95_ns <= m->frames[frame].max_ns);
        least_ns = self_ns;
        percentage += model_real(each.value, "percentage");
    }
    REQUIRE(percentage <= 100.1);
    REQUIRE(m->self_ns == 0 || gbxi_json_count(hotspots) < m->frame_count || percentage >= 99.9);
    return true;
}

static bool check_repeats(const model *m)
{
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(m->summary, "repeats"));
    uint64_t least_ns = UINT64_MAX;

    REQUIRE(gbxi_json_typeof(gbxi_json_member(m->summary, "repeats")) == GBXI_JSON_ARRAY);
    REQUIRE(gbxi_json_count(gbxi_json_member(m->summary, "repeats")) <= 100);
    while (gbxi_json_next(&each)) {
        REQUIRE(model_uint(each.value, "count") >= 3 && model_uint(each.value, "count") <= m->event_count / 2);
        REQUIRE(model_ms(each.value, "total_ms") <= least_ns);
        least_ns = model_ms(each.value, "total_ms");
    }
    return true;
}

static bool check_error(gbxi_json_value error)
{
    if (gbxi_json_typeof(error) == GBXI_JSON_NULL)
        return true;
    REQUIRE(gbxi_json_typeof(gbxi_json_member(error, "span")) == GBXI_JSON_STRING ||
            gbxi_json_typeof(gbxi_json_member(error, "span")) == GBXI_JSON_NULL);
    REQUIRE(gbxi_json_typeof(gbxi_json_member(error, "reason")) == GBXI_JSON_STRING);
    return true;
}

static bool skip(gbxi_json_string *text, const char *piece)
{
    size_t length = strlen(piece);

    if (text->length < length || memcmp(text->at, piece, length) != 0)
        return false;
    *text = (gbxi_json_string){text->at + length, text->length - length};
    return true;
}

static void skip_past(gbxi_json_string *text, const char *piece)
{
    while (text->length > 0 && !skip(text, piece))
        *text = (gbxi_json_string){text->at + 1, text->length - 1};
}

/* What the title of the speedscope document says behind the capture's name and duration, which may be any text. */
static gbxi_json_string said_of_trace(const model *m)
{
    gbxi_json_string title = model_string(m->speedscope, "name"), name = model_string(m->summary, "name");

    if (title.length < name.length)
        return (gbxi_json_string){NULL, 0};
    title = (gbxi_json_string){title.at + name.length, title.length - name.length};
    skip_past(&title, " ms");
    if (skip(&title, " (truncated, "))
        skip_past(&title, " spans dropped)");
    return title;
}

/* A failure of the trace is in all documents. */
static bool check_failure(const model *m, gbxi_json_value metadata)
{
    gbxi_json_value ours = gbxi_json_member(m->summary, "error"), theirs = gbxi_json_member(metadata, "error");
    gbxi_json_string said = said_of_trace(m);

    if (!check_error(ours) || !check_error(theirs))
        return false;
    REQUIRE(gbxi_json_typeof(ours) == gbxi_json_typeof(theirs));
    REQUIRE(model_same(model_string(ours, "reason"), model_string(theirs, "reason")));
    REQUIRE(model_same(model_string(ours, "span"), model_string(theirs, "span")));
    REQUIRE(skip(&said, ", failed: ") == (gbxi_json_typeof(ours) == GBXI_JSON_OBJECT));
    REQUIRE(model_same(model_string(m->summary, "own_error"), model_string(metadata, "own_error")));
    REQUIRE(gbxi_json_count(gbxi_json_member(m->summary, "notes")) ==
            gbxi_json_count(gbxi_json_member(metadata, "notes")));
    REQUIRE(gbxi_json_typeof(gbxi_json_member(m->summary, "notes")) == GBXI_JSON_OBJECT);
    return true;
}

/* Whether a single call of the summary is one of the full document, with the same notes and the same failure. */
static bool is_exit_of(const model *m, gbxi_json_value exit, uint64_t start_ns, gbxi_json_value call)
{
    uint64_t at_ns = model_ms(call, "start_ms") + model_ms(call, "duration_ms");

    return model_is(model_string(exit, "event"), "exit") && model_uint(exit, "timestamp_ns") == start_ns + at_ns &&
           at_ns <= m->duration_ns && model_same(model_string(exit, "name"), model_string(call, "name")) &&
           model_uint(exit, "thread_id") == model_uint(call, "thread_id") &&
           model_same(model_string(exit, "error"), model_string(call, "error")) &&
           gbxi_json_count(gbxi_json_member(exit, "notes")) == gbxi_json_count(gbxi_json_member(call, "notes"));
}

static bool is_single_call(const model *m, gbxi_json_value call)
{
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(m->full, "entries"));
    uint64_t start_ns = model_uint(gbxi_json_member(m->full, "metadata"), "start_time_ns");

    while (gbxi_json_next(&each))
        if (is_exit_of(m, each.value, start_ns, call))
            return true;
    return false;
}

static size_t count_failed_exits(const model *m)
{
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(m->full, "entries"));
    size_t count = 0;

    while (gbxi_json_next(&each))
        count += gbxi_json_typeof(gbxi_json_member(each.value, "error")) == GBXI_JSON_STRING;
    return count;
}

/* The slowest come first, and the first of them is the slowest of all. */
static bool check_slowest(const model *m)
{
    gbxi_json_value calls = gbxi_json_member(m->summary, "slowest_calls");
    gbxi_json_iterator each = gbxi_json_each(calls);
    uint64_t least_ns = 0;

    for (size_t i = 0; i < m->frame_count; ++i)
        least_ns = m->frames[i].max_ns > least_ns ? m->frames[i].max_ns : least_ns;
    REQUIRE(gbxi_json_count(calls) <= m->event_count / 2 && gbxi_json_count(calls) <= 1000);
    REQUIRE(m->event_count == 0 || gbxi_json_count(calls) > 0);
    while (gbxi_json_next(&each)) {
        REQUIRE(each.index > 0 || model_ms(each.value, "duration_ms") == least_ns);
        REQUIRE(model_ms(each.value, "duration_ms") <= least_ns);
        REQUIRE(is_single_call(m, each.value));
        least_ns = model_ms(each.value, "duration_ms");
    }
    return true;
}

/* Folded calls are among them, but in no other document. */
static bool check_failed_calls(const model *m)
{
    gbxi_json_value calls = gbxi_json_member(m->summary, "failed_calls");
    gbxi_json_iterator each = gbxi_json_each(calls);
    size_t failed = count_failed_exits(m), found = 0;

    while (gbxi_json_next(&each)) {
        REQUIRE(gbxi_json_typeof(gbxi_json_member(each.value, "error")) == GBXI_JSON_STRING);
        found += is_single_call(m, each.value);
    }
    REQUIRE(model_uint(m->summary, "failed_count") >= failed);
    REQUIRE(gbxi_json_count(calls) == model_uint(m->summary, "failed_count") || gbxi_json_count(calls) == 100);
    REQUIRE(found >= failed || gbxi_json_count(calls) == 100);
    return true;
}

/* What is missing is said everywhere. */
static bool check_completeness(const model *m)
{
    gbxi_json_value metadata = gbxi_json_member(m->full, "metadata");
    bool truncated = false;
    bool full_truncated = true;

    REQUIRE(gbxi_json_bool(gbxi_json_member(m->summary, "truncated"), &truncated));
    REQUIRE(gbxi_json_bool(gbxi_json_member(metadata, "truncated"), &full_truncated));
    REQUIRE(truncated == full_truncated);
    REQUIRE(model_uint(m->summary, "dropped_spans") == model_uint(metadata, "dropped_spans"));
    REQUIRE(truncated || model_uint(m->summary, "dropped_spans") == 0);
    REQUIRE(!truncated || model_contains(model_string(m->speedscope, "name"), " spans dropped)"));
    REQUIRE(gbxi_json_typeof(gbxi_json_member(m->summary, "overhead")) == GBXI_JSON_OBJECT);
    return true;
}

bool meaning_check_summary(model *m)
{
    gbxi_json_value metadata = gbxi_json_member(m->full, "metadata");

    REQUIRE(model_is(model_string(m->summary, "response_type"), "summary"));
    REQUIRE(model_same(model_string(m->summary, "name"), model_string(metadata, "name")));
    REQUIRE(model_same(model_string(m->summary, "trace_id"), model_string(metadata, "trace_id")));
    REQUIRE(model_same(model_string(m->summary, "started_at"), model_string(metadata, "started_at")));
    REQUIRE(model_ms(m->summary, "total_duration_ms") == m->duration_ns);
    REQUIRE(model_uint(m->summary, "method_count") == m->frame_count);
    REQUIRE(model_uint(m->summary, "entry_count") == m->event_count);
    REQUIRE(model_ms(m->summary, "unattributed_ms") == uncovered_ns(m));
    REQUIRE(gbxi_json_count(gbxi_json_member(m->summary, "threads")) ==
            gbxi_json_count(gbxi_json_member(metadata, "threads")));
    return check_hotspots(m) && check_repeats(m) && check_failure(m, metadata) && check_slowest(m) &&
           check_failed_calls(m) && check_completeness(m);
}
