/* SPDX-License-Identifier: MIT */
/* Databases: statements and their values, errors in one sentence, older layouts, and counters that outlive a process.
 */
#define _GNU_SOURCE
#include "base/atomic.h"
#include "store/database.h"
#include "store/layout.h"
#include "store/live.h"
#include "store/run_read.h"
#include "storing.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

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

static gbxi_database *open_database(const char *path, gbxi_database_mode mode)
{
    gbxi_database *database;
    gbx_error error;

    assert_int_equal(gbxi_database_open(path, "box", mode, &database, &error), GBX_ERR_OK);
    return database;
}

static void execute(gbxi_database *database, const char *sql)
{
    gbx_error error;

    assert_int_equal(gbxi_database_execute(database, sql, &error), GBX_ERR_OK);
}

static int64_t number(gbxi_database *database, const char *sql)
{
    gbx_error error;
    int64_t result;

    assert_int_equal(gbxi_database_number(database, sql, &result, &error), GBX_ERR_OK);
    return result;
}

static void values_come_back_as_they_were_bound(void **state)
{
    gbxi_database *database = open_database(NULL, GBXI_DATABASE_MEMORY);
    gbxi_statement write, read;
    gbx_error error;
    size_t length;
    bool found;

    (void)state;
    execute(database, "CREATE TABLE t(a INTEGER, b INTEGER, c TEXT, d TEXT, e BLOB, f TEXT) STRICT");
    assert_int_equal(gbxi_statement_init(&write, database, "INSERT INTO t VALUES(?,?,?,?,?,?)", &error), GBX_ERR_OK);
    for (int i = 0; i != 2; ++i) {
        gbxi_bind_int(&write, -5);
        gbxi_bind_uint(&write, UINT64_MAX);
        gbxi_bind_text(&write, "text");
        gbxi_bind_text_n(&write, "cut off", 3);
        gbxi_bind_bytes(&write, "\0\1", 2);
        gbxi_bind_text(&write, NULL);
        assert_int_equal(gbxi_statement_run(&write, &error), GBX_ERR_OK);
    }
    assert_int_equal(gbxi_statement_init(&read, database, "SELECT a,a,b,c,d,e,f,f FROM t", &error), GBX_ERR_OK);
    for (int i = 0; i != 2; ++i) {
        assert_int_equal(gbxi_statement_next(&read, &found, &error), GBX_ERR_OK);
        assert_true(found);
        assert_int_equal(gbxi_column_int(&read), -5);
        assert_int_equal(gbxi_column_uint(&read), 0);
        assert_int_equal(gbxi_column_uint(&read), INT64_MAX);
        assert_string_equal(gbxi_column_text(&read), "text");
        assert_string_equal(gbxi_column_text(&read), "cut");
        assert_memory_equal(gbxi_column_bytes(&read, &length), "\0\1", 2);
        assert_int_equal(length, 2);
        assert_string_equal(gbxi_column_text(&read), "");
        assert_null(gbxi_column_text_or_null(&read));
    }
    assert_int_equal(gbxi_statement_next(&read, &found, &error), GBX_ERR_OK);
    assert_false(found);
    gbxi_statement_fini(&read);
    gbxi_statement_fini(&write);
    gbxi_database_close(database);
}

static void rows_of_numbers_are_inserted_by_one_statement(void **state)
{
    static const int64_t numbers[] = {1, 10, 2, 20, 3, 30};
    gbxi_number_rows rows = {.column_count = 2};
    gbxi_database *database = open_database(NULL, GBXI_DATABASE_MEMORY);
    gbxi_statement insert;
    gbx_error error;

    (void)state;
    execute(database, "CREATE TABLE t(a INTEGER PRIMARY KEY, b INTEGER)");
    assert_int_equal(gbxi_database_lend_rows(database, "lent", &rows, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_statement_init(&insert, database, "INSERT INTO t SELECT * FROM lent", &error), GBX_ERR_OK);
    assert_int_equal(gbxi_statement_run(&insert, &error), GBX_ERR_OK);
    assert_int_equal(number(database, "SELECT count(*) FROM t"), 0);
    rows.numbers = numbers;
    rows.row_count = 3;
    assert_int_equal(gbxi_statement_run(&insert, &error), GBX_ERR_OK);
    assert_int_equal(number(database, "SELECT sum(a*b) FROM t"), 140);
    assert_int_equal(number(database, "SELECT rowid FROM lent WHERE b=20"), 1);
    assert_int_equal(gbxi_statement_run(&insert, &error), GBX_ERR_SYNTAX);
    assert_int_equal(gbxi_database_last_fault(database), GBXI_FAULT_CONSTRAINT);
    gbxi_statement_fini(&insert);
    gbxi_database_close(database);
}

static void a_new_database_is_the_owners_alone_and_is_never_an_existing_file(void **state)
{
    char *path = storing_path(*state, "box", ".db");
    gbxi_database *database = open_database(path, GBXI_DATABASE_NEW);
    struct stat status;
    gbx_error error;

    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    gbxi_database_close(database);
    assert_int_equal(gbxi_database_open(path, "box", GBXI_DATABASE_NEW, &database, &error), GBX_ERR_IO);
    assert_string_equal(error.text, "box: File exists");
    assert_null(database);
    free(path);
}

static void a_transaction_is_committed_or_rolled_back_as_a_whole(void **state)
{
    gbxi_database *database = open_database(NULL, GBXI_DATABASE_MEMORY);
    gbx_error error;

    (void)state;
    execute(database, "CREATE TABLE t(a)");
    gbxi_database_rollback(database);
    assert_int_equal(gbxi_database_begin(database, &error), GBX_ERR_OK);
    execute(database, "INSERT INTO t VALUES(1)");
    assert_true(gbxi_database_is_in_transaction(database));
    gbxi_database_rollback(database);
    assert_false(gbxi_database_is_in_transaction(database));
    assert_int_equal(number(database, "SELECT count(*) FROM t"), 0);
    assert_int_equal(gbxi_database_begin(database, &error), GBX_ERR_OK);
    execute(database, "INSERT INTO t VALUES(1)");
    assert_int_equal(gbxi_database_commit(database, &error), GBX_ERR_OK);
    assert_int_equal(number(database, "SELECT count(*) FROM t"), 1);
    gbxi_database_close(database);
}

static void a_database_that_is_locked_says_so(void **state)
{
    char *path = storing_path(*state, "box", ".db");
    gbxi_database *first = open_database(path, GBXI_DATABASE_NEW);
    gbxi_database *second = open_database(path, GBXI_DATABASE_WRITE);
    gbx_error error;

    gbxi_database_patience_set(second, 0);
    assert_int_equal(gbxi_database_begin(first, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_database_begin(second, &error), GBX_ERR_CONFLICT);
    assert_string_equal(error.text, "box: another process has it locked");
    assert_int_equal(gbxi_database_last_fault(second), GBXI_FAULT_LOCKED);
    gbxi_database_close(first);
    assert_int_equal(gbxi_database_begin(second, &error), GBX_ERR_OK);
    gbxi_database_close(second);
    free(path);
}

static void what_is_read_cannot_be_changed(void **state)
{
    char *path = storing_path(*state, "box", ".db");
    gbxi_database *database = open_database(path, GBXI_DATABASE_NEW);
    gbx_error error;

    execute(database, "CREATE TABLE t(a)");
    gbxi_database_close(database);
    database = open_database(path, GBXI_DATABASE_READ);
    assert_int_equal(gbxi_database_execute(database, "INSERT INTO t VALUES(1)", &error), GBX_ERR_STATE);
    assert_string_equal(error.text, "box: it is read-only");
    gbxi_database_close(database);
    free(path);
}

static void the_schema_of_a_stranger_runs_no_code(void **state)
{
    char *path = storing_path(*state, "box", ".db");
    gbxi_database *database;
    gbx_error error;
    int64_t count;

    storing_change(path, "CREATE VIEW traces AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n)"
                         " SELECT i FROM n");
    database = open_database(path, GBXI_DATABASE_READ);
    assert_int_equal(gbxi_database_number(database, "SELECT count(*) FROM traces", &count, &error), GBX_ERR_SYNTAX);
    assert_int_equal(count, 0);
    gbxi_database_close(database);
    free(path);
}

/* The page of a table has the places of its rows after 8 bytes. */
static void a_page_with_a_row_in_a_wrong_place_is_damaged_whichever_row_is_read(void **state)
{
    enum { THIRD_ROW_AT = 8 + 2 * 2 };
    static const unsigned char nowhere[2] = {0, 0};
    char *path = storing_path(*state, "box", ".db");
    gbxi_database *database = open_database(path, GBXI_DATABASE_NEW);
    gbx_error error;
    int64_t value, root;
    int file;

    execute(database, "CREATE TABLE t(a); INSERT INTO t VALUES(1),(2),(3)");
    root = number(database, "SELECT rootpage FROM sqlite_schema");
    gbxi_database_close(database);
    file = open(path, O_WRONLY);
    assert_int_equal(pwrite(file, nowhere, sizeof(nowhere), (root - 1) * GBXI_DATABASE_PAGE_BYTES + THIRD_ROW_AT),
                     sizeof(nowhere));
    close(file);
    database = open_database(path, GBXI_DATABASE_READ);
    assert_int_equal(gbxi_database_number(database, "SELECT a FROM t WHERE rowid=1", &value, &error), GBX_ERR_SYNTAX);
    assert_string_equal(error.text, "box: the database is damaged");
    gbxi_database_close(database);
    free(path);
}

static void a_file_that_is_not_there_or_no_database_is_refused(void **state)
{
    char *path = storing_path(*state, "box", ".db");
    gbxi_database *database;
    gbx_error error;
    FILE *file;

    assert_int_equal(gbxi_database_open(path, "box", GBXI_DATABASE_READ, &database, &error), GBX_ERR_IO);
    assert_string_equal(error.text, "box: No such file or directory");
    file = fopen(path, "w");
    fputs("This is no database, although it is longer than the header of one would be, by some bytes.", file);
    fclose(file);
    assert_int_equal(gbxi_database_open(path, "box", GBXI_DATABASE_READ, &database, &error), GBX_ERR_SYNTAX);
    assert_string_equal(error.text, "box: it is not a database");
    assert_int_equal(gbxi_database_open(path, "box", GBXI_DATABASE_WRITE, &database, &error), GBX_ERR_SYNTAX);
    assert_null(database);
    free(path);
}

static void names_that_mean_something_in_an_address_are_names(void **state)
{
    char *path = storing_path(*state, "a%20?#b", ".db");
    gbxi_database *database = open_database(path, GBXI_DATABASE_NEW);

    execute(database, "CREATE TABLE t(a)");
    gbxi_database_close(database);
    database = open_database(path, GBXI_DATABASE_READ);
    assert_int_equal(number(database, "SELECT count(*) FROM t"), 0);
    gbxi_database_close(database);
    free(path);
}

static void a_run_of_version_0_is_brought_up_to_date_when_it_is_read(void **state)
{
    char id[GBXI_RUN_ID_SIZE], *path;
    gbxi_database *database;
    gbx_error error;

    storing_run(*state, &(stored_case){0}, 4, id);
    path = storing_path(*state, id, ".db");
    storing_change(path, STORING_TO_VERSION_0);
    assert_int_equal(gbxi_run_read_open(*state, id, &database, &error), GBX_ERR_OK);
    assert_int_equal(number(database, "PRAGMA user_version"), 2);
    assert_int_equal(number(database, "SELECT count(*) FROM traces WHERE left_out=0 AND parent_span IS NULL"), 4);
    gbxi_database_close(database);
    assert_int_equal(storing_entries(*state), 1);
    free(path);
}

static void a_migration_that_fails_changes_nothing(void **state)
{
    char id[GBXI_RUN_ID_SIZE], *path;
    gbxi_database *database;
    gbx_error error;

    storing_run(*state, &(stored_case){0}, 4, id);
    path = storing_path(*state, id, ".db");
    storing_change(path, STORING_TO_VERSION_1 "ALTER TABLE run ADD COLUMN exported TEXT");
    assert_int_equal(gbxi_run_read_open(*state, id, &database, &error), GBX_ERR_SYNTAX);
    assert_non_null(strstr(error.text, "duplicate column name: exported"));
    assert_null(database);
    assert_int_equal(storing_number(path, "PRAGMA user_version"), 1);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM pragma_table_info('traces') WHERE name='parent_span'"),
                     0);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), 4);
    free(path);
}

static void a_newer_run_is_refused_with_both_versions(void **state)
{
    char id[GBXI_RUN_ID_SIZE], *path;
    gbxi_database *database;
    gbx_error error;

    storing_run(*state, &(stored_case){0}, 1, id);
    path = storing_path(*state, id, ".db");
    storing_change(path, "PRAGMA user_version=3");
    assert_int_equal(gbxi_run_read_open(*state, id, &database, &error), GBX_ERR_UNKNOWN);
    assert_non_null(strstr(error.text, "its layout is version 3, and this program knows version 2"));
    assert_int_equal(error.code, GBX_ERR_UNKNOWN);
    free(path);
}

/* Otherwise a small file makes whoever reads it compute as much as it likes. */
static void a_run_that_brings_code_along_is_refused(void **state)
{
    char id[GBXI_RUN_ID_SIZE], *path;
    gbxi_database *database;
    gbx_error error;

    storing_run(*state, &(stored_case){0}, 1, id);
    path = storing_path(*state, id, ".db");
    storing_change(path, "ALTER TABLE traces ADD COLUMN more TEXT GENERATED ALWAYS AS (hex(zeroblob(9)))");
    assert_int_equal(gbxi_run_read_open(*state, id, &database, &error), GBX_ERR_SYNTAX);
    assert_non_null(strstr(error.text, "it has generated columns, which no run has"));
    assert_null(database);
    free(path);
}

static void counters_outlive_who_counted_and_their_lock_tells_who_counts(void **state)
{
    char *path = storing_path(*state, "run", ".live");
    gbxi_live_counts counts;
    gbxi_live live, other;
    gbx_error error;

    assert_int_equal(gbxi_live_look(path, &counts), GBXI_LIVE_NONE);
    assert_int_equal(gbxi_live_open(&other, path, &error), GBX_ERR_MISSING);
    assert_int_equal(gbxi_live_create(&live, path, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_live_create(&other, path, &error), GBX_ERR_IO);
    assert_int_equal(gbxi_live_open(&other, path, &error), GBX_ERR_CONFLICT);
    gbxi_add_relaxed(&live.page->offered, 7);
    gbxi_add_relaxed(&live.page->taken, 9);
    gbxi_add_relaxed(&live.page->missed, 3);
    gbxi_add_relaxed(&live.page->failed, 2);
    assert_int_equal(gbxi_live_look(path, &counts), GBXI_LIVE_HELD);
    assert_int_equal(counts.kept, 0);
    gbxi_live_close(&live);
    assert_int_equal(gbxi_live_look(path, &counts), GBXI_LIVE_LEFT);
    assert_int_equal(counts.kept, 9);
    assert_int_equal(counts.missed, 3);
    assert_int_equal(gbxi_live_open(&other, path, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_live_read(&other).failed, 2);
    gbxi_live_close(&other);
    free(path);
}

static void counters_that_are_cut_off_or_none_count_nothing(void **state)
{
    static const char *const contents[] = {"", "GBXLIVE",
                                           "GBXLIVE2 and much more, so that it is as long as a page is "};
    char *path = storing_path(*state, "run", ".live");
    gbxi_live_counts counts;
    gbxi_live live;
    gbx_error error;

    for (size_t i = 0; i != sizeof(contents) / sizeof(*contents); ++i) {
        FILE *file = fopen(path, "w");

        fputs(contents[i], file);
        fclose(file);
        assert_int_equal(gbxi_live_look(path, &counts), GBXI_LIVE_LEFT);
        assert_int_equal(counts.kept + counts.missed + counts.failed, 0);
        assert_int_equal(gbxi_live_open(&live, path, &error), GBX_ERR_OK);
        assert_int_equal(gbxi_live_read(&live).kept, 0);
        gbxi_live_close(&live);
    }
    free(path);
}

int main(void)
{
#define IN_A_STORE(test) cmocka_unit_test_setup_teardown(test, begin_store, end_store)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_back_as_they_were_bound),
        cmocka_unit_test(rows_of_numbers_are_inserted_by_one_statement),
        cmocka_unit_test(a_transaction_is_committed_or_rolled_back_as_a_whole),
        IN_A_STORE(a_new_database_is_the_owners_alone_and_is_never_an_existing_file),
        IN_A_STORE(a_database_that_is_locked_says_so),
        IN_A_STORE(what_is_read_cannot_be_changed),
        IN_A_STORE(the_schema_of_a_stranger_runs_no_code),
        IN_A_STORE(a_page_with_a_row_in_a_wrong_place_is_damaged_whichever_row_is_read),
        IN_A_STORE(a_file_that_is_not_there_or_no_database_is_refused),
        IN_A_STORE(names_that_mean_something_in_an_address_are_names),
        IN_A_STORE(a_run_of_version_0_is_brought_up_to_date_when_it_is_read),
        IN_A_STORE(a_migration_that_fails_changes_nothing),
        IN_A_STORE(a_newer_run_is_refused_with_both_versions),
        IN_A_STORE(a_run_that_brings_code_along_is_refused),
        IN_A_STORE(counters_outlive_who_counted_and_their_lock_tells_who_counts),
        IN_A_STORE(counters_that_are_cut_off_or_none_count_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
