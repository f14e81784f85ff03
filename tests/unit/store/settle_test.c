/* SPDX-License-Identifier: MIT */
/* Runs whose writer is gone, as the next to write the store finds and leaves them. */
#define _GNU_SOURCE
#include "store/query.h"
#include "store/settle.h"
#include "store/store.h"
#include "storing.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define INDEXES "SELECT count(*) FROM sqlite_schema WHERE type='index' AND tbl_name='traces'"

static int begin_store(void **state)
{
    *state = storing_begin();
    return 0;
}

static int end_store(void **state)
{
    storing_end(*state);
    return 0;
}

static void leave_text(const char *directory, const char *id, const char *suffix, const char *text)
{
    char *path = storing_path(directory, id, suffix);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    free(path);
}

/* Makes a file of a run with nothing in it. */
static void leave_file(const char *directory, const char *id, const char *suffix)
{
    leave_text(directory, id, suffix, "");
}

/* Makes a run of two traces whose writer is gone, with such a file beside it, and changes it. Returns the path of its
 * database. */
static char *leave_run(const char *directory, const char *beside, const char *change)
{
    char id[GBXI_RUN_ID_SIZE], *path;

    storing_run(directory, &(stored_case){0}, 2, id);
    path = storing_path(directory, id, ".db");
    storing_change(path, "DROP INDEX traces_by_duration; DROP INDEX traces_by_id");
    storing_change(path, change);
    leave_file(directory, id, beside);
    return path;
}

static bool is_there(const char *directory, const char *id)
{
    char *path = storing_path(directory, id, ".db");
    bool there = access(path, F_OK) == 0;

    free(path);
    return there;
}

static void settle_all(const char *directory)
{
    gbx_error error;

    assert_int_equal(gbxi_settle_all(directory, &error), GBX_ERR_OK);
}

static void a_run_that_broke_off_is_ended_with_its_indexes(void **state)
{
    char *path = leave_run(*state, ".live", "UPDATE run SET closed=0,failed_count=1,ended_unix_ns=5");

    settle_all(*state);
    assert_int_equal(storing_number(path, "SELECT 1 FROM run WHERE closed=2 AND trace_count=2 AND failed_count=1 AND"
                                          " ended_unix_ns=5 AND missed_count+unstored_count+killed_count=0"),
                     1);
    assert_int_equal(storing_number(path, "SELECT journal_mode='delete' FROM pragma_journal_mode"), 1);
    assert_int_equal(storing_number(path, INDEXES), 2);
    assert_int_equal(storing_entries(*state), 1);
    free(path);
}

static void a_run_of_version_0_that_broke_off_is_brought_up_to_date(void **state)
{
    char *path = leave_run(*state, ".live", "UPDATE run SET closed=0;" STORING_TO_VERSION_0);

    settle_all(*state);
    assert_int_equal(storing_number(path, "PRAGMA user_version"), 2);
    assert_int_equal(storing_number(path, "SELECT closed FROM run"), 2);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces WHERE left_out=0"), 2);
    assert_int_equal(storing_entries(*state), 1);
    free(path);
}

/* A reader may have kept the writer from making the file whole. */
static void a_run_that_was_ended_keeps_its_end_and_its_counts(void **state)
{
    char *path = leave_run(*state, ".live", "UPDATE run SET missed_count=3,unstored_count=4,ended_unix_ns=5");

    settle_all(*state);
    assert_int_equal(storing_number(path, "SELECT 1 FROM run WHERE closed=1 AND trace_count=2 AND missed_count=3 AND"
                                          " unstored_count=4 AND ended_unix_ns=5"),
                     1);
    assert_int_equal(storing_number(path, INDEXES), 2);
    assert_int_equal(storing_entries(*state), 1);
    free(path);
}

/* A loss is something that happened. */
static void a_run_in_which_nothing_happened_is_removed(void **state)
{
    free(leave_run(*state, ".live", "DELETE FROM traces; UPDATE run SET closed=0,trace_count=0"));
    free(leave_run(*state, ".db-wal", "DELETE FROM traces; UPDATE run SET closed=0,trace_count=0,missed_count=1"));
    settle_all(*state);
    assert_int_equal(storing_entries(*state), 1);
}

static void a_damaged_run_keeps_its_traces_though_nothing_says_that_it_has_some(void **state)
{
    char *path = leave_run(*state, ".live", "DELETE FROM run");

    settle_all(*state);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), 2);
    free(path);
}

static void a_run_without_counters_keeps_the_counts_that_it_has(void **state)
{
    char *path = leave_run(*state, ".db-wal", "UPDATE run SET closed=0,missed_count=3,unstored_count=4");

    settle_all(*state);
    assert_int_equal(storing_number(path, "SELECT 1 FROM run WHERE closed=2 AND missed_count=3 AND unstored_count=4"),
                     1);
    assert_int_equal(storing_entries(*state), 1);
    free(path);
}

/* Without counters nobody holds the lock, and with tables it is no run that was being made. */
static void a_file_that_is_no_run_is_removed_only_if_it_is_empty_and_has_counters(void **state)
{
    char *other = storing_path(*state, "20260103-000000-cccccccc", ".db");

    leave_file(*state, "20260101-000000-aaaaaaaa", ".db");
    leave_file(*state, "20260101-000000-aaaaaaaa", ".live");
    leave_file(*state, "20260102-000000-bbbbbbbb", ".db");
    leave_file(*state, "20260102-000000-bbbbbbbb", ".db-wal");
    storing_change(other, "CREATE TABLE products(name)");
    leave_file(*state, "20260103-000000-cccccccc", ".live");
    leave_text(*state, "20260104-000000-dddddddd", ".db", "a text that is named like a run");
    leave_file(*state, "20260104-000000-dddddddd", ".live");
    settle_all(*state);
    assert_false(is_there(*state, "20260101-000000-aaaaaaaa"));
    assert_true(is_there(*state, "20260102-000000-bbbbbbbb"));
    assert_true(is_there(*state, "20260103-000000-cccccccc"));
    assert_true(is_there(*state, "20260104-000000-dddddddd"));
    free(other);
}

static bool dies_at_the_turn;

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path)
{
    if (dies_at_the_turn && strstr(path, ".live") != NULL)
        kill(getpid(), SIGKILL);
    return __real_unlink(path);
}

/* Offers four captures, stores one, and is killed when the first run has just been closed. */
static void die_at_the_turn(const char *directory)
{
    gbx_process_state now = {.size = sizeof(now)};
    stored_sample sample;
    gbxi_store *store;
    gbx_error error;
    gbx_sink sink;

    if (gbxi_store_open(&(gbxi_store_options){.directory = directory, .run_ns = 1}, &store, &error) != GBX_ERR_OK)
        _exit(1);
    sink = gbxi_store_sink(store);
    stored_sample_make(&sample, &(stored_case){0});
    for (size_t i = 0; i < 4; i++)
        sink.offered(sink.context);
    if (sink.take(sink.context, &sample.recording, &error) != GBX_ERR_OK)
        _exit(2);
    dies_at_the_turn = true;
    (void)!sink.tick(sink.context, &now, &error);
    _exit(3);
}

static void what_waits_is_counted_by_whoever_is_killed_at_the_turn(void **state)
{
    gbxi_store_reader *reader;
    const gbxi_run_info *runs;
    gbx_error error;
    pid_t child = fork();
    size_t count;
    int status;

    if (child == 0)
        die_at_the_turn(*state);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(gbxi_store_reader_open(*state, NULL, &reader, &error), GBX_ERR_OK);
    runs = gbxi_store_runs(reader, &count);
    assert_int_equal(count, 2);
    assert_int_equal(runs[0].trace_count + runs[1].trace_count, 1);
    assert_int_equal(runs[0].lost_count + runs[1].lost_count, 3);
    gbxi_store_reader_close(reader);
}

int main(void)
{
#define IN_A_STORE(test) cmocka_unit_test_setup_teardown(test, begin_store, end_store)
    const struct CMUnitTest tests[] = {
        IN_A_STORE(a_run_that_broke_off_is_ended_with_its_indexes),
        IN_A_STORE(a_run_in_which_nothing_happened_is_removed),
        IN_A_STORE(a_damaged_run_keeps_its_traces_though_nothing_says_that_it_has_some),
        IN_A_STORE(what_waits_is_counted_by_whoever_is_killed_at_the_turn),
        IN_A_STORE(a_run_of_version_0_that_broke_off_is_brought_up_to_date),
        IN_A_STORE(a_run_that_was_ended_keeps_its_end_and_its_counts),
        IN_A_STORE(a_run_without_counters_keeps_the_counts_that_it_has),
        IN_A_STORE(a_file_that_is_no_run_is_removed_only_if_it_is_empty_and_has_counters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
