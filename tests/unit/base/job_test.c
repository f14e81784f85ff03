/* SPDX-License-Identifier: MIT */
/* When jobs are due, how they are done again when they fail, and what is told of them. The test moves the clock. */
#include "base/job.h"
#include "base/time.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_NS (3600 * GBXI_NS_PER_S)

static uint64_t now_ns;
static gbxi_job job, other;
static gbxi_job_facts facts[GBXI_JOBS_SHOWN_MAX];

uint64_t gbxi_monotonic_ns(void)
{
    return now_ns;
}

int64_t gbxi_wall_ns(void)
{
    return (int64_t)now_ns + 1000;
}

static int begin(void **state)
{
    (void)state;
    now_ns = 100 * HOUR_NS;
    gbxi_job_open(&job, "retention", HOUR_NS);
    return 0;
}

static int end(void **state)
{
    (void)state;
    gbxi_job_close(&job);
    assert_int_equal(gbxi_jobs_look(facts), 0);
    return 0;
}

static const gbxi_job_facts *look(void)
{
    assert_int_equal(gbxi_jobs_look(facts), 1);
    return &facts[0];
}

static void attempt(gbx_err err, const char *text)
{
    gbxi_job_begin(&job);
    gbxi_job_end(&job, err, text);
}

static void is_due_at_once_and_then_at_its_time(void **state)
{
    (void)state;
    assert_true(gbxi_job_is_due(&job));
    assert_int_equal(look()->state, GBXI_JOB_WAITING);
    assert_int_equal(look()->ended_unix_ns, 0);
    gbxi_job_begin(&job);
    assert_int_equal(look()->state, GBXI_JOB_RUNNING);
    assert_false(gbxi_job_is_due(&job));
    now_ns += 7;
    gbxi_job_end(&job, GBX_ERR_OK, "");
    assert_int_equal(look()->state, GBXI_JOB_WAITING);
    assert_int_equal(look()->duration_ns, 7);
    assert_int_equal(look()->ended_unix_ns, (int64_t)now_ns + 1000);
    assert_int_equal(look()->runs, 1);
    assert_int_equal(look()->next_ns, now_ns + HOUR_NS);
    now_ns += HOUR_NS - 1;
    assert_false(gbxi_job_is_due(&job));
    now_ns++;
    assert_true(gbxi_job_is_due(&job));
}

/* Each wait is three quarters to all of twice the one before it. */
static void fails_eight_times_and_rests_until_its_next_time(void **state)
{
    (void)state;
    for (unsigned i = 0; i < GBXI_JOB_ATTEMPTS_MAX - 1; i++) {
        uint64_t most_ns = GBXI_NS_PER_S << i, wait_ns;

        attempt(GBX_ERR_IO, "the disk is full");
        assert_int_equal(look()->state, GBXI_JOB_RETRYING);
        assert_int_equal(look()->attempts, i + 1);
        assert_string_equal(look()->error, "the disk is full");
        wait_ns = look()->next_ns - now_ns;
        assert_in_range(wait_ns, most_ns / 4 * 3, most_ns);
        now_ns += wait_ns;
        assert_true(gbxi_job_is_due(&job));
    }
    attempt(GBX_ERR_IO, NULL);
    assert_int_equal(look()->state, GBXI_JOB_FAILED);
    assert_string_equal(look()->error, "input or output failed");
    assert_int_equal(look()->failures, GBXI_JOB_ATTEMPTS_MAX);
    assert_int_equal(look()->next_ns, now_ns + HOUR_NS);
    now_ns += HOUR_NS;
    attempt(GBX_ERR_IO, "again");
    assert_int_equal(look()->state, GBXI_JOB_RETRYING); /* it begins anew */
    assert_int_equal(look()->attempts, 1);
    attempt(GBX_ERR_OK, NULL);
    assert_int_equal(look()->state, GBXI_JOB_WAITING);
    assert_int_equal(look()->attempts, 0);
    assert_string_equal(look()->error, "");
}

static void waits_differ_so_that_processes_do_not_meet(void **state)
{
    uint64_t least_ns = UINT64_MAX, most_ns = 0;

    (void)state;
    for (int i = 0; i < 100; i++) {
        attempt(GBX_ERR_IO, "no");
        least_ns = look()->next_ns - now_ns < least_ns ? look()->next_ns - now_ns : least_ns;
        most_ns = look()->next_ns - now_ns > most_ns ? look()->next_ns - now_ns : most_ns;
        attempt(GBX_ERR_OK, NULL);
        now_ns += 12345;
    }
    assert_true(most_ns - least_ns > GBXI_NS_PER_S / 8);
}

static void is_done_when_somebody_asks_also_while_it_runs(void **state)
{
    (void)state;
    attempt(GBX_ERR_OK, NULL);
    gbxi_job_ask(&job);
    assert_true(gbxi_job_is_due(&job));
    gbxi_job_begin(&job);
    gbxi_job_ask(&job);
    now_ns += 5;
    gbxi_job_end(&job, GBX_ERR_OK, NULL);
    assert_true(gbxi_job_is_due(&job));
    attempt(GBX_ERR_OK, NULL);
    assert_false(gbxi_job_is_due(&job));
}

static void one_without_a_time_waits_for_somebody_to_ask(void **state)
{
    (void)state;
    gbxi_job_open(&other, "export", 0);
    assert_int_equal(gbxi_job_next_ns(&other), UINT64_MAX);
    gbxi_job_ask(&other);
    assert_true(gbxi_job_is_due(&other));
    gbxi_job_begin(&other);
    gbxi_job_end(&other, GBX_ERR_OK, NULL);
    assert_int_equal(gbxi_job_next_ns(&other), UINT64_MAX);
    gbxi_job_close(&other);
}

static void the_list_has_what_is_open_in_its_order(void **state)
{
    (void)state;
    gbxi_job_open(&other, "catalog", 0);
    assert_int_equal(gbxi_jobs_look(facts), 2);
    assert_string_equal(facts[0].name, "retention");
    assert_string_equal(facts[1].name, "catalog");
    gbxi_job_close(&job);
    gbxi_job_close(&job);
    assert_string_equal(look()->name, "catalog");
    gbxi_job_close(&other);
    gbxi_job_close(&(gbxi_job){0});
}

static void states_have_names(void **state)
{
    (void)state;
    assert_string_equal(gbxi_job_state_name(GBXI_JOB_WAITING), "waiting");
    assert_string_equal(gbxi_job_state_name(GBXI_JOB_FAILED), "failed");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(is_due_at_once_and_then_at_its_time),
        TEST(fails_eight_times_and_rests_until_its_next_time),
        TEST(waits_differ_so_that_processes_do_not_meet),
        TEST(is_done_when_somebody_asks_also_while_it_runs),
        TEST(one_without_a_time_waits_for_somebody_to_ask),
        TEST(the_list_has_what_is_open_in_its_order),
        TEST(states_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
