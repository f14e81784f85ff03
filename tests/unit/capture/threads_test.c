/* SPDX-License-Identifier: MIT */
/* Isolation: captures at the same time on many threads, hand-offs between threads, workers that outlive the capture. */
#define _GNU_SOURCE
#include "capture/clock.h"
#include "capture/pool.h"
#include "shape.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { THREADS = 8, REQUESTS = 40, SPANS = 300 };

/* Every name in the lane must carry the request's own number. */
static void check_own_spans(const gbx_capture *capture, size_t lane, const char *own, size_t expected)
{
    gbx_reader reader;
    gbx_record record;
    size_t spans = 0;

    for (gbx_reader_init(&reader, capture, lane); gbx_reader_next(&reader, &record);)
        if (record.kind == GBX_RECORD_ENTER) {
            ++spans;
            if (gbx_record_name_length(&record) != strlen(own) ||
                memcmp(record.name, own, gbx_record_name_length(&record)) != 0)
                abort();
        }
    if (spans != expected)
        abort();
}

static void spans_named(const char *name, int count)
{
    for (int i = 0; i != count; ++i) {
        GBX_SPAN_FMT("%s", name);
    }
}

typedef struct hand_off {
    gbx_capture *capture;
    const char *name;
} hand_off;

static void *help(void *memory)
{
    hand_off *work = memory;
    gbx_scope scope = gbx_capture_enter(work->capture);

    spans_named(work->name, SPANS);
    gbx_capture_leave(scope);
    gbx_capture_unref(work->capture);
    return NULL;
}

/* Requests on one thread, each of which hands half of its work to a thread of its own. */
static void *serve(void *number)
{
    for (int i = 0; i != REQUESTS; ++i) {
        char name[64];
        gbx_capture *capture = gbx_capture_new(NULL);
        gbx_scope scope = gbx_capture_enter(capture);
        hand_off work = {gbx_capture_ref(gbx_capture_current()), name};
        pthread_t helper;
        snprintf(name, sizeof(name), "request %d of %d", i, *(int *)number);
        if (pthread_create(&helper, NULL, help, &work) != 0)
            abort();
        spans_named(name, SPANS);
        gbx_capture_leave(scope);
        pthread_join(helper, NULL);
        gbx_capture_finish(capture);
        check_own_spans(capture, 0, name, SPANS);
        check_own_spans(capture, 1, name, SPANS);
        gbx_capture_unref(capture);
    }
    return NULL;
}

static void run_threads(void *(*body)(void *), int count, void *arguments[])
{
    pthread_t threads[THREADS];

    for (int i = 0; i != count; ++i)
        assert_int_equal(pthread_create(&threads[i], NULL, body, arguments[i]), 0);
    for (int i = 0; i != count; ++i)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void each_capture_holds_only_its_own_spans(void **state)
{
    size_t used = gbxi_pool_used_count();
    int numbers[THREADS];
    void *arguments[THREADS];

    (void)state;
    for (int i = 0; i != THREADS; ++i) {
        numbers[i] = i;
        arguments[i] = &numbers[i];
    }
    run_threads(serve, THREADS, arguments);
    assert_int_equal(gbx_capture_live_count(), 0);
    assert_int_equal(gbxi_pool_used_count(), used);
}

static atomic_bool begun, stop;

static void *outlive(void *capture)
{
    gbx_scope scope = gbx_capture_enter(capture);

    gbx_capture_unref(capture);
    {
        GBX_SPAN_NAMED("outer");
        while (!atomic_load(&stop)) {
            spans_named("x", 10);
            gbx_note_int("n", 1);
            atomic_store(&begun, true);
        }
    }
    gbx_capture_leave(scope);
    return NULL;
}

/* Freezes and reads while another thread writes without pause; what is read must be whole and must not move. */
static void a_worker_that_outlives_the_capture_is_harmless(void **state)
{
    (void)state;
    for (int i = 0; i != 20; ++i) {
        gbx_capture *capture = gbx_capture_new(NULL);
        pthread_t thread;
        size_t spans, again, deepest;
        atomic_store(&begun, false);
        atomic_store(&stop, false);
        assert_int_equal(pthread_create(&thread, NULL, outlive, gbx_capture_ref(capture)), 0);
        while (!atomic_load(&begun))
            ;
        gbx_capture_finish(capture);
        shape_count(capture, 0, &spans, &deepest);
        assert_true(spans >= 11 && deepest == 2);
        shape_count(capture, 0, &again, &deepest);
        assert_int_equal(spans, again);
        gbx_capture_unref(capture);
        assert_int_equal(gbx_capture_live_count(), 1);
        atomic_store(&stop, true);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_int_equal(gbx_capture_live_count(), 0);
    }
}

enum { BURNT_NS = 5000000 };

/* Works inside the capture until it has used BURNT_NS of CPU time, and goes on working until it is told to stop. */
static void *burn(void *capture)
{
    const gbx_clock *clock = gbx_clock_monotonic();
    uint64_t began_ns;
    GBX_ENTER(capture);

    began_ns = clock->cpu_ns(NULL);
    while (clock->cpu_ns(NULL) - began_ns < BURNT_NS)
        ;
    atomic_store(&begun, true);
    while (!atomic_load(&stop))
        ;
    return NULL;
}

static uint64_t process_cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void check_cpu_of_a_thread_inside(const gbx_clock *clock)
{
    gbx_capture *capture = gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .clock = clock});
    gbx_lane_facts lane;
    pthread_t thread;

    atomic_store(&begun, false);
    atomic_store(&stop, false);
    assert_int_equal(pthread_create(&thread, NULL, burn, capture), 0);
    while (!atomic_load(&begun))
        ;
    gbx_capture_finish(capture);
    atomic_store(&stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    gbx_lane_facts_get(capture, 0, &lane, sizeof(lane));
    assert_true(lane.cpu_ns >= BURNT_NS && lane.cpu_ns <= process_cpu_ns());
    gbx_capture_unref(capture);
}

static void a_thread_that_is_inside_at_the_finish_has_its_cpu_time(void **state)
{
    (void)state;
    check_cpu_of_a_thread_inside(NULL);
    check_cpu_of_a_thread_inside(gbx_clock_monotonic());
}

static void *get_cpu_clock(void *id)
{
    *(int *)id = gbxi_cpu_clock_here();
    return NULL;
}

static void each_thread_has_a_cpu_clock_of_its_own(void **state)
{
    int id;

    (void)state;
    run_threads(get_cpu_clock, 1, (void *[]){&id});
    assert_int_not_equal(id, gbxi_cpu_clock_here());
}

static void *overspend(void *capture)
{
    gbx_scope scope = gbx_capture_enter(capture);

    spans_named("x", 1000);
    gbx_capture_leave(scope);
    return NULL;
}

static void threads_share_one_allowance_of_spans(void **state)
{
    gbx_capture *capture =
        gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 1500});
    void *arguments[THREADS];
    gbx_capture_facts facts;

    (void)state;
    for (int i = 0; i != THREADS; ++i)
        arguments[i] = capture;
    run_threads(overspend, THREADS, arguments);
    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_true(facts.span_count <= 1500 && facts.span_count > 1500 - THREADS * 64);
    assert_int_equal(facts.span_count + facts.dropped_spans, THREADS * 1000);
    gbx_capture_unref(capture);
}

enum { PASSES = 2000 };

/* Two threads passing a ball: each span begins after the other thread's last one has ended. */
typedef struct player {
    gbx_capture *capture;
    atomic_int *ball;
    int number;
} player;

static void *play(void *memory)
{
    player *self = memory;
    GBX_ENTER(self->capture);

    for (int i = self->number; i < PASSES; i += 2) {
        while (atomic_load_explicit(self->ball, memory_order_acquire) != i)
            ;
        {
            GBX_SPAN_NAMED("hold");
        }
        atomic_store_explicit(self->ball, i + 1, memory_order_release);
    }
    return NULL;
}

static bool next_hold(gbx_reader *reader, uint64_t *begin_ns, uint64_t *end_ns)
{
    gbx_record record;

    if (!gbx_reader_next(reader, &record))
        return false;
    *begin_ns = record.at_ns;
    assert_true(gbx_reader_next(reader, &record));
    *end_ns = record.at_ns;
    return true;
}

static void order_across_threads_is_kept(void **state)
{
    const uint64_t clock_error_ns = 200;
    gbx_capture *capture = gbx_capture_new(NULL);
    atomic_int ball = 0;
    player players[2] = {{capture, &ball, 0}, {capture, &ball, 1}};
    void *arguments[2] = {&players[0], &players[1]};
    gbx_reader readers[2];
    uint64_t begin_ns = 0, end_ns, last_ns = 0;
    size_t first;

    (void)state;
    run_threads(play, 2, arguments);
    gbx_capture_finish(capture);
    for (size_t i = 0; i != 2; ++i)
        gbx_reader_init(&readers[i], capture, i);
    {
        gbx_reader peek[2] = {readers[0], readers[1]};
        uint64_t other_ns = 0;
        assert_true(next_hold(&peek[0], &begin_ns, &end_ns) && next_hold(&peek[1], &other_ns, &end_ns));
        first = begin_ns < other_ns ? 0 : 1;
    }
    for (size_t i = 0; i != PASSES; ++i) {
        assert_true(next_hold(&readers[(first + i) % 2], &begin_ns, &end_ns));
        assert_true(begin_ns + clock_error_ns >= last_ns);
        last_ns = end_ns;
    }
    gbx_capture_unref(capture);
}

static void name_self(const char *name)
{
    assert_int_equal(pthread_setname_np(pthread_self(), name), 0);
}

static void check_name(gbx_capture *capture, const char *expected)
{
    gbx_lane_facts facts;

    gbx_capture_finish(capture);
    assert_int_equal(gbx_lane_facts_get(capture, 0, &facts, sizeof(facts)), GBX_ERR_OK);
    assert_string_equal(facts.thread_name, expected);
    gbx_capture_unref(capture);
}

static void a_threads_name_is_the_one_it_has_when_it_first_enters(void **state)
{
    gbx_capture *first = gbx_capture_new(NULL);
    gbx_capture *second = gbx_capture_new(NULL);

    (void)state;
    name_self("early");
    gbx_capture_leave(gbx_capture_enter(first));
    name_self("late");
    gbx_capture_leave(gbx_capture_enter(first));
    gbx_capture_leave(gbx_capture_enter(second));
    check_name(first, "early");
    check_name(second, "late");
}

static void *die_inside(void *capture)
{
    static const gbx_site site = {"left open", "die_inside", "threads_test.c", 1, {0}};
    gbx_scope scope = gbx_capture_enter(capture);
    gbx_span span;

    (void)scope;
    gbxi_span_begin(&span, &site);
    return NULL;
}

static void a_thread_that_dies_inside_leaves_its_captures(void **state)
{
    size_t live = gbx_capture_live_count();
    gbx_capture *a = gbx_capture_new(NULL);

    (void)state;
    run_threads(die_inside, 1, (void *[]){a});
    gbx_capture_finish(a);
    assert_string_equal(shape_of(a, 0), "left open");
    gbx_capture_unref(a);
    assert_int_equal(gbx_capture_live_count(), live);
}

static pthread_key_t last_words;

/* Enters the capture after the first round of destructors, in which the thread's scopes were left and freed. */
static void speak_last(void *capture)
{
    static int rounds;

    if (++rounds == 1) {
        pthread_setspecific(last_words, capture);
    } else {
        GBX_ENTER(capture);
        spans_named("last words", 1);
    }
}

static void *die_inside_with_last_words(void *capture)
{
    pthread_setspecific(last_words, capture);
    return die_inside(capture);
}

static void a_thread_can_enter_again_while_it_ends(void **state)
{
    size_t live = gbx_capture_live_count();
    gbx_capture *a = gbx_capture_new(NULL);

    (void)state;
    assert_int_equal(pthread_key_create(&last_words, speak_last), 0);
    run_threads(die_inside_with_last_words, 1, (void *[]){a});
    pthread_key_delete(last_words);
    gbx_capture_finish(a);
    assert_string_equal(shape_of(a, 0), "left open");
    assert_string_equal(shape_of(a, 1), "last words");
    gbx_capture_unref(a);
    assert_int_equal(gbx_capture_live_count(), live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_capture_holds_only_its_own_spans),
        cmocka_unit_test(a_worker_that_outlives_the_capture_is_harmless),
        cmocka_unit_test(a_thread_that_is_inside_at_the_finish_has_its_cpu_time),
        cmocka_unit_test(each_thread_has_a_cpu_clock_of_its_own),
        cmocka_unit_test(order_across_threads_is_kept),
        cmocka_unit_test(threads_share_one_allowance_of_spans),
        cmocka_unit_test(a_threads_name_is_the_one_it_has_when_it_first_enters),
        cmocka_unit_test(a_thread_that_dies_inside_leaves_its_captures),
        cmocka_unit_test(a_thread_can_enter_again_while_it_ends),
    };
    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
