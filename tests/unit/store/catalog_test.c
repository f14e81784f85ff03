/* SPDX-License-Identifier: MIT */
/* The catalog: it follows the runs, says what is wrong with one without hiding the others, and is made again when it is
 * of no use. */
#define _GNU_SOURCE
#include "reading.h"
#include "store/database.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void a_catalog_that_is_deleted_or_damaged_is_made_again_and_says_so(void **state)
{
    static const char *const damages[] = {"", "no database at all, but a text", NULL};
    reading *r = *state;
    char *path = storing_path(r->directory, "catalog", ".db");

    reading_write_run(r->directory, reading_three, 3);
    reading_open(r);
    gbxi_store_reader_close(r->reader);
    r->reader = NULL;
    assert_int_equal(unlink(path), 0);
    reading_open(r);
    assert_string_equal(r->told, "the catalog is missing, and is made from the runs;");
    assert_int_equal(reading_resolve(r, NULL).trace_count, 3);
    for (size_t i = 0; damages[i] != NULL; ++i) {
        gbxi_store_reader_close(r->reader);
        r->reader = NULL;
        reading_write_file(r->directory, "catalog.db", damages[i], strlen(damages[i]));
        reading_open(r);
        assert_non_null(strstr(r->told, "catalog: it is "));
        assert_non_null(strstr(r->told, ": it is made again;"));
        assert_int_equal(reading_resolve(r, NULL).trace_count, 3);
        assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), 3);
    }
    free(path);
}

/* Another process makes the catalog again while this one says that it does. */
static void make_catalog_elsewhere(void *context, const char *text)
{
    reading *r = context;
    char *path = storing_path(r->directory, "catalog", ".db"), *old = storing_path(r->directory, "old", "");
    char *made = storing_path(r->directory, "made", "");
    gbxi_store_reader *other;
    gbx_error error;

    strncat(r->told, text, sizeof(r->told) - strlen(r->told) - 1);
    assert_int_equal(rename(path, old), 0);
    assert_int_equal(gbxi_store_reader_open(r->directory, NULL, &other, &error), GBX_ERR_OK);
    gbxi_store_reader_close(other);
    assert_int_equal(link(path, made), 0); /* it has a second name, unless somebody unlinks it */
    free(made);
    free(old);
    free(path);
}

static void a_catalog_that_another_process_has_made_again_meanwhile_is_used(void **state)
{
    reading *r = *state;
    gbxi_store_notices notices = {make_catalog_elsewhere, r};
    char *path = storing_path(r->directory, "catalog", ".db");
    struct stat status;
    gbx_error error;

    reading_write_run(r->directory, reading_three, 3);
    reading_write_file(r->directory, "catalog.db", "damaged", 7);
    assert_int_equal(gbxi_store_reader_open(r->directory, &notices, &r->reader, &error), GBX_ERR_OK);
    assert_string_equal(r->told, "catalog: it is not a database: it is made again");
    assert_int_equal(reading_resolve(r, NULL).trace_count, 3);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_nlink, 2);
    free(path);
}

static void a_catalog_of_another_version_or_with_wrong_rows_is_made_again(void **state)
{
    static const char *const changes[] = {
        "PRAGMA user_version=7", "UPDATE runs SET durations=x'99'", "UPDATE runs SET state=12", "DROP TABLE rollups",
        "DELETE FROM runs",
    };
    reading *r = *state;
    char *path = storing_path(r->directory, "catalog", ".db");

    reading_write_run(r->directory, reading_three, 3);
    for (size_t i = 0; i != sizeof(changes) / sizeof(*changes); ++i) {
        reading_open(r);
        gbxi_store_reader_close(r->reader);
        r->reader = NULL;
        storing_change(path, changes[i]);
        reading_open(r);
        assert_non_null(strstr(r->told, ": it is made again;"));
        assert_int_equal(reading_resolve(r, NULL).trace_count, 3);
        assert_int_equal(storing_number(path, "SELECT count(*) FROM rollups"), 3);
    }
    free(path);
}

static void a_catalog_of_another_program_stays_as_it_is(void **state)
{
    reading *r = *state;
    char *path = storing_path(r->directory, "catalog", ".db");

    reading_write_run(r->directory, reading_three, 3);
    assert_int_equal(unlink(path), 0);
    storing_change(path, "CREATE TABLE products(name); INSERT INTO products VALUES('lamp')");
    reading_open(r);
    assert_string_equal(r->told, "catalog.db belongs to another program: the catalog is made in memory;");
    assert_int_equal(reading_resolve(r, NULL).trace_count, 3);
    gbxi_store_reader_close(r->reader);
    r->reader = NULL;
    assert_int_equal(storing_number(path, "SELECT count(*) FROM products"), 1);
    storing_change(path, "PRAGMA application_id=77");
    reading_open(r);
    assert_int_equal(reading_resolve(r, NULL).trace_count, 3);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM products"), 1);
    free(path);
}

static void reading_a_folder_without_runs_puts_nothing_into_it(void **state)
{
    reading *r = *state;
    char *path = storing_path(r->directory, "catalog", ".db");

    (void)unlink(path);
    reading_open(r);
    assert_string_equal(r->told, "");
    assert_int_equal(access(path, F_OK), -1);
    free(path);
}

static void runs_that_are_gone_leave_the_catalog(void **state)
{
    reading *r = *state;
    char *path = storing_path(r->directory, "20260102-000000-bbbbbbbb", ".db");
    char *catalog = storing_path(r->directory, "catalog", ".db");
    size_t count;

    reading_plant(r->directory, "20260101-000000-aaaaaaaa");
    reading_plant(r->directory, "20260102-000000-bbbbbbbb");
    reading_plant(r->directory, "20260103-000000-cccccccc");
    reading_open(r);
    assert_int_equal(unlink(path), 0);
    reading_open(r);
    gbxi_store_runs(r->reader, &count);
    assert_int_equal(count, 2);
    assert_int_equal(storing_number(catalog, "SELECT count(*) FROM traces"), 2);
    assert_int_equal(storing_number(catalog, "SELECT count(*) FROM frames"), 8);
    free(catalog);
    free(path);
}

static void rollups_hold_the_requests_of_each_minute_and_route(void **state)
{
    reading *r = *state;
    char *catalog = storing_path(r->directory, "catalog", ".db");

    reading_write_run(r->directory, reading_three, 3);
    reading_open(r);
    assert_int_equal(storing_number(catalog, "SELECT count(*) FROM rollups"), 3);
    assert_int_equal(storing_number(catalog, "SELECT sum(count) FROM rollups"), 3);
    assert_int_equal(storing_number(catalog, "SELECT 1 FROM rollups WHERE route='/other' AND failed=1 AND"
                                             " sum_ns=9000000 AND minute=1754400000/60"),
                     1);
    free(catalog);
}

static void a_catalog_that_another_process_has_locked_is_made_in_memory(void **state)
{
    reading *r = *state;
    char *path = storing_path(r->directory, "catalog", ".db");
    gbxi_database *other;
    gbx_error error;

    reading_write_run(r->directory, reading_three, 2);
    reading_open(r);
    reading_write_run(r->directory, reading_three, 3);
    assert_int_equal(gbxi_database_open(path, "other", GBXI_DATABASE_WRITE, &other, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_database_begin(other, &error), GBX_ERR_OK);
    reading_open(r);
    assert_string_equal(r->told, "catalog: another process has it locked: it is made in memory;");
    assert_int_equal(reading_resolve(r, "latest").trace_count, 3);
    assert_int_equal(reading_resolve(r, "latest~1").trace_count, 2);
    gbxi_database_close(other);
    reading_open(r);
    assert_string_equal(r->told, "");
    assert_int_equal(storing_number(path, "SELECT count(*) FROM runs"), 2);
    free(path);
}

/* Reads the store in a process of its own, which fails if it does not find all that is there. */
static pid_t read_elsewhere(const char *directory)
{
    pid_t child = fork();

    if (child == 0) {
        gbxi_store_reader *reader;
        size_t count = 0;
        bool good = gbxi_store_reader_open(directory, NULL, &reader, NULL) == GBX_ERR_OK;
        const gbxi_run_info *runs = good ? gbxi_store_runs(reader, &count) : NULL;

        for (size_t i = 0; i != count; ++i)
            good = good && runs[i].trace_count == 300 && runs[i].fault[0] == '\0';
        _exit(good && count == 5 ? 0 : 1);
    }
    return child;
}

static void processes_that_make_the_catalog_at_the_same_time_all_find_all_runs(void **state)
{
    enum { READERS = 8 };
    reading *r = *state;
    char *path = storing_path(r->directory, "catalog", ".db"), id[GBXI_RUN_ID_SIZE];
    pid_t readers[READERS];
    int status;

    for (int i = 0; i != 5; ++i)
        storing_run(r->directory, &(stored_case){0}, 300, id);
    for (int round = 0; round != 4; ++round) {
        if (round % 2 == 0)
            reading_write_file(r->directory, "catalog.db", "damaged", 7);
        else
            assert_int_equal(unlink(path), 0);
        for (int i = 0; i != READERS; ++i)
            readers[i] = read_elsewhere(r->directory);
        for (int i = 0; i != READERS; ++i) {
            assert_int_equal(waitpid(readers[i], &status, 0), readers[i]);
            assert_int_equal(status, 0);
        }
    }
    reading_open(r);
    assert_string_equal(r->told, "");
    free(path);
}

/* A run of a stranger may say anything; what does not fit is cut, and hurts no other run. */
static void sums_that_do_not_fit_are_cut(void **state)
{
    reading *r = *state;
    char id[GBXI_RUN_ID_SIZE], *path;

    reading_plant(r->directory, "20260101-000000-aaaaaaaa");
    storing_run(r->directory, &(stored_case){0}, 3, id);
    path = storing_path(r->directory, id, ".db");
    storing_change(path, "UPDATE trace_frames SET total_ns=9223372036854775807,frame=frame*1000000000 WHERE trace<3");
    reading_open(r);
    assert_string_equal(reading_resolve(r, id).fault, "");
    assert_int_equal(reading_resolve(r, "20260101").trace_count, 1);
    storing_change(path, "DELETE FROM trace_frames WHERE trace>1; UPDATE trace_frames SET self_ns=-5;"
                         "UPDATE traces SET duration_ns=-7 WHERE number=1;"
                         "UPDATE traces SET duration_ns=9223372036854775807 WHERE number>1");
    reading_open(r);
    assert_string_equal(reading_resolve(r, id).fault, "");
    assert_int_equal(reading_resolve(r, id).trace_count, 3);
    free(path);
}

static void a_run_that_has_fewer_traces_than_before_is_taken_in_anew(void **state)
{
    reading *r = *state;
    char *path, *catalog = storing_path(r->directory, "catalog", ".db");

    reading_write_run(r->directory, reading_three, 3);
    reading_open(r);
    path = storing_path(r->directory, reading_resolve(r, NULL).id, ".db");
    storing_change(path, "DELETE FROM traces WHERE number=3; UPDATE run SET trace_count=2");
    reading_open(r);
    assert_int_equal(reading_resolve(r, NULL).trace_count, 2);
    assert_int_equal(storing_number(catalog, "SELECT sum(count) FROM rollups"), 2);
    free(catalog);
    free(path);
}

int main(void)
{
#define READING(test) cmocka_unit_test_setup_teardown(test, reading_begin, reading_end)
    const struct CMUnitTest tests[] = {
        READING(a_catalog_that_is_deleted_or_damaged_is_made_again_and_says_so),
        READING(a_catalog_that_another_process_has_made_again_meanwhile_is_used),
        READING(a_catalog_of_another_version_or_with_wrong_rows_is_made_again),
        READING(a_catalog_of_another_program_stays_as_it_is),
        READING(reading_a_folder_without_runs_puts_nothing_into_it),
        READING(runs_that_are_gone_leave_the_catalog),
        READING(a_catalog_that_another_process_has_locked_is_made_in_memory),
        READING(processes_that_make_the_catalog_at_the_same_time_all_find_all_runs),
        READING(sums_that_do_not_fit_are_cut),
        READING(a_run_that_has_fewer_traces_than_before_is_taken_in_anew),
        READING(rollups_hold_the_requests_of_each_minute_and_route),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
