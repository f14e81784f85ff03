/* SPDX-License-Identifier: MIT */
/* What is known of an output: a file, and a terminal under several environments. */
#define _GNU_SOURCE
#include "cli/store/terminal.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

/* A terminal of 132 columns. */
static FILE *open_terminal(int *controller)
{
    const struct winsize size = {.ws_row = 40, .ws_col = 132};
    FILE *out;

    *controller = posix_openpt(O_RDWR | O_NOCTTY);
    if (*controller == -1 || grantpt(*controller) != 0 || unlockpt(*controller) != 0)
        skip();
    out = fopen(ptsname(*controller), "w");
    assert_non_null(out);
    assert_int_equal(ioctl(fileno(out), TIOCSWINSZ, &size), 0);
    return out;
}

static int clear_environment(void **state)
{
    (void)state;
    unsetenv("COLUMNS");
    unsetenv("NO_COLOR");
    setenv("TERM", "xterm", 1);
    setenv("LC_ALL", "C", 1);
    return 0;
}

static void a_file_has_any_width_and_no_colours(void **state)
{
    gbxi_terminal terminal;
    FILE *out = tmpfile();

    (void)state;
    setenv("COLUMNS", "50", 1);
    gbxi_terminal_init(&terminal, out);
    assert_ptr_equal(terminal.out, out);
    assert_true(terminal.columns == SIZE_MAX);
    assert_false(terminal.colours);
    assert_false(terminal.utf8);
    fclose(out);
}

static void a_terminal_has_its_width_and_colours(void **state)
{
    gbxi_terminal terminal;
    int controller;
    FILE *out = open_terminal(&controller);

    (void)state;
    gbxi_terminal_init(&terminal, out);
    assert_int_equal(terminal.columns, 132);
    assert_true(terminal.colours);
    setenv("COLUMNS", "50", 1);
    gbxi_terminal_init(&terminal, out);
    assert_int_equal(terminal.columns, 50);
    setenv("COLUMNS", "many", 1);
    setenv("NO_COLOR", "1", 1);
    gbxi_terminal_init(&terminal, out);
    assert_int_equal(terminal.columns, 132);
    assert_false(terminal.colours);
    setenv("NO_COLOR", "", 1);
    gbxi_terminal_init(&terminal, out);
    assert_true(terminal.colours);
    setenv("TERM", "dumb", 1);
    gbxi_terminal_init(&terminal, out);
    assert_false(terminal.colours);
    unsetenv("TERM");
    gbxi_terminal_init(&terminal, out);
    assert_false(terminal.colours);
    fclose(out);
    close(controller);
}

static void the_locale_says_what_the_character_set_is(void **state)
{
    gbxi_terminal terminal;

    (void)state;
    setenv("LC_ALL", "C.UTF-8", 1);
    gbxi_terminal_init(&terminal, stdout);
    assert_true(terminal.utf8);
    setenv("LC_ALL", "no_such_locale", 1);
    gbxi_terminal_init(&terminal, stdout);
    assert_false(terminal.utf8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_file_has_any_width_and_no_colours, clear_environment),
        cmocka_unit_test_setup(a_terminal_has_its_width_and_colours, clear_environment),
        cmocka_unit_test_setup(the_locale_says_what_the_character_set_is, clear_environment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
