/* SPDX-License-Identifier: MIT */
/* Errors in options are one sentence that names the option and its source. */
#define _GNU_SOURCE
#include "try.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

static void an_error_names_the_option_and_its_source(void **state)
{
    static const struct {
        const char *line, *environment, *text;
    } cases[] = {
        {"try --count 100", "", "--count takes a number from 1 to 99, not '100'"},
        {"try --count", "", "missing value after '--count'"},
        {"try --count=", "", "--count takes a number from 1 to 99, not ''"},
        {"try --name=", "", "--name must not be empty"},
        {"try --word=", "", "--word must not be empty"},
        {"try --left=", "", "--left must not be empty"},
        {"try --loud=", "", "--loud takes on or off, not ''"},
        {"try --config=", "", "--config must not be empty"},
        {"try --word a --word b --word c --word d", "", "--word may be given at most 3 times"},
        {"try --coun 3", "", "unknown option '--coun'; did you mean --count?"},
        {"try --cuont=3", "", "unknown option '--cuont=3'; did you mean --count?"},
        {"try --teapot", "", "unknown option '--teapot'"},
        {"try ---count", "", "unknown option '---count'; did you mean --count?"},
        {"try -c", "", "unknown option '-c'"},
        {"try -", "", "unexpected '-'"},
        {"try more", "", "unexpected 'more'"},
        {"try -- --count", "", "unexpected '--count'"},
        {"try", "GLASSBOX_COUNT=x", "GLASSBOX_COUNT takes a number from 1 to 99, not 'x'"},
        {"try", "GLASSBOX_COUNT=", "GLASSBOX_COUNT takes a number from 1 to 99, not ''"},
        {"try", "GLASSBOX_LOUD=1", "GLASSBOX_LOUD takes on or off, not '1'"},
        {"try", "GLASSBOX_WORD=a,,b", "GLASSBOX_WORD must not be empty"},
        {"try", "GLASSBOX_WORD=a,\t", "GLASSBOX_WORD must not be empty"},
        {"try", "GLASSBOX_WORD=", "GLASSBOX_WORD must not be empty"},
        {"try", "GLASSBOX_WORD=a,b,c,d", "GLASSBOX_WORD may be given at most 3 times"},
        {"try", "GLASSBOX_CONFIG=", "GLASSBOX_CONFIG must not be empty"},
        {"try --count 3", "GLASSBOX_COUNT=x", "GLASSBOX_COUNT takes a number from 1 to 99, not 'x'"},
        {"try --loud --quiet", "", "--loud and --quiet cannot be used together"},
        {"try --quiet", "GLASSBOX_LOUD=on", "GLASSBOX_LOUD and --quiet cannot be used together"},
        {"try --left x", "", "--left and --right must be used together"},
        {"try --right x", "", "--left and --right must be used together"},
        {"try", "GLASSBOX_RIGHT=x", "--left and GLASSBOX_RIGHT must be used together"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(try_outcome(cases[i].line, cases[i].environment), cases[i].text);
}

static void an_error_of_the_file_names_its_line(void **state)
{
    static const struct {
        const char *text, *line, *sentence;
    } cases[] = {
        {"\ncount = 0\n", "try --config @", ":2: count takes a number from 1 to 99, not '0'"},
        {"count = 0\n", "try --config @ --count 3", ":1: count takes a number from 1 to 99, not '0'"},
        {"count =\n", "try --config @", ":1: count takes a number from 1 to 99, not ''"},
        {"name =\n", "try --config @", ":1: name must not be empty"},
        {"word = \"\"\n", "try --config @", ":1: word must not be empty"},
        {"loud\n", "try --config @", ":1: missing '=' after 'loud'"},
        {"loud = yes\n", "try --config @", ":1: loud takes on or off, not 'yes'"},
        {"teapot = 1\n", "try --config @", ":1: unknown option 'teapot'"},
        {"cuont = 1\n", "try --config @", ":1: unknown option 'cuont'; did you mean count?"},
        {"--count = 1\n", "try --config @", ":1: unknown option '--count'; did you mean count?"},
        {"coun = 1\n", "try --config @", ":1: unknown option 'coun'; did you mean count?"},
        {"config = x\n", "try --config @", ":1: config cannot be set in a configuration file"},
        {"help = on\n", "try --config @", ":1: help cannot be set in a configuration file"},
        {"print-config = on\n", "try --config @", ":1: print-config cannot be set in a configuration file"},
        {"word = a\nword = b\nword = c\nword = d\n", "try --config @", ":4: word may be given at most 3 times"},
        {"\nloud = on\n", "try --config @ --quiet", ":2) and --quiet cannot be used together"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text;

        try_write_file(cases[i].text, strlen(cases[i].text));
        text = try_outcome(cases[i].line, "");
        assert_non_null(strstr(text, try_file));
        if (strlen(text) < strlen(cases[i].sentence) ||
            strcmp(text + strlen(text) - strlen(cases[i].sentence), cases[i].sentence) != 0)
            fail_msg("%s: %s", cases[i].text, text);
    }
}

static void a_file_that_cannot_be_one_is_refused(void **state)
{
    static char large[(1 << 20) + 1];
    char expected[256];

    (void)state;
    snprintf(expected, sizeof(expected), "configuration file %s: No such file or directory", try_file);
    assert_string_equal(try_outcome("try --config @", ""), expected);
    assert_string_equal(try_outcome("try --config /", ""), "configuration file /: not a regular file");
    assert_string_equal(try_outcome("try --config /dev/null", ""), "configuration file /dev/null: not a regular file");
    assert_int_equal(mkfifo(try_file, 0600), 0);
    snprintf(expected, sizeof(expected), "configuration file %s: not a regular file", try_file);
    assert_string_equal(try_outcome("try --config @", ""), expected);
    unlink(try_file);
    memset(large, '\n', sizeof(large));
    try_write_file(large, sizeof(large));
    snprintf(expected, sizeof(expected), "configuration file %s: larger than 1 MiB", try_file);
    assert_string_equal(try_outcome("try --config @", ""), expected);
    try_write_file(large, sizeof(large) - 1);
    try_shows("try --config @", "", "count = 7   # default");
    TRY_FILE("count = 1\n# \0\n");
    snprintf(expected, sizeof(expected), "%s:2: the line contains a NUL byte (0x00)", try_file);
    assert_string_equal(try_outcome("try --config @", ""), expected);
}

static void a_file_that_may_not_be_read_is_refused(void **state)
{
    uid_t user = geteuid();
    char expected[256];

    (void)state;
    TRY_FILE("count = 1\n");
    assert_int_equal(chmod(try_file, 0), 0);
    snprintf(expected, sizeof(expected), "configuration file %s: Permission denied", try_file);
    if (user == 0) /* who may read everything */
        assert_int_equal(seteuid(65534), 0);
    assert_string_equal(try_outcome("try --config @", ""), expected);
    assert_int_equal(seteuid(user), 0);
}

/* The linker has read and calloc called here. */
static int read_failure; /* errno of the next read; 0: it does not fail */
ssize_t __real_read(int fd, void *bytes, size_t count);
ssize_t __wrap_read(int fd, void *bytes, size_t count);

ssize_t __wrap_read(int fd, void *bytes, size_t count)
{
    if (read_failure == 0)
        return __real_read(fd, bytes, count);
    errno = read_failure;
    read_failure = 0;
    return -1;
}

static void a_file_is_read_on_after_a_signal_but_not_after_an_error(void **state)
{
    char expected[256];

    (void)state;
    TRY_FILE("count = 2\n");
    read_failure = EINTR;
    snprintf(expected, sizeof(expected), "count = 2   # from %s:1", try_file);
    try_shows("try --config @", "", expected);
    assert_int_equal(read_failure, 0);
    read_failure = EIO;
    snprintf(expected, sizeof(expected), "configuration file %s: Input/output error", try_file);
    assert_string_equal(try_outcome("try --config @", ""), expected);
}

static int lowest_free_descriptor(void)
{
    int fd = dup(STDIN_FILENO);

    close(fd);
    return fd;
}

static void a_file_is_closed_whether_it_can_be_read_or_not(void **state)
{
    int before = lowest_free_descriptor();

    (void)state;
    TRY_FILE("count = 2\n");
    try_outcome("try --config @", "");
    assert_int_equal(lowest_free_descriptor(), before);
    try_outcome("try --config /", "");
    assert_int_equal(lowest_free_descriptor(), before);
}

static bool memory_is_out;
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    return memory_is_out ? NULL : __real_calloc(count, size);
}

static void without_memory_it_says_so(void **state)
{
    gbxi_settings settings;
    gbx_error error = {0};

    (void)state;
    TRY_FILE("count = 1\n");
    memory_is_out = true;
    assert_int_equal(try_read(&settings, "try --config @", "", &error), GBX_ERR_NO_MEMORY);
    assert_non_null(strstr(error.text, ": out of memory"));
    gbxi_settings_fini(&settings);
    assert_int_equal(try_read(&settings, "try", "GLASSBOX_WORD=a,b", &error), GBX_ERR_NO_MEMORY);
    assert_string_equal(error.text, "out of memory");
    gbxi_settings_fini(&settings);
    memory_is_out = false;
    assert_int_equal(try_read(&settings, "try --config @", "GLASSBOX_WORD=a,b", &error), GBX_ERR_OK);
    gbxi_settings_fini(&settings);
}

static void a_long_path_leaves_room_for_what_is_wrong(void **state)
{
    char line[400] = "try --config /", text[64];
    const char *result;

    (void)state;
    memset(line + strlen(line), 'd', 220);
    snprintf(text, sizeof(text), "dd: No such file or directory");
    result = try_outcome(line, "");
    assert_string_equal(result + strlen(result) - strlen(text), text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, try_set_up, try_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_error_names_the_option_and_its_source),
        TEST(an_error_of_the_file_names_its_line),
        TEST(a_file_that_cannot_be_one_is_refused),
        TEST(a_file_that_may_not_be_read_is_refused),
        TEST(a_file_is_read_on_after_a_signal_but_not_after_an_error),
        TEST(a_file_is_closed_whether_it_can_be_read_or_not),
        TEST(without_memory_it_says_so),
        TEST(a_long_path_leaves_room_for_what_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
