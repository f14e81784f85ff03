/* SPDX-License-Identifier: MIT */
/* Secrets from arguments, files and standard input. */
#define _GNU_SOURCE
#include "cli/trace/secret.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Makes a file with this text. Returns "@" and its name. */
static const char *file_of(const char *text)
{
    static char name[] = "@/tmp/glassbox-secret-XXXXXX";
    int fd;

    strcpy(name, "@/tmp/glassbox-secret-XXXXXX");
    fd = mkstemp(name + 1);
    assert_int_not_equal(fd, -1);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    return name;
}

static void check_secret(const char *given, const char *expected)
{
    gbxi_secret secret;
    gbx_error error = {0};

    assert_int_equal(gbxi_secret_read(&secret, given, "token", &error), GBX_ERR_OK);
    assert_string_equal(secret.text, expected);
    gbxi_secret_wipe(&secret);
    assert_string_equal(secret.text, "");
}

static void it_is_what_was_given_or_the_first_line_of_a_file(void **state)
{
    const char *file;

    (void)state;
    check_secret("abc", "abc");
    check_secret(file = file_of("def\r\nmore\n"), "def");
    unlink(file + 1);
    check_secret(file = file_of("def"), "def");
    unlink(file + 1);
}

static void an_empty_or_a_long_one_is_refused(void **state)
{
    static char long_text[GBXI_SECRET_SIZE + 1];
    gbxi_secret secret;
    gbx_error error = {0};
    const char *file = file_of("\nx");

    (void)state;
    assert_int_equal(gbxi_secret_read(&secret, file, "token", &error), GBX_ERR_ARGUMENT);
    assert_string_equal(error.text, "the token is empty");
    unlink(file + 1);
    memset(long_text, 'x', sizeof(long_text) - 1);
    assert_int_equal(gbxi_secret_read(&secret, long_text, "token", &error), GBX_ERR_LIMIT);
    assert_null(strstr(error.text, "xx"));
}

static void standard_input_gives_its_first_line_and_keeps_the_rest(void **state)
{
    gbxi_secret secret;
    gbx_error error = {0};
    int ends[2], input = dup(STDIN_FILENO);
    char rest[8] = "";

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "ann:pw\nrest", 11), 11);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    assert_int_equal(gbxi_secret_ask(&secret, "prompt", &error), GBX_ERR_OK);
    assert_string_equal(secret.text, "ann:pw");
    assert_int_equal(read(STDIN_FILENO, rest, sizeof(rest)), 4);
    assert_int_equal(gbxi_secret_ask(&secret, "prompt", &error), GBX_ERR_ARGUMENT);
    dup2(input, STDIN_FILENO);
    close(input);
    close(ends[0]);
}

static void an_argument_is_overwritten(void **state)
{
    char argument[] = "ann:pw";

    (void)state;
    gbxi_secret_hide(argument);
    assert_string_equal(argument, "******");
    gbxi_secret_hide(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_what_was_given_or_the_first_line_of_a_file),
        cmocka_unit_test(an_empty_or_a_long_one_is_refused),
        cmocka_unit_test(standard_input_gives_its_first_line_and_keeps_the_rest),
        cmocka_unit_test(an_argument_is_overwritten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
