/* SPDX-License-Identifier: MIT */
/* When a run is followed by another, and when it cannot be. */
#define _GNU_SOURCE
#include "reading.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static gbxi_store *open_store(const gbxi_store_options *options)
{
    gbxi_store *store;
    gbx_error error;

    assert_int_equal(gbxi_store_open(options, &store, &error), GBX_ERR_OK);
    return store;
}

static gbx_err take_one(gbxi_store *store, const stored_case *what, gbx_error *error)
{
    gbx_sink sink = gbxi_store_sink(store);
    stored_sample sample;
    gbx_err err;

    stored_sample_make(&sample, what);
    sink.offered(sink.context);
    err = sink.take(sink.context, &sample.recording, error);
    stored_sample_free(&sample);
    return err;
}

static void let_a_second_pass(gbxi_store *store)
{
    gbx_process_state now = {.size = sizeof(now)};
    gbx_sink sink = gbxi_store_sink(store);
    gbx_error error;

    assert_int_equal(sink.tick(sink.context, &now, &error), GBX_ERR_OK);
}

static void check_empty_run_goes_on(const gbxi_store_options *options)
{
    gbxi_store *store = open_store(options);
    char id[GBXI_RUN_ID_SIZE];
    gbx_error error;

    strcpy(id, gbxi_store_run_id(store));
    for (int i = 0; i < 3; i++)
        let_a_second_pass(store);
    assert_string_equal(gbxi_store_run_id(store), id);
    assert_int_equal(take_one(store, &reading_three[0], &error), GBX_ERR_OK);
    let_a_second_pass(store);
    assert_string_not_equal(gbxi_store_run_id(store), id);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
}

static void a_run_without_traces_is_never_too_large_or_too_old(void **state)
{
    const reading *r = *state;

    check_empty_run_goes_on(&(gbxi_store_options){.directory = r->directory, .run_bytes = 1});
    check_empty_run_goes_on(&(gbxi_store_options){.directory = r->directory, .run_ns = 1});
}

/* Puts a file in the place of the folder, so that no run can begin there. */
static char *move_aside(const char *directory)
{
    FILE *file;
    char *aside;

    assert_true(asprintf(&aside, "%s-aside", directory) > 0);
    assert_int_equal(rename(directory, aside), 0);
    assert_non_null(file = fopen(directory, "w"));
    fclose(file);
    return aside;
}

/* At last the run has too many different frames. Returns how many were taken before. */
static uint32_t take_until_refused(gbxi_store *store, gbx_error *error)
{
    uint32_t taken = 0;

    while (take_one(store, &(stored_case){.frames = 900, .first = 900 * taken}, error) == GBX_ERR_OK)
        taken++;
    return taken;
}

static void a_trace_that_has_no_run_is_lost_and_counted(void **state)
{
    reading *r = *state;
    gbx_error error;
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = r->directory});
    char *aside = move_aside(r->directory);
    uint32_t stored = take_until_refused(store, &error);
    gbxi_run_info info;

    assert_non_null(strstr(error.text, "it is no folder"));
    assert_int_equal(unlink(r->directory), 0);
    assert_int_equal(rename(aside, r->directory), 0);
    free(aside);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    reading_open(r);
    info = reading_resolve(r, NULL);
    assert_int_equal(info.state, GBXI_RUN_CLOSED);
    assert_int_equal(info.trace_count, stored);
    assert_int_equal(info.lost_count, 1);
}

/* Three captures wait when one run follows another; then the process is gone. */
static void leave_three_behind(const char *directory)
{
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = directory, .run_ns = 1});
    gbx_sink sink = gbxi_store_sink(store);
    gbx_error error;

    if (take_one(store, &reading_three[0], &error) != GBX_ERR_OK)
        _exit(1);
    for (int i = 0; i < 3; i++)
        sink.offered(sink.context);
    let_a_second_pass(store);
    _exit(0);
}

static void what_waits_at_the_turn_is_lost_with_the_next_run(void **state)
{
    reading *r = *state;
    gbxi_run_info last, first;
    pid_t child = fork();

    if (child == 0)
        leave_three_behind(r->directory);
    assert_int_equal(waitpid(child, NULL, 0), child);
    reading_open(r);
    last = reading_resolve(r, "latest");
    first = reading_resolve(r, "latest~1");
    assert_int_equal(first.lost_count + last.lost_count, 3);
}

/* What was refused is only in the counters beside the run when the process is gone. */
static void be_refused(const char *directory)
{
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = directory});
    char *aside = move_aside(directory);
    gbx_error error;

    (void)take_until_refused(store, &error);
    assert_int_equal(unlink(directory), 0);
    assert_int_equal(rename(aside, directory), 0);
    _exit(0);
}

static void what_was_refused_is_lost_when_the_process_is_gone(void **state)
{
    const gbxi_store_options options = {.directory = ((reading *)*state)->directory};
    gbxi_run_info before, settled;
    pid_t child = fork();
    gbx_error error;

    if (child == 0)
        be_refused(options.directory);
    assert_int_equal(waitpid(child, NULL, 0), child);
    reading_open(*state);
    before = reading_resolve(*state, "latest");
    assert_true(before.lost_count >= 1);
    assert_int_equal(gbxi_store_close(open_store(&options), &error), GBX_ERR_OK);
    reading_open(*state);
    settled = reading_resolve(*state, before.id);
    assert_int_equal(settled.trace_count, before.trace_count);
    assert_int_equal(settled.lost_count, before.lost_count);
}

int main(void)
{
#define READ(test) cmocka_unit_test_setup_teardown(test, reading_begin, reading_end)
    const struct CMUnitTest tests[] = {
        READ(a_run_without_traces_is_never_too_large_or_too_old),
        READ(a_trace_that_has_no_run_is_lost_and_counted),
        READ(what_was_refused_is_lost_when_the_process_is_gone),
        READ(what_waits_at_the_turn_is_lost_with_the_next_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
