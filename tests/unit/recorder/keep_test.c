/* SPDX-License-Identifier: MIT */
/* Which captures a recorder keeps, for which reasons, and what a sink gets of them. */
#include "played_sink.h"
#include "recorder/recorder.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define OPTIONS(...) (&(gbx_recorder_options){.size = sizeof(gbx_recorder_options), __VA_ARGS__})
#define REQUEST(...) (&(gbx_request){.size = sizeof(gbx_request), __VA_ARGS__})
#define WORK(...) (&(played_work){__VA_ARGS__})
#define MINUTE_NS INT64_C(60000000000)

static played_sink sink;

static void keeps_only_what_was_asked_for_without_rules(void **state)
{
    gbx_recorder *recorder = played_recorder(NULL, &sink);

    (void)state;
    assert_int_equal(played_offer(recorder, WORK(.duration_ns = UINT64_MAX / 2, .fails = true), REQUEST(.status = 500)),
                     0);
    assert_int_equal(played_offer(recorder, NULL, REQUEST(.asked = true)), GBX_KEEP_ASKED);
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    CHECK_COUNTS(recorder, .seen = 2, .kept = 1, .taken = 1);
    played_end(recorder, &sink);
}

static void keeps_what_takes_at_least_the_threshold(void **state)
{
    gbx_recorder *recorder = played_recorder(OPTIONS(.slower_than_ns = 100), &sink);

    (void)state;
    assert_int_equal(played_offer(recorder, WORK(.duration_ns = 0), NULL), 0);
    assert_int_equal(played_offer(recorder, WORK(.duration_ns = 99), NULL), 0);
    assert_int_equal(played_offer(recorder, WORK(.duration_ns = 100), NULL), GBX_KEEP_SLOW);
    assert_int_equal(played_offer(recorder, WORK(.duration_ns = 101), NULL), GBX_KEEP_SLOW);
    played_end(recorder, &sink);
}

static void keeps_a_status_of_5xx_and_failed_spans(void **state)
{
    static const struct {
        uint32_t status;
        bool fails, kept;
    } rows[] = {{0, false, false},        {200, false, false}, {499, false, false}, {500, false, true},
                {503, false, true},       {599, false, true},  {600, false, false}, {5000, false, false},
                {50, false, false},       {0, true, true},     {200, true, true},   {404, true, true},
                {UINT32_MAX, true, true}, {500, true, true}};
    gbx_recorder *recorder = played_recorder(OPTIONS(.failed = true), &sink);

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (played_offer(recorder, WORK(.fails = rows[i].fails), REQUEST(.status = rows[i].status)) !=
            (rows[i].kept ? GBX_KEEP_FAILED : 0))
            fail_msg("status %u", rows[i].status);
    played_end(recorder, &sink);
}

static void keeps_one_in_n_exactly(void **state)
{
    static const uint32_t one_in[] = {1, 2, 3, 7, 10, UINT32_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(one_in) / sizeof(one_in[0]); i++) {
        gbx_recorder *recorder = played_recorder(OPTIONS(.one_in = one_in[i]), &sink);

        for (uint32_t number = 0; number < 30; number++)
            assert_int_equal(played_offer(recorder, NULL, NULL), number % one_in[i] == 0 ? GBX_KEEP_SAMPLED : 0);
        played_end(recorder, &sink);
    }
}

static void keeps_the_first_of_each_route_a_minute(void **state)
{
    static const struct {
        const char *method, *told, *given;
        int64_t after_ns;
        bool first;
    } rows[] = {
        {"GET", "/users/{id}", "/", 0, true},
        {"GET", "/users/{id}", "/other", 1, false}, /* what the capture was told counts */
        {"GET", NULL, "/users/{id}", 2, false},
        {"POST", "/users/{id}", "/", 3, true},
        {"GET", NULL, "/", 4, true},
        {"GET", NULL, "/", 5, false},
        {NULL, NULL, NULL, 6, true},
        {"", NULL, "", 7, false},
        {"GET", "", "/", 8, true}, /* it was told that there is none */
        {"GET", "/users/{id}", "/", MINUTE_NS, true},
        {"GET", NULL, "/", MINUTE_NS, true},
    };
    gbx_recorder *recorder = played_recorder(OPTIONS(.first = true), &sink);

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (played_offer(recorder, WORK(.route = rows[i].told, .after_ns = rows[i].after_ns),
                         REQUEST(.method = rows[i].method, .route = rows[i].given)) !=
            (rows[i].first ? GBX_KEEP_FIRST : 0))
            fail_msg("row %zu", i);
    played_end(recorder, &sink);
}

static void a_capture_may_have_all_reasons(void **state)
{
    gbx_recorder *recorder =
        played_recorder(OPTIONS(.slower_than_ns = 5, .failed = true, .one_in = 2, .first = true), &sink);

    (void)state;
    assert_int_equal(played_offer(recorder, WORK(.duration_ns = 5, .fails = true), REQUEST(.asked = true)),
                     GBX_KEEP_SLOW | GBX_KEEP_FAILED | GBX_KEEP_SAMPLED | GBX_KEEP_FIRST | GBX_KEEP_ASKED);
    assert_int_equal(played_offer(recorder, WORK(.duration_ns = 4), NULL), 0);
    assert_int_equal(played_offer(recorder, WORK(.duration_ns = 6), NULL), GBX_KEEP_SLOW | GBX_KEEP_SAMPLED);
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    assert_int_equal(sink.last.reasons, GBX_KEEP_SLOW | GBX_KEEP_SAMPLED);
    CHECK_COUNTS(recorder, .seen = 3, .kept = 2, .taken = 2);
    played_end(recorder, &sink);
}

static void keeps_nothing_without_a_sink_or_after_a_close(void **state)
{
    gbx_recorder *recorder = played_recorder_alone(OPTIONS(.one_in = 1));
    gbx_sink calls;

    (void)state;
    played_sink_init(&sink);
    calls = played_sink_calls(&sink);
    assert_int_equal(played_offer(recorder, NULL, REQUEST(.asked = true)), 0);
    CHECK_COUNTS(recorder, 0);
    assert_int_equal(gbx_recorder_add(recorder, &calls), GBX_ERR_OK);
    assert_int_equal(played_offer(recorder, NULL, NULL), GBX_KEEP_SAMPLED);
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    assert_int_equal(played_offer(recorder, NULL, REQUEST(.asked = true)), 0);
    assert_int_equal(gbx_recorder_add(recorder, &calls), GBX_ERR_STATE);
    CHECK_COUNTS(recorder, .seen = 1, .kept = 1, .taken = 1);
    played_end(recorder, &sink);
}

static void lets_go_of_captures_that_are_not_finished(void **state)
{
    gbx_recorder *recorder = played_recorder(OPTIONS(.one_in = 1), &sink);
    gbx_capture *capture = gbx_capture_new(NULL);

    (void)state;
    assert_int_equal(gbx_recorder_offer(recorder, capture, REQUEST(.asked = true)), 0);
    gbx_capture_finish(capture);
    assert_int_equal(gbx_recorder_offer(recorder, capture, REQUEST(.asked = true)), GBX_KEEP_ASKED | GBX_KEEP_SAMPLED);
    gbx_capture_unref(capture);
    played_end(recorder, &sink);
}

static void a_sink_gets_copies_of_all_texts(void **state)
{
    char method[] = "PATCH", path[] = "/a/b", route[] = "/a", root[] = "/src";
    gbx_recorder *recorder = played_recorder(NULL, &sink);
    gbx_capture *capture = played_capture(WORK(.duration_ns = 5));
    const gbx_request request = {.size = sizeof(request),
                                 .method = method,
                                 .path = path,
                                 .route = route,
                                 .source_root = root,
                                 .status = 418,
                                 .asked = true};

    (void)state;
    atomic_store(&sink.held, true);
    assert_int_equal(gbx_recorder_offer(recorder, capture, &request), GBX_KEEP_ASKED);
    memset(method, '?', strlen(method));
    memset(path, '?', strlen(path));
    memset(route, '?', strlen(route));
    memset(root, '?', strlen(root));
    sem_post(&sink.may_end);
    played_await(&sink.taken);
    assert_int_equal(sink.last.size, sizeof(gbx_recording));
    assert_ptr_equal(sink.last.capture, capture);
    assert_string_equal(sink.last.method, "PATCH");
    assert_string_equal(sink.last.path, "/a/b");
    assert_string_equal(sink.last.route, "/a");
    assert_string_equal(sink.last.source_root, "/src");
    assert_int_equal(sink.last.status, 418);
    gbx_capture_unref(capture);
    played_end(recorder, &sink);
}

static void missing_texts_are_empty_and_a_told_route_comes_first(void **state)
{
    gbx_recorder *recorder = played_recorder(OPTIONS(.one_in = 1), &sink);

    (void)state;
    played_offer(recorder, NULL, NULL);
    played_await(&sink.taken);
    assert_string_equal(sink.last.method, "");
    assert_string_equal(sink.last.path, "");
    assert_string_equal(sink.last.route, "");
    assert_string_equal(sink.last.source_root, "");
    played_offer(recorder, WORK(.route = "/users/{id}"), REQUEST(.route = "/users"));
    played_await(&sink.taken);
    assert_string_equal(sink.last.route, "/users/{id}");
    played_end(recorder, &sink);
}

static void long_texts_are_cut_at_a_whole_character(void **state)
{
    static char text[2000];
    gbx_recorder *recorder = played_recorder(OPTIONS(.one_in = 1), &sink);

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    played_offer(recorder, NULL, REQUEST(.method = text, .path = text, .route = text, .source_root = text));
    played_await(&sink.taken);
    assert_int_equal(strlen(sink.last.method), 32);
    assert_int_equal(strlen(sink.last.path), 1023);
    assert_int_equal(strlen(sink.last.route), 1023);
    assert_int_equal(strlen(sink.last.source_root), 1023);
    memcpy(text + 1022, "\303\244", 2);
    memcpy(text + 30, "\303\244", 2);
    played_offer(recorder, NULL, REQUEST(.method = text, .path = text));
    played_await(&sink.taken);
    assert_int_equal(strlen(sink.last.method), 32);
    assert_int_equal(strlen(sink.last.path), 1022);
    played_end(recorder, &sink);
}

static void requests_that_api_h_refuses_are_let_go(void **state)
{
    gbx_recorder *recorder = played_recorder(OPTIONS(.one_in = 1), &sink);
    struct {
        gbx_request known;
        uint64_t unknown;
    } newer = {.known = {.size = sizeof(newer)}};

    (void)state;
    for (size_t size = 0; size < sizeof(gbx_request); size += 8)
        assert_int_equal(played_offer(recorder, NULL, &(gbx_request){.size = size, .asked = true}), 0);
    assert_int_equal(played_offer(recorder, NULL, &(gbx_request){.size = 4097}), 0);
    assert_int_equal(played_offer(recorder, NULL, REQUEST(.reserved = {0, 0, 1})), 0);
    assert_int_equal(played_offer(recorder, NULL, &newer.known), GBX_KEEP_SAMPLED);
    newer.unknown = 1;
    assert_int_equal(played_offer(recorder, NULL, &newer.known), 0);
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    CHECK_COUNTS(recorder, .seen = 1, .kept = 1, .taken = 1);
    played_end(recorder, &sink);
}

static void options_that_api_h_refuses_make_no_recorder(void **state)
{
    struct {
        gbx_recorder_options known;
        uint64_t unknown;
    } newer = {.known = {.size = sizeof(newer)}};
    gbx_recorder *recorder;

    (void)state;
    for (size_t size = 0; size < sizeof(gbx_recorder_options); size += 8)
        assert_null(gbx_recorder_new(&(gbx_recorder_options){.size = size}));
    assert_null(gbx_recorder_new(&(gbx_recorder_options){.size = 4097}));
    assert_null(gbx_recorder_new(OPTIONS(.reserved = {0, 1})));
    recorder = gbx_recorder_new(&newer.known);
    assert_non_null(recorder);
    gbx_recorder_unref(recorder);
    newer.unknown = 1;
    assert_null(gbx_recorder_new(&newer.known));
}

static void counters_are_written_as_far_as_the_program_knows_them(void **state)
{
    gbx_recorder *recorder = played_recorder(OPTIONS(.one_in = 1), &sink);
    struct {
        gbx_recorder_counts known;
        uint64_t unknown;
    } newer = {.unknown = 7};
    gbx_recorder_counts older = {.kept = 7};

    (void)state;
    played_offer(recorder, NULL, NULL);
    gbx_recorder_counts_get(recorder, &newer.known, sizeof(newer));
    assert_int_equal(newer.known.kept, 1);
    assert_int_equal(newer.unknown, 0);
    gbx_recorder_counts_get(recorder, &older, sizeof(older.seen));
    assert_int_equal(older.seen, 1);
    assert_int_equal(older.kept, 7);
    played_end(recorder, &sink);
}

static void plain_requests_beyond_the_limit_are_ignored_and_counted(void **state)
{
    gbx_recorder *recorder = played_recorder_alone(OPTIONS(.max_captures = 2));
    gbx_sink calls;

    (void)state;
    played_sink_init(&sink);
    calls = played_sink_calls(&sink);
    assert_false(gbxi_recorder_enter(recorder)); /* nobody would take it */
    assert_int_equal(gbx_recorder_add(recorder, &calls), GBX_ERR_OK);
    assert_true(gbxi_recorder_enter(recorder));
    assert_true(gbxi_recorder_enter(recorder));
    assert_false(gbxi_recorder_enter(recorder));
    assert_false(gbxi_recorder_enter(recorder));
    CHECK_COUNTS(recorder, .ignored = 2);
    gbxi_recorder_leave(recorder);
    assert_true(gbxi_recorder_enter(recorder));
    assert_false(gbxi_recorder_enter(recorder));
    CHECK_COUNTS(recorder, .ignored = 3);
    gbxi_recorder_leave(recorder);
    gbxi_recorder_leave(recorder);
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    assert_false(gbxi_recorder_enter(recorder));
    CHECK_COUNTS(recorder, .ignored = 3);
    played_end(recorder, &sink);
}

static void references_keep_it(void **state)
{
    gbx_recorder *recorder = played_recorder(NULL, &sink);

    (void)state;
    assert_null(gbx_recorder_ref(NULL));
    gbx_recorder_unref(NULL);
    assert_ptr_equal(gbx_recorder_ref(recorder), recorder);
    gbx_recorder_unref(recorder);
    played_offer_asked(recorder);
    played_end(recorder, &sink);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_only_what_was_asked_for_without_rules),
        cmocka_unit_test(keeps_what_takes_at_least_the_threshold),
        cmocka_unit_test(keeps_a_status_of_5xx_and_failed_spans),
        cmocka_unit_test(keeps_one_in_n_exactly),
        cmocka_unit_test(keeps_the_first_of_each_route_a_minute),
        cmocka_unit_test(a_capture_may_have_all_reasons),
        cmocka_unit_test(keeps_nothing_without_a_sink_or_after_a_close),
        cmocka_unit_test(lets_go_of_captures_that_are_not_finished),
        cmocka_unit_test(a_sink_gets_copies_of_all_texts),
        cmocka_unit_test(missing_texts_are_empty_and_a_told_route_comes_first),
        cmocka_unit_test(long_texts_are_cut_at_a_whole_character),
        cmocka_unit_test(requests_that_api_h_refuses_are_let_go),
        cmocka_unit_test(options_that_api_h_refuses_make_no_recorder),
        cmocka_unit_test(counters_are_written_as_far_as_the_program_knows_them),
        cmocka_unit_test(plain_requests_beyond_the_limit_are_ignored_and_counted),
        cmocka_unit_test(references_keep_it),
    };

    return cmocka_run_group_tests_name("keep", tests, NULL, NULL);
}
