/* SPDX-License-Identifier: MIT */
/* Recorders when memory, threads or descriptors run out. */
#include "played_sink.h"
#include "tests/support/failing.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/eventfd.h>

#include <cmocka.h>

FAILING_CALLOC
FAILING_PTHREAD_CREATE
FAILING(void *, malloc, (size_t size), (size), (errno = ENOMEM, NULL))
FAILING(void *, aligned_alloc, (size_t alignment, size_t size), (alignment, size), (errno = ENOMEM, NULL))
FAILING(int, eventfd, (unsigned count, int flags), (count, flags), (errno = EMFILE, -1))

static played_sink sink;

static void every_failing_call_makes_no_recorder(void **state)
{
    static atomic_int *const counters[] = {&aligned_alloc_fails_in, &calloc_fails_in, &eventfd_fails_in};
    static const int calls[] = {1, 2, 1};

    (void)state;
    for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
        gbx_recorder *recorder;

        for (int n = 1; n <= calls[i]; n++) {
            atomic_store(counters[i], n);
            assert_null(gbx_recorder_new(NULL));
            assert_int_equal(atomic_load(counters[i]), 0);
        }
        atomic_store(counters[i], calls[i] + 1);
        recorder = gbx_recorder_new(NULL);
        assert_non_null(recorder); /* there is no further call of the kind */
        assert_int_equal(atomic_load(counters[i]), 1);
        atomic_store(counters[i], 0);
        gbx_recorder_unref(recorder);
    }
}

static void a_sink_without_a_thread_stays_the_callers(void **state)
{
    gbx_recorder *recorder = played_recorder_alone(NULL);
    gbx_sink calls;

    (void)state;
    played_sink_init(&sink);
    calls = played_sink_calls(&sink);
    atomic_store(&pthread_create_fails_in, 1);
    assert_int_equal(gbx_recorder_add(recorder, &calls), GBX_ERR_NO_MEMORY);
    assert_int_equal(played_offer(recorder, NULL, &(gbx_request){.size = sizeof(gbx_request), .asked = true}), 0);
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    gbx_recorder_unref(recorder);
    assert_int_equal(atomic_load(&sink.disposals), 0);

    recorder = played_recorder_alone(NULL);
    atomic_store(&pthread_create_fails_in, 1);
    assert_int_equal(gbx_recorder_add(recorder, &calls), GBX_ERR_NO_MEMORY);
    assert_int_equal(gbx_recorder_add(recorder, &calls), GBX_ERR_OK); /* another try */
    played_offer_asked(recorder);
    played_end(recorder, &sink);
}

static void a_capture_without_memory_is_counted_and_told(void **state)
{
    const gbx_request request = {.size = sizeof(request), .asked = true};
    gbx_recorder *recorder = played_recorder(NULL, &sink);
    gbx_capture *capture = played_capture(&(played_work){0});

    (void)state;
    atomic_store(&malloc_fails_in, 1);
    assert_int_equal(gbx_recorder_offer(recorder, capture, &request), GBX_KEEP_ASKED);
    assert_int_equal(atomic_load(&malloc_fails_in), 0);
    assert_int_equal(atomic_load(&sink.missed), 1);
    assert_int_equal(gbx_recorder_offer(recorder, capture, &request), GBX_KEEP_ASKED);
    assert_int_equal(atomic_load(&sink.offered), 1);
    gbx_capture_unref(capture);
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    CHECK_COUNTS(recorder, .seen = 2, .kept = 2, .missed = 1, .taken = 1);
    played_end(recorder, &sink);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failing_call_makes_no_recorder),
        cmocka_unit_test(a_sink_without_a_thread_stays_the_callers),
        cmocka_unit_test(a_capture_without_memory_is_counted_and_told),
    };

    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
