/* SPDX-License-Identifier: MIT */
/* Files that are no runs, or none that can be read, or none yet: what the catalog makes of them. */
#define _GNU_SOURCE
#include "reading.h"
#include "store/database.h"
#include "store/intake.h"
#include "store/layout.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void what_is_no_run_is_listed_with_its_fault_and_hides_no_other(void **state)
{
    reading *r = *state;
    gbxi_stored_run *run;
    gbx_error error;
    char *path;

    reading_plant(r->directory, "20260101-000000-aaaaaaaa");
    reading_plant(r->directory, "20260105-000000-eeeeeeee");
    reading_write_file(r->directory, "20260102-000000-bbbbbbbb.db", "", 0);
    reading_write_file(r->directory, "20260103-000000-cccccccc.db",
                       "a text that is named like a run, and longer than a header", 56);
    path = storing_path(r->directory, "20260104-000000-dddddddd", ".db");
    storing_change(path, "PRAGMA application_id=1195530322;PRAGMA user_version=99;CREATE TABLE run(id)");
    free(path);
    reading_open(r);
    assert_int_equal(reading_resolve(r, "20260101").trace_count, 1);
    assert_int_equal(reading_resolve(r, "eeee").trace_count, 1);
    assert_string_equal(reading_resolve(r, "bbbb").fault, "it is empty");
    assert_string_equal(reading_resolve(r, "cccc").fault, "it is not a database");
    assert_string_equal(reading_resolve(r, "dddd").fault,
                        "its layout is version 99, and this program knows version 2: a newer glassbox can read it");
    assert_int_equal(reading_resolve(r, "dddd").started_unix_ns, INT64_C(1767484800000000000));
    assert_int_equal(gbxi_stored_run_open(r->reader, reading_resolve(r, "dddd").id, &run, &error), GBX_ERR_UNKNOWN);
    assert_null(run);
}

static void a_run_that_is_being_made_is_not_listed_yet(void **state)
{
    reading *r = *state;
    size_t count;

    reading_plant(r->directory, "20260101-000000-aaaaaaaa");
    reading_write_file(r->directory, "20260102-000000-bbbbbbbb.db", "", 0);
    reading_write_file(r->directory, "20260102-000000-bbbbbbbb.live", "", 0);
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
        READING(files_that_are_pipes_and_folders_are_no_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
