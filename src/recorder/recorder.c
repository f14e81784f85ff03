/* SPDX-License-Identifier: MIT */
/* Owns the life of recorders, the decision about each capture, and the thread that passes what is kept to the sinks. */
#define _GNU_SOURCE
#include "recorder/recorder.h"
#include "base/thread.h"
#include "base/time.h"
#include "base/versioned.h"
#include "recorder/firsts.h"
#include "recorder/ring.h"
#include "recorder/sinks.h"
#include <assert.h>
#include <errno.h>
#include <glassbox/read.h>
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
    METHOD_BYTES_MAX = 32,
    PATH_BYTES_MAX = 1023,
    LINGER_MS = 2 /* captures that come soon after one are taken together with it, with one wake-up */
};
#define QUEUE_BYTES_DEFAULT ((size_t)256 << 20)

static_assert(sizeof(gbx_recorder_options) == 64 && sizeof(gbx_request) == 48 && sizeof(gbx_recording) == 56,
              "no padding without a name");

struct gbx_recorder {
    _Atomic(uint32_t) references;
    gbx_recorder_options rules;
    gbxi_sinks sinks;
    gbxi_firsts firsts;
    gbxi_ring captures; /* of kept_capture */
    gbxi_ring tasks;    /* of gbxi_recorder_task */
    int wake_fd;

    _Atomic(bool) wants_captures; /* the thread sleeps, and a capture wakes it */
    _Atomic(bool) wants_tasks;
    _Atomic(bool) closing; /* nothing more is kept; the thread ends when the queue is empty */
    bool started;
    bool joined;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended_now;
    bool ended; /* the thread is done; under the lock */

    _Alignas(64) _Atomic(uint64_t) seen;
    _Atomic(uint64_t) kept;
    _Atomic(uint64_t) missed;
    _Atomic(uint64_t) taken;
    _Atomic(uint64_t) ignored;
    _Atomic(uint32_t) under_way;
    _Atomic(uint32_t) waiting; /* captures in the queue */
    _Atomic(size_t) waiting_bytes;
};

/* A capture in the queue. */
typedef struct kept_capture {
    gbx_recording recording; /* its capture is referenced, and its texts are here */
    size_t bytes;            /* of the capture's memory */
    char text[];
} kept_capture;

static bool recorder_init(gbx_recorder *recorder)
{
    gbx_recorder_options *rules = &recorder->rules;

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

static void free_kept(kept_capture *kept)
{
    gbx_capture_unref(kept->recording.capture);
    free(kept);
}

static void recorder_free(gbx_recorder *recorder)
{
    kept_capture *kept;

    while (recorder->captures.cells != NULL && (kept = gbxi_ring_pop(&recorder->captures)) != NULL)
        free_kept(kept);
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

void gbx_recorder_unref(gbx_recorder *recorder)
{
    if (recorder == NULL || gbxi_sub_acq_rel(&recorder->references, 1) != 1)
        return;
    (void)gbx_recorder_close(recorder, 0);
    recorder_free(recorder);
}

static void wake_thread(const gbx_recorder *recorder)
{
    eventfd_write(recorder->wake_fd, 1);
}

static void take_kept(gbx_recorder *recorder, kept_capture *kept)
{
    gbxi_sinks_take(&recorder->sinks, &kept->recording, gbxi_monotonic_ns());
    gbxi_sub_relaxed(&recorder->waiting, 1);
    gbxi_sub_relaxed(&recorder->waiting_bytes, kept->bytes);
    gbxi_add_relaxed(&recorder->taken, 1);
    free_kept(kept);
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
    kept_capture *kept;
    uint64_t now_ns;

    do {
        run_tasks(recorder);
        if ((kept = gbxi_ring_pop(&recorder->captures)) != NULL)
            take_kept(recorder, kept);
        if ((now_ns = gbxi_monotonic_ns()) >= *next_tick_ns) {
            *next_tick_ns = now_ns + GBXI_NS_PER_S;
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

/* Waits for work. Those who bring it look at the wish after they have put it, so the wish is stated before the last
 * look at the queue. */
static void await_work(gbx_recorder *recorder, uint64_t next_tick_ns)
{
    gbxi_exchange_seq_cst(&recorder->wants_tasks, true);
    gbxi_exchange_seq_cst(&recorder->wants_captures, true);
    if (!gbxi_ring_has(&recorder->captures) && !gbxi_ring_has(&recorder->tasks) &&
        !gbxi_load_acquire(&recorder->closing))
        sleep_until_woken(recorder, ms_until(next_tick_ns));
    gbxi_store_relaxed(&recorder->wants_captures, false);
    if (gbxi_ring_has(&recorder->captures) && !gbxi_ring_has(&recorder->tasks) &&
        !gbxi_load_acquire(&recorder->closing))
        sleep_until_woken(recorder, LINGER_MS);
    gbxi_store_relaxed(&recorder->wants_tasks, false);
}

static void *recorder_run(void *argument)
{
    gbx_recorder *recorder = argument;
    uint64_t next_tick_ns = gbxi_monotonic_ns() + GBXI_NS_PER_S;

    while (!gbxi_load_acquire(&recorder->closing)) {
        await_work(recorder, next_tick_ns);
        work_off(recorder, &next_tick_ns);
    }
    work_off(recorder, &next_tick_ns);
    gbxi_sinks_flush(&recorder->sinks, gbxi_monotonic_ns());
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
        recorder->sinks.count--;
        return GBX_ERR_NO_MEMORY;
    }
    recorder->started = true;
    return GBX_ERR_OK;
}

/* Waits for the end of the thread. False if the time is over. */
static bool await_end(gbx_recorder *recorder, uint32_t patience_ms)
{
    uint64_t until_ns = gbxi_monotonic_ns() + patience_ms * GBXI_NS_PER_MS;
    bool in_time = true;

    pthread_mutex_lock(&recorder->lock);
    while (!recorder->ended && in_time) {
        if (patience_ms == 0)
            pthread_cond_wait(&recorder->ended_now, &recorder->lock);
        else
            in_time = gbxi_condition_wait(&recorder->ended_now, &recorder->lock, until_ns);
    }
    in_time = recorder->ended;
    pthread_mutex_unlock(&recorder->lock);
    return in_time;
}

gbx_err gbx_recorder_close(gbx_recorder *recorder, uint32_t patience_ms)
{
    gbxi_store_release(&recorder->closing, true);
    if (!recorder->started || recorder->joined)
        return GBX_ERR_OK;
    wake_thread(recorder);
    if (!await_end(recorder, patience_ms))
        return GBX_ERR_LIMIT;
    pthread_join(recorder->thread, NULL);
    recorder->joined = true;
    return GBX_ERR_OK;
}

bool gbxi_recorder_enter(gbx_recorder *recorder)
{
    if (gbxi_load_relaxed(&recorder->closing) || recorder->sinks.count == 0)
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

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static uint32_t reasons_to_keep(gbx_recorder *recorder, const gbx_capture *capture, const gbx_capture_facts *facts,
                                const gbx_request *request)
{
    const gbx_recorder_options *rules = &recorder->rules;
    const char *route = gbx_capture_route(capture);
    uint64_t number = gbxi_add_relaxed(&recorder->seen, 1);
    uint32_t reasons = request->asked ? GBX_KEEP_ASKED : 0;

    if (rules->slower_than_ns != 0 && facts->duration_ns >= rules->slower_than_ns)
        reasons |= GBX_KEEP_SLOW;
    if (rules->failed && (facts->failed || request->status / 100 == 5))
        reasons |= GBX_KEEP_FAILED;
    if (rules->one_in != 0 && number % rules->one_in == 0)
        reasons |= GBX_KEEP_SAMPLED;
    if (rules->first && gbxi_firsts_is_first(&recorder->firsts, or_empty(request->method),
                                             route != NULL ? route : or_empty(request->route), facts->start_unix_ns))
        reasons |= GBX_KEEP_FIRST;
    return reasons;
}

/* A text that is kept, and where the recording has it. */
typedef struct kept_text {
    const char *from;
    size_t length;
    const char **to;
} kept_text;

static kept_text text_to_keep(const char *from, size_t max, const char **to)
{
    return (kept_text){or_empty(from), strnlen(or_empty(from), max), to};
}

static kept_capture *new_kept(gbx_capture *capture, const gbx_capture_facts *facts, const gbx_request *request,
                              uint32_t reasons)
{
    const char *told = gbx_capture_route(capture);
    gbx_recording recording = {.size = sizeof(recording), .status = request->status, .reasons = reasons};
    const kept_text texts[] = {
        text_to_keep(request->method, METHOD_BYTES_MAX, &recording.method),
        text_to_keep(request->path, PATH_BYTES_MAX, &recording.path),
        text_to_keep(told != NULL ? told : request->route, PATH_BYTES_MAX, &recording.route),
        text_to_keep(request->source_root, PATH_BYTES_MAX, &recording.source_root),
    };
    enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };
    size_t bytes = sizeof(kept_capture) + TEXTS;
    kept_capture *kept;
    char *at;

    for (size_t i = 0; i < TEXTS; i++)
        bytes += texts[i].length;
    if ((kept = malloc(bytes)) == NULL)
        return NULL;
    at = kept->text;
    for (size_t i = 0; i < TEXTS; i++) {
        memcpy(at, texts[i].from, texts[i].length);
        at[texts[i].length] = '\0';
        *texts[i].to = at;
        at += texts[i].length + 1;
    }
    kept->bytes = facts->memory_bytes;
    kept->recording = recording;
    kept->recording.capture = gbx_capture_ref(capture);
    return kept;
}

/* Takes a place in the queue. A single capture may be larger than all that may wait. */
static bool reserve_place(gbx_recorder *recorder, size_t bytes)
{
    size_t before_bytes = gbxi_add_relaxed(&recorder->waiting_bytes, bytes);
    uint32_t before = gbxi_add_relaxed(&recorder->waiting, 1);

    if (before < recorder->rules.queue_captures &&
        (before_bytes == 0 || before_bytes + bytes <= recorder->rules.queue_bytes))
        return true;
    gbxi_sub_relaxed(&recorder->waiting, 1);
    gbxi_sub_relaxed(&recorder->waiting_bytes, bytes);
    return false;
}

static void put_kept(gbx_recorder *recorder, kept_capture *kept)
{
    bool placed;

    if (kept == NULL || !reserve_place(recorder, kept->bytes)) {
        gbxi_add_relaxed(&recorder->missed, 1);
        gbxi_sinks_tell_missed(&recorder->sinks);
        if (kept != NULL)
            free_kept(kept);
        return;
    }
    gbxi_sinks_tell_offered(&recorder->sinks);
    placed = gbxi_ring_push(&recorder->captures, kept);
    assert(placed); /* there are as many cells as places */
    (void)placed;
    if (gbxi_exchange_seq_cst(&recorder->wants_captures, false))
        wake_thread(recorder);
}

uint32_t gbx_recorder_offer(gbx_recorder *recorder, gbx_capture *capture, const gbx_request *request)
{
    gbx_request known;
    gbx_capture_facts facts;
    uint32_t reasons;

    if (gbxi_load_relaxed(&recorder->closing) || recorder->sinks.count == 0 ||
        gbxi_options_read(&known, sizeof(known), GBXI_SIZE_THROUGH(gbx_request, reserved), request, NULL) !=
            GBX_ERR_OK ||
        gbx_capture_facts_get(capture, &facts, sizeof(facts)) != GBX_ERR_OK)
        return 0;
    reasons = reasons_to_keep(recorder, capture, &facts, &known);
    if (reasons != 0) {
        gbxi_add_relaxed(&recorder->kept, 1);
        put_kept(recorder, new_kept(capture, &facts, &known, reasons));
    }
    return reasons;
}

void gbx_recorder_counts_get(const gbx_recorder *recorder, gbx_recorder_counts *counts, size_t size)
{
    const gbx_recorder_counts known = {.seen = gbxi_load_relaxed(&recorder->seen),
                                       .kept = gbxi_load_relaxed(&recorder->kept),
                                       .missed = gbxi_load_relaxed(&recorder->missed),
                                       .taken = gbxi_load_relaxed(&recorder->taken),
                                       .failed = gbxi_load_relaxed(&recorder->sinks.failed),
                                       .ignored = gbxi_load_relaxed(&recorder->ignored)};

    gbxi_result_write(counts, size, &known, sizeof(known));
}
