/* SPDX-License-Identifier: MIT */
/* The program's first argument: which command it selects, what is printed where, and the exit status. */
#define _GNU_SOURCE
#include "cli/command.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct outcome {
    int status;
    char out[16384], err[4096];
} outcome;

/* Points a stream at a file in memory; returns the stream's descriptor from before. */
static int divert(FILE *stream, int file)
{
    int before;

    fflush(stream);
    before = dup(fileno(stream));
    dup2(file, fileno(stream));
    return before;
}

static void restore(FILE *stream, int before)
{
    fflush(stream);
    dup2(before, fileno(stream));
    close(before);
}

static void take_text(int file, char *text, size_t size)
{
    ssize_t length = pread(file, text, size - 1, 0);

    assert_true(length >= 0);
    text[length] = '\0';
    close(file);
}

static outcome run(const char *first, const char *second)
{
    char words[3][64] = {"glassbox", "", ""};
    char *argv[] = {words[0], words[1], words[2], NULL};
    outcome result;
    int out = memfd_create("out", MFD_CLOEXEC), err = memfd_create("err", MFD_CLOEXEC);
    int out_before = divert(stdout, out), err_before = divert(stderr, err);
    int argc = 1 + (first != NULL) + (second != NULL);

    snprintf(words[1], sizeof(words[1]), "%s", first != NULL ? first : "");
    snprintf(words[2], sizeof(words[2]), "%s", second != NULL ? second : "");
    argv[argc] = NULL;
    result.status = gbxi_cli_run(argc, argv);
    restore(stdout, out_before);
    restore(stderr, err_before);
    take_text(out, result.out, sizeof(result.out));
    take_text(err, result.err, sizeof(result.err));
    return result;
}

static void help_goes_to_standard_output(void **state)
{
    static const struct {
        const char *first, *second, *part;
    } cases[] = {
        {NULL, NULL, "usage: glassbox COMMAND"},        {"help", NULL, "usage: glassbox COMMAND"},
        {"--help", NULL, "usage: glassbox COMMAND"},    {"-h", NULL, "usage: glassbox COMMAND"},
        {"help", "serve", "usage: glassbox serve"},     {"serve", "--help", "usage: glassbox serve"},
        {"help", "version", "usage: glassbox version"}, {"version", "--help", "usage: glassbox version"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        outcome result = run(cases[i].first, cases[i].second);
        assert_int_equal(result.status, 0);
        assert_non_null(strstr(result.out, cases[i].part));
        assert_string_equal(result.err, "");
    }
}

static void help_takes_one_form_and_one_command(void **state)
{
    static const struct {
        const char *words[3], *text;
    } cases[] = {
        {{"--man", "--markdown", NULL}, "glassbox help: --man and --markdown cannot be used together\n"},
        {{"--list", "--markdown", NULL}, "glassbox help: --markdown and --list cannot be used together\n"},
        {{"--list", "--man", "serve"}, "glassbox help: --man and --list cannot be used together\n"},
        {{"serve", "token", NULL}, "glassbox help: unexpected 'token'\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char words[5][32] = {"glassbox", "help"}, text[256];
        char *argv[6] = {words[0], words[1]};
        int err = memfd_create("err", MFD_CLOEXEC), err_before = divert(stderr, err), argc = 2, status;

        for (size_t j = 0; j < 3 && cases[i].words[j] != NULL; j++) {
            snprintf(words[argc], sizeof(words[argc]), "%s", cases[i].words[j]);
            argv[argc] = words[argc];
            argc++;
        }
        status = gbxi_cli_run(argc, argv);
        restore(stderr, err_before);
        take_text(err, text, sizeof(text));
        assert_int_equal(status, 2);
        assert_string_equal(text, cases[i].text);
    }
}

static void the_overview_lists_every_command(void **state)
{
    outcome result = run("help", NULL);

    (void)state;
    assert_non_null(strstr(result.out, "\n  serve "));
    assert_non_null(strstr(result.out, "\n  token "));
    assert_non_null(strstr(result.out, "\n  version "));
    assert_non_null(strstr(result.out, "\n  help "));
    assert_non_null(strstr(result.out, "\n\nRun glassbox COMMAND --help for details.\n"));
}

static void the_version_is_one_line(void **state)
{
    static const char *const names[] = {"version", "--version", "-V"};

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        outcome result = run(names[i], NULL);
        assert_int_equal(result.status, 0);
        assert_memory_equal(result.out, "glassbox ", strlen("glassbox "));
        assert_ptr_equal(strchr(result.out, '\n'), result.out + strlen(result.out) - 1);
    }
}

static void what_is_wrong_is_one_line_on_standard_error_and_status_2(void **state)
{
    static const struct {
        const char *first, *second, *part;
    } cases[] = {
        {"bogus", NULL, "glassbox: unknown command 'bogus'"},
        {"--bogus", NULL, "glassbox: unknown option '--bogus'"},
        {"", NULL, "glassbox: unknown command ''"},
        {"a\nb\x1b", NULL, "glassbox: unknown command 'a\\x0ab\\x1b'"},
        {"sevre", NULL, "glassbox: unknown command 'sevre'; did you mean serve?"},
        {"help", "bogus", "glassbox: unknown command 'bogus'"},
        {"serve", "--bogus", "glassbox serve: unknown option '--bogus'"},
        {"serve", "--host=a\nb", "glassbox serve: --host must not contain control characters"},
        {"serve", "--port=a\nb", "glassbox serve: --port takes a number from 0 to 65535, not 'a\\x0ab'"},
        {"help", "--lits", "glassbox help: unknown option '--lits'; did you mean --list?"},
        {"help", "--man=x", "glassbox help: --man takes on or off, not 'x'"},
        {"version", "now", "glassbox version: unexpected 'now'"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        outcome result = run(cases[i].first, cases[i].second);
        assert_int_equal(result.status, 2);
        assert_string_equal(result.out, "");
        assert_memory_equal(result.err, cases[i].part, strlen(cases[i].part));
        assert_ptr_equal(strchr(result.err, '\n'), result.err + strlen(result.err) - 1);
    }
}

/* What is not written has not been told. */
static void a_result_that_cannot_be_written_is_status_1(void **state)
{
    static const char *const commands[][2] = {
        {"version", NULL}, {"help", NULL}, {"serve", "--help"}, {"serve", "--print-config"}, {"token", "--new-key"}};

    (void)state;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        int full = open("/dev/full", O_WRONLY | O_CLOEXEC), before = divert(stdout, full);
        int err = memfd_create("err", MFD_CLOEXEC), err_before = divert(stderr, err);
        char text[256], first[32], second[32], program[] = "glassbox";
        char *argv[] = {program, first, commands[i][1] != NULL ? second : NULL, NULL};
        int status;

        snprintf(first, sizeof(first), "%s", commands[i][0]);
        snprintf(second, sizeof(second), "%s", commands[i][1] != NULL ? commands[i][1] : "");
        status = gbxi_cli_run(commands[i][1] != NULL ? 3 : 2, argv);
        clearerr(stdout);
        restore(stdout, before);
        restore(stderr, err_before);
        close(full);
        take_text(err, text, sizeof(text));
        assert_int_equal(status, 1);
        assert_non_null(strstr(text, "cannot write: No space left on device\n"));
    }
}

static void a_server_that_cannot_start_is_one_line_and_status_1(void **state)
{
    outcome result = run("serve", "--host=192.0.2.1");

    (void)state;
    assert_int_equal(result.status, 1);
    assert_string_equal(result.out, "");
    assert_string_equal(result.err, "glassbox: cannot listen on 192.0.2.1:8000: Cannot assign requested address\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_goes_to_standard_output),
        cmocka_unit_test(help_takes_one_form_and_one_command),
        cmocka_unit_test(the_overview_lists_every_command),
        cmocka_unit_test(the_version_is_one_line),
        cmocka_unit_test(what_is_wrong_is_one_line_on_standard_error_and_status_2),
        cmocka_unit_test(a_result_that_cannot_be_written_is_status_1),
        cmocka_unit_test(a_server_that_cannot_start_is_one_line_and_status_1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
