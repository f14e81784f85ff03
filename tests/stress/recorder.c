/* SPDX-License-Identifier: MIT */
/* A stress test of recorders: recorder [SECONDS]. Again and again, several threads offer real captures to a recorder
 * with a small queue and submit tasks, while its sink is slow at times and fails at times, and the recorder is closed
 * in the middle of it. Every capture and every task must be accounted for. */
#include "recorder/recorder.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PRODUCERS = 4, SINKS = 2, CLOSES_AFTER = 400, SLOW_YIELDS = 2000, SECONDS_DEFAULT = 2 };

/* A sink that counts, with what it was told. */
typedef struct counting_sink {
    atomic_ullong offered, missed;
    unsigned long long taken, spans, unflushed; /* the recorder's thread's */
    unsigned disposed;
} counting_sink;

typedef struct round_state {
    gbx_recorder *recorder;
    uint32_t patience_ms;
    counting_sink sinks[SINKS];
    atomic_ullong offers;         /* of all producers, until the close */
    atomic_ullong kept;           /* that gbx_recorder_offer said were kept */
    atomic_ullong submitted, run; /* tasks */
    atomic_bool over;
} round_state;

/* A task whose memory is its producer's, as a request's is. */
typedef struct waited_task {
    gbxi_recorder_task task; /* first: the task is the struct */
    round_state *round;
    sem_t done;
} waited_task;

static unsigned long long all_given_up, all_kept, all_missed, all_taken, all_tasks;

__attribute__((noreturn, format(printf, 1, 2))) static void give_up(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("recorder: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    abort();
}

static gbx_err count_take(void *context, const gbx_recording *recording, gbx_error *error)
{
    counting_sink *sink = context;
    gbx_capture_facts facts;

    if (gbx_capture_facts_get(recording->capture, &facts, sizeof(facts)) != GBX_ERR_OK || recording->reasons == 0 ||
        strcmp(recording->method, "GET") != 0 || strcmp(recording->route, "/stress") != 0)
        give_up("a recording is not what was offered");
    sink->spans += facts.span_count;
    sink->unflushed++;
    for (int i = ++sink->taken % 64 == 0 ? SLOW_YIELDS : 0; i > 0; i--)
        sched_yield();
    return sink->taken % 5 == 0 ? gbx_error_set(error, GBX_ERR_IO, NULL, "chance") : GBX_ERR_OK;
}

static gbx_err count_flush(void *context, gbx_error *error)
{
    (void)error;
    ((counting_sink *)context)->unflushed = 0;
    return GBX_ERR_OK;
}

static void count_offered(void *context)
{
    atomic_fetch_add(&((counting_sink *)context)->offered, 1);
}

static void count_missed(void *context)
{
    atomic_fetch_add(&((counting_sink *)context)->missed, 1);
}

static void count_disposal(void *context)
{
    ((counting_sink *)context)->disposed++;
}

static void run_waited(gbxi_recorder_task *task)
{
    waited_task *waited = (waited_task *)task;

    atomic_fetch_add(&waited->round->run, 1);
    sem_post(&waited->done);
}

/* Has the recorder's thread do something, and waits for it: after a close as well. */
static void submit_and_wait(round_state *round)
{
    waited_task waited = {.task = {run_waited}, .round = round};

    sem_init(&waited.done, 0, 0);
    if (gbxi_recorder_submit(round->recorder, &waited.task)) {
        atomic_fetch_add(&round->submitted, 1);
        while (sem_wait(&waited.done) != 0)
            ;
    }
    sem_destroy(&waited.done);
}

static void offer_one(round_state *round, unsigned number)
{
    const gbx_request request = {.size = sizeof(request),
                                 .method = "GET",
                                 .path = "/",
                                 .route = "/stress",
                                 .status = number % 7 == 0 ? 500 : 200,
                                 .asked = number % 3 == 0};
    gbx_capture *capture = gbx_capture_new(NULL);

    if (capture == NULL)
        give_up("no memory for a capture");
    {
        GBX_ENTER(capture);
        GBX_SPAN();
        gbx_note_int("number", number);
    }
    gbx_capture_finish(capture);
    if (gbx_recorder_offer(round->recorder, capture, &request) != 0)
        atomic_fetch_add(&round->kept, 1);
    gbx_capture_unref(capture);
}

/* Closes the recorder, at times with little patience: then what waits is given up. */
static void end_recorder(round_state *round)
{
    gbx_err err = round->patience_ms != 0 ? gbx_recorder_close(round->recorder, round->patience_ms) : GBX_ERR_OK;

    if (err != GBX_ERR_OK && err != GBX_ERR_LIMIT)
        give_up("a close has failed: %s", gbx_err_text(err));
    all_given_up += err == GBX_ERR_LIMIT;
    if (gbx_recorder_close(round->recorder, 0) != GBX_ERR_OK)
        give_up("a close without a limit has ended early");
}

static void *produce(void *argument)
{
    round_state *round = argument;

    for (unsigned i = 0; !atomic_load(&round->over); i++) {
        if (gbxi_recorder_enter(round->recorder)) {
            offer_one(round, i);
            gbxi_recorder_leave(round->recorder);
        }
        if (i % 16 == 0)
            submit_and_wait(round);
        if (atomic_fetch_add(&round->offers, 1) == CLOSES_AFTER)
            end_recorder(round);
        if (atomic_load(&round->offers) > 2 * CLOSES_AFTER)
            atomic_store(&round->over, true);
    }
    return NULL;
}

static void check_round(round_state *round)
{
    gbx_recorder_counts counts;

    gbx_recorder_counts_get(round->recorder, &counts, sizeof(counts));
    if (counts.kept != counts.taken + counts.missed || counts.kept != atomic_load(&round->kept))
        give_up("%llu kept and said to be, %llu counted, %llu taken, %llu missed", atomic_load(&round->kept),
                (unsigned long long)counts.kept, (unsigned long long)counts.taken, (unsigned long long)counts.missed);
    if (atomic_load(&round->run) != atomic_load(&round->submitted))
        give_up("%llu tasks submitted, %llu run", atomic_load(&round->submitted), atomic_load(&round->run));
    gbx_recorder_unref(round->recorder);
    for (size_t i = 0; i < SINKS; i++) {
        const counting_sink *sink = &round->sinks[i];

        if (sink->offered + sink->missed != counts.kept || sink->taken != counts.taken || sink->spans != sink->taken ||
            sink->unflushed != 0 || sink->disposed != 1)
            give_up("sink %zu: %llu offered, %llu missed, %llu taken with %llu spans, %llu unflushed, %u disposals", i,
                    atomic_load(&sink->offered), atomic_load(&sink->missed), sink->taken, sink->spans, sink->unflushed,
                    sink->disposed);
    }
    all_kept += counts.kept;
    all_missed += counts.missed;
    all_taken += counts.taken;
    all_tasks += atomic_load(&round->run);
    if (gbx_capture_live_count() != 0)
        give_up("%zu captures are left", gbx_capture_live_count());
}

static void run_round(unsigned number)
{
    static round_state round;
    const gbx_recorder_options options = {.size = sizeof(options),
                                          .one_in = 2,
                                          .failed = true,
                                          .first = true,
                                          .queue_captures = 1 + number % 40,
                                          .max_captures = 3,
                                          .queue_bytes = number % 3 == 0 ? 5 * GBX_CAPTURE_BLOCK_BYTES : 0};
    pthread_t threads[PRODUCERS];

    memset(&round, 0, sizeof(round));
    round.patience_ms = number % 4 == 3;
    if ((round.recorder = gbx_recorder_new(&options)) == NULL)
        give_up("no recorder");
    for (size_t i = 0; i < SINKS; i++)
        if (gbx_recorder_add(round.recorder, &(gbx_sink){.size = sizeof(gbx_sink),
                                                         .take = count_take,
                                                         .flush = count_flush,
                                                         .offered = count_offered,
                                                         .missed = count_missed,
                                                         .dispose = count_disposal,
                                                         .context = &round.sinks[i]}) != GBX_ERR_OK)
            give_up("no sink");
    for (size_t i = 0; i < PRODUCERS; i++)
        if (pthread_create(&threads[i], NULL, produce, &round) != 0)
            give_up("cannot make a thread");
    for (size_t i = 0; i < PRODUCERS; i++)
        pthread_join(threads[i], NULL);
    check_round(&round);
}

int main(int argc, char **argv)
{
    time_t deadline = time(NULL) + (argc > 1 ? atol(argv[1]) : SECONDS_DEFAULT);
    unsigned rounds = 0;

    do
        run_round(rounds++);
    while (time(NULL) < deadline);
    printf("%u recorders, %llu closed while a sink was busy, %llu captures kept, %llu taken, %llu missed and counted, "
           "%llu tasks\n",
           rounds, all_given_up, all_kept, all_taken, all_missed, all_tasks);
    return EXIT_SUCCESS;
}
