/* SPDX-License-Identifier: MIT */
/* The ring of pointers: its order, its limits, its end, and positions that wrap around. */
#define _GNU_SOURCE
#include "base/atomic.h"
#include "recorder/ring.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char items[65];

/* Makes the ring as it is after `positions` pushes and pops. */
static void begin_at(gbxi_ring *ring, size_t capacity, size_t positions)
{
    assert_true(gbxi_ring_init(ring, capacity));
    gbxi_store_relaxed(&ring->pushes, 2 * positions);
    gbxi_store_relaxed(&ring->pops, 2 * positions);
    for (size_t i = 0; i <= ring->mask; i++)
        gbxi_store_relaxed(&ring->cells[(positions + i) & ring->mask].turn, 2 * (positions + i));
}

static void fill_and_empty(gbxi_ring *ring, size_t capacity)
{
    assert_false(gbxi_ring_has(ring));
    assert_null(gbxi_ring_pop(ring));
    for (size_t i = 0; i < capacity; i++)
        assert_true(gbxi_ring_push(ring, &items[i]));
    assert_false(gbxi_ring_push(ring, &items[capacity]));
    for (size_t i = 0; i < capacity; i++) {
        assert_true(gbxi_ring_has(ring));
        assert_ptr_equal(gbxi_ring_pop(ring), &items[i]);
    }
    assert_null(gbxi_ring_pop(ring));
}

static void has_room_for_its_capacity_rounded_up(void **state)
{
    static const struct {
        size_t asked, room;
    } cases[] = {{0, 2}, {1, 2}, {2, 2}, {3, 4}, {4, 4}, {5, 8}, {33, 64}};
    gbxi_ring ring;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(gbxi_ring_init(&ring, cases[i].asked));
        for (int round = 0; round < 3; round++)
            fill_and_empty(&ring, cases[i].room);
        gbxi_ring_fini(&ring);
    }
}

static void gives_back_in_the_order_of_the_pushes(void **state)
{
    gbxi_ring ring;
    size_t pushed = 0, popped = 0;

    (void)state;
    assert_true(gbxi_ring_init(&ring, 8));
    for (size_t round = 0; round < 100; round++) {
        for (size_t i = 0; i < round % 7 + 1; i++)
            pushed += gbxi_ring_push(&ring, &items[pushed % 64]);
        for (size_t i = 0; i < (round + 3) % 7 + 1 && popped < pushed; i++)
            assert_ptr_equal(gbxi_ring_pop(&ring), &items[popped++ % 64]);
    }
    assert_true(popped > 200);
    gbxi_ring_fini(&ring);
}

static void positions_wrap_around(void **state)
{
    static const size_t begins[] = {SIZE_MAX / 2, SIZE_MAX / 2 - 1, SIZE_MAX / 2 - 3, SIZE_MAX / 4, SIZE_MAX / 4 - 2};
    gbxi_ring ring;

    (void)state;
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
        begin_at(&ring, 4, begins[i]);
        for (int round = 0; round < 4; round++) {
            fill_and_empty(&ring, 4);
            assert_true(gbxi_ring_push(&ring, &items[round]));
            assert_ptr_equal(gbxi_ring_pop(&ring), &items[round]);
        }
        gbxi_ring_shut(&ring);
        assert_true(gbxi_ring_is_over(&ring));
        gbxi_ring_fini(&ring);
    }
}

static void a_shut_ring_takes_nothing_and_gives_what_it_has(void **state)
{
    gbxi_ring ring;

    (void)state;
    assert_true(gbxi_ring_init(&ring, 4));
    assert_true(gbxi_ring_push(&ring, &items[0]));
    assert_true(gbxi_ring_push(&ring, &items[1]));
    assert_false(gbxi_ring_is_over(&ring));
    gbxi_ring_shut(&ring);
    gbxi_ring_shut(&ring);
    assert_false(gbxi_ring_push(&ring, &items[2]));
    assert_ptr_equal(gbxi_ring_pop(&ring), &items[0]);
    assert_false(gbxi_ring_is_over(&ring));
    assert_ptr_equal(gbxi_ring_pop(&ring), &items[1]);
    assert_true(gbxi_ring_is_over(&ring));
    assert_null(gbxi_ring_pop(&ring));
    gbxi_ring_fini(&ring);
}

static void a_zeroed_ring_can_be_ended(void **state)
{
    gbxi_ring ring = {0};

    (void)state;
    gbxi_ring_fini(&ring);
    gbxi_ring_fini(&ring);
}

/* Threads that push at the same time into a ring that has room for all they have. */
enum { PUSHERS = 4, EACH = 4096, ROUNDS = 20 };

typedef struct pusher {
    gbxi_ring *ring;
    pthread_barrier_t *together;
    char *items;
    size_t pushed;
} pusher;

static void *push_all(void *argument)
{
    pusher *p = argument;

    pthread_barrier_wait(p->together);
    for (size_t i = 0; i < EACH; i++)
        p->pushed += gbxi_ring_push(p->ring, &p->items[i]);
    return NULL;
}

/* A push that loses its cell to another push gets the next one. */
static void no_push_fails_while_there_is_room(void **state)
{
    static char all[PUSHERS][EACH];
    pthread_barrier_t together;
    pthread_t threads[PUSHERS];
    pusher pushers[PUSHERS];
    gbxi_ring ring;

    (void)state;
    pthread_barrier_init(&together, NULL, PUSHERS);
    for (int round = 0; round < ROUNDS; round++) {
        size_t next[PUSHERS] = {0};

        assert_true(gbxi_ring_init(&ring, PUSHERS * EACH));
        for (size_t i = 0; i < PUSHERS; i++) {
            pushers[i] = (pusher){&ring, &together, all[i], 0};
            assert_int_equal(pthread_create(&threads[i], NULL, push_all, &pushers[i]), 0);
        }
        for (size_t i = 0; i < PUSHERS; i++)
            pthread_join(threads[i], NULL);
        for (size_t i = 0; i < PUSHERS; i++)
            assert_int_equal(pushers[i].pushed, EACH);
        for (size_t i = 0; i < PUSHERS * EACH; i++) {
            char *item = gbxi_ring_pop(&ring);
            size_t from = (size_t)(item - all[0]) / EACH;

            assert_ptr_equal(item, &all[from][next[from]++]); /* each thread's in its order */
        }
        gbxi_ring_fini(&ring);
    }
    pthread_barrier_destroy(&together);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_room_for_its_capacity_rounded_up),
        cmocka_unit_test(gives_back_in_the_order_of_the_pushes),
        cmocka_unit_test(positions_wrap_around),
        cmocka_unit_test(a_shut_ring_takes_nothing_and_gives_what_it_has),
        cmocka_unit_test(a_zeroed_ring_can_be_ended),
        cmocka_unit_test(no_push_fails_while_there_is_room),
    };

    return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
