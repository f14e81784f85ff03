/* SPDX-License-Identifier: MIT */
/* Random programs, and their numbers computed in a slow and obvious way, directly from the definitions. */
#include "reference.h"

#include <assert.h>
#include <stdlib.h>

enum { DEPTH_MAX = 40, PASS_MAX_NS = 30 };

#define SITE(name, number)                                                                                             \
    {                                                                                                                  \
        name, name, "src/reference.c", number,                                                                         \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }
const gbx_site reference_sites[REFERENCE_SITES] = {SITE("s1", 1), SITE("s2", 2),   SITE("s3", 3),   SITE("s4", 4),
                                                   SITE("s5", 5), SITE("s6", 6),   SITE("s7", 7),   SITE("s8", 8),
                                                   SITE("s9", 9), SITE("s10", 10), SITE("s11", 11), SITE("s12", 12)};

/* One lane of a program. */
typedef struct lane_plan {
    reference *program;
    uint32_t lane;
    int steps;
} lane_plan;

/* xorshift64*, by Marsaglia and Vigna. */
uint32_t reference_random(reference *program, uint32_t limit)
{
    uint64_t x = program->random;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    program->random = x;
    return (uint32_t)((x * UINT64_C(2685821657736338717)) >> 33) % limit;
}

static int begin_call(reference *program, uint32_t lane, int parent)
{
    uint32_t site = reference_random(program, REFERENCE_SITES);
    int call = program->call_count++;

    assert(call < REFERENCE_CALLS_MAX);
    program->calls[call] = (reference_call){.lane = lane,
                                            .site = site,
                                            .parent = parent,
                                            .depth = parent < 0 ? 0 : program->calls[parent].depth + 1,
                                            .start_ns = program->r.now_ns};
    if (reference_random(program, 4) == 0)
        recording_enter_named(&program->r, &reference_sites[site], reference_sites[site].name);
    else
        recording_enter(&program->r, &reference_sites[site]);
    return call;
}

/* Gives the open call, or the trace, a note or a failure. */
static void mark_call(reference *program, int open)
{
    reference_call *call = open >= 0 ? &program->calls[open] : NULL;
    int64_t note = (int64_t)reference_random(program, 5);

    if (reference_random(program, 2) == 0) {
        gbxi_note_int("n", note);
        if (call != NULL) {
            call->noted = true;
            call->note = note;
        }
        return;
    }
    gbxi_span_fail("f");
    if (call == NULL || call->failed)
        return;
    call->failed = true;
    call->failed_ns = program->r.now_ns;
}

/* Some of what is open at the end is left to the capture to close. */
static void run_lane(recording *r, void *argument)
{
    lane_plan *plan = argument;
    reference *program = plan->program;
    int open = -1;

    for (int i = 0; i < plan->steps; i++) {
        uint32_t choice = reference_random(program, 8);
        uint32_t depth = open < 0 ? 0 : program->calls[open].depth + 1;
        if (choice < 3 && depth < DEPTH_MAX) {
            open = begin_call(program, plan->lane, open);
        } else if (choice < 6 && open >= 0) {
            program->calls[open].end_ns = r->now_ns;
            open = program->calls[open].parent;
            recording_exit(r);
        } else {
            if (choice == 6 && reference_random(program, 2) == 0)
                mark_call(program, open);
            recording_pass(r, reference_random(program, PASS_MAX_NS));
        }
    }
    for (; open >= 0; open = program->calls[open].parent)
        program->calls[open].end_ns = r->now_ns;
}

gbx_capture *reference_run(reference *program, uint64_t seed, int steps)
{
    lane_plan plan = {program, 0, steps};

    program->random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    program->call_count = 0;
    program->lanes = 1 + reference_random(program, REFERENCE_LANES_MAX);
    recording_begin(&program->r, NULL);
    recording_pass(&program->r, reference_random(program, 100));
    run_lane(&program->r, &plan);
    gbx_capture_leave(program->r.scope);
    program->r.scope = (gbx_scope){0};
    for (plan.lane = 1; plan.lane < program->lanes; plan.lane++)
        recording_on_thread(&program->r, "worker", 100 + plan.lane,
                            reference_random(program, (uint32_t)program->r.now_ns + 1), run_lane, &plan);
    recording_pass(&program->r, reference_random(program, 100));
    return recording_finish(&program->r);
}

void reference_fold(reference *program, uint64_t min_duration_ns)
{
    for (int i = 0; i < program->call_count; i++)
        program->calls[i].folded = program->calls[i].end_ns - program->calls[i].start_ns < min_duration_ns;
}

static uint64_t duration_of(const reference_call *call)
{
    return call->end_ns - call->start_ns;
}

uint64_t reference_self_ns(const reference *program, int call)
{
    uint64_t self_ns = duration_of(&program->calls[call]);

    for (int i = call + 1; i < program->call_count; i++)
        if (program->calls[i].parent == call && !program->calls[i].folded)
            self_ns -= duration_of(&program->calls[i]);
    return self_ns;
}

static bool is_outermost(const reference *program, int call)
{
    uint32_t site = program->calls[call].site;

    for (int i = program->calls[call].parent; i >= 0; i = program->calls[i].parent)
        if (program->calls[i].site == site)
            return false;
    return true;
}

static int by_value(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

reference_totals reference_totals_of(const reference *program, uint32_t site)
{
    static uint64_t durations[REFERENCE_CALLS_MAX];
    reference_totals totals = {0};
    uint32_t wanted;

    for (int i = 0; i < program->call_count; i++) {
        const reference_call *call = &program->calls[i];
        if (call->folded || call->site != site)
            continue;
        durations[totals.calls++] = duration_of(call);
        totals.self_ns += reference_self_ns(program, i);
        totals.sum_ns += duration_of(call);
        totals.total_ns += is_outermost(program, i) ? duration_of(call) : 0;
    }
    if (totals.calls == 0)
        return totals;
    qsort(durations, totals.calls, sizeof(durations[0]), by_value);
    totals.min_ns = durations[0];
    totals.max_ns = durations[totals.calls - 1];
    /* The smallest that at least 95 of 100 do not exceed. */
    for (wanted = 1; (uint64_t)wanted * 100 < (uint64_t)totals.calls * 95;)
        ++wanted;
    totals.p95_ns = durations[wanted - 1];
    return totals;
}

uint64_t reference_roots_ns(const reference *program)
{
    uint64_t roots_ns = 0;

    for (int i = 0; i < program->call_count; i++)
        if (program->calls[i].parent < 0 && !program->calls[i].folded)
            roots_ns += duration_of(&program->calls[i]);
    return roots_ns;
}

uint64_t reference_unattributed_ns(const reference *program, uint64_t duration_ns)
{
    bool *covered = calloc(duration_ns + 1, sizeof(*covered));
    uint64_t unattributed_ns = 0;

    assert(covered != NULL);
    for (int i = 0; i < program->call_count; i++)
        if (program->calls[i].parent < 0 && !program->calls[i].folded)
            for (uint64_t ns = program->calls[i].start_ns; ns < program->calls[i].end_ns; ns++)
                covered[ns] = true;
    for (uint64_t ns = 0; ns < duration_ns; ns++)
        unattributed_ns += !covered[ns];
    free(covered);
    return unattributed_ns;
}

reference_repeat reference_repeat_of(const reference *program, uint32_t parent_site, uint32_t child_site)
{
    reference_repeat worst = {0};

    for (int parent = 0; parent < program->call_count; parent++) {
        reference_repeat one = {0};
        if (program->calls[parent].folded || program->calls[parent].site != parent_site)
            continue;
        for (int i = parent + 1; i < program->call_count; i++) {
            const reference_call *call = &program->calls[i];
            if (call->parent != parent || call->folded || call->site != child_site)
                continue;
            ++one.count;
            one.total_ns += duration_of(call);
        }
        if (one.count > worst.count || (one.count == worst.count && one.total_ns > worst.total_ns))
            worst = one;
    }
    return worst.count >= 3 ? worst : (reference_repeat){0};
}
