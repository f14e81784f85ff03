/* SPDX-License-Identifier: MIT */
/* Files of the operator: what is read, what is refused, and that nothing waits. */
#define _GNU_SOURCE
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { MAX = 4096 };

static char folder[] = "/tmp/glassbox-file-XXXXXX";
static char path[sizeof(folder) + 300];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/f", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void write_bytes(size_t count)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    for (size_t i = 0; i < count; i++)
        fputc((int)('a' + i % 26), file);
    assert_int_equal(fclose(file), 0);
}

/* Opens, reads and closes; afterwards no descriptor is left. */
static gbx_err load(char *text, size_t *length, gbx_error *error)
{
    gbxi_file file = {.what = "some file", .path = path};
    int next = dup(STDIN_FILENO), after;
    gbx_err err;

    close(next);
    if ((err = gbxi_file_open(&file, error)) == GBX_ERR_OK)
        err = gbxi_file_read(&file, text, MAX, length, error);
    gbxi_file_close(&file);
    after = dup(STDIN_FILENO);
    close(after);
    assert_int_equal(after, next);
    return err;
}

static void expect_refusal(gbx_err code, const char *reason)
{
    char text[MAX + 1], expected[400];
    size_t length;
    gbx_error error = {0};

    assert_int_equal(load(text, &length, &error), code);
    snprintf(expected, sizeof(expected), "some file %s: %s", gbxi_file_path_shown(path), reason);
    assert_string_equal(error.text, expected);
}

static void a_file_is_read_up_to_its_limit(void **state)
{
    char text[MAX + 1];
    size_t length = 1;

    (void)state;
    write_bytes(0);
    assert_int_equal(load(text, &length, NULL), GBX_ERR_OK);
    assert_int_equal(length, 0);
    write_bytes(MAX);
    assert_int_equal(load(text, &length, NULL), GBX_ERR_OK);
    assert_int_equal(length, MAX);
    assert_memory_equal(text, "abcdef", 6);
    write_bytes(MAX + 1);
    expect_refusal(GBX_ERR_LIMIT, "larger than 4 KiB");
    unlink(path);
    expect_refusal(GBX_ERR_IO, "No such file or directory");
}

static void a_limit_of_mebibytes_is_shown_as_such(void **state)
{
    enum { MEBIBYTE = 1 << 20 };
    gbxi_file file = {.what = "some file", .path = path};
    char *text = malloc(MEBIBYTE + 1);
    size_t length;
    gbx_error error;

    (void)state;
    assert_non_null(text);
    write_bytes(MEBIBYTE + 1);
    assert_int_equal(gbxi_file_open(&file, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_file_read(&file, text, MEBIBYTE, &length, &error), GBX_ERR_LIMIT);
    assert_non_null(strstr(error.text, ": larger than 1 MiB"));
    gbxi_file_close(&file);
    unlink(path);
    free(text);
}

static void an_error_while_reading_ends_it(void **state)
{
    gbxi_file file = {.what = "some file", .path = path};
    char text[MAX + 1];
    size_t length;
    gbx_error error;

    (void)state;
    alarm(20); /* ends a test that tries for ever */
    write_bytes(1);
    file.descriptor = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(gbxi_file_read(&file, text, MAX, &length, &error), GBX_ERR_IO);
    assert_non_null(strstr(error.text, ": Bad file descriptor"));
    gbxi_file_close(&file);
    unlink(path);
    alarm(0);
}

/* Nothing is missing because something else was interrupted. */
static void an_older_error_does_not_matter(void **state)
{
    gbxi_file file = {.what = "some file", .path = path};
    char text[MAX + 1];
    size_t length;

    (void)state;
    write_bytes(MAX);
    assert_int_equal(gbxi_file_open(&file, NULL), GBX_ERR_OK);
    errno = EINTR;
    assert_int_equal(gbxi_file_read(&file, text, MAX, &length, NULL), GBX_ERR_OK);
    assert_int_equal(length, MAX);
    gbxi_file_close(&file);
    unlink(path);
}

/* Its number may be another's by then. */
static void a_closed_file_is_not_closed_again(void **state)
{
    gbxi_file file = {.what = "some file", .path = path};
    int number;

    (void)state;
    write_bytes(1);
    assert_int_equal(gbxi_file_open(&file, NULL), GBX_ERR_OK);
    number = file.descriptor;
    gbxi_file_close(&file);
    assert_int_equal(dup(STDIN_FILENO), number);
    gbxi_file_close(&file);
    assert_int_not_equal(fcntl(number, F_GETFD), -1);
    close(number);
    unlink(path);
}

static void a_pipe_without_a_writer_is_refused_at_once(void **state)
{
    (void)state;
    alarm(20); /* ends a test that waits */
    assert_int_equal(mkfifo(path, 0600), 0);
    expect_refusal(GBX_ERR_STATE, "not a regular file");
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    expect_refusal(GBX_ERR_STATE, "not a regular file");
    rmdir(path);
    alarm(0);
}

static void a_long_path_does_not_hide_the_reason(void **state)
{
    size_t begin = strlen(folder);

    (void)state;
    snprintf(path, sizeof(path), "%s/%0250d", folder, 7);
    assert_int_equal(strlen(gbxi_file_path_shown(path)), 80);
    expect_refusal(GBX_ERR_IO, "No such file or directory");
    memcpy(path + strlen(path) - 81, "\xf0\x9f\x91\xa9", 4);
    assert_string_equal(gbxi_file_path_shown(path), path + strlen(path) - 77);
    path[begin] = '\0';
    snprintf(path + begin, sizeof(path) - begin, "/f");
    assert_ptr_equal(gbxi_file_path_shown(path), path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_up_to_its_limit),
        cmocka_unit_test(a_limit_of_mebibytes_is_shown_as_such),
        cmocka_unit_test(an_error_while_reading_ends_it),
        cmocka_unit_test(an_older_error_does_not_matter),
        cmocka_unit_test(a_closed_file_is_not_closed_again),
        cmocka_unit_test(a_pipe_without_a_writer_is_refused_at_once),
        cmocka_unit_test(a_long_path_does_not_hide_the_reason),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
