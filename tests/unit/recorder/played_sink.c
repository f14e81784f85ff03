/* SPDX-License-Identifier: MIT */
/* Sinks, captures and the clock of the recorder's tests. */
#include "played_sink.h"
#include "base/atomic.h"
#include "base/time.h"
#include <errno.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

_Atomic(uint64_t) played_now_ns;
static atomic_int takes_of_all;
static uint64_t capture_now_ns;
static int64_t capture_unix_ns;

uint64_t __wrap_gbxi_monotonic_ns(void);
uint64_t __wrap_gbxi_monotonic_ns(void)
{
    return atomic_load(&played_now_ns);
}

void played_await(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0)
        assert_int_equal(errno, EINTR);
}

static void note_recording(played_recording *last, const gbx_recording *recording)
{
    last->size = recording->size;
    last->capture = recording->capture;
    last->status = recording->status;
    last->reasons = recording->reasons;
    snprintf(last->method, sizeof(last->method), "%s", recording->method);
    snprintf(last->path, sizeof(last->path), "%s", recording->path);
    snprintf(last->route, sizeof(last->route), "%s", recording->route);
    snprintf(last->source_root, sizeof(last->source_root), "%s", recording->source_root);
}

static gbx_err played_take(void *context, const gbx_recording *recording, gbx_error *error)
{
    played_sink *sink = context;
    gbx_err err = atomic_load(&sink->take_err);

    sem_post(&sink->begun);
    if (atomic_load(&sink->held))
        played_await(&sink->may_end);
    note_recording(&sink->last, recording);
    atomic_fetch_add(&sink->takes, 1);
    atomic_fetch_add(&sink->unflushed, 1);
    atomic_store(&sink->order, atomic_fetch_add(&takes_of_all, 1));
    sem_post(&sink->taken);
    return err == GBX_ERR_OK ? err : gbx_error_set(error, err, NULL, "it is said to fail");
}

static gbx_err played_flush(void *context, gbx_error *error)
{
    played_sink *sink = context;

    (void)error;
    atomic_fetch_add(&sink->flushes, 1);
    atomic_store(&sink->unflushed, 0);
    return atomic_load(&sink->flush_err);
}

static gbx_err played_tick(void *context, const gbx_process_state *state, gbx_error *error)
{
    played_sink *sink = context;

    (void)error;
    sink->state = *state;
    atomic_fetch_add(&sink->ticks, 1);
    return atomic_load(&sink->tick_err);
}

static void played_offered(void *context)
{
    atomic_fetch_add(&((played_sink *)context)->offered, 1);
}

static void played_missed(void *context)
{
    atomic_fetch_add(&((played_sink *)context)->missed, 1);
}

static void played_dispose(void *context)
{
    atomic_fetch_add(&((played_sink *)context)->disposals, 1);
}

void played_sink_init(played_sink *sink)
{
    memset(sink, 0, sizeof(*sink));
    sink->name = "played";
    sem_init(&sink->begun, 0, 0);
    sem_init(&sink->may_end, 0, 0);
    sem_init(&sink->taken, 0, 0);
}

gbx_sink played_sink_calls(played_sink *sink)
{
    return (gbx_sink){.size = sizeof(gbx_sink),
                      .name = sink->name,
                      .take = played_take,
                      .flush = played_flush,
                      .tick = played_tick,
                      .offered = played_offered,
                      .missed = played_missed,
                      .dispose = played_dispose,
                      .context = sink};
}

gbx_recorder *played_recorder_alone(const gbx_recorder_options *options)
{
    gbx_recorder *recorder;

    atomic_store(&played_now_ns, PLAYED_START_NS);
    recorder = gbx_recorder_new(options);
    assert_non_null(recorder);
    return recorder;
}

gbx_recorder *played_recorder(const gbx_recorder_options *options, played_sink *sink)
{
    gbx_recorder *recorder = played_recorder_alone(options);
    gbx_sink calls;

    played_sink_init(sink);
    calls = played_sink_calls(sink);
    assert_int_equal(gbx_recorder_add(recorder, &calls), GBX_ERR_OK);
    return recorder;
}

static uint64_t read_now(void *context)
{
    (void)context;
    return capture_now_ns;
}

static int64_t read_unix(void *context)
{
    (void)context;
    return capture_unix_ns;
}

gbx_capture *played_capture(const played_work *work)
{
    const gbx_clock clock = {
        .size = sizeof(clock), .now_ns = read_now, .unix_ns = read_unix, .cpu_ns = read_now, .span_cost_ns = 20};
    gbx_capture *capture;

    capture_now_ns = 1000;
    capture_unix_ns = PLAYED_UNIX_NS + work->after_ns;
    capture = gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .clock = &clock});
    assert_non_null(capture);
    if (work->spans > 0 || work->fails) {
        GBX_ENTER(capture);
        for (uint32_t i = 0; i < work->spans; i++) {
            GBX_SPAN_NAMED("work");
        }
        if (work->fails)
            gbx_span_fail("it is said to fail");
    }
    if (work->route != NULL)
        gbx_capture_tell_route(capture, work->route);
    capture_now_ns += work->duration_ns;
    gbx_capture_finish(capture);
    return capture;
}

uint32_t played_offer(gbx_recorder *recorder, const played_work *work, const gbx_request *request)
{
    gbx_capture *capture = played_capture(work != NULL ? work : &(played_work){0});
    uint32_t reasons =
        gbx_recorder_offer(recorder, capture, request != NULL ? request : &(gbx_request){.size = sizeof(gbx_request)});

    gbx_capture_unref(capture);
    return reasons;
}

void played_offer_asked(gbx_recorder *recorder)
{
    const gbx_request request = {.size = sizeof(request), .method = "GET", .path = "/", .asked = true};

    assert_int_equal(played_offer(recorder, NULL, &request) & GBX_KEEP_ASKED, GBX_KEEP_ASKED);
}

void played_settle(gbx_recorder *recorder, played_sink *sink)
{
    for (int i = 0; i < 2; i++) {
        played_offer_asked(recorder);
        played_await(&sink->taken);
    }
}

void played_check_counts(const gbx_recorder *recorder, const gbx_recorder_counts *expected)
{
    gbx_recorder_counts counts;

    gbx_recorder_counts_get(recorder, &counts, sizeof(counts));
    assert_int_equal(counts.seen, expected->seen);
    assert_int_equal(counts.kept, expected->kept);
    assert_int_equal(counts.missed, expected->missed);
    assert_int_equal(counts.taken, expected->taken);
    assert_int_equal(counts.failed, expected->failed);
    assert_int_equal(counts.ignored, expected->ignored);
}

void played_end(gbx_recorder *recorder, played_sink *sink)
{
    gbx_recorder_counts counts;

    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    gbx_recorder_counts_get(recorder, &counts, sizeof(counts));
    assert_int_equal(counts.kept, counts.taken + counts.missed);
    assert_int_equal(sink->disposals, 0);
    gbx_recorder_unref(recorder);
    assert_int_equal(sink->disposals, 1);
    assert_int_equal(sink->takes, counts.taken);
    assert_int_equal(sink->offered + sink->missed, counts.kept);
    assert_int_equal(sink->unflushed, 0);
    assert_int_equal(gbx_capture_live_count(), 0);
}
