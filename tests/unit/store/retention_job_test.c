/* SPDX-License-Identifier: MIT */
/* When a store that is open removes old runs, and what is told of it. */
#define _GNU_SOURCE
#include "base/job.h"
#include "base/time.h"
#include "store/store.h"
#include "storing.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static uint64_t stopped_at_ns; /* the time of the store */

uint64_t __wrap_gbxi_monotonic_ns(void);
uint64_t __wrap_gbxi_monotonic_ns(void)
{
    return stopped_at_ns;
}

static bool no_unlink;

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path)
{
    if (!no_unlink)
        return __real_unlink(path);
    errno = EACCES;
    return -1;
}

static gbxi_store *open_store(const gbxi_store_options *options)
{
    gbxi_store *store;
    gbx_error error;

    assert_int_equal(gbxi_store_open(options, &store, &error), GBX_ERR_OK);
    return store;
}

static gbx_err tick_once(gbxi_store *store, gbx_error *error)
{
    gbx_process_state now = {.size = sizeof(now)};
    gbx_sink sink = gbxi_store_sink(store);

    return sink.tick(sink.context, &now, error);
}

static void let_a_second_pass(gbxi_store *store)
{
    gbx_error error;

    assert_int_equal(tick_once(store, &error), GBX_ERR_OK);
}

/* Makes an empty run of long ago. */
static char *plant_old(const char *directory, const char *id)
{
    struct timespec times[] = {{1000, 0}, {1000, 0}};
    char *path = storing_path(directory, id, ".db");
    int file = open(path, O_WRONLY | O_CREAT, 0600);

    assert_int_equal(futimens(file, times), 0);
    close(file);
    return path;
}

static gbxi_job_facts retention_facts(void)
{
    gbxi_job_facts facts[GBXI_JOBS_SHOWN_MAX];

    assert_int_equal(gbxi_jobs_look(facts), 1);
    assert_string_equal(facts[0].name, "retention");
    return facts[0];
}

static void runs_that_grow_old_are_removed_within_an_hour(void **state)
{
    const char *directory = *state;
    const gbxi_store_options options = {.directory = directory, .keep = {.keep_age_ns = GBXI_NS_PER_S}};
    char *path;
    gbxi_store *store;
    gbx_error error;

    store = open_store(&options);
    path = plant_old(directory, "20260101-000000-a0000000");
    stopped_at_ns += 3600 * GBXI_NS_PER_S - 1;
    let_a_second_pass(store);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(retention_facts().runs, 1);
    stopped_at_ns++;
    let_a_second_pass(store);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(retention_facts().runs, 2);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    free(path);
}

static void a_retention_that_fails_is_told_and_done_again(void **state)
{
    const char *directory = *state;
    char *path = plant_old(directory, "20260101-000000-a0000000");
    gbxi_store *store;
    gbx_error error;

    no_unlink = true;
    store = open_store(&(gbxi_store_options){.directory = directory, .keep = {.keep_runs = 1}});
    assert_int_equal(retention_facts().state, GBXI_JOB_RETRYING);
    assert_non_null(strstr(retention_facts().error, "Permission denied"));
    stopped_at_ns += GBXI_NS_PER_S;
    assert_int_equal(tick_once(store, &error), GBX_ERR_IO);
    assert_int_equal(retention_facts().attempts, 2);
    no_unlink = false;
    stopped_at_ns += 2 * GBXI_NS_PER_S;
    let_a_second_pass(store);
    assert_int_equal(retention_facts().state, GBXI_JOB_WAITING);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    free(path);
}

static int begin_retention(void **state)
{
    stopped_at_ns = GBXI_NS_PER_S;
    no_unlink = false;
    *state = storing_begin();
    return 0;
}

static int end_retention(void **state)
{
    storing_end(*state);
    return 0;
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, begin_retention, end_retention)
    const struct CMUnitTest tests[] = {
        TEST(runs_that_grow_old_are_removed_within_an_hour),
        TEST(a_retention_that_fails_is_told_and_done_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
