/* SPDX-License-Identifier: MIT */
/* The queue of kept captures: what fits, what does not, and that the sinks are told one or the other. */
#include "played_sink.h"
#include "recorder/recorder.h"
#include <glassbox/read.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OPTIONS(...) (&(gbx_recorder_options){.size = sizeof(gbx_recorder_options), .one_in = 1, __VA_ARGS__})
#define WORK(...) (&(played_work){__VA_ARGS__})

static played_sink sink;

static void check_told(int offered, int missed)
{
    assert_int_equal(atomic_load(&sink.offered), offered);
    assert_int_equal(atomic_load(&sink.missed), missed);
}

/* A recorder whose sink holds its first capture, of the given work. */
static gbx_recorder *hold_first(const gbx_recorder_options *options, const played_work *work)
{
    gbx_recorder *recorder = played_recorder(options, &sink);

    atomic_store(&sink.held, true);
    assert_int_equal(played_offer(recorder, work, NULL), GBX_KEEP_SAMPLED);
    played_await(&sink.begun);
    return recorder;
}

static void let_go(void)
{
    atomic_store(&sink.held, false);
    sem_post(&sink.may_end);
}

static void takes_in_the_order_of_the_offers(void **state)
{
    gbx_recorder *recorder = played_recorder(OPTIONS(0), &sink);

    (void)state;
    atomic_store(&sink.held, true);
    for (uint32_t i = 0; i < 100; i++)
        assert_int_equal(played_offer(recorder, NULL, &(gbx_request){.size = sizeof(gbx_request), .status = i}),
                         GBX_KEEP_SAMPLED);
    for (uint32_t i = 0; i < 100; i++) {
        sem_post(&sink.may_end);
        played_await(&sink.taken);
        assert_int_equal(sink.last.status, i);
    }
    check_told(100, 0);
    played_end(recorder, &sink);
}

static void has_room_for_as_many_captures_as_it_is_told(void **state)
{
    static const uint32_t rooms[] = {1, 2, 3, 4, 5, 17};

    (void)state;
    for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
        int room = (int)rooms[i];
        gbx_recorder *recorder = hold_first(OPTIONS(.queue_captures = rooms[i]), NULL);

        for (int waiting = 1; waiting < room; waiting++)
            assert_int_equal(played_offer(recorder, NULL, NULL), GBX_KEEP_SAMPLED);
        check_told(room, 0);
        for (int beyond = 0; beyond < 5; beyond++)
            assert_int_equal(played_offer(recorder, NULL, NULL), GBX_KEEP_SAMPLED); /* there is a reason, but no room */
        check_told(room, 5);
        let_go();
        assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
        CHECK_COUNTS(recorder, .seen = rooms[i] + 5, .kept = rooms[i] + 5, .missed = 5, .taken = rooms[i]);
        played_end(recorder, &sink);
    }
}

static void tells_how_far_it_is_behind(void **state)
{
    gbxi_sink_state states[GBXI_SINKS_MAX];
    gbx_recorder *recorder = hold_first(OPTIONS(.queue_captures = 2), NULL);

    (void)state;
    assert_int_equal(played_offer(recorder, NULL, NULL), GBX_KEEP_SAMPLED);
    assert_int_equal(played_offer(recorder, NULL, NULL), GBX_KEEP_SAMPLED); /* missed, so it is not waited for */
    atomic_fetch_add(&played_now_ns, 3 * PLAYED_S);
    assert_int_equal(gbxi_recorder_behind_ns(recorder), 3 * PLAYED_S);
    assert_int_equal(gbxi_recorder_sinks_look(recorder, states), 1);
    assert_int_equal(states[0].sequence, 0);
    assert_int_equal(states[0].lag, 2);
    let_go();
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    assert_int_equal(gbxi_recorder_behind_ns(recorder), 0);
    assert_int_equal(gbxi_recorder_sinks_look(recorder, states), 1);
    assert_int_equal(states[0].sequence, 2);
    assert_int_equal(states[0].lag, 0);
    played_end(recorder, &sink);
}

static void has_room_again_when_one_is_taken(void **state)
{
    gbx_recorder *recorder = hold_first(OPTIONS(.queue_captures = 2), NULL);

    (void)state;
    for (int i = 0; i < 20; i++) {
        played_offer(recorder, NULL, NULL);
        check_told(i + 2, i);
        played_offer(recorder, NULL, NULL);
        check_told(i + 2, i + 1);
        sem_post(&sink.may_end);
        played_await(&sink.begun); /* the next one: the place of the one before it is free */
    }
    let_go();
    played_end(recorder, &sink);
}

static size_t bytes_of(const played_work *work)
{
    gbx_capture *capture = played_capture(work);
    gbx_capture_facts facts;

    assert_int_equal(gbx_capture_facts_get(capture, &facts, sizeof(facts)), GBX_ERR_OK);
    gbx_capture_unref(capture);
    return facts.memory_bytes;
}

static void has_room_for_as_many_bytes_as_it_is_told(void **state)
{
    const played_work *small = WORK(.spans = 1), *large = WORK(.spans = 20000);
    size_t small_bytes = bytes_of(small);
    gbx_recorder *recorder = hold_first(OPTIONS(.queue_bytes = 3 * small_bytes), small);

    (void)state;
    assert_true(small_bytes > 0 && bytes_of(large) > 3 * small_bytes);
    played_offer(recorder, small, NULL);
    check_told(2, 0);
    played_offer(recorder, large, NULL);
    check_told(2, 1);
    played_offer(recorder, small, NULL);
    check_told(3, 1);
    played_offer(recorder, small, NULL);
    check_told(3, 2);
    played_offer(recorder, NULL, NULL); /* one without memory still fits */
    check_told(4, 2);
    let_go();
    played_end(recorder, &sink);
}

static void a_single_capture_may_be_larger_than_all_that_may_wait(void **state)
{
    const played_work *large = WORK(.spans = 20000);
    gbx_recorder *recorder = hold_first(OPTIONS(.queue_bytes = 1), large);

    (void)state;
    check_told(1, 0);
    played_offer(recorder, large, NULL);
    played_offer(recorder, WORK(.spans = 1), NULL);
    check_told(1, 2);
    let_go();
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    CHECK_COUNTS(recorder, .seen = 3, .kept = 3, .missed = 2, .taken = 1);
    played_end(recorder, &sink);
}

static void every_sink_gets_each_capture_whatever_others_do(void **state)
{
    enum { SINKS = 8 };
    static played_sink more[SINKS];
    gbx_recorder *recorder = played_recorder(OPTIONS(0), &sink);
    gbx_sink calls;

    (void)state;
    for (int i = 1; i < SINKS; i++) {
        played_sink_init(&more[i]);
        calls = played_sink_calls(&more[i]);
        if (i == SINKS - 1) /* one that needs nothing but captures */
            calls = (gbx_sink){.size = sizeof(calls), .take = calls.take, .context = calls.context};
        assert_int_equal(gbx_recorder_add(recorder, &calls), GBX_ERR_OK);
    }
    assert_int_equal(gbx_recorder_add(recorder, &calls), GBX_ERR_LIMIT);
    atomic_store(&sink.take_err, GBX_ERR_IO);
    atomic_store(&more[3].take_err, GBX_ERR_NO_MEMORY);
    for (int i = 0; i < 3; i++)
        played_offer(recorder, NULL, NULL);
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    CHECK_COUNTS(recorder, .seen = 3, .kept = 3, .taken = 3, .failed = 6);
    for (int i = 1; i < SINKS; i++) {
        assert_int_equal(atomic_load(&more[i].takes), 3);
        assert_int_equal(atomic_load(&more[i].order), atomic_load(&sink.order) + i);
        assert_int_equal(atomic_load(&more[i].offered), i < SINKS - 1 ? 3 : 0);
        assert_int_equal(atomic_load(&more[i].flushes), i < SINKS - 1 ? 1 : 0);
    }
    played_end(recorder, &sink);
    for (int i = 1; i < SINKS; i++)
        assert_int_equal(atomic_load(&more[i].disposals), i < SINKS - 1 ? 1 : 0);
}

static char report_text[1024];

static void note_report_text(void *context, const char *text)
{
    assert_ptr_equal(context, &sink);
    snprintf(report_text, sizeof(report_text), "%s", text);
}

static void a_full_queue_is_reported_at_the_next_second(void **state)
{
    gbx_recorder *recorder =
        hold_first(OPTIONS(.queue_captures = 2, .report = note_report_text, .context = &sink), NULL);

    (void)state;
    report_text[0] = '\0';
    for (int i = 0; i < 4; i++)
        played_offer(recorder, NULL, NULL);
    let_go();
    played_await(&sink.taken);
    played_await(&sink.taken);
    atomic_fetch_add(&played_now_ns, PLAYED_S);
    played_settle(recorder, &sink);
    assert_string_equal(report_text, "the queue of captures is full: 3 were lost so far");
    atomic_fetch_add(&played_now_ns, 10 * PLAYED_S);
    played_settle(recorder, &sink);
    assert_string_equal(report_text, "the queue of captures has room again: 3 were lost so far");
    played_end(recorder, &sink);
}

static void a_loss_of_the_last_second_is_reported_at_the_end(void **state)
{
    gbx_recorder *recorder =
        hold_first(OPTIONS(.queue_captures = 1, .report = note_report_text, .context = &sink), NULL);

    (void)state;
    report_text[0] = '\0';
    for (int i = 0; i < 7; i++)
        played_offer(recorder, NULL, NULL);
    let_go();
    played_end(recorder, &sink);
    assert_string_equal(report_text, "the queue of captures is full: 7 were lost so far");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_in_the_order_of_the_offers),
        cmocka_unit_test(has_room_for_as_many_captures_as_it_is_told),
        cmocka_unit_test(tells_how_far_it_is_behind),
        cmocka_unit_test(has_room_again_when_one_is_taken),
        cmocka_unit_test(has_room_for_as_many_bytes_as_it_is_told),
        cmocka_unit_test(a_single_capture_may_be_larger_than_all_that_may_wait),
        cmocka_unit_test(every_sink_gets_each_capture_whatever_others_do),
        cmocka_unit_test(a_full_queue_is_reported_at_the_next_second),
        cmocka_unit_test(a_loss_of_the_last_second_is_reported_at_the_end),
    };

    return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
