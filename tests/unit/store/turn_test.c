/* SPDX-License-Identifier: MIT */
/* When a run is followed by another, and when it cannot be. */
#define _GNU_SOURCE
#include "base/atomic.h"
#include "base/time.h"
#include "reading.h"
#include "store/live.h"
#include "store/pack.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static uint64_t stopped_at_ns; /* the time of the store; 0: it passes */
static bool no_pack;

uint64_t __real_gbxi_monotonic_ns(void);
uint64_t __wrap_gbxi_monotonic_ns(void);
uint64_t __wrap_gbxi_monotonic_ns(void)
{
    return stopped_at_ns != 0 ? stopped_at_ns : __real_gbxi_monotonic_ns();
}

gbx_err __real_gbxi_pack(gbxi_packer *packer, const gbxi_trace *trace, const void **bytes, size_t *length,
                         gbx_error *error);
gbx_err __wrap_gbxi_pack(gbxi_packer *packer, const gbxi_trace *trace, const void **bytes, size_t *length,
                         gbx_error *error);
gbx_err __wrap_gbxi_pack(gbxi_packer *packer, const gbxi_trace *trace, const void **bytes, size_t *length,
                         gbx_error *error)
{
    if (no_pack)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "store: out of memory");
    return __real_gbxi_pack(packer, trace, bytes, length, error);
}

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

/* The counters of the store's run, which outlive it. */
static gbxi_live_page *map_page(const char *directory, const gbxi_store *store)
{
    char *path = storing_path(directory, gbxi_store_run_id(store), ".live");
    int file = open(path, O_RDWR);
    void *page = mmap(NULL, sizeof(gbxi_live_page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

    assert_true(page != MAP_FAILED);
    close(file);
    free(path);
    return page;
}

/* A request that has found the page of a run counts there, though the run ends meanwhile. */
static void what_is_missed_after_the_turn_is_lost_with_the_next_run(void **state)
{
    reading *r = *state;
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = r->directory, .run_ns = 1});
    gbxi_live_page *page = map_page(r->directory, store);
    char first[GBXI_RUN_ID_SIZE], last[GBXI_RUN_ID_SIZE];
    gbx_error error;

    strcpy(first, gbxi_store_run_id(store));
    gbxi_add_relaxed(&page->missed, 2);
    assert_int_equal(take_one(store, &reading_three[0], &error), GBX_ERR_OK);
    let_a_second_pass(store);
    strcpy(last, gbxi_store_run_id(store));
    gbxi_add_relaxed(&page->missed, 3);
    let_a_second_pass(store);
    gbxi_add_relaxed(&page->missed, 4);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    gbxi_live_page_unmap(page);
    reading_open(r);
    assert_int_equal(reading_resolve(r, first).lost_count, 2);
    assert_int_equal(reading_resolve(r, last).lost_count, 7);
}

/* What a run missed is only in its page then, from which the next to write the store takes it. */
static void a_run_that_cannot_be_ended_keeps_what_it_missed(void **state)
{
    enum { NEXT_RUN_BYTES = 400000 }; /* enough for the next run, and less than the log of the first one */
    reading *r = *state;
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = r->directory, .run_bytes = 1});
    gbx_sink sink = gbxi_store_sink(store);
    char first[GBXI_RUN_ID_SIZE], last[GBXI_RUN_ID_SIZE];
    gbx_error error;

    strcpy(first, gbxi_store_run_id(store));
    for (int i = 0; i < 15; i++)
        assert_int_equal(take_one(store, &(stored_case){.frames = 900}, &error), GBX_ERR_OK);
    assert_int_equal(sink.flush(sink.context, &error), GBX_ERR_OK);
    sink.missed(sink.context);
    storing_limit_files(NEXT_RUN_BYTES);
    assert_int_equal(take_one(store, &reading_three[0], &error), GBX_ERR_IO);
    storing_limit_files(RLIM_INFINITY);
    strcpy(last, gbxi_store_run_id(store));
    assert_string_not_equal(last, first);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    reading_open(r);
    assert_int_equal(reading_resolve(r, first).state, GBXI_RUN_BROKEN_OFF);
    assert_int_equal(reading_resolve(r, first).lost_count, 1);
    assert_int_equal(reading_resolve(r, last).trace_count, 1);
    assert_int_equal(reading_resolve(r, last).lost_count, 0);
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

static void move_back(char *aside, const char *directory)
{
    assert_int_equal(unlink(directory), 0);
    assert_int_equal(rename(aside, directory), 0);
    free(aside);
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
    move_back(aside, r->directory);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    reading_open(r);
    info = reading_resolve(r, NULL);
    assert_int_equal(info.state, GBXI_RUN_CLOSED);
    assert_int_equal(info.trace_count, stored);
    assert_int_equal(info.lost_count, 1);
}

static void a_turn_that_failed_is_tried_again_a_second_later(void **state)
{
    const char *directory = ((reading *)*state)->directory;
    char id[GBXI_RUN_ID_SIZE], *aside;
    gbxi_store *store;
    gbx_error error;

    stopped_at_ns = GBXI_NS_PER_S;
    store = open_store(&(gbxi_store_options){.directory = directory, .run_ns = 1});
    strcpy(id, gbxi_store_run_id(store));
    assert_int_equal(take_one(store, &reading_three[0], &error), GBX_ERR_OK);
    stopped_at_ns++;
    aside = move_aside(directory);
    assert_int_equal(tick_once(store, &error), GBX_ERR_STATE);
    move_back(aside, directory);
    stopped_at_ns += GBXI_NS_PER_S - 1;
    let_a_second_pass(store);
    assert_string_equal(gbxi_store_run_id(store), id);
    stopped_at_ns++;
    let_a_second_pass(store);
    assert_string_not_equal(gbxi_store_run_id(store), id);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
}

static void a_run_whose_file_is_removed_is_replaced_a_second_after_that_failed(void **state)
{
    const char *directory = ((reading *)*state)->directory;
    char id[GBXI_RUN_ID_SIZE], *path;
    gbxi_store *store;
    gbx_error error;

    stopped_at_ns = GBXI_NS_PER_S;
    store = open_store(&(gbxi_store_options){.directory = directory});
    strcpy(id, gbxi_store_run_id(store));
    path = storing_path(directory, id, ".db");
    assert_int_equal(unlink(path), 0);
    storing_limit_files(4096);
    assert_int_equal(tick_once(store, &error), GBX_ERR_IO);
    storing_limit_files(RLIM_INFINITY);
    let_a_second_pass(store);
    assert_string_equal(gbxi_store_run_id(store), id);
    stopped_at_ns += GBXI_NS_PER_S;
    assert_int_equal(tick_once(store, &error), GBX_ERR_IO);
    assert_string_not_equal(gbxi_store_run_id(store), id);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    free(path);
}

static void a_trace_that_needs_another_run_waits_for_no_second_attempt(void **state)
{
    reading *r = *state;
    char id[GBXI_RUN_ID_SIZE], *aside;
    uint32_t stored;
    gbxi_store *store;
    gbx_error error;

    stopped_at_ns = GBXI_NS_PER_S;
    store = open_store(&(gbxi_store_options){.directory = r->directory});
    strcpy(id, gbxi_store_run_id(store));
    aside = move_aside(r->directory);
    stored = take_until_refused(store, &error);
    move_back(aside, r->directory);
    assert_int_equal(take_one(store, &(stored_case){.frames = 900, .first = 900 * stored}, &error), GBX_ERR_LIMIT);
    assert_string_equal(gbxi_store_run_id(store), id);
    stopped_at_ns += GBXI_NS_PER_S;
    assert_int_equal(take_one(store, &(stored_case){.frames = 900, .first = 900 * stored}, &error), GBX_ERR_OK);
    assert_string_not_equal(gbxi_store_run_id(store), id);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    reading_open(r);
    assert_int_equal(reading_resolve(r, id).lost_count, 2);
}

static void a_trace_that_cannot_be_packed_is_lost_and_counted(void **state)
{
    reading *r = *state;
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = r->directory});
    gbx_error error;

    no_pack = true;
    assert_int_equal(take_one(store, &reading_three[0], &error), GBX_ERR_NO_MEMORY);
    no_pack = false;
    assert_int_equal(take_one(store, &reading_three[0], &error), GBX_ERR_OK);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    reading_open(r);
    assert_int_equal(reading_resolve(r, "latest").trace_count, 1);
    assert_int_equal(reading_resolve(r, "latest").lost_count, 1);
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

/* A request counts where the run has ended, a second passes, and the process is gone. */
static void miss_after_the_turn(const char *directory)
{
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = directory, .run_ns = 1});
    gbxi_live_page *page = map_page(directory, store);
    gbx_error error;

    if (take_one(store, &reading_three[0], &error) != GBX_ERR_OK)
        _exit(1);
    let_a_second_pass(store);
    gbxi_add_relaxed(&page->missed, 3);
    let_a_second_pass(store);
    _exit(0);
}

static void what_is_missed_after_the_turn_is_counted_within_a_second(void **state)
{
    reading *r = *state;
    pid_t child = fork();

    if (child == 0)
        miss_after_the_turn(r->directory);
    assert_int_equal(waitpid(child, NULL, 0), child);
    reading_open(r);
    assert_int_equal(reading_resolve(r, "latest").lost_count + reading_resolve(r, "latest~1").lost_count, 3);
}

/* What was refused is only in the counters beside the run when the process is gone. */
static void be_refused(const char *directory)
{
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = directory});
    char *aside = move_aside(directory);
    gbx_error error;

    (void)take_until_refused(store, &error);
    move_back(aside, directory);
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

static int begin_turns(void **state)
{
    stopped_at_ns = 0;
    no_pack = false;
    return reading_begin(state);
}

int main(void)
{
#define READ(test) cmocka_unit_test_setup_teardown(test, begin_turns, reading_end)
    const struct CMUnitTest tests[] = {
        READ(a_run_without_traces_is_never_too_large_or_too_old),
        READ(what_is_missed_after_the_turn_is_lost_with_the_next_run),
        READ(a_run_that_cannot_be_ended_keeps_what_it_missed),
        READ(a_trace_that_has_no_run_is_lost_and_counted),
        READ(a_turn_that_failed_is_tried_again_a_second_later),
        READ(a_run_whose_file_is_removed_is_replaced_a_second_after_that_failed),
        READ(a_trace_that_needs_another_run_waits_for_no_second_attempt),
        READ(a_trace_that_cannot_be_packed_is_lost_and_counted),
        READ(what_was_refused_is_lost_when_the_process_is_gone),
        READ(what_is_missed_after_the_turn_is_counted_within_a_second),
        READ(what_waits_at_the_turn_is_lost_with_the_next_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
