/* SPDX-License-Identifier: MIT */
/* Runs whose writer is gone, as the next to write the store finds and leaves them. */
#define _GNU_SOURCE
#include "store/settle.h"
#include "storing.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
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
    char *path = leave_run(*state, ".live",
                           "UPDATE run SET closed=0; ALTER TABLE traces DROP COLUMN left_out;"
                           "PRAGMA user_version=0");

    settle_all(*state);
    assert_int_equal(storing_number(path, "PRAGMA user_version"), 1);
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

int main(void)
{
#define IN_A_STORE(test) cmocka_unit_test_setup_teardown(test, begin_store, end_store)
    const struct CMUnitTest tests[] = {
        IN_A_STORE(a_run_that_broke_off_is_ended_with_its_indexes),
        IN_A_STORE(a_run_of_version_0_that_broke_off_is_brought_up_to_date),
        IN_A_STORE(a_run_that_was_ended_keeps_its_end_and_its_counts),
        IN_A_STORE(a_run_without_counters_keeps_the_counts_that_it_has),
        IN_A_STORE(a_file_that_is_no_run_is_removed_only_if_it_is_empty_and_has_counters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
