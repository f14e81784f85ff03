/* SPDX-License-Identifier: MIT */
/* Counts of uses: never one use too many, with any number of threads, a full table and a changing clock. */
#define _GNU_SOURCE
#include "permission/use_table.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COMES_BACK ", and one comes back only if its request is not captured after all"

enum { NOW_S = 1000, EXPIRES_S = 2000, THREADS = 8 };

/* Its id is `number`, in the bucket `bucket`. */
static gbxi_token make(uint8_t bucket, uint32_t number, uint32_t uses, uint64_t expires_s)
{
    gbxi_token token = {.uses = uses, .expires_s = expires_s, .path = "/"};

    token.id[0] = bucket;
    memcpy(token.id + 1, &number, sizeof(number));
    return token;
}

static gbx_err take(gbxi_use_table *table, const gbxi_token *token, uint64_t now_s)
{
    return gbxi_use_table_take(table, token, now_s, NULL);
}

static int open_table(void **state)
{
    *state = gbxi_use_table_new();
    return *state == NULL;
}

static int close_table(void **state)
{
    gbxi_use_table_free(*state);
    return 0;
}

static void each_token_has_its_own_count(void **state)
{
    gbxi_token once = make(1, 1, 1, EXPIRES_S), thrice = make(1, 2, 3, EXPIRES_S);
    gbx_error error;

    for (int i = 0; i != 3; ++i)
        assert_int_equal(take(*state, &thrice, NOW_S), GBX_ERR_OK);
    assert_int_equal(take(*state, &once, NOW_S), GBX_ERR_OK);
    assert_int_equal(gbxi_use_table_take(*state, &once, NOW_S, &error), GBX_ERR_LIMIT);
    assert_string_equal(error.text, "the token has no use left now: it is valid for 1 use" COMES_BACK);
    assert_int_equal(gbxi_use_table_take(*state, &thrice, NOW_S, &error), GBX_ERR_LIMIT);
    assert_string_equal(error.text, "the token has no use left now: it is valid for 3 uses" COMES_BACK);
}

static void an_id_of_zeros_is_one_like_any_other(void **state)
{
    gbxi_token zeros = make(0, 0, 1, EXPIRES_S), other = make(0, 1, 1, EXPIRES_S);

    assert_int_equal(take(*state, &zeros, NOW_S), GBX_ERR_OK);
    assert_int_equal(take(*state, &other, NOW_S), GBX_ERR_OK);
    assert_int_equal(take(*state, &zeros, NOW_S), GBX_ERR_LIMIT);
}

static void a_full_bucket_refuses_a_new_token_and_goes_on_counting_the_others(void **state)
{
    gbxi_token one_more = make(7, GBXI_USE_BUCKET_ENTRIES, 1, EXPIRES_S), elsewhere = make(8, 1, 1, EXPIRES_S);
    gbx_error error;

    for (uint32_t i = 0; i != GBXI_USE_BUCKET_ENTRIES; ++i) {
        gbxi_token token = make(7, i, 2, EXPIRES_S);
        assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_OK);
    }
    assert_int_equal(gbxi_use_table_take(*state, &one_more, EXPIRES_S - 1, &error), GBX_ERR_NO_MEMORY);
    assert_non_null(strstr(error.text, "cannot be counted"));
    assert_int_equal(take(*state, &elsewhere, NOW_S), GBX_ERR_OK);
    for (uint32_t i = 0; i != GBXI_USE_BUCKET_ENTRIES; ++i) {
        gbxi_token token = make(7, i, 2, EXPIRES_S);
        assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_OK);
        assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_LIMIT);
    }
}

static void an_expired_token_gives_its_place_to_another(void **state)
{
    gbxi_token later = make(7, 1000, 1, EXPIRES_S + 100);

    for (uint32_t i = 0; i != GBXI_USE_BUCKET_ENTRIES; ++i) {
        gbxi_token token = make(7, i, 1, i == 5 ? EXPIRES_S : EXPIRES_S + 100);
        assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_OK);
    }
    assert_int_equal(take(*state, &later, EXPIRES_S - 1), GBX_ERR_NO_MEMORY);
    assert_int_equal(take(*state, &later, EXPIRES_S), GBX_ERR_OK);
    assert_int_equal(take(*state, &later, EXPIRES_S), GBX_ERR_LIMIT);
}

static void a_clock_that_is_set_back_brings_no_use_back(void **state)
{
    gbxi_token used_up = make(7, 1, 1, EXPIRES_S), next = make(7, 2, 1, 3 * EXPIRES_S);
    gbxi_token fresh = make(7, 3, 1, EXPIRES_S + 1);
    gbx_error error;

    assert_int_equal(take(*state, &used_up, NOW_S), GBX_ERR_OK);
    assert_int_equal(take(*state, &next, EXPIRES_S), GBX_ERR_OK);
    /* Its place is another's by now, and there are free ones. */
    assert_int_equal(gbxi_use_table_take(*state, &used_up, NOW_S, &error), GBX_ERR_NO_MEMORY);
    assert_non_null(strstr(error.text, "the clock was set back"));
    assert_int_equal(take(*state, &fresh, NOW_S), GBX_ERR_OK);
}

static void a_use_that_is_given_back_can_be_taken_once_more(void **state)
{
    gbxi_token token = make(4, 1, 2, EXPIRES_S), unknown = make(4, 2, 1, EXPIRES_S);

    assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_OK);
    assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_OK);
    gbxi_use_table_give_back(*state, unknown.id); /* nobody's use */
    assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_LIMIT);
    gbxi_use_table_give_back(*state, token.id);
    assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_OK);
    assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_LIMIT);
}

static void giving_back_more_than_was_taken_makes_no_uses(void **state)
{
    gbxi_token token = make(5, 1, 1, EXPIRES_S);

    assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_OK);
    for (int i = 0; i != 3; ++i)
        gbxi_use_table_give_back(*state, token.id);
    assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_OK);
    assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_LIMIT);
}

static void a_use_of_a_forgotten_token_is_not_given_to_the_one_in_its_place(void **state)
{
    gbxi_token old = make(6, 0, 1, EXPIRES_S), next = make(6, 1000, 1, 3 * EXPIRES_S);

    assert_int_equal(take(*state, &old, NOW_S), GBX_ERR_OK);
    for (uint32_t i = 1; i != GBXI_USE_BUCKET_ENTRIES; ++i) {
        gbxi_token token = make(6, i, 1, 3 * EXPIRES_S);
        assert_int_equal(take(*state, &token, NOW_S), GBX_ERR_OK);
    }
    assert_int_equal(take(*state, &next, EXPIRES_S), GBX_ERR_OK);
    gbxi_use_table_give_back(*state, old.id);
    assert_int_equal(take(*state, &next, EXPIRES_S), GBX_ERR_LIMIT);
}

struct race {
    gbxi_use_table *table;
    gbxi_token token;
    pthread_barrier_t start;
    atomic_uint granted, refused;
};

static void *run_race(void *context)
{
    struct race *race = context;

    pthread_barrier_wait(&race->start);
    for (int i = 0; i != 100; ++i)
        if (take(race->table, &race->token, NOW_S) == GBX_ERR_OK)
            atomic_fetch_add(&race->granted, 1);
        else
            atomic_fetch_add(&race->refused, 1);
    return NULL;
}

static void threads_that_race_for_the_last_uses_get_exactly_those(void **state)
{
    for (uint32_t round = 0; round != 50; ++round) {
        struct race race = {.table = *state, .token = make(3, round, 1 + 8 * (round % 50), EXPIRES_S)};
        pthread_t threads[THREADS];
        uint64_t expected = race.token.uses;

        race.token.id[0] = (uint8_t)round; /* a bucket each */
        pthread_barrier_init(&race.start, NULL, THREADS);
        for (int i = 0; i != THREADS; ++i)
            assert_int_equal(pthread_create(&threads[i], NULL, run_race, &race), 0);
        for (int i = 0; i != THREADS; ++i)
            pthread_join(threads[i], NULL);
        pthread_barrier_destroy(&race.start);
        assert_int_equal(race.granted, expected);
        assert_int_equal(race.refused, THREADS * 100 - expected);
    }
}

static void *give_and_take(void *context)
{
    struct race *race = context;

    pthread_barrier_wait(&race->start);
    for (int i = 0; i != 200; ++i)
        if (take(race->table, &race->token, NOW_S) == GBX_ERR_OK) {
            atomic_fetch_add(&race->granted, 1);
            gbxi_use_table_give_back(race->table, race->token.id);
        }
    return NULL;
}

static void threads_that_give_all_uses_back_leave_all_of_them(void **state)
{
    struct race race = {.table = *state, .token = make(9, 1, 3, EXPIRES_S)};
    pthread_t threads[THREADS];

    pthread_barrier_init(&race.start, NULL, THREADS);
    for (int i = 0; i != THREADS; ++i)
        assert_int_equal(pthread_create(&threads[i], NULL, give_and_take, &race), 0);
    for (int i = 0; i != THREADS; ++i)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&race.start);
    assert_true(race.granted > 0);
    for (int i = 0; i != 3; ++i)
        assert_int_equal(take(*state, &race.token, NOW_S), GBX_ERR_OK);
    assert_int_equal(take(*state, &race.token, NOW_S), GBX_ERR_LIMIT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_table, close_table)
    const struct CMUnitTest tests[] = {
        TEST(each_token_has_its_own_count),
        TEST(an_id_of_zeros_is_one_like_any_other),
        TEST(a_full_bucket_refuses_a_new_token_and_goes_on_counting_the_others),
        TEST(an_expired_token_gives_its_place_to_another),
        TEST(a_clock_that_is_set_back_brings_no_use_back),
        TEST(a_use_that_is_given_back_can_be_taken_once_more),
        TEST(giving_back_more_than_was_taken_makes_no_uses),
        TEST(a_use_of_a_forgotten_token_is_not_given_to_the_one_in_its_place),
        TEST(threads_that_give_all_uses_back_leave_all_of_them),
        TEST(threads_that_race_for_the_last_uses_get_exactly_those),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
