/* SPDX-License-Identifier: MIT */
/* Hashes of texts and pairs, and the key of the process. */
#define _GNU_SOURCE
#include "base/hash.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { LENGTH_MAX = 40, THREADS = 8, PAIRS = 100, BUCKETS = 256, IN_BUCKET_MAX = 80 };

/* Like random ones. */
static const uint64_t keys[] = {0x9BC37E7B1A30F2E5u, 0x0123456789ABCDEFu, 0x5D1A4C8844E2310Au, 0xF00D9A1164B7C3D2u};

static void *ask_for_key(void *key)
{
    *(uint64_t *)key = gbxi_hash_key();
    return NULL;
}

static void the_process_has_one_key_on_all_threads(void **state)
{
    pthread_t threads[THREADS];
    uint64_t found[THREADS] = {0};

    (void)state;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_for_key, &found[i]), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_true(found[0] != 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_true(found[i] == found[0] && gbxi_hash_key() == found[0]);
}

static uint64_t key_of_a_child(void)
{
    int ends[2], status = -1;
    uint64_t key = 0;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        key = gbxi_hash_key();
        _exit(write(ends[1], &key, sizeof(key)) == sizeof(key) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(read(ends[0], &key, sizeof(key)), sizeof(key));
    close(ends[0]);
    close(ends[1]);
    return key;
}

/* Runs first: afterwards, children would inherit the key. */
static void each_process_has_a_key_of_its_own(void **state)
{
    uint64_t one = key_of_a_child(), other = key_of_a_child();

    (void)state;
    assert_true(one != 0 && other != 0 && one != other);
}

/* Collisions of single bits are possible, but only one in four billion. */
static void every_bit_of_a_text_counts(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
        for (size_t length = 1; length <= LENGTH_MAX; length++) {
            char text[LENGTH_MAX] = {0};
            uint32_t zeros = gbxi_hash_text(keys[k], text, length);
            for (size_t bit = 0; bit < length * 8; bit++) {
                text[bit / 8] = (char)(1u << bit % 8);
                assert_true(gbxi_hash_text(keys[k], text, length) != zeros);
                text[bit / 8] = 0;
            }
        }
}

static void the_length_of_a_text_counts(void **state)
{
    static const char zeros[LENGTH_MAX];

    (void)state;
    for (size_t a = 0; a < LENGTH_MAX; a++)
        for (size_t b = 0; b < a; b++)
            assert_true(gbxi_hash_text(keys[0], zeros, a) != gbxi_hash_text(keys[0], zeros, b));
}

static void another_key_gives_other_hashes(void **state)
{
    (void)state;
    for (size_t a = 0; a < sizeof(keys) / sizeof(keys[0]); a++)
        for (size_t b = 0; b < a; b++) {
            assert_true(gbxi_hash_text(keys[a], "link", 4) != gbxi_hash_text(keys[b], "link", 4));
            assert_true(gbxi_hash_text(keys[a], "link(chapter)", 13) != gbxi_hash_text(keys[b], "link(chapter)", 13));
            assert_true(gbxi_hash_pair(keys[a], 1, 2) != gbxi_hash_pair(keys[b], 1, 2));
        }
}

/* 39 of each bucket's pairs would be exactly even. */
static void pairs_spread_over_the_low_bits(void **state)
{
    uint32_t counts[BUCKETS] = {0};

    (void)state;
    for (uint32_t a = 0; a < PAIRS; a++)
        for (uint32_t b = 0; b < PAIRS; b++)
            ++counts[gbxi_hash_pair(keys[0], a, b) % BUCKETS];
    for (size_t i = 0; i < BUCKETS; i++)
        assert_in_range(counts[i], 1, IN_BUCKET_MAX);
    assert_true(gbxi_hash_pair(keys[0], 1, 2) != gbxi_hash_pair(keys[0], 2, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_process_has_a_key_of_its_own), cmocka_unit_test(the_process_has_one_key_on_all_threads),
        cmocka_unit_test(every_bit_of_a_text_counts),        cmocka_unit_test(the_length_of_a_text_counts),
        cmocka_unit_test(another_key_gives_other_hashes),    cmocka_unit_test(pairs_spread_over_the_low_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
