/* SPDX-License-Identifier: MIT */
/* The browser that is started, and what it gets. */
#define _GNU_SOURCE
#include "cli/store/browser.h"
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

static char directory[64], script[96], pipe_path[96];

/* A browser that writes what it was given into a pipe, so that the test can wait for it. */
static int make_browser(void **state)
{
    FILE *file;

    (void)state;
    snprintf(directory, sizeof(directory), "/tmp/glassbox-browser-XXXXXX");
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(script, sizeof(script), "%s/browser", directory);
    snprintf(pipe_path, sizeof(pipe_path), "%s/pipe", directory);
    if (mkfifo(pipe_path, 0600) != 0 || (file = fopen(script, "w")) == NULL)
        return -1;
    fprintf(file, "#!/bin/sh\necho noise\necho \"$#:$1:$2\" > %s\n", pipe_path);
    fclose(file);
    return chmod(script, 0700);
}

static int remove_browser(void **state)
{
    (void)state;
    unlink(script);
    unlink(pipe_path);
    return rmdir(directory);
}

static void assert_got(const char *expected)
{
    FILE *pipe_end = fopen(pipe_path, "r");
    char line[128] = "";

    assert_non_null(pipe_end);
    assert_non_null(fgets(line, sizeof(line), pipe_end));
    assert_string_equal(line, expected);
    assert_null(fgets(line, sizeof(line), pipe_end)); /* the browser has ended, so the next one opens the pipe anew */
    fclose(pipe_end);
}

static void the_browser_of_the_environment_gets_the_address_whole(void **state)
{
    char command[128];

    (void)state;
    setenv("BROWSER", script, 1);
    assert_true(gbxi_browser_start("http://127.0.0.1:1/#a=b&c;$(x)"));
    assert_got("1:http://127.0.0.1:1/#a=b&c;$(x):\n");
    snprintf(command, sizeof(command), "%s --new-window", script);
    setenv("BROWSER", command, 1);
    assert_true(gbxi_browser_start("http://127.0.0.1:1/"));
    assert_got("2:--new-window:http://127.0.0.1:1/\n");
}

static void without_a_browser_none_is_started(void **state)
{
    (void)state;
    setenv("BROWSER", "/no/such/browser", 1);
    assert_false(gbxi_browser_start("http://127.0.0.1:1/"));
    unsetenv("BROWSER");
    setenv("PATH", directory, 1);
    assert_false(gbxi_browser_start("http://127.0.0.1:1/"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_browser_of_the_environment_gets_the_address_whole, make_browser,
                                        remove_browser),
        cmocka_unit_test_setup_teardown(without_a_browser_none_is_started, make_browser, remove_browser),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
