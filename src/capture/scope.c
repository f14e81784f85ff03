/* SPDX-License-Identifier: MIT */
/* Owns the stack of scopes that each thread has entered. Leaving restores the previous scope, and wrong leaves do no
 * harm. */
#include "capture/lane.h"
#include "capture/state.h"
#include "capture/waiting.h"
#include <assert.h>
#include <stdlib.h>

enum { NEST_MAX = 32 };

typedef struct entered {
    gbx_capture *capture; /* referenced; NULL for a scope that records nowhere */
    gbxi_lane *lane;      /* NULL if nothing is recorded */
    uint64_t serial;
    uint32_t depth;   /* spans open in the lane when the scope was entered */
    uint64_t dropped; /* dropped spans that were then open inside the innermost span */
} entered;

typedef struct thread_state {
    uint64_t id;       /* unique in the process; its upper half is zero */
    uint32_t last;     /* serial of the last scope, counted within this thread */
    uint32_t count;    /* scopes entered and stored */
    uint32_t overflow; /* scopes entered beyond NEST_MAX, which are not stored */
    entered scopes[NEST_MAX];
} thread_state;

static __thread thread_state *state_here;
static pthread_key_t state_key;
static pthread_once_t state_once = PTHREAD_ONCE_INIT;
static bool state_key_made;
static _Atomic(uint64_t) state_ids;

static void leave_top(thread_state *state);

/* A thread that ends inside captures leaves them. */
static void free_state(void *memory)
{
    thread_state *state = memory;

    while (state->count != 0)
        leave_top(state);
    state_here = NULL;
    free(state);
}

static void make_key(void)
{
    state_key_made = pthread_key_create(&state_key, free_state) == 0;
}

static thread_state *get_state(void)
{
    thread_state *state = state_here;

    if (state != NULL)
        return state;
    pthread_once(&state_once, make_key);
    if (!state_key_made || (state = calloc(1, sizeof(*state))) == NULL)
        return NULL;
    state->id = gbxi_add_relaxed(&state_ids, 1) + 1;
    if (pthread_setspecific(state_key, state) != 0) {
        free(state);
        return NULL;
    }
    return state_here = state;
}

/* A thread's first entry into a lane starts the lane's times, and its last leave stops them. The time inside contains
 * the readings of the thread's CPU time, which take longer than short work, so that it is never the smaller one. */
static void start_lane_times(gbxi_lane *lane)
{
    uint64_t now_ns;

    if (lane->entries++ != 0)
        return;
    now_ns = gbxi_now_ns(lane->clock);
    lane->entered_cpu_ns = gbxi_cpu_ns(lane->clock);
    gbxi_store_release(&lane->entered_ns, now_ns);
}

/* Takes the lock; otherwise a finish on another thread could count the same entry as left and as still inside. */
static void stop_lane_times(gbx_capture *capture, gbxi_lane *lane)
{
    uint32_t unspent;
    uint64_t cpu_ns, inside_ns;

    if (--lane->entries != 0)
        return;
    gbxi_lane_pay(lane);
    unspent = gbxi_load_relaxed(&lane->budget);
    cpu_ns = gbxi_cpu_ns(lane->clock) - lane->entered_cpu_ns;
    inside_ns = gbxi_now_ns(lane->clock) - gbxi_load_relaxed(&lane->entered_ns);
    if (cpu_ns > inside_ns)
        cpu_ns = inside_ns; /* the clocks need not run alike */
    pthread_mutex_lock(&capture->lock);
    gbxi_store_release(&lane->entered_ns, 0);
    gbxi_store_relaxed(&lane->inside_ns, gbxi_load_relaxed(&lane->inside_ns) + inside_ns);
    gbxi_store_relaxed(&lane->cpu_ns, gbxi_load_relaxed(&lane->cpu_ns) + cpu_ns);
    gbxi_store_relaxed(&lane->granted, gbxi_load_relaxed(&lane->granted) - unspent);
    gbxi_store_relaxed(&lane->budget, 0);
    gbxi_waiting_leave(capture);
    pthread_mutex_unlock(&capture->lock);
    gbxi_budget_give_back(lane->shared, unspent);
}

gbx_scope gbx_capture_enter(gbx_capture *capture)
{
    thread_state *state = get_state();
    entered *scope;

    if (state == NULL) {
        if (capture != NULL)
            gbxi_capture_refuse_lane(capture);
        return (gbx_scope){0};
    }
    if (state->count == NEST_MAX) {
        ++state->overflow;
        gbxi_lane_here = NULL;
        if (capture != NULL)
            gbxi_capture_refuse_lane(capture);
        return (gbx_scope){state->id << 32 | ++state->last};
    }
    scope = &state->scopes[state->count++];
    scope->serial = state->id << 32 | ++state->last;
    scope->capture = gbx_capture_ref(capture);
    scope->lane = capture != NULL ? gbxi_capture_lane_for(capture, state->id) : NULL;
    if (scope->lane != NULL) {
        if (scope->lane->paused)
            gbxi_lane_pay(scope->lane); /* what is open now stays open inside the scope */
        scope->depth = scope->lane->depth;
        scope->dropped = scope->lane->open[scope->depth].dropped;
        start_lane_times(scope->lane);
    }
    gbxi_lane_here = scope->lane;
    return (gbx_scope){scope->serial};
}

/* Leaves the innermost scope and restores the previous one. */
static void leave_top(thread_state *state)
{
    entered *scope = &state->scopes[--state->count];

    if (scope->lane != NULL) {
        gbxi_lane_unwind(scope->lane, scope->depth, scope->dropped);
        stop_lane_times(scope->capture, scope->lane);
    }
    gbx_capture_unref(scope->capture);
    gbxi_lane_here = state->count != 0 ? state->scopes[state->count - 1].lane : NULL;
}

void gbx_capture_leave(gbx_scope scope)
{
    thread_state *state = state_here;
    uint32_t at;

    if (scope.serial == 0)
        return;
    at = state != NULL ? state->count : 0;
    while (at != 0 && state->scopes[at - 1].serial != scope.serial)
        --at;
    if (at == 0) {
        if (state != NULL && state->overflow != 0 && scope.serial >> 32 == state->id) {
            if (--state->overflow == 0)
                gbxi_lane_here = state->scopes[state->count - 1].lane;
        } else {
            gbxi_misuse_add();
        }
        return;
    }
    if (at != state->count || state->overflow != 0)
        gbxi_misuse_add();
    state->overflow = 0;
    while (state->count >= at)
        leave_top(state);
}

gbx_capture *gbx_capture_current(void)
{
    return gbxi_lane_here != NULL ? gbxi_lane_here->capture : NULL;
}

gbx_capture *gbx_capture_carry(void)
{
    return gbx_capture_ref(gbx_capture_current());
}

gbx_scope gbx_capture_resume(gbx_capture *carried)
{
    gbx_scope scope = gbx_capture_enter(carried);

    gbx_capture_unref(carried);
    return scope;
}
