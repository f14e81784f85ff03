/* SPDX-License-Identifier: MIT */
/* Where options come from and which source counts, for a command made up for it. */
#define _GNU_SOURCE
#include "cli/manual.h"
#include "cli/settings.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

struct values {
    const char *name;
    uint32_t count;
    bool loud, quiet;
    gbxi_text_list words;
    const char *left, *right;
};

static const gbxi_option rows[] = {
    {"name", GBXI_TEXT(struct values, name), .max = 20, .value = "NAME", .text = "nobody", .help = "A name."},
    {"count", GBXI_NUMBER(struct values, count), .min = 1, .max = 99, .value = "N", .number = 7, .help = "A count."},
    {"loud", GBXI_FLAG(struct values, loud), .excludes = "quiet", .help = "Loud."},
    {"quiet", GBXI_FLAG(struct values, quiet), .help = "Quiet."},
    {"word", GBXI_LIST(struct values, words), .max = 3, .value = "WORD", .unset = "none", .help = "Words."},
    {"left", GBXI_FILE(struct values, left), .max = 20, .value = "FILE", .unset = "none", .needs = "right",
     .help = "Left."},
    {"right", GBXI_FILE(struct values, right), .max = 20, .value = "FILE", .unset = "none", .needs = "left",
     .help = "Right."},
};

static int run_nothing(const void *values)
{
    (void)values;
    return 0;
}

static const gbxi_command command = {.name = "try",
                                     .summary = "Try",
                                     .synopsis = {"[OPTION...]"},
                                     .description = "Tries.",
                                     GBXI_COMMAND_OPTIONS(rows, struct values),
                                     .configurable = true,
                                     .run = run_nothing};

static char directory[] = "/tmp/glassbox-settings-XXXXXX";
static char file[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(directory + strlen(directory) - 6, "XXXXXX");
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(file, sizeof(file), "%s/conf", directory);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(file);
    return rmdir(directory);
}

static void write_file(const void *text, size_t length)
{
    FILE *out = fopen(file, "w");

    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, length, out), length);
    assert_int_equal(fclose(out), 0);
}

enum { WORDS_MAX = 16 };

/* Divides a line into words; an "@" in one stands for the file. The words stay until the second call after. */
static char **words_of(const char *line)
{
    static char store[2][WORDS_MAX][256];
    static char *pointers[2][WORDS_MAX + 1];
    static int turn;
    char copy[512], *next = copy, *word;
    int count = 0;

    turn = 1 - turn;
    snprintf(copy, sizeof(copy), "%s", line);
    while ((word = strsep(&next, " ")) != NULL && count < WORDS_MAX) {
        char *at = strchr(word, '@');

        if (at != NULL)
            snprintf(store[turn][count], sizeof(store[turn][count]), "%.*s%s", (int)(at - word), word, file);
        else
            snprintf(store[turn][count], sizeof(store[turn][count]), "%s", word);
        pointers[turn][count] = store[turn][count];
        count += word[0] != '\0';
    }
    pointers[turn][count] = NULL;
    return pointers[turn];
}

static gbx_err read_all_sources(gbxi_settings *settings, const char *line, const char *environment, gbx_error *error)
{
    char **argv = words_of(line), **variables = words_of(environment);
    int argc = 0;

    while (argv[argc] != NULL)
        argc++;
    memset(settings, 0xa5, sizeof(*settings));
    return gbxi_settings_read(settings, &command, argc, argv, variables, error);
}

/* What the three sources come to, as --print-config shows it; or the error. */
static const char *outcome(const char *line, const char *environment)
{
    static char text[4096];
    gbxi_settings settings;
    gbx_error error = {0};
    char *shown = NULL;
    size_t length = 0;

    if (read_all_sources(&settings, line, environment, &error) == GBX_ERR_OK) {
        FILE *out = open_memstream(&shown, &length);

        gbxi_settings_print(out, &settings, words_of(environment));
        fclose(out);
        snprintf(text, sizeof(text), "%s", shown);
        free(shown);
    } else {
        snprintf(text, sizeof(text), "%s", error.text);
    }
    gbxi_settings_fini(&settings);
    return text;
}

#define SHOWS(line, environment, expected)                                                                             \
    do {                                                                                                               \
        char text_[256];                                                                                               \
        snprintf(text_, sizeof(text_), "\n%s\n", expected);                                                            \
        if (strstr(outcome(line, environment), text_) == NULL)                                                         \
            fail_msg("%s | %s: %s", line, environment, outcome(line, environment));                                    \
    } while (0)

#define CONF(text) write_file(text, sizeof(text) - 1)

static void without_sources_there_are_the_defaults(void **state)
{
    (void)state;
    assert_string_equal(outcome("try", ""),
                        "# The options in force of glassbox try, in the form that its --config reads.\n"
                        "name = nobody   # default\n"
                        "count = 7   # default\n"
                        "loud = off   # default\n"
                        "quiet = off   # default\n"
                        "# word is not set: none\n"
                        "# left is not set: none\n"
                        "# right is not set: none\n"
                        "# config is not set: none\n");
}

static void each_source_counts_more_than_those_below(void **state)
{
    char from_file[128];

    (void)state;
    CONF("# first\ncount = 2\n");
    snprintf(from_file, sizeof(from_file), "count = 2   # from %s:2", file);
    SHOWS("try --config @", "", from_file);
    SHOWS("try", "GLASSBOX_CONFIG=@", from_file);
    SHOWS("try --config @", "GLASSBOX_COUNT=3", "count = 3   # from environment GLASSBOX_COUNT");
    SHOWS("try --config @ --count 4", "GLASSBOX_COUNT=3", "count = 4   # from command line");
    SHOWS("try --config @ --count 7", "GLASSBOX_COUNT=3", "count = 7   # from command line");
    SHOWS("try --count 4", "", "count = 4   # from command line");
}

static void within_a_source_the_later_value_counts(void **state)
{
    char from_file[128];

    (void)state;
    CONF("count = 2\ncount = 5\n");
    snprintf(from_file, sizeof(from_file), "count = 5   # from %s:2", file);
    SHOWS("try --config @", "", from_file);
    SHOWS("try --count 2 --count=6", "", "count = 6   # from command line");
    SHOWS("try --loud --loud=off", "", "loud = off   # from command line");
    SHOWS("try --config /nonexistent --config @", "", from_file);
}

static void the_command_line_names_the_file_before_the_environment_does(void **state)
{
    (void)state;
    CONF("count = 2\n");
    assert_non_null(strstr(outcome("try --config @", "GLASSBOX_CONFIG=/nonexistent"), "count = 2 "));
    assert_string_equal(outcome("try --config /nonexistent", "GLASSBOX_CONFIG=@"),
                        "configuration file /nonexistent: No such file or directory");
}

static void a_list_adds_up_in_a_source_and_replaces_those_below(void **state)
{
    char lines[256];

    (void)state;
    CONF("word = a\nword = \"b # c\"\n");
    snprintf(lines, sizeof(lines), "word = a   # from %s:1\nword = \"b # c\"   # from %s:2\n# left", file, file);
    assert_non_null(strstr(outcome("try --config @", ""), lines));
    assert_non_null(strstr(outcome("try --config @", "GLASSBOX_WORD=d,e"),
                           "off   # default\nword = d   # from environment GLASSBOX_WORD\n"
                           "word = e   # from environment GLASSBOX_WORD\n# left"));
    assert_non_null(strstr(outcome("try --config @ --word f", "GLASSBOX_WORD=d,e"),
                           "off   # default\nword = f   # from command line\n# left"));
}

static void an_error_names_the_option_and_its_source(void **state)
{
    static const struct {
        const char *line, *environment, *text;
    } cases[] = {
        {"try --count 100", "", "--count takes a number from 1 to 99, not '100'"},
        {"try --count", "", "a value is missing after '--count'"},
        {"try --count=", "", "--count takes a number from 1 to 99, not ''"},
        {"try --name=", "", "--name must not be empty"},
        {"try --word=", "", "--word must not be empty"},
        {"try --left=", "", "--left must not be empty"},
        {"try --loud=", "", "--loud takes on or off, not ''"},
        {"try --config=", "", "--config must not be empty"},
        {"try --word a --word b --word c --word d", "", "--word may be given 3 times at most"},
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
        {"try", "GLASSBOX_WORD=", "GLASSBOX_WORD must not be empty"},
        {"try", "GLASSBOX_WORD=a,b,c,d", "GLASSBOX_WORD may be given 3 times at most"},
        {"try", "GLASSBOX_CONFIG=", "GLASSBOX_CONFIG must not be empty"},
        {"try --count 3", "GLASSBOX_COUNT=x", "GLASSBOX_COUNT takes a number from 1 to 99, not 'x'"},
        {"try --loud --quiet", "", "--loud and --quiet contradict each other"},
        {"try --quiet", "GLASSBOX_LOUD=on", "GLASSBOX_LOUD and --quiet contradict each other"},
        {"try --left x", "", "--left and --right go together"},
        {"try --right x", "", "--left and --right go together"},
        {"try", "GLASSBOX_RIGHT=x", "--left and GLASSBOX_RIGHT go together"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(outcome(cases[i].line, cases[i].environment), cases[i].text);
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
        {"loud\n", "try --config @", ":1: '=' is missing after 'loud'"},
        {"loud = yes\n", "try --config @", ":1: loud takes on or off, not 'yes'"},
        {"teapot = 1\n", "try --config @", ":1: unknown option 'teapot'"},
        {"cuont = 1\n", "try --config @", ":1: unknown option 'cuont'; did you mean count?"},
        {"--count = 1\n", "try --config @", ":1: unknown option '--count'; did you mean count?"},
        {"coun = 1\n", "try --config @", ":1: unknown option 'coun'; did you mean count?"},
        {"config = x\n", "try --config @", ":1: config cannot be set in a configuration file"},
        {"help = on\n", "try --config @", ":1: help cannot be set in a configuration file"},
        {"print-config = on\n", "try --config @", ":1: print-config cannot be set in a configuration file"},
        {"word = a\nword = b\nword = c\nword = d\n", "try --config @", ":4: word may be given 3 times at most"},
        {"\nloud = on\n", "try --config @ --quiet", ":2) and --quiet contradict each other"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text;

        write_file(cases[i].text, strlen(cases[i].text));
        text = outcome(cases[i].line, "");
        assert_non_null(strstr(text, file));
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
    snprintf(expected, sizeof(expected), "configuration file %s: No such file or directory", file);
    assert_string_equal(outcome("try --config @", ""), expected);
    assert_string_equal(outcome("try --config /", ""), "configuration file /: not a regular file");
    assert_string_equal(outcome("try --config /dev/null", ""), "configuration file /dev/null: not a regular file");
    assert_int_equal(mkfifo(file, 0600), 0);
    snprintf(expected, sizeof(expected), "configuration file %s: not a regular file", file);
    assert_string_equal(outcome("try --config @", ""), expected);
    unlink(file);
    memset(large, '\n', sizeof(large));
    write_file(large, sizeof(large));
    snprintf(expected, sizeof(expected), "configuration file %s: larger than 1 MiB", file);
    assert_string_equal(outcome("try --config @", ""), expected);
    write_file(large, sizeof(large) - 1);
    SHOWS("try --config @", "", "count = 7   # default");
    CONF("count = 1\n# \0\n");
    snprintf(expected, sizeof(expected), "%s:2: a NUL byte (0x00) stands in the line", file);
    assert_string_equal(outcome("try --config @", ""), expected);
}

static void a_file_that_may_not_be_read_is_refused(void **state)
{
    uid_t user = geteuid();
    char expected[256];

    (void)state;
    CONF("count = 1\n");
    assert_int_equal(chmod(file, 0), 0);
    snprintf(expected, sizeof(expected), "configuration file %s: Permission denied", file);
    if (user == 0) /* who may read everything */
        assert_int_equal(seteuid(65534), 0);
    assert_string_equal(outcome("try --config @", ""), expected);
    assert_int_equal(seteuid(user), 0);
}

/* The linker has calloc called here. */
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
    CONF("count = 1\n");
    memory_is_out = true;
    assert_int_equal(read_all_sources(&settings, "try --config @", "", &error), GBX_ERR_NO_MEMORY);
    assert_non_null(strstr(error.text, ": out of memory"));
    gbxi_settings_fini(&settings);
    assert_int_equal(read_all_sources(&settings, "try", "GLASSBOX_WORD=a,b", &error), GBX_ERR_NO_MEMORY);
    assert_string_equal(error.text, "out of memory");
    gbxi_settings_fini(&settings);
    memory_is_out = false;
    assert_int_equal(read_all_sources(&settings, "try --config @", "GLASSBOX_WORD=a,b", &error), GBX_ERR_OK);
    gbxi_settings_fini(&settings);
}

static void variables_of_others_are_left_alone_and_shown(void **state)
{
    const char *text = outcome("try", "GLASSBOX_STORE=x COUNT=3 GLASSBOX_COUNTS=4 GLASSBOX_HELP=on GLASSBOX=1");

    (void)state;
    assert_non_null(strstr(text, "\ncount = 7   # default\n"));
    assert_non_null(strstr(text, "\n# GLASSBOX_STORE is a variable of no option\n# GLASSBOX_COUNTS is a variable of no "
                                 "option\n# GLASSBOX_HELP is a variable of no option\n"));
    assert_null(strstr(text, "# COUNT"));
}

static void a_flag_is_turned_off_where_another_source_turned_it_on(void **state)
{
    (void)state;
    CONF("loud = on\n");
    SHOWS("try --config @ --loud=off --quiet", "", "loud = off   # from command line");
    SHOWS("try --config @ --quiet", "GLASSBOX_LOUD=off", "loud = off   # from environment GLASSBOX_LOUD");
}

static void what_is_printed_reads_as_the_same(void **state)
{
    char *printed, *again, *next;

    (void)state;
    CONF("word = \"#1\"\nname = \" x \"\ncount = 3\nleft = \"a #\"\n");
    printed = strdup(outcome("try --config @ --right=\\ --loud", "GLASSBOX_COUNT=5"));
    write_file(printed, strlen(printed));
    again = strdup(outcome("try --config @", ""));
    /* Line for line, up to what is said of the source. */
    for (char *line = printed, *other = again; line != NULL; line = next) {
        size_t length = (size_t)(strstr(line, "   # ") != NULL ? strstr(line, "   # ") - line : 0);

        if (line[0] != '#')
            assert_memory_equal(line, other, length);
        if ((next = strchr(line, '\n')) != NULL)
            next++;
        if ((other = strchr(other, '\n')) != NULL)
            other++;
        assert_int_equal(next == NULL, other == NULL);
    }
    assert_non_null(strstr(again, "\nname = \" x \"   # from "));
    assert_non_null(strstr(again, "\nword = \"#1\"   # from "));
    assert_non_null(strstr(again, "\nleft = \"a #\"   # from "));
    free(printed);
    free(again);
}

static void help_wins_over_all_but_errors_of_the_command_line(void **state)
{
    gbxi_settings settings;
    gbx_error error = {0};

    (void)state;
    assert_int_equal(read_all_sources(&settings, "try --left x -h", "GLASSBOX_COUNT=x", &error), GBX_ERR_OK);
    assert_true(settings.common.help);
    assert_string_equal(outcome("try --help --count x", ""), "--count takes a number from 1 to 99, not 'x'");
}

static void a_long_path_leaves_room_for_what_is_wrong(void **state)
{
    char line[400] = "try --config /", text[64];
    const char *result;

    (void)state;
    memset(line + strlen(line), 'd', 220);
    snprintf(text, sizeof(text), "dd: No such file or directory");
    result = outcome(line, "");
    assert_string_equal(result + strlen(result) - strlen(text), text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(without_sources_there_are_the_defaults),
        TEST(each_source_counts_more_than_those_below),
        TEST(within_a_source_the_later_value_counts),
        TEST(the_command_line_names_the_file_before_the_environment_does),
        TEST(a_list_adds_up_in_a_source_and_replaces_those_below),
        TEST(an_error_names_the_option_and_its_source),
        TEST(an_error_of_the_file_names_its_line),
        TEST(a_file_that_cannot_be_one_is_refused),
        TEST(a_file_that_may_not_be_read_is_refused),
        TEST(without_memory_it_says_so),
        TEST(variables_of_others_are_left_alone_and_shown),
        TEST(a_flag_is_turned_off_where_another_source_turned_it_on),
        TEST(what_is_printed_reads_as_the_same),
        TEST(help_wins_over_all_but_errors_of_the_command_line),
        TEST(a_long_path_leaves_room_for_what_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
