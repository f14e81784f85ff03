/* SPDX-License-Identifier: MIT */
/* What a server's recorder is told of its loops and workers, and until when. */
#define _GNU_SOURCE
#include "client.h"
#include "server/recording.h"
#include "storing.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static char *directory, *store;
static gbxi_recording_options recording;
static gbx_recorder_options rules; /* those that the recorder was made with */

/* Loops and workers that do nothing but have a state. */
static gbxi_loop loops[3];
static const uint64_t lags_ns[] = {2000, 9000, 5000};
static gbxi_worker_pool *const workers = (gbxi_worker_pool *)&loops;
static atomic_uint looked; /* how often any loop was looked at */
static unsigned looked_while_joined;

gbx_recorder *__real_gbx_recorder_new(const gbx_recorder_options *options);
gbx_recorder *__wrap_gbx_recorder_new(const gbx_recorder_options *options);
gbx_recorder *__wrap_gbx_recorder_new(const gbx_recorder_options *options)
{
    rules = *options;
    return __real_gbx_recorder_new(options);
}

uint64_t __wrap_gbxi_loop_lag_ns(gbxi_loop *loop);
uint64_t __wrap_gbxi_loop_lag_ns(gbxi_loop *loop)
{
    atomic_fetch_add(&looked, 1);
    for (size_t i = 0; i < sizeof(lags_ns) / sizeof(lags_ns[0]); i++)
        if (loop == &loops[i])
            return lags_ns[i];
    return 0;
}

gbxi_worker_pool_state __real_gbxi_worker_pool_look(gbxi_worker_pool *pool);
gbxi_worker_pool_state __wrap_gbxi_worker_pool_look(gbxi_worker_pool *pool);
gbxi_worker_pool_state __wrap_gbxi_worker_pool_look(gbxi_worker_pool *pool)
{
    return pool == workers ? (gbxi_worker_pool_state){.busy = 3, .queued = 7} : __real_gbxi_worker_pool_look(pool);
}

static gbx_process_state observe(void)
{
    gbx_process_state state = {.size = sizeof(state)};

    rules.observe(rules.context, &state);
    return state;
}

void __real_gbxi_loop_join(gbxi_loop *loop);
void __wrap_gbxi_loop_join(gbxi_loop *loop);
void __wrap_gbxi_loop_join(gbxi_loop *loop)
{
    unsigned before = atomic_load(&looked);

    (void)observe();
    looked_while_joined += atomic_load(&looked) - before;
    __real_gbxi_loop_join(loop);
}

static int set_up(void **state)
{
    (void)state;
    directory = storing_begin();
    store = storing_path(directory, "store", "");
    looked_while_joined = 0;
    recording = (gbxi_recording_options){.rules = {.size = sizeof(recording.rules), .one_in = 1},
                                         .store = {.size = sizeof(recording.store), .directory = store}};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(store);
    storing_end(directory);
    return 0;
}

static void the_loop_that_lags_most_is_told_and_what_waits_for_the_workers(void **state)
{
    gbxi_recording *opened;
    gbx_process_state seen;
    gbx_error error;

    (void)state;
    assert_int_equal(gbxi_recording_open(&recording, &opened, &error), GBX_ERR_OK);
    gbxi_recording_watch(opened, loops, sizeof(lags_ns) / sizeof(lags_ns[0]), workers);
    seen = observe();
    assert_int_equal(seen.loop_lag_ns, 9000);
    assert_int_equal(seen.worker_queue, 7);
    gbxi_recording_unwatch(opened);
    seen = observe();
    assert_int_equal(seen.loop_lag_ns, 0);
    assert_int_equal(seen.worker_queue, 0);
    gbxi_recording_close(opened);
}

static char reported[256];

static void keep_report(const char *text)
{
    snprintf(reported, sizeof(reported), "%s", text);
}

static bool has_no_time;

gbx_err __real_gbx_recorder_close(gbx_recorder *recorder, uint32_t patience_ms);
gbx_err __wrap_gbx_recorder_close(gbx_recorder *recorder, uint32_t patience_ms);
gbx_err __wrap_gbx_recorder_close(gbx_recorder *recorder, uint32_t patience_ms)
{
    return has_no_time ? GBX_ERR_LIMIT : __real_gbx_recorder_close(recorder, patience_ms);
}

static void a_store_that_is_not_done_in_time_is_told_of(void **state)
{
    gbxi_recording *opened;
    gbx_error error;

    (void)state;
    recording.report = keep_report;
    assert_int_equal(gbxi_recording_open(&recording, &opened, &error), GBX_ERR_OK);
    has_no_time = true;
    assert_false(gbxi_recording_close(opened));
    has_no_time = false;
    assert_string_equal(reported, "store: it was not done within 10 s: 0 captures are lost");
    assert_true(gbxi_recording_close(opened));
}

/* Loops that have been joined are no more. */
static void a_server_that_closes_looks_at_no_loop_any_more(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 2, .recording = &recording});
    unsigned before = atomic_load(&looked);

    (void)state;
    (void)observe();
    assert_true(atomic_load(&looked) >= before + 2);
    gbxi_server_close(server);
    assert_int_equal(looked_while_joined, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_loop_that_lags_most_is_told_and_what_waits_for_the_workers),
        TEST(a_store_that_is_not_done_in_time_is_told_of),
        TEST(a_server_that_closes_looks_at_no_loop_any_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
