/* SPDX-License-Identifier: MIT */
/* Time in which requests wait: in queues, for locks, and off the CPU. */
#include "base/grow.h"
#include "findings/bins.h"
#include "findings/rule.h"
#include "text/figures.h"

enum {
    WAIT_SHARE_LEAST = 1000, /* hundredths of a percent */
    OFF_CPU_TRACES = 4       /* one in so many traces of a route must be off the CPU for long */
};

#define WAIT_LEAST_NS UINT64_C(1000000) /* in one request */

typedef enum wait_kind { WAIT_QUEUE, WAIT_LOCK, WAIT_OFF_CPU } wait_kind;

static const char *const wait_kinds[] = {"queue", "lock", "off CPU"};

/* A place of a route where requests wait: a frame, or a thread for what is off the CPU. */
typedef struct wait_place {
    gbxi_tally tally;
    uint64_t long_waits; /* traces that wait for at least WAIT_LEAST_NS */
    wait_kind kind;
    uint32_t route;
    uint32_t place; /* a frame, or a thread's name among the state's texts */
} wait_place;

typedef struct wait_state {
    gbxi_bins bins;
    gbxi_dictionary threads;
    uint8_t *kinds; /* by the number of the frame: a wait_kind plus one, or 0 for one that is no wait */
    size_t kind_count, kind_capacity;
} wait_state;

/* The last word of a span's name tells what it waits for. */
static bool wait_is_word(gbxi_view label, const char *const *words)
{
    size_t start = label.length;

    while (start > 0 && strchr(".:/-_", label.at[start - 1]) == NULL)
        start--;
    return gbxi_view_is_among(gbxi_view_after(label, start), words);
}

static uint8_t wait_kind_of(const char *label)
{
    static const char *const queues[] = {"queue", "queued", "queueing", "wait", "waiting", "pending", "sleep", NULL};
    static const char *const locks[] = {"lock",    "locked",    "locking",    "mutex",
                                        "acquire", "semaphore", "contention", NULL};
    gbxi_view view = gbxi_view_of(label);

    return wait_is_word(view, queues) ? WAIT_QUEUE + 1 : wait_is_word(view, locks) ? WAIT_LOCK + 1 : 0;
}

static bool wait_learn(wait_state *state, const gbxi_places *places)
{
    size_t count = places->keys.count;

    if (!gbxi_grow(&state->kinds, &state->kind_capacity, count, sizeof(*state->kinds)))
        return false;
    for (; state->kind_count < count; state->kind_count++)
        state->kinds[state->kind_count] = wait_kind_of(places->frames[state->kind_count].label);
    return true;
}

static bool wait_count(wait_state *state, const gbxi_seen *seen, wait_kind kind, uint32_t place, uint64_t ns)
{
    const uint32_t key[] = {seen->route, (uint32_t)kind, place};
    wait_place *at = gbxi_bins_of(&state->bins, key, 3);
    uint64_t before; /* of this trace */

    if (at == NULL)
        return false;
    at->kind = kind;
    at->route = seen->route;
    at->place = place;
    before = at->tally.open.number == seen->trace->number ? at->tally.open.ns : 0;
    gbxi_tally_add(&at->tally, seen->trace, ns);
    at->long_waits += before < WAIT_LEAST_NS && at->tally.open.ns >= WAIT_LEAST_NS;
    return true;
}

static bool wait_see_calls(wait_state *state, const gbxi_seen *seen)
{
    for (uint32_t i = 0; i < seen->calls->count; i++) {
        const gbxi_call *call = &seen->calls->at[i];
        uint8_t kind = state->kinds[call->frame];

        if (kind != 0 && !wait_count(state, seen, (wait_kind)(kind - 1), call->frame, gbxi_call_self_ns(call)))
            return false;
    }
    return true;
}

static bool wait_see_lanes(wait_state *state, const gbxi_seen *seen)
{
    for (size_t i = 0; i < seen->calls->lane_count; i++) {
        const gbx_lane_facts *facts = &seen->calls->lanes[i];
        gbxi_view name = {facts->thread_name, strcspn(facts->thread_name, "-0123456789")};
        uint32_t thread = gbxi_dictionary_number(&state->threads, name);

        if (thread == GBXI_TEXT_NONE)
            return false;
        if (facts->inside_ns > facts->cpu_ns &&
            !wait_count(state, seen, WAIT_OFF_CPU, thread, facts->inside_ns - facts->cpu_ns))
            return false;
    }
    return true;
}

static bool waiting_see(void *state, const gbxi_seen *seen)
{
    wait_state *waits = state;

    waits->bins.item_bytes = sizeof(wait_place);
    return wait_learn(waits, &seen->survey->places) && wait_see_calls(waits, seen) && wait_see_lanes(waits, seen);
}

static const char *wait_thread(const wait_state *state, const wait_place *at, gbxi_findings *findings)
{
    return gbxi_findings_text(findings, "thread %s", state->threads.at[at->place].at);
}

/* A thread that another program keeps off its CPU now and then does not wait for anything of its own. */
static bool wait_is_usual(const wait_place *at, const gbxi_survey *survey)
{
    return at->kind != WAIT_OFF_CPU || at->long_waits * OFF_CPU_TRACES >= survey->routes[at->route].trace_count;
}

static void waiting_add(const wait_state *state, wait_place *at, const gbxi_survey *survey, gbxi_findings *findings)
{
    const gbxi_place *place = at->kind != WAIT_OFF_CPU ? &survey->places.frames[at->place] : NULL;
    const char *kind = wait_kinds[at->kind], *subject, *frame;
    uint64_t share;

    gbxi_tally_end(&at->tally);
    share = gbxi_share_of(at->tally.sum_ns, survey->routes[at->route].total_ns);
    if (share < WAIT_SHARE_LEAST || at->tally.high_ns < WAIT_LEAST_NS || !wait_is_usual(at, survey))
        return;
    subject = place != NULL ? place->name : wait_thread(state, at, findings);
    frame = gbxi_findings_text(findings, "%s:%s", kind, place != NULL ? gbxi_rule_frame(findings, place) : subject);
    gbxi_findings_add(
        findings,
        &(gbxi_finding){
            .rule = &gbxi_rule_waiting,
            .level = place != NULL ? GBXI_LEVEL_WARNING : GBXI_LEVEL_NOTE,
            .gain = GBXI_GAIN_AT_MOST,
            .route = gbxi_places_route_text(&survey->places, at->route),
            .subject = subject,
            .frame = frame,
            .file = place != NULL ? place->file : NULL,
            .line = place != NULL ? place->line : 0,
            .sentence = gbxi_findings_text(findings, "%s waits %s in a request (%s), at most %s", subject,
                                           gbxi_figure_ns(at->tally.sum_ns / at->tally.trace_count, true).text, kind,
                                           gbxi_figure_ns(at->tally.high_ns, true).text),
            .weight = at->tally.sum_ns,
            .tally = at->tally,
            .figures = {{.text = kind}, {at->tally.sum_ns}, {share}, {at->tally.high_ns}, {at->tally.trace_count}}});
}

static bool waiting_finish(void *state, const gbxi_survey *survey, gbxi_findings *findings)
{
    wait_state *waits = state;

    for (size_t i = 0; i < gbxi_bins_count(&waits->bins); i++)
        waiting_add(waits, gbxi_bins_at(&waits->bins, i), survey, findings);
    return !findings->failed;
}

static void waiting_fini(void *state)
{
    wait_state *waits = state;

    gbxi_bins_fini(&waits->bins);
    gbxi_dictionary_fini(&waits->threads);
    gbxi_account_free(waits->kinds);
}

const gbxi_rule gbxi_rule_waiting = {
    .id = "waiting",
    .heading = "Waiting",
    .subject = "Where",
    .meaning = "Time in spans that are called queue, wait or lock, and time in which a thread was inside a request and "
               "not on a CPU: at least 10 % of a route's time, and 1 ms in one request (off the CPU: in one in four).",
    .advice = "Give the queue more workers, hold the lock for less time, or wait for several things at once.",
    .columns = {{"kind", "Kind", GBXI_FIGURE_TEXT},
                {"waited_ns", "Waited", GBXI_FIGURE_NS},
                {"share", "Share", GBXI_FIGURE_SHARE},
                {"max_ns", "Max", GBXI_FIGURE_NS},
                {"traces", "Traces", GBXI_FIGURE_COUNT}},
    .fails_from = GBXI_LEVEL_WARNING,
    .has_route = true,
    .state_bytes = sizeof(wait_state),
    .see = waiting_see,
    .finish = waiting_finish,
    .fini = waiting_fini,
};
