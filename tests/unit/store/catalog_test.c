/* SPDX-License-Identifier: MIT */
/* The catalog: it follows the runs, says what is wrong with one without hiding the others, and is made again when it is
 * of no use. */
#define _GNU_SOURCE
#include "reading.h"
#include "store/database.h"
#include "store/intake.h"
#include "store/layout.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void write_file(const char *directory, const char *name, const void *bytes, size_t length)
{
    char *path = storing_path(directory, name, "");
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    free(path);
}

static void what_is_no_run_is_listed_with_its_fault_and_hides_no_other(void **state)
{
    reading *r = *state;
    gbxi_stored_run *run;
    gbx_error error;
    char *path;

    reading_plant(r->directory, "20260101-000000-aaaaaaaa");
    reading_plant(r->directory, "20260105-000000-eeeeeeee");
    write_file(r->directory, "20260102-000000-bbbbbbbb.db", "", 0);
    write_file(r->directory, "20260103-000000-cccccccc.db", "a text that is named like a run, and longer than a header",
               56);
    path = storing_path(r->directory, "20260104-000000-dddddddd", ".db");
    storing_change(path, "PRAGMA application_id=1195530322;PRAGMA user_version=99;CREATE TABLE run(id)");
    free(path);
    reading_open(r);
    assert_int_equal(reading_resolve(r, "20260101").trace_count, 1);
    assert_int_equal(reading_resolve(r, "eeee").trace_count, 1);
    assert_string_equal(reading_resolve(r, "bbbb").fault, "it is empty");
    assert_string_equal(reading_resolve(r, "cccc").fault, "it is not a database");
    assert_string_equal(reading_resolve(r, "dddd").fault,
                        "its layout is version 99, and this program knows version 1: a newer glassbox can read it");
    assert_int_equal(reading_resolve(r, "dddd").started_unix_ns, INT64_C(1767484800000000000));
    assert_int_equal(gbxi_stored_run_open(r->reader, reading_resolve(r, "dddd").id, &run, &error), GBX_ERR_UNKNOWN);
    assert_null(run);
}

static void a_run_that_is_being_made_is_not_listed_yet(void **state)
{
    reading *r = *state;
    size_t count;

    reading_plant(r->directory, "20260101-000000-aaaaaaaa");
    write_file(r->directory, "20260102-000000-bbbbbbbb.db", "", 0);
    write_file(r->directory, "20260102-000000-bbbbbbbb.live", "", 0);
    reading_open(r);
    assert_string_equal(gbxi_store_runs(r->reader, &count)[0].id, "20260101-000000-aaaaaaaa");
    assert_int_equal(count, 1);
}

/* Somebody may remove a run while the folder is read. */
static void a_run_that_is_gone_is_not_listed(void **state)
{
    const reading *r = *state;
    const gbxi_run_files gone = {.id = "20260101-000000-aaaaaaaa"};
    gbxi_database *catalog;
    gbxi_intake *intake;
    int64_t count;
    gbx_error error;

    assert_int_equal(gbxi_database_open(NULL, "catalog", GBXI_DATABASE_MEMORY, &catalog, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_layout_create(catalog, &gbxi_layout_catalog, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_intake_new(catalog, &intake, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_intake_run(intake, r->directory, &gone, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_database_number(catalog, "SELECT count(*) FROM runs", &count, &error), GBX_ERR_OK);
    assert_int_equal(count, 0);
    gbxi_intake_free(intake);
    gbxi_database_close(catalog);
}

static void a_run_damaged_in_its_middle_or_cut_off_says_so_and_hides_no_other(void **state)
{
    reading *r = *state;
    char id[GBXI_RUN_ID_SIZE], *path;
    unsigned char garbage[4096 * 6];
    struct stat status;
    int file;

    reading_plant(r->directory, "20260101-000000-aaaaaaaa");
    storing_run(r->directory, &(stored_case){.frames = 200}, 60, id);
    path = storing_path(r->directory, id, ".db");
    assert_int_equal(stat(path, &status), 0);
    memset(garbage, 0xa5, sizeof(garbage));
    file = open(path, O_WRONLY);
    assert_int_equal(pwrite(file, garbage, sizeof(garbage), 4096 * 20), sizeof(garbage));
    close(file);
    reading_open(r);
    assert_string_equal(reading_resolve(r, id).fault, "the database is damaged");
    assert_int_equal(reading_resolve(r, "20260101").trace_count, 1);
    assert_int_equal(truncate(path, status.st_size / 2), 0);
    reading_open(r);
    assert_string_equal(reading_resolve(r, id).fault, "the database is damaged");
    assert_int_equal(reading_resolve(r, "20260101").trace_count, 1);
    free(path);
}

static void plant_damaged(const reading *r, const char *id, const char *sql)
{
    char *path = storing_path(r->directory, id, ".db");

    reading_plant(r->directory, id);
    storing_change(path, sql);
    free(path);
}

/* The file is as large and as old as before. */
static void a_run_that_could_not_be_read_is_read_again(void **state)
{
    static const char id[] = "20260101-000000-aaaaaaaa";
    reading *r = *state;
    char *path = storing_path(r->directory, id, ".db");
    struct stat status;

    plant_damaged(r, id, "ALTER TABLE traces RENAME TO tracts");
    assert_int_equal(stat(path, &status), 0);
    reading_open(r);
    assert_string_equal(reading_resolve(r, id).fault, "no such table: traces");
    storing_change(path, "ALTER TABLE tracts RENAME TO traces");
    assert_int_equal(utimensat(AT_FDCWD, path, (struct timespec[]){status.st_atim, status.st_mtim}, 0), 0);
    reading_open(r);
    assert_string_equal(reading_resolve(r, id).fault, "");
    assert_int_equal(reading_resolve(r, id).trace_count, 1);
    free(path);
}

static void a_run_that_could_not_be_read_adds_nothing_to_the_rollups(void **state)
{
    reading *r = *state;
    char *catalog = storing_path(r->directory, "catalog", ".db");

    plant_damaged(r, "20260101-000000-aaaaaaaa", "DROP TABLE trace_frames");
    reading_plant(r->directory, "20260102-000000-bbbbbbbb");
    reading_open(r);
    assert_string_equal(reading_resolve(r, "20260101").fault, "no such table: trace_frames");
    assert_int_equal(reading_resolve(r, "20260102").trace_count, 1);
    assert_int_equal(storing_number(catalog, "SELECT sum(count) FROM rollups"), 1);
    free(catalog);
}

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
        write_file(r->directory, "catalog.db", damages[i], strlen(damages[i]));
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
    write_file(r->directory, "catalog.db", "damaged", 7);
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
            write_file(r->directory, "catalog.db", "damaged", 7);
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

static void files_that_are_pipes_and_folders_are_no_runs(void **state)
{
    reading *r = *state;
    char *pipe = storing_path(r->directory, "20260101-000000-aaaaaaaa", ".live");
    char *other = storing_path(r->directory, "20260102-000000-bbbbbbbb", ".db");
    char *folder = storing_path(r->directory, "20260103-000000-cccccccc", ".db");
    size_t count;

    reading_plant(r->directory, "20260101-000000-aaaaaaaa");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(mkfifo(other, 0600), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
    reading_open(r);
    gbxi_store_runs(r->reader, &count);
    assert_int_equal(count, 1);
    assert_int_equal(reading_resolve(r, "latest").trace_count, 1);
    free(folder);
    free(other);
    free(pipe);
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
        READING(what_is_no_run_is_listed_with_its_fault_and_hides_no_other),
        READING(a_run_that_is_being_made_is_not_listed_yet),
        READING(a_run_that_is_gone_is_not_listed),
        READING(a_run_damaged_in_its_middle_or_cut_off_says_so_and_hides_no_other),
        READING(a_run_that_could_not_be_read_is_read_again),
        READING(a_run_that_could_not_be_read_adds_nothing_to_the_rollups),
        READING(a_catalog_that_is_deleted_or_damaged_is_made_again_and_says_so),
        READING(a_catalog_that_another_process_has_made_again_meanwhile_is_used),
        READING(a_catalog_of_another_version_or_with_wrong_rows_is_made_again),
        READING(a_catalog_of_another_program_stays_as_it_is),
        READING(reading_a_folder_without_runs_puts_nothing_into_it),
        READING(runs_that_are_gone_leave_the_catalog),
        READING(a_catalog_that_another_process_has_locked_is_made_in_memory),
        READING(processes_that_make_the_catalog_at_the_same_time_all_find_all_runs),
        READING(sums_that_do_not_fit_are_cut),
        READING(files_that_are_pipes_and_folders_are_no_runs),
        READING(a_run_that_has_fewer_traces_than_before_is_taken_in_anew),
        READING(rollups_hold_the_requests_of_each_minute_and_route),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
