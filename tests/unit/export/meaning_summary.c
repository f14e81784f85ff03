/* SPDX-License-Identifier: MIT */
/* The summary against the other two documents. */
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

static bool is_timing_of(const model_frame *frame, gbx_json_value hotspot)
{
    return model_same(frame->name, model_string(hotspot, "name")) &&
           model_same(frame->file, model_string(hotspot, "file")) && frame->line == model_uint(hotspot, "line") &&
           frame->calls == model_uint(hotspot, "calls") && frame->self_ns == model_ms(hotspot, "self_ms") &&
           frame->total_ns == model_ms(hotspot, "total_ms") && frame->min_ns == model_ms(hotspot, "min_ms") &&
           frame->max_ns == model_ms(hotspot, "max_ms");
}

static bool check_hotspots(const model *m)
{
    gbx_json_value hotspots = gbx_json_member(m->summary, "hotspots");
    gbx_json_iterator each = gbx_json_each(hotspots);
    uint64_t least_ns = UINT64_MAX;
    double percentage = 0;

    REQUIRE(gbx_json_typeof(hotspots) == GBX_JSON_ARRAY && gbx_json_count(hotspots) <= m->frame_count);
    REQUIRE(m->frame_count == 0 || gbx_json_count(hotspots) > 0);
    while (gbx_json_next(&each)) {
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
    REQUIRE(m->self_ns == 0 || gbx_json_count(hotspots) < m->frame_count || percentage >= 99.9);
    return true;
}

static bool check_repeats(const model *m)
{
    gbx_json_iterator each = gbx_json_each(gbx_json_member(m->summary, "repeats"));
    uint64_t least_ns = UINT64_MAX;

    REQUIRE(gbx_json_typeof(gbx_json_member(m->summary, "repeats")) == GBX_JSON_ARRAY);
    REQUIRE(gbx_json_count(gbx_json_member(m->summary, "repeats")) <= 100);
    while (gbx_json_next(&each)) {
        REQUIRE(model_uint(each.value, "count") >= 3 && model_uint(each.value, "count") <= m->event_count / 2);
        REQUIRE(model_ms(each.value, "total_ms") <= least_ns);
        least_ns = model_ms(each.value, "total_ms");
    }
    return true;
}

static bool check_error(gbx_json_value error)
{
    if (gbx_json_typeof(error) == GBX_JSON_NULL)
        return true;
    REQUIRE(gbx_json_typeof(gbx_json_member(error, "span")) == GBX_JSON_STRING);
    REQUIRE(gbx_json_typeof(gbx_json_member(error, "reason")) == GBX_JSON_STRING);
    return true;
}

static bool contains(gbx_json_string string, const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i + length <= string.length; ++i)
        if (memcmp(string.at + i, text, length) == 0)
            return true;
    return false;
}

/* What is missing is said everywhere. */
static bool check_completeness(const model *m)
{
    gbx_json_value metadata = gbx_json_member(m->full, "metadata");
    bool truncated = false;
    bool full_truncated = true;

    REQUIRE(gbx_json_bool(gbx_json_member(m->summary, "truncated"), &truncated));
    REQUIRE(gbx_json_bool(gbx_json_member(metadata, "truncated"), &full_truncated));
    REQUIRE(truncated == full_truncated);
    REQUIRE(model_uint(m->summary, "dropped_spans") == model_uint(metadata, "dropped_spans"));
    REQUIRE(truncated || model_uint(m->summary, "dropped_spans") == 0);
    REQUIRE(!truncated || contains(model_string(m->speedscope, "name"), " spans dropped)"));
    REQUIRE(gbx_json_typeof(gbx_json_member(m->summary, "overhead")) == GBX_JSON_OBJECT);
    return true;
}

bool meaning_check_summary(model *m)
{
    gbx_json_value metadata = gbx_json_member(m->full, "metadata");

    REQUIRE(model_same(model_string(m->summary, "name"), model_string(metadata, "name")));
    REQUIRE(model_same(model_string(m->summary, "trace_id"), model_string(metadata, "trace_id")));
    REQUIRE(model_same(model_string(m->summary, "started_at"), model_string(metadata, "started_at")));
    REQUIRE(model_ms(m->summary, "total_duration_ms") == m->duration_ns);
    REQUIRE(model_uint(m->summary, "method_count") == m->frame_count);
    REQUIRE(model_uint(m->summary, "entry_count") == m->event_count);
    REQUIRE(model_ms(m->summary, "unattributed_ms") == uncovered_ns(m));
    REQUIRE(gbx_json_count(gbx_json_member(m->summary, "threads")) ==
            gbx_json_count(gbx_json_member(metadata, "threads")));
    return check_hotspots(m) && check_repeats(m) && check_error(gbx_json_member(m->summary, "error")) &&
           check_completeness(m);
}
