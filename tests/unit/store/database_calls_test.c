/* SPDX-License-Identifier: MIT */
/* Databases whose system calls fail: SQLite makes those of this test. */
#define _GNU_SOURCE
#include "store/database.h"
#include "storing.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

static int open_failure, write_failure; /* the errno with which files beside a database are not opened or written; 0 */

static int fail_to_open(const char *path, int flags, int mode)
{
    if (open_failure == 0 || (strstr(path, "-wal") == NULL && strstr(path, "-shm") == NULL))
        return open(path, flags, (mode_t)mode);
    errno = open_failure;
    return -1;
}

static ssize_t fail_to_write(int file, const void *bytes, size_t length, off_t at)
{
    if (write_failure == 0)
        return pwrite(file, bytes, length, at);
    errno = write_failure;
    return -1;
}

static void replace_call(const char *name, sqlite3_syscall_ptr call)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

    assert_int_equal(vfs->xSetSystemCall(vfs, name, call), SQLITE_OK);
}

static int begin_calls(void **state)
{
    *state = storing_begin();
    open_failure = write_failure = 0;
    replace_call("open", (sqlite3_syscall_ptr)fail_to_open);
    replace_call("pwrite", (sqlite3_syscall_ptr)fail_to_write);
    replace_call("pwrite64", (sqlite3_syscall_ptr)fail_to_write);
    return 0;
}

static int end_calls(void **state)
{
    replace_call(NULL, NULL);
    storing_end(*state);
    return 0;
}

/* A new database with a table. */
static gbxi_database *make_database(const char *path)
{
    gbxi_database *database;
    gbx_error error;

    assert_int_equal(gbxi_database_open(path, "box", GBXI_DATABASE_NEW, &database, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_database_execute(database, "CREATE TABLE t(a)", &error), GBX_ERR_OK);
    return database;
}

static void every_error_that_says_so_says_that_the_disk_is_full(void **state)
{
    static const int failures[] = {ENOSPC, EDQUOT, EFBIG};
    char *path = storing_path(*state, "box", ".db");
    gbxi_database *database;
    gbx_error error;

    gbxi_database_close(make_database(path));
    for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
        open_failure = failures[i];
        assert_int_equal(gbxi_database_open(path, "box", GBXI_DATABASE_WRITE, &database, &error), GBX_ERR_IO);
        assert_string_equal(error.text, "box: the disk is full");
        open_failure = 0;
        assert_int_equal(gbxi_database_open(path, "box", GBXI_DATABASE_WRITE, &database, &error), GBX_ERR_OK);
        write_failure = failures[i];
        assert_int_equal(gbxi_database_execute(database, "INSERT INTO t VALUES(1)", &error), GBX_ERR_IO);
        assert_string_equal(error.text, "box: the disk is full");
        assert_int_equal(gbxi_database_last_fault(database), GBXI_FAULT_FULL);
        write_failure = 0;
        gbxi_database_close(database);
    }
    write_failure = EIO;
    assert_int_equal(gbxi_database_open(path, "box", GBXI_DATABASE_WRITE, &database, &error), GBX_ERR_IO);
    assert_string_equal(error.text, "box: Input/output error");
    free(path);
}

/* Nothing can be made in its folder. */
static void names_that_mean_something_in_an_address_are_names_where_nothing_can_be_written(void **state)
{
    static const char *const names[] = {"a%20b", "a?b", "a#b", "100%"};
    gbxi_database *database;
    gbx_error error;
    int64_t count;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        char *path = storing_path(*state, names[i], ".db");

        gbxi_database_close(make_database(path));
        open_failure = EACCES;
        assert_int_equal(gbxi_database_open(path, "box", GBXI_DATABASE_READ, &database, &error), GBX_ERR_OK);
        assert_int_equal(gbxi_database_number(database, "SELECT count(*) FROM t", &count, &error), GBX_ERR_OK);
        gbxi_database_close(database);
        open_failure = 0;
        free(path);
    }
}

int main(void)
{
#define WITH_CALLS(test) cmocka_unit_test_setup_teardown(test, begin_calls, end_calls)
    const struct CMUnitTest tests[] = {
        WITH_CALLS(every_error_that_says_so_says_that_the_disk_is_full),
        WITH_CALLS(names_that_mean_something_in_an_address_are_names_where_nothing_can_be_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
