/* SPDX-License-Identifier: MIT */
/* Documents in files: whole, in place of what was there, or not at all. */
#define _GNU_SOURCE
#include "cli/store/outlet.h"
#include "tests/support/failing.h"
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

FAILING(int, rename, (const char *from, const char *to), (from, to), (errno = EIO, -1))
FAILING(int, fsync, (int fd), (fd), (errno = ENOSPC, -1))

static char directory[64];
static char path[96];

static int make_directory(void **state)
{
    (void)state;
    snprintf(directory, sizeof(directory), "/tmp/glassbox-outlet-XXXXXX");
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/out", directory);
    return 0;
}

/* The number of files in the directory. */
static size_t count_files(void)
{
    DIR *entries = opendir(directory);
    size_t count = 0;

    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries))
        count += entry->d_name[0] != '.';
    closedir(entries);
    return count;
}

static int remove_directory(void **state)
{
    char other[96];

    (void)state;
    snprintf(other, sizeof(other), "%s/link", directory);
    unlink(other);
    unlink(path);
    return rmdir(directory);
}

static void assert_content(const char *expected)
{
    char text[64];
    FILE *file = fopen(path, "r");
    size_t length;

    assert_non_null(file);
    length = fread(text, 1, sizeof(text) - 1, file);
    text[length] = '\0';
    fclose(file);
    assert_string_equal(text, expected);
}

static gbx_err write_all(const char *where, const char *text, gbx_error *error)
{
    gbxi_outlet outlet;
    gbx_err err;

    if ((err = gbxi_outlet_open(&outlet, where, error)) == GBX_ERR_OK &&
        (err = gbxi_outlet_write(&outlet, text, strlen(text), error)) == GBX_ERR_OK)
        err = gbxi_outlet_commit(&outlet, error);
    gbxi_outlet_close(&outlet);
    return err;
}

static void a_file_takes_the_place_of_the_one_before(void **state)
{
    struct stat status;
    gbx_error error;

    (void)state;
    umask(027);
    assert_int_equal(write_all(path, "one", &error), GBX_ERR_OK);
    assert_content("one");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(write_all(path, "two", &error), GBX_ERR_OK);
    assert_content("two");
    assert_int_equal(count_files(), 1);
}

static void a_file_keeps_the_permissions_of_the_one_before(void **state)
{
    static const mode_t modes[] = {0600, 0664};
    struct stat status;
    gbx_error error;

    (void)state;
    umask(022);
    assert_int_equal(write_all(path, "one", &error), GBX_ERR_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(chmod(path, modes[i]), 0);
        assert_int_equal(write_all(path, "two", &error), GBX_ERR_OK);
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 0777, modes[i]);
    }
}

static void a_link_to_nothing_is_replaced(void **state)
{
    struct stat status;
    gbx_error error;

    (void)state;
    assert_int_equal(symlink("nothing", path), 0);
    assert_int_equal(write_all(path, "one", &error), GBX_ERR_OK);
    assert_content("one");
    assert_int_equal(lstat(path, &status), 0);
    assert_true(S_ISREG(status.st_mode));
    assert_int_equal(count_files(), 1);
}

static void a_link_stays_one(void **state)
{
    struct stat status;
    char link_path[96];
    gbx_error error;

    (void)state;
    assert_int_equal(write_all(path, "one", &error), GBX_ERR_OK);
    snprintf(link_path, sizeof(link_path), "%s/link", directory);
    assert_int_equal(symlink("out", link_path), 0);
    assert_int_equal(write_all(link_path, "two", &error), GBX_ERR_OK);
    assert_content("two");
    assert_int_equal(lstat(link_path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

static void what_is_not_finished_leaves_nothing_behind(void **state)
{
    gbxi_outlet outlet;
    gbx_error error;

    (void)state;
    assert_int_equal(write_all(path, "one", &error), GBX_ERR_OK);
    assert_int_equal(gbxi_outlet_open(&outlet, path, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_outlet_write(&outlet, "half", 4, &error), GBX_ERR_OK);
    assert_int_equal(count_files(), 2);
    assert_content("one");
    gbxi_outlet_close(&outlet);
    assert_content("one");
    assert_int_equal(count_files(), 1);
}

static void what_cannot_be_written_is_told_and_what_was_there_stays(void **state)
{
    char reason[192];
    gbx_error error;

    (void)state;
    assert_int_equal(write_all(path, "one", &error), GBX_ERR_OK);
    atomic_store(&rename_fails_in, 1);
    assert_int_equal(write_all(path, "two", &error), GBX_ERR_IO);
    snprintf(reason, sizeof(reason), "cannot write %s: Input/output error", path);
    assert_string_equal(error.text, reason);
    atomic_store(&fsync_fails_in, 1);
    assert_int_equal(write_all(path, "two", &error), GBX_ERR_IO);
    snprintf(reason, sizeof(reason), "cannot write %s: No space left on device", path);
    assert_string_equal(error.text, reason);
    assert_content("one");
    assert_int_equal(count_files(), 1);
    assert_int_equal(write_all("/no/such/place", "x", &error), GBX_ERR_IO);
    assert_string_equal(error.text, "cannot write /no/such/place: No such file or directory");
    assert_int_equal(write_all(directory, "x", &error), GBX_ERR_IO);
    assert_non_null(strstr(error.text, ": Is a directory"));
}

static void a_device_is_written_to_as_it_is(void **state)
{
    struct stat status;
    gbx_error error;

    (void)state;
    assert_int_equal(write_all("/dev/null", "x", &error), GBX_ERR_OK);
    assert_int_equal(stat("/dev/null", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
    assert_int_equal(write_all("/dev/full", "x", &error), GBX_ERR_IO);
    assert_string_equal(error.text, "cannot write /dev/full: No space left on device");
}

static void a_closed_pipe_is_an_error(void **state)
{
    int pipe_fds[2], before = dup(STDOUT_FILENO);
    gbx_error error;
    gbx_err result;

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(pipe_fds), 0);
    close(pipe_fds[0]);
    fflush(stdout);
    dup2(pipe_fds[1], STDOUT_FILENO);
    result = write_all(NULL, "x", &error);
    dup2(before, STDOUT_FILENO);
    close(before);
    close(pipe_fds[1]);
    assert_int_equal(result, GBX_ERR_IO);
    assert_string_equal(error.text, "cannot write standard output: Broken pipe");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)
    const struct CMUnitTest tests[] = {
        TEST(a_file_takes_the_place_of_the_one_before),
        TEST(a_file_keeps_the_permissions_of_the_one_before),
        TEST(a_link_stays_one),
        TEST(a_link_to_nothing_is_replaced),
        TEST(what_is_not_finished_leaves_nothing_behind),
        TEST(what_cannot_be_written_is_told_and_what_was_there_stays),
        TEST(a_device_is_written_to_as_it_is),
        TEST(a_closed_pipe_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
