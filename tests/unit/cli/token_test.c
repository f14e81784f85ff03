/* SPDX-License-Identifier: MIT */
/* glassbox token: it prints the requested token, or an error message. */
#define _GNU_SOURCE
#include "cli/command.h"
#include "permission/token.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define KEYS                                                                                                           \
    "first:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"                                         \
    "second:f00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
enum { WORDS_MAX = 16, TEXT_SIZE = 4096 };

static char key_file[] = "/tmp/glassbox-token-XXXXXX";

static int divert(FILE *stream, int file)
{
    int before;

    fflush(stream);
    before = dup(fileno(stream));
    dup2(file, fileno(stream));
    return before;
}

static void restore(FILE *stream, int before, int file, char *text)
{
    ssize_t length;

    fflush(stream);
    dup2(before, fileno(stream));
    close(before);
    length = pread(file, text, TEXT_SIZE - 1, 0);
    assert_true(length >= 0);
    text[length] = '\0';
    close(file);
}

/* Runs a line whose words are divided by single spaces; KEYFILE stands for the file of the test. */
static int run(const char *line, char *out, char *err)
{
    static char words[1024];
    char *argv[WORDS_MAX + 1] = {NULL};
    int out_file = memfd_create("out", MFD_CLOEXEC), err_file = memfd_create("err", MFD_CLOEXEC);
    int argc = 0, status, out_before, err_before;

    snprintf(words, sizeof(words), "%s", line);
    for (char *word = strtok(words, " "); word != NULL && argc != WORDS_MAX; word = strtok(NULL, " "))
        argv[argc++] = strcmp(word, "KEYFILE") == 0 ? key_file : word;
    out_before = divert(stdout, out_file);
    err_before = divert(stderr, err_file);
    status = gbxi_cli_run(argc, argv);
    restore(stdout, out_before, out_file, out);
    restore(stderr, err_before, err_file, err);
    return status;
}

static int set_up(void **state)
{
    FILE *file;

    (void)state;
    strcpy(key_file + strlen(key_file) - 6, "XXXXXX");
    file = fdopen(mkstemp(key_file), "w"); /* mode 0600 */
    fputs(KEYS, file);
    return fclose(file);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(key_file);
}

static void make_token(const char *line, gbxi_token *token)
{
    char out[TEXT_SIZE], err[TEXT_SIZE];
    gbxi_keys keys;

    assert_int_equal(run(line, out, err), 0);
    assert_string_equal(err, "");
    assert_int_equal(strcspn(out, "\n"), strlen(out) - 1);
    assert_int_equal(gbxi_keys_parse(KEYS, strlen(KEYS), "keys", &keys, NULL), GBX_ERR_OK);
    keys.count = 1; /* the first one signs */
    assert_int_equal(gbxi_token_open(out, strlen(out) - 1, &keys, token, NULL), GBX_ERR_OK);
}

static void prints_the_token_that_was_asked_for(void **state)
{
    gbxi_token token;
    uint64_t before_s = (uint64_t)time(NULL);

    (void)state;
    make_token("glassbox token --key-file KEYFILE --path /graph/ --expires 2h --max-spans 500 --uses 3", &token);
    assert_string_equal(token.path, "/graph");
    assert_int_equal(token.purposes, GBXI_PURPOSE_CAPTURE);
    assert_int_equal(token.max_spans, 500);
    assert_int_equal(token.uses, 3);
    assert_in_range(token.expires_s, before_s + 7200, (uint64_t)time(NULL) + 7200);
}

static void has_no_limits_and_ten_minutes_unless_told(void **state)
{
    gbxi_token token, other;
    uint64_t before_s = (uint64_t)time(NULL);

    (void)state;
    make_token("glassbox token --path / --key-file KEYFILE", &token);
    make_token("glassbox token --path / --key-file KEYFILE", &other);
    assert_string_equal(token.path, "/");
    assert_int_equal(token.max_spans, 0);
    assert_int_equal(token.uses, 0);
    assert_in_range(token.expires_s, before_s + 600, (uint64_t)time(NULL) + 600);
    assert_memory_not_equal(token.id, other.id, sizeof(token.id));
}

static void permits_what_allow_names_everywhere_unless_told(void **state)
{
    gbxi_token token;

    (void)state;
    make_token("glassbox token --key-file KEYFILE --allow read,operate", &token);
    assert_int_equal(token.purposes, GBXI_PURPOSE_READ | GBXI_PURPOSE_OPERATE);
    assert_string_equal(token.path, "/");
    make_token("glassbox token --key-file KEYFILE --allow read,capture --path /graph", &token);
    assert_int_equal(token.purposes, GBXI_PURPOSE_READ | GBXI_PURPOSE_CAPTURE);
    assert_string_equal(token.path, "/graph");
}

static void prints_a_key_that_makes_a_key_file(void **state)
{
    char out[TEXT_SIZE], err[TEXT_SIZE], other[TEXT_SIZE];
    gbxi_keys keys;

    (void)state;
    assert_int_equal(run("glassbox token --new-key", out, err), 0);
    assert_int_equal(run("glassbox token --new-key", other, err), 0);
    assert_string_equal(err, "");
    assert_string_not_equal(out, other);
    assert_int_equal(gbxi_keys_parse(out, strlen(out), "keys", &keys, NULL), GBX_ERR_OK);
    assert_int_equal(keys.count, 1);
}

static void what_is_wrong_is_one_line_and_no_token(void **state)
{
#define TOKEN "glassbox token --key-file KEYFILE --path /graph "
    static const struct {
        const char *line;
        int status;
        const char *text;
    } cases[] = {
        {"glassbox token", 2, "--key-file is missing"},
        {"glassbox token --path /", 2, "--key-file is missing"},
        {"glassbox token --key-file KEYFILE", 2, "--path is missing"},
        {"glassbox token --key-file KEYFILE --path graph", 2, "the path 'graph' must start with a slash"},
        {"glassbox token --key-file /no/keys --path /", 1, "key file /no/keys: No such file or directory"},
        {"glassbox token --new-key --path /", 2, "--new-key cannot be combined with other options"},
        {"glassbox token --key-file KEYFILE --allow capture,read", 2, "--path is missing"},
        {TOKEN "--allow write", 2, "--allow: 'write' is none of capture,read,operate"},
        {TOKEN "--expires 10", 2, "--expires takes a duration such as 30s, 10m, 12h or 7d, from 1s to 365d, not '10'"},
        {TOKEN "--expires 0s", 2, "--expires takes a duration such as 30s, 10m, 12h or 7d, from 1s to 365d, not '0s'"},
        {TOKEN "--expires 366d", 2,
         "--expires takes a duration such as 30s, 10m, 12h or 7d, from 1s to 365d, not '366d'"},
        {TOKEN "--max-spans 0", 2, "--max-spans takes a number from 1 to 5000000, not '0'"},
        {TOKEN "--max-spans 5000001", 2, "--max-spans takes a number from 1 to 5000000, not '5000001'"},
        {TOKEN "--uses -1", 2, "--uses takes a number from 1 to 1000000000, not '-1'"},
        {TOKEN "--uses", 2, "missing value after '--uses'"},
        {TOKEN "--teapot", 2, "unknown option '--teapot'"},
        {TOKEN "-x", 2, "unknown option '-x'"},
        {TOKEN "--use 3", 2, "unknown option '--use'; did you mean --uses?"},
        {TOKEN "--path=", 2, "--path must not be empty"},
        {TOKEN "--key-file=", 2, "--key-file must not be empty"},
        {TOKEN "--expires=", 2, "--expires takes a duration such as 30s, 10m, 12h or 7d, from 1s to 365d, not ''"},
        {TOKEN "--new-key=maybe", 2, "--new-key takes on or off, not 'maybe'"},
        {TOKEN "--config x", 2, "unknown option '--config'"},
        {TOKEN "more", 2, "unexpected 'more'"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char out[TEXT_SIZE], err[TEXT_SIZE], expected[TEXT_SIZE];
        assert_int_equal(run(cases[i].line, out, err), cases[i].status);
        assert_string_equal(out, "");
        snprintf(expected, sizeof(expected), "glassbox token: %s\n", cases[i].text);
        assert_string_equal(err, expected);
    }
}

static void a_key_file_for_all_to_read_is_refused(void **state)
{
    char out[TEXT_SIZE], err[TEXT_SIZE];

    (void)state;
    assert_int_equal(chmod(key_file, 0644), 0);
    assert_int_equal(run(TOKEN, out, err), 1);
    assert_string_equal(out, "");
    assert_non_null(strstr(err, ": open to others (mode 0644)"));
}

static void the_usage_names_every_option_with_its_default(void **state)
{
    static const char *const parts[] = {"--key-file FILE", "--path PATH", "--expires DURATION", "default: 10m",
                                        "--max-spans N",   "--uses N",    "--new-key",          "SIGHUP",
                                        "umask 077",       "--help"};
    char out[TEXT_SIZE], err[TEXT_SIZE];

    (void)state;
    assert_int_equal(run("glassbox token --help", out, err), 0);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        assert_non_null(strstr(out, parts[i]));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(prints_the_token_that_was_asked_for),
        TEST(has_no_limits_and_ten_minutes_unless_told),
        TEST(permits_what_allow_names_everywhere_unless_told),
        TEST(prints_a_key_that_makes_a_key_file),
        TEST(what_is_wrong_is_one_line_and_no_token),
        TEST(a_key_file_for_all_to_read_is_refused),
        TEST(the_usage_names_every_option_with_its_default),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
