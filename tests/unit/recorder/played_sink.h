/* SPDX-License-Identifier: MIT */
/* A sink that does what the test says and tells what it gets, captures of any duration, and a recorder's clock that
 * stands still until the test moves it on.
 *
 *     played_sink sink;
 *     gbx_recorder *recorder = played_recorder(&(gbx_recorder_options){.size = ..., .one_in = 1}, &sink);
 *     played_offer(recorder, &(played_work){.duration_ns = 7}, &request);
 *     played_await(&sink.taken);
 *     played_end(recorder, &sink);                // closes it, and checks that nothing is left
 *
 * The recorder's thread looks at its clock after every take. So when the second of two captures is taken, everything
 * that was due when the first one was taken has been done. */
#ifndef GBX_TESTS_PLAYED_SINK_H
#define GBX_TESTS_PLAYED_SINK_H

#include <glassbox/recorder.h>
#include <semaphore.h>
#include <stdatomic.h>

#define PLAYED_START_NS UINT64_C(7000000000000)
#define PLAYED_UNIX_NS INT64_C(1754400000000000000)
#define PLAYED_S UINT64_C(1000000000)

/* What the recorder takes for the monotonic time. */
extern _Atomic(uint64_t) played_now_ns;

/* What the sink got last. */
typedef struct played_recording {
    size_t size;
    gbx_capture *capture; /* not referenced */
    char method[64], path[2048], route[2048], source_root[2048];
    uint32_t status, reasons;
} played_recording;

typedef struct played_sink {
    const char *name;
    sem_t begun;      /* a take has begun */
    sem_t may_end;    /* ends the take of a sink that is held */
    sem_t taken;      /* a take has ended */
    atomic_bool held; /* takes wait */
    _Atomic(gbx_err) take_err, flush_err, tick_err;
    atomic_int offered, missed, takes, flushes, ticks, disposals;
    atomic_int unflushed; /* takes since the last flush */
    atomic_int order;     /* the number of this sink's last take among those of all sinks */
    played_recording last;
    gbx_process_state state; /* of the last tick */
} played_sink;

void played_sink_init(played_sink *sink);
/* The calls of the sink; tests may leave some out. */
gbx_sink played_sink_calls(played_sink *sink);

/* A recorder, and one with a sink. The clock starts again. */
gbx_recorder *played_recorder_alone(const gbx_recorder_options *options);
gbx_recorder *played_recorder(const gbx_recorder_options *options, played_sink *sink);

/* A piece of work. */
typedef struct played_work {
    uint64_t duration_ns;
    int64_t after_ns;  /* when it began, after PLAYED_UNIX_NS */
    const char *route; /* that its capture is told; NULL: none */
    bool fails;        /* a span of it does */
    uint32_t spans;    /* 0: no thread enters the capture, so it has no memory */
} played_work;

/* A finished capture of it. Owns: the caller. */
gbx_capture *played_capture(const played_work *work);

/* Offers a capture of it, and drops the capture. Returns the reasons. NULL: work or a request of which nothing is
 * known. */
uint32_t played_offer(gbx_recorder *recorder, const played_work *work, const gbx_request *request);
/* Offers one that was asked for. */
void played_offer_asked(gbx_recorder *recorder);

void played_await(sem_t *semaphore);
/* Has two captures taken, one after the other. The queue must have room for two. */
void played_settle(gbx_recorder *recorder, played_sink *sink);

/* Checks counters: seen, kept, missed, taken, failed, ignored. */
void played_check_counts(const gbx_recorder *recorder, const gbx_recorder_counts *expected);
#define CHECK_COUNTS(recorder, ...) played_check_counts(recorder, &(gbx_recorder_counts){__VA_ARGS__})

/* Closes the recorder, drops it, and checks that every kept capture is accounted for and none is left. */
void played_end(gbx_recorder *recorder, played_sink *sink);

#endif
