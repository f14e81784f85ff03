/* SPDX-License-Identifier: MIT */
/* Which request is the first of its route in a minute. */
#define _GNU_SOURCE
#include "recorder/firsts.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE_NS INT64_C(60000000000)
#define START_NS (INT64_C(29240000) * MINUTE_NS)

static gbxi_firsts firsts;

static int forget_all(void **state)
{
    (void)state;
    memset(&firsts, 0, sizeof(firsts));
    return 0;
}

typedef struct request_row {
    const char *method, *route;
    int64_t after_ns; /* the first minute's begin */
    bool first;
} request_row;

static void check_rows(const request_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gbxi_firsts_is_first(&firsts, rows[i].method, rows[i].route, START_NS + rows[i].after_ns) != rows[i].first)
            fail_msg("row %zu: %s %s", i, rows[i].method, rows[i].route);
}
#define CHECK_ROWS(...)                                                                                                \
    check_rows((const request_row[]){__VA_ARGS__}, sizeof((const request_row[]){__VA_ARGS__}) / sizeof(request_row))

static void one_is_first_in_every_minute(void **state)
{
    (void)state;
    CHECK_ROWS({"GET", "/a", 0, true}, {"GET", "/a", 1, false}, {"GET", "/a", MINUTE_NS - 1, false},
               {"GET", "/a", MINUTE_NS, true}, {"GET", "/a", MINUTE_NS + 1, false}, {"GET", "/a", 9 * MINUTE_NS, true},
               {"GET", "/a", 500000 * MINUTE_NS, true}, {"GET", "/a", 500000 * MINUTE_NS + 1, false});
}

static void methods_and_routes_are_told_apart(void **state)
{
    (void)state;
    CHECK_ROWS({"GET", "/a", 0, true}, {"POST", "/a", 0, true}, {"GET", "/b", 0, true}, {"GET", "/A", 0, true},
               {"", "", 0, true}, {"", "/a", 0, true}, {"GET", "", 0, true}, {"GET/", "a", 0, true},
               {"GET", "/a", 1, false}, {"POST", "/a", 1, false}, {"GET", "/b", 1, false}, {"GET", "/A", 1, false},
               {"", "", 1, false}, {"", "/a", 1, false}, {"GET", "", 1, false}, {"GET/", "a", 1, false});
}

/* Otherwise a client could take all slots. */
static void methods_that_clients_make_up_are_one(void **state)
{
    (void)state;
    CHECK_ROWS({"MADE", "/a", 0, true}, {"UP", "/a", 0, false}, {"get", "/a", 0, false}, {"GET", "/a", 0, true},
               {"UP", "/b", 0, true}, {"MADE", "/a", MINUTE_NS, true});
}

/* A request belongs to the minute in which it began, and is offered when it ends. */
static void a_request_that_ends_late_is_not_first_again(void **state)
{
    (void)state;
    CHECK_ROWS({"GET", "/a", 0, true}, {"GET", "/a", MINUTE_NS, true}, {"GET", "/a", 0, false},
               {"GET", "/a", MINUTE_NS, false}, {"GET", "/a", -8 * MINUTE_NS, false}, {"GET", "/a", MINUTE_NS, false});
}

static void a_clock_that_is_set_back_does_not_end_it(void **state)
{
    (void)state;
    CHECK_ROWS({"GET", "/a", 0, true}, {"GET", "/a", -60 * MINUTE_NS, true}, {"GET", "/a", -60 * MINUTE_NS, false},
               {"GET", "/a", -59 * MINUTE_NS, true}, {"GET", "/a", -START_NS, true}, {"GET", "/a", -START_NS, false});
}

static void many_routes_are_each_first_once(void **state)
{
    enum { ROUTES = 100 };
    char route[16];

    (void)state;
    for (int minute = 0; minute < 3; minute++)
        for (int again = 0; again < 2; again++)
            for (int i = 0; i < ROUTES; i++) {
                snprintf(route, sizeof(route), "/route/%d", i);
                assert_int_equal(gbxi_firsts_is_first(&firsts, "GET", route, START_NS + minute * MINUTE_NS), !again);
            }
}

/* With routes that no test asks for: the hash of a route would be odd. */
static void fill_free_slots(int64_t minute)
{
    for (size_t i = 0; i < GBXI_FIRSTS_SLOTS; i++)
        if (firsts.slots[i] == 0)
            firsts.slots[i] = UINT64_C(1) << 63 | i * 2 << 32 | (uint32_t)minute;
}

static void a_route_without_a_slot_is_never_first(void **state)
{
    char route[16];

    (void)state;
    assert_true(gbxi_firsts_is_first(&firsts, "GET", "/known", START_NS));
    fill_free_slots(START_NS / MINUTE_NS);
    for (int i = 0; i < 1000; i++) {
        snprintf(route, sizeof(route), "/route/%d", i);
        assert_false(gbxi_firsts_is_first(&firsts, "GET", route, START_NS));
        assert_false(gbxi_firsts_is_first(&firsts, "GET", route, START_NS + 59 * MINUTE_NS));
    }
    CHECK_ROWS({"GET", "/known", 1, false}, {"GET", "/known", 59 * MINUTE_NS, true});
}

static void routes_of_an_hour_ago_make_room(void **state)
{
    (void)state;
    CHECK_ROWS({"GET", "/known", 0, true});
    fill_free_slots(START_NS / MINUTE_NS);
    CHECK_ROWS({"GET", "/new", 59 * MINUTE_NS, false}, {"GET", "/new", 60 * MINUTE_NS, true},
               {"GET", "/new", 60 * MINUTE_NS, false}, {"GET", "/new", 61 * MINUTE_NS, true},
               {"GET", "/known", 61 * MINUTE_NS, true}, {"GET", "/known", 61 * MINUTE_NS, false},
               {"GET", "/new", 61 * MINUTE_NS, false});
}

enum { THREADS = 4, MINUTES = 500 };
static atomic_int first_counts[MINUTES];

static void *ask_every_minute(void *together)
{
    for (int i = 0; i < MINUTES; i++) {
        pthread_barrier_wait(together);
        if (gbxi_firsts_is_first(&firsts, "GET", "/a", START_NS + i * MINUTE_NS))
            atomic_fetch_add(&first_counts[i], 1);
    }
    return NULL;
}

static void one_of_several_threads_is_first(void **state)
{
    pthread_barrier_t together;
    pthread_t threads[THREADS];

    (void)state;
    pthread_barrier_init(&together, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_every_minute, &together), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&together);
    for (int i = 0; i < MINUTES; i++)
        assert_int_equal(atomic_load(&first_counts[i]), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_is_first_in_every_minute, forget_all),
        cmocka_unit_test_setup(methods_and_routes_are_told_apart, forget_all),
        cmocka_unit_test_setup(methods_that_clients_make_up_are_one, forget_all),
        cmocka_unit_test_setup(a_request_that_ends_late_is_not_first_again, forget_all),
        cmocka_unit_test_setup(a_clock_that_is_set_back_does_not_end_it, forget_all),
        cmocka_unit_test_setup(many_routes_are_each_first_once, forget_all),
        cmocka_unit_test_setup(a_route_without_a_slot_is_never_first, forget_all),
        cmocka_unit_test_setup(routes_of_an_hour_ago_make_room, forget_all),
        cmocka_unit_test_setup(one_of_several_threads_is_first, forget_all),
    };

    return cmocka_run_group_tests_name("firsts", tests, NULL, NULL);
}
