/* SPDX-License-Identifier: MIT */
/* Random ids: what they look like, who makes them and when, what they leave alone, and that no two processes make the
 * same. */
#define _GNU_SOURCE
#include "capture/outcome.h"
#include "capture/random_id.h"
#include <glassbox/read.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uuid/uuid.h>

#include <cmocka.h>

enum { ID_BYTES = 16, CHILDREN = 50, CHILD_SECONDS_MAX = 60, ASKERS = 4 };

static _Atomic size_t calls;

void __real_uuid_generate_random(uuid_t id);
void __wrap_uuid_generate_random(uuid_t id);

/* libuuid, counted. */
void __wrap_uuid_generate_random(uuid_t id)
{
    atomic_fetch_add(&calls, 1);
    __real_uuid_generate_random(id);
}

static void assert_is_random_uuid(const uint8_t id[ID_BYTES])
{
    assert_int_equal(id[6] >> 4, 4);
    assert_int_equal(id[8] >> 6, 2);
}

static void an_id_is_a_random_uuid_of_libuuid(void **state)
{
    uint8_t id[ID_BYTES];

    (void)state;
    for (size_t i = 1; i <= 100; i++) {
        size_t before = atomic_load(&calls);

        gbxi_random_id(id);
        assert_int_equal(atomic_load(&calls), before + 1);
        assert_is_random_uuid(id);
    }
}

static void every_other_bit_varies(void **state)
{
    uint8_t id[ID_BYTES], first[ID_BYTES], varied[ID_BYTES] = {0};

    (void)state;
    gbxi_random_id(first);
    for (int i = 0; i < 200; i++) {
        gbxi_random_id(id);
        for (int at = 0; at < ID_BYTES; at++)
            varied[at] |= (uint8_t)(id[at] ^ first[at]);
    }
    for (int at = 0; at < ID_BYTES; at++)
        assert_int_equal(varied[at], at == 6 ? 0x0f : at == 8 ? 0x3f : 0xff);
}

/* The host has seeded random(), and wants the same numbers in each run. */
static void the_hosts_random_numbers_stay_as_they_are(void **state)
{
    uint8_t id[ID_BYTES];
    long expected[10];

    (void)state;
    srandom(42);
    for (size_t i = 0; i < 10; i++)
        expected[i] = random();
    srandom(42);
    for (size_t i = 0; i < 10; i++) {
        gbxi_random_id(id);
        assert_int_equal(random(), expected[i]);
    }
}

static void a_child_makes_other_ids_than_its_parent(void **state)
{
    uint8_t ours[ID_BYTES], childs[ID_BYTES];
    int ends[2], status;
    pid_t child;

    (void)state;
    gbxi_random_id(ours); /* whatever could be kept for later is kept now */
    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_int_not_equal(child, -1);
    gbxi_random_id(child == 0 ? childs : ours);
    if (child == 0)
        _exit(write(ends[1], childs, ID_BYTES) == ID_BYTES ? 0 : 1);
    assert_int_equal(read(ends[0], childs, ID_BYTES), ID_BYTES);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_memory_not_equal(ours, childs, ID_BYTES);
    close(ends[0]);
    close(ends[1]);
}

static atomic_bool enough;

static void *make_ids(void *unused)
{
    uint8_t id[ID_BYTES];

    while (!atomic_load(&enough))
        gbxi_random_id(id);
    return unused;
}

/* Whatever the threads of the parent were doing when it forked, the child can make an id. */
static void a_child_of_busy_threads_makes_ids(void **state)
{
    pthread_t threads[2];
    int status;

    (void)state;
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_ids, NULL), 0);
    for (size_t i = 0; i < CHILDREN; i++) {
        pid_t child = fork();

        assert_int_not_equal(child, -1);
        if (child == 0) {
            uint8_t id[ID_BYTES];

            alarm(CHILD_SECONDS_MAX);
            gbxi_random_id(id);
            _exit(id[6] >> 4 == 4 ? 0 : 1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    atomic_store(&enough, true);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void only_a_capture_whose_id_is_asked_for_makes_one(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    size_t before = atomic_load(&calls);
    gbxi_outcome outcome;
    gbx_capture_facts facts;
    const uint8_t *id;

    (void)state;
    assert_int_equal(gbxi_outcome_get(capture, &outcome), GBX_ERR_STATE);
    assert_int_equal(outcome.duration_ns, 0);
    gbx_capture_finish(capture);
    assert_int_equal(gbxi_outcome_get(capture, &outcome), GBX_ERR_OK);
    assert_int_equal(atomic_load(&calls), before);
    assert_int_equal(gbx_capture_facts_get(capture, &facts, sizeof(facts)), GBX_ERR_OK);
    id = gbx_capture_trace_id(capture);
    assert_int_equal(atomic_load(&calls), before + 1);
    assert_is_random_uuid(id);
    assert_memory_equal(facts.trace_id, id, ID_BYTES);
    gbx_capture_unref(capture);
}

typedef struct asker {
    const gbx_capture *capture;
    pthread_barrier_t *start;
    uint8_t id[ID_BYTES];
} asker;

static void *ask_for_id(void *argument)
{
    asker *a = argument;

    pthread_barrier_wait(a->start);
    memcpy(a->id, gbx_capture_trace_id(a->capture), ID_BYTES);
    return NULL;
}

static void threads_that_ask_at_once_get_the_same_id(void **state)
{
    pthread_barrier_t start;

    (void)state;
    assert_int_equal(pthread_barrier_init(&start, NULL, ASKERS), 0);
    for (size_t round = 0; round < 50; round++) {
        gbx_capture *capture = gbx_capture_new(NULL);
        pthread_t threads[ASKERS];
        asker askers[ASKERS];

        for (size_t i = 0; i < ASKERS; i++) {
            askers[i] = (asker){.capture = capture, .start = &start};
            assert_int_equal(pthread_create(&threads[i], NULL, ask_for_id, &askers[i]), 0);
        }
        for (size_t i = 0; i < ASKERS; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        for (size_t i = 0; i < ASKERS; i++)
            assert_memory_equal(askers[i].id, gbx_capture_trace_id(capture), ID_BYTES);
        gbx_capture_unref(capture);
    }
    pthread_barrier_destroy(&start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_a_random_uuid_of_libuuid),
        cmocka_unit_test(every_other_bit_varies),
        cmocka_unit_test(the_hosts_random_numbers_stay_as_they_are),
        cmocka_unit_test(a_child_makes_other_ids_than_its_parent),
        cmocka_unit_test(a_child_of_busy_threads_makes_ids),
        cmocka_unit_test(only_a_capture_whose_id_is_asked_for_makes_one),
        cmocka_unit_test(threads_that_ask_at_once_get_the_same_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
