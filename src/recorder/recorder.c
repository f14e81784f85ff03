/* SPDX-License-Identifier: MIT */
/* Owns the life of recorders, the decision about each capture, and the thread that passes what is kept to the sinks. */
#define _GNU_SOURCE
#include "recorder/recorder.h"
#include "base/thread.h"
#include "base/time.h"
#include "base/versioned.h"
#include "capture/outcome.h"
#include "recorder/firsts.h"
#include "recorder/kept.h"
#include "recorder/ring.h"
#include "recorder/sinks.h"
#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    QUEUE_CAPTURES_DEFAULT = 1024,
    QUEUE_CAPTURES_MAX = 1 << 20,
    MAX_CAPTURES_DEFAULT = 1024,
    TASKS_MAX = 64,
    LINGER_MS = 2 /* captures that come soon after one are taken together with it, with one wake-up */
};
#define QUEUE_BYTES_DEFAULT ((size_t)256 << 20)
/* Times until which the end of the thread is awaited, besides those of gbxi_monotonic_ns. */
#define WITHOUT_LIMIT UINT64_C(0)
#define WITHOUT_WAITING UINT64_C(1)

static_assert(sizeof(gbx_recorder_options) == 64 && sizeof(gbx_request) == 48 && sizeof(gbx_recording) == 56,
              "no padding without a name");

struct gbx_recorder {
    _Atomic(uint32_t) references;
    _Atomic(bool) closing;   /* nothing more is kept, and the rings are shut; the thread ends when both are empty */
    _Atomic(bool) abandoned; /* a close has not awaited the end: the sinks get nothing more */
    bool started;
    int wake_fd;
    gbx_recorder_options rules;
    gbxi_sinks sinks;
    gbxi_firsts firsts;
    gbxi_ring captures; /* of gbxi_kept */
    gbxi_ring tasks;    /* of gbxi_recorder_task */

    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended_now;
    bool ended;  /* the thread is done; under the lock */
    bool joined; /* somebody has joined it, or is about to; under the lock */

    _Alignas(64) _Atomic(bool) wants_captures; /* the thread sleeps, and a capture wakes it */
    _Atomic(bool) wants_tasks;
    _Atomic(uint64_t) kept;
    _Atomic(uint64_t) missed;
    _Atomic(uint64_t) taken;
    _Atomic(size_t) waiting_bytes;
    _Atomic(uint32_t) waiting; /* captures in the queue, and the one that the sinks take */
    _Atomic(uint64_t) idle_ns; /* when the queue was seen empty last; monotonic */

    _Alignas(64) _Atomic(uint64_t) seen;
    _Atomic(uint64_t) ignored;
    _Atomic(uint32_t) under_way;
};

static bool recorder_init(gbx_recorder *recorder)
{
    gbx_recorder_options *rules = &recorder->rules;

    gbxi_store_relaxed(&recorder->idle_ns, gbxi_monotonic_ns());
    recorder->wake_fd = -1;
    gbxi_store_relaxed(&recorder->references, 1);
    if (rules->queue_captures == 0)
        rules->queue_captures = QUEUE_CAPTURES_DEFAULT;
    if (rules->queue_captures > QUEUE_CAPTURES_MAX)
        rules->queue_captures = QUEUE_CAPTURES_MAX;
    if (rules->max_captures == 0)
        rules->max_captures = MAX_CAPTURES_DEFAULT;
    if (rules->queue_bytes == 0)
        rules->queue_bytes = QUEUE_BYTES_DEFAULT;
    recorder->sinks.report = rules->report;
    recorder->sinks.context = rules->context;
    pthread_mutex_init(&recorder->lock, NULL);
    gbxi_condition_init(&recorder->ended_now);
    return gbxi_ring_init(&recorder->captures, rules->queue_captures) && gbxi_ring_init(&recorder->tasks, TASKS_MAX) &&
           (recorder->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) != -1;
}

static void recorder_free(gbx_recorder *recorder)
{
    gbxi_sinks_fini(&recorder->sinks);
    gbxi_ring_fini(&recorder->captures);
    gbxi_ring_fini(&recorder->tasks);
    if (recorder->wake_fd != -1)
        close(recorder->wake_fd);
    pthread_cond_destroy(&recorder->ended_now);
    pthread_mutex_destroy(&recorder->lock);
    free(recorder);
}

gbx_recorder *gbx_recorder_new(const gbx_recorder_options *options)
{
    gbx_recorder_options known;
    gbx_recorder *recorder;

    if (gbxi_options_read(&known, sizeof(known), GBXI_SIZE_THROUGH(gbx_recorder_options, context), options, NULL) !=
            GBX_ERR_OK ||
        gbxi_reserved_check(known.reserved, sizeof(known.reserved), NULL) != GBX_ERR_OK)
        return NULL;
    if ((recorder = aligned_alloc(64, (sizeof(*recorder) + 63) / 64 * 64)) == NULL)
        return NULL;
    memset(recorder, 0, sizeof(*recorder));
    recorder->rules = known;
    if (recorder_init(recorder))
        return recorder;
    recorder_free(recorder);
    return NULL;
}

gbx_recorder *gbx_recorder_ref(gbx_recorder *recorder)
{
    if (recorder != NULL)
        gbxi_add_relaxed(&recorder->references, 1);
    return recorder;
}

static void wake_thread(const gbx_recorder *recorder)
{
    eventfd_write(recorder->wake_fd, 1);
}

static void release_place(gbx_recorder *recorder, size_t bytes)
{
    gbxi_sub_relaxed(&recorder->waiting_bytes, bytes);
    gbxi_sub_acq_rel(&recorder->waiting, 1); /* who gets the place sees that its cell is free */
}

static void take_kept(gbx_recorder *recorder, gbxi_kept *kept)
{
    if (!gbxi_load_relaxed(&recorder->abandoned)) {
        gbxi_sinks_take(&recorder->sinks, &kept->recording, gbxi_monotonic_ns());
        gbxi_add_relaxed(&recorder->taken, 1);
    }
    release_place(recorder, kept->bytes);
    gbxi_kept_free(kept);
}

static void run_tasks(gbx_recorder *recorder)
{
    gbxi_recorder_task *task;

    while ((task = gbxi_ring_pop(&recorder->tasks)) != NULL)
        task->run(task);
}

static void observe_process(gbx_recorder *recorder, uint64_t now_ns)
{
    gbx_process_state state = {.size = sizeof(state)};

    if (recorder->rules.observe != NULL)
        recorder->rules.observe(recorder->rules.context, &state);
    gbxi_sinks_watch_queue(&recorder->sinks, gbxi_load_relaxed(&recorder->missed), now_ns);
    gbxi_sinks_tick(&recorder->sinks, &state, now_ns);
    gbxi_sinks_flush(&recorder->sinks, now_ns);
}

/* Does what is there, with the second's work in between if it is time. */
static void work_off(gbx_recorder *recorder, uint64_t *next_tick_ns)
{
    gbxi_kept *kept;
    uint64_t now_ns;

    do {
        run_tasks(recorder);
        if ((kept = gbxi_ring_pop(&recorder->captures)) != NULL)
            take_kept(recorder, kept);
        if ((now_ns = gbxi_monotonic_ns()) >= *next_tick_ns) {
            *next_tick_ns += (now_ns - *next_tick_ns) / GBXI_NS_PER_S * GBXI_NS_PER_S + GBXI_NS_PER_S;
            observe_process(recorder, now_ns);
        }
    } while (kept != NULL || gbxi_ring_has(&recorder->tasks));
}

/* Sleeps until somebody wakes the thread, but not longer than `timeout_ms`. */
static void sleep_until_woken(gbx_recorder *recorder, int timeout_ms)
{
    struct pollfd fd = {.fd = recorder->wake_fd, .events = POLLIN};
    eventfd_t count;

    if (poll(&fd, 1, timeout_ms) > 0)
        eventfd_read(recorder->wake_fd, &count);
}

static int ms_until(uint64_t then_ns)
{
    uint64_t now_ns = gbxi_monotonic_ns();

    return then_ns <= now_ns ? 0 : (int)((then_ns - now_ns) / GBXI_NS_PER_MS) + 1;
}

/* Nothing is in the rings, and nothing gets into them any more. */
static bool is_over(const gbx_recorder *recorder)
{
    return gbxi_ring_is_over(&recorder->captures) && gbxi_ring_is_over(&recorder->tasks);
}

/* Waits for work. Those who bring it look at the wish after they have put it, so the wish is stated before the last
 * look at the rings. Every change of a wish is an exchange, so that each sees what was put before an earlier one. */
static void await_work(gbx_recorder *recorder, uint64_t next_tick_ns)
{
    gbxi_exchange_seq_cst(&recorder->wants_tasks, true);
    gbxi_exchange_seq_cst(&recorder->wants_captures, true);
    if (!gbxi_ring_has(&recorder->captures))
        gbxi_store_relaxed(&recorder->idle_ns, gbxi_monotonic_ns());
    if (!gbxi_ring_has(&recorder->captures) && !gbxi_ring_has(&recorder->tasks) && !is_over(recorder))
        sleep_until_woken(recorder, ms_until(next_tick_ns));
    gbxi_exchange_seq_cst(&recorder->wants_captures, false);
    if (gbxi_ring_has(&recorder->captures) && !gbxi_ring_has(&recorder->tasks) &&
        !gbxi_load_relaxed(&recorder->closing))
        sleep_until_woken(recorder, LINGER_MS);
    gbxi_exchange_seq_cst(&recorder->wants_tasks, false);
}

static void *recorder_run(void *argument)
{
    gbx_recorder *recorder = argument;
    uint64_t next_tick_ns = gbxi_monotonic_ns() + GBXI_NS_PER_S;

    while (!is_over(recorder)) {
        await_work(recorder, next_tick_ns);
        work_off(recorder, &next_tick_ns);
    }
    gbxi_sinks_watch_queue(&recorder->sinks, gbxi_load_relaxed(&recorder->missed), gbxi_monotonic_ns());
    gbxi_sinks_flush(&recorder->sinks, gbxi_monotonic_ns());
    gbxi_sinks_close(&recorder->sinks, gbxi_monotonic_ns());
    pthread_mutex_lock(&recorder->lock);
    recorder->ended = true;
    pthread_cond_broadcast(&recorder->ended_now);
    pthread_mutex_unlock(&recorder->lock);
    return NULL;
}

gbx_err gbx_recorder_add(gbx_recorder *recorder, const gbx_sink *sink)
{
    gbx_err err;

    if (gbxi_load_relaxed(&recorder->closing))
        return GBX_ERR_STATE;
    if ((err = gbxi_sinks_add(&recorder->sinks, sink)) != GBX_ERR_OK || recorder->started)
        return err;
    if (!gbxi_thread_start(&recorder->thread, "recorder", recorder_run, recorder)) {
        gbxi_sinks_take_back(&recorder->sinks);
        return GBX_ERR_NO_MEMORY;
    }
    recorder->started = true;
    return GBX_ERR_OK;
}

/* Waits for the end of the thread, and joins it. False if the time is over. */
static bool await_end(gbx_recorder *recorder, uint64_t until_ns)
{
    bool in_time = true, join;

    pthread_mutex_lock(&recorder->lock);
    while (!recorder->ended && in_time) {
        if (until_ns == WITHOUT_LIMIT)
            pthread_cond_wait(&recorder->ended_now, &recorder->lock);
        else
            in_time = gbxi_condition_wait(&recorder->ended_now, &recorder->lock, until_ns);
    }
    in_time = recorder->ended;
    join = recorder->ended && !recorder->joined;
    recorder->joined |= join;
    pthread_mutex_unlock(&recorder->lock);
    if (join)
        pthread_join(recorder->thread, NULL);
    return in_time;
}

/* Ends the thread. False if the time is over. */
static bool end_thread(gbx_recorder *recorder, uint64_t until_ns)
{
    gbxi_store_relaxed(&recorder->closing, true);
    gbxi_ring_shut(&recorder->captures);
    gbxi_ring_shut(&recorder->tasks);
    if (!recorder->started)
        return true;
    wake_thread(recorder);
    return await_end(recorder, until_ns);
}

gbx_err gbx_recorder_close(gbx_recorder *recorder, uint32_t patience_ms)
{
    if (end_thread(recorder, patience_ms == 0 ? WITHOUT_LIMIT : gbxi_monotonic_ns() + patience_ms * GBXI_NS_PER_MS))
        return GBX_ERR_OK;
    gbxi_store_relaxed(&recorder->abandoned, true);
    return GBX_ERR_LIMIT;
}

void gbx_recorder_unref(gbx_recorder *recorder)
{
    if (recorder == NULL || gbxi_sub_acq_rel(&recorder->references, 1) != 1)
        return;
    /* A sink that was not awaited still uses the memory. */
    if (end_thread(recorder, gbxi_load_relaxed(&recorder->abandoned) ? WITHOUT_WAITING : WITHOUT_LIMIT))
        recorder_free(recorder);
}

bool gbxi_recorder_enter(gbx_recorder *recorder)
{
    if (gbxi_load_relaxed(&recorder->closing) || gbxi_sinks_count(&recorder->sinks) == 0)
        return false;
    if (gbxi_add_relaxed(&recorder->under_way, 1) < recorder->rules.max_captures)
        return true;
    gbxi_sub_relaxed(&recorder->under_way, 1);
    gbxi_add_relaxed(&recorder->ignored, 1);
    return false;
}

void gbxi_recorder_leave(gbx_recorder *recorder)
{
    gbxi_sub_relaxed(&recorder->under_way, 1);
}

bool gbxi_recorder_is_running(const gbx_recorder *recorder)
{
    return recorder->started && !gbxi_load_relaxed(&recorder->closing);
}

bool gbxi_recorder_submit(gbx_recorder *recorder, gbxi_recorder_task *task)
{
    if (!gbxi_recorder_is_running(recorder) || !gbxi_ring_push(&recorder->tasks, task))
        return false;
    if (gbxi_exchange_seq_cst(&recorder->wants_tasks, false))
        wake_thread(recorder);
    return true;
}

static uint32_t reasons_to_keep(gbx_recorder *recorder, const gbxi_outcome *outcome, const gbx_request *request)
{
    const gbx_recorder_options *rules = &recorder->rules;
    uint64_t number = gbxi_add_relaxed(&recorder->seen, 1);
    uint32_t reasons = request->asked ? GBX_KEEP_ASKED : 0;

    if (rules->slower_than_ns != 0 && outcome->duration_ns >= rules->slower_than_ns)
        reasons |= GBX_KEEP_SLOW;
    if (rules->failed && (outcome->failed || request->status / 100 == 5))
        reasons |= GBX_KEEP_FAILED;
    if (rules->one_in != 0 && number % rules->one_in == 0)
        reasons |= GBX_KEEP_SAMPLED;
    if (rules->first &&
        gbxi_firsts_is_first(&recorder->firsts, request->method, request->route, outcome->start_unix_ns))
        reasons |= GBX_KEEP_FIRST;
    return reasons;
}

/* Takes a place in the queue. A single capture may be larger than all that may wait. */
static bool reserve_place(gbx_recorder *recorder, size_t bytes)
{
    uint32_t before = gbxi_add_acq_rel(&recorder->waiting, 1);
    size_t before_bytes = gbxi_add_relaxed(&recorder->waiting_bytes, bytes);

    if (before < recorder->rules.queue_captures &&
        (before_bytes == 0 || before_bytes + bytes <= recorder->rules.queue_bytes))
        return true;
    release_place(recorder, bytes);
    return false;
}

static void put_kept(gbx_recorder *recorder, gbxi_kept *kept)
{
    if (kept == NULL || !reserve_place(recorder, kept->bytes)) {
        gbxi_add_relaxed(&recorder->missed, 1);
        gbxi_sinks_tell_missed(&recorder->sinks);
        gbxi_kept_free(kept);
        return;
    }
    gbxi_sinks_tell_offered(&recorder->sinks);
    if (!gbxi_ring_push(&recorder->captures, kept)) { /* it was shut just now: there are as many cells as places */
        gbxi_add_relaxed(&recorder->missed, 1);
        release_place(recorder, kept->bytes);
        gbxi_kept_free(kept);
        return;
    }
    if (gbxi_exchange_seq_cst(&recorder->wants_captures, false))
        wake_thread(recorder);
}

uint32_t gbx_recorder_offer(gbx_recorder *recorder, gbx_capture *capture, const gbx_request *request)
{
    gbx_request known;
    gbxi_outcome outcome;
    uint32_t reasons;

    if (gbxi_load_relaxed(&recorder->closing) || gbxi_sinks_count(&recorder->sinks) == 0 ||
        !gbxi_request_read(capture, request, &known) || gbxi_outcome_get(capture, &outcome) != GBX_ERR_OK)
        return 0;
    reasons = reasons_to_keep(recorder, &outcome, &known);
    if (reasons != 0) {
        gbxi_add_relaxed(&recorder->kept, 1);
        put_kept(recorder, gbxi_kept_new(capture, outcome.memory_bytes, &known, reasons));
    }
    return reasons;
}

void gbx_recorder_counts_get(const gbx_recorder *recorder, gbx_recorder_counts *counts, size_t size)
{
    gbx_recorder_counts known = {.seen = gbxi_load_relaxed(&recorder->seen),
                                 .taken = gbxi_load_relaxed(&recorder->taken),
                                 .missed = gbxi_load_relaxed(&recorder->missed),
                                 .kept = gbxi_load_relaxed(&recorder->kept),
                                 .failed = gbxi_sinks_dropped(&recorder->sinks),
                                 .ignored = gbxi_load_relaxed(&recorder->ignored)};

    if (gbxi_load_relaxed(&recorder->abandoned))
        known.missed = known.kept - known.taken;
    gbxi_result_write(counts, size, &known, sizeof(known));
}

size_t gbxi_recorder_sinks_look(const gbx_recorder *recorder, gbxi_sink_state states[GBXI_SINKS_MAX])
{
    uint64_t missed = gbxi_load_relaxed(&recorder->missed);
    uint64_t kept = gbxi_load_relaxed(&recorder->kept);

    return gbxi_sinks_look(&recorder->sinks, kept > missed ? kept - missed : 0, states);
}

uint64_t gbxi_recorder_behind_ns(const gbx_recorder *recorder)
{
    uint64_t idle_ns = gbxi_load_relaxed(&recorder->idle_ns), now_ns = gbxi_monotonic_ns();

    if (gbxi_load_relaxed(&recorder->waiting) == 0 || now_ns <= idle_ns)
        return 0;
    return now_ns - idle_ns;
}
