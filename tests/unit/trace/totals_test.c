/* SPDX-License-Identifier: MIT */
/* The order of frames by total time. */
#include "trace/totals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FRAMES_MAX = 5000 };

static gbxi_frame storage[FRAMES_MAX];

static uint32_t count_called(const gbxi_frames *frames)
{
    uint32_t called = 0;

    for (uint32_t i = 0; i < frames->count; i++)
        called += frames->at[i].calls > 0;
    return called;
}

/* Every frame with calls comes once, and none before one that has more, or as much and was seen earlier. */
static void check_order(uint32_t count)
{
    const gbxi_frames frames = {.at = storage, .count = count};
    uint32_t called = count_called(&frames);
    gbxi_total *totals = gbxi_totals_new(&frames, called);

    assert_non_null(totals);
    for (uint32_t i = 0; i < called; i++) {
        const gbxi_frame *frame = &storage[totals[i].frame];
        assert_true(totals[i].frame < count && frame->calls > 0);
        assert_true(totals[i].total_ns == frame->total_ns);
        if (i == 0)
            continue;
        assert_true(totals[i - 1].total_ns >= totals[i].total_ns);
        if (totals[i - 1].total_ns == totals[i].total_ns)
            assert_true(totals[i - 1].frame < totals[i].frame);
    }
    free(totals);
}

static void the_largest_total_comes_first(void **state)
{
    static const uint64_t times[] = {5, 0, 300, 5, 70000, 299, 65536, 1, UINT64_MAX, 5000000000, 256, UINT64_MAX - 1};

    (void)state;
    for (uint32_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        storage[i] = (gbxi_frame){.calls = 1, .total_ns = times[i]};
    check_order(sizeof(times) / sizeof(times[0]));
}

static void frames_without_calls_are_left_out(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 100; i++)
        storage[i] = (gbxi_frame){.calls = i % 3, .total_ns = i * i % 17};
    check_order(100);
    for (uint32_t i = 0; i < 100; i++)
        storage[i].calls = 0;
    check_order(100);
    check_order(0);
}

static void any_times_are_ordered(void **state)
{
    uint64_t random = 88172645463325252u;

    (void)state;
    for (unsigned bits = 0; bits < 64; bits += 7) {
        for (uint32_t i = 0; i < FRAMES_MAX; i++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            storage[i] = (gbxi_frame){.calls = (uint32_t)random % 5, .total_ns = random >> bits};
        }
        check_order(FRAMES_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_total_comes_first),
        cmocka_unit_test(frames_without_calls_are_left_out),
        cmocka_unit_test(any_times_are_ordered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
