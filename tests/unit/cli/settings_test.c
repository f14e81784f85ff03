/* SPDX-License-Identifier: MIT */
/* Precedence of the sources of options, and the resulting settings. */
#define _GNU_SOURCE
#include "try.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void without_sources_there_are_the_defaults(void **state)
{
    (void)state;
    assert_string_equal(try_outcome("try", ""),
                        "# The options in force of glassbox try, as a configuration file for --config.\n"
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
    TRY_FILE("# first\ncount = 2\n");
    snprintf(from_file, sizeof(from_file), "count = 2   # from %s:2", try_file);
    try_shows("try --config @", "", from_file);
    try_shows("try", "GLASSBOX_CONFIG=@", from_file);
    try_shows("try --config @", "GLASSBOX_COUNT=3", "count = 3   # from environment GLASSBOX_COUNT");
    try_shows("try --config @ --count 4", "GLASSBOX_COUNT=3", "count = 4   # from command line");
    try_shows("try --config @ --count 7", "GLASSBOX_COUNT=3", "count = 7   # from command line");
    try_shows("try --count 4", "", "count = 4   # from command line");
}

static void within_a_source_the_later_value_counts(void **state)
{
    char from_file[128];

    (void)state;
    TRY_FILE("count = 2\ncount = 5\n");
    snprintf(from_file, sizeof(from_file), "count = 5   # from %s:2", try_file);
    try_shows("try --config @", "", from_file);
    try_shows("try --count 2 --count=6", "", "count = 6   # from command line");
    try_shows("try --loud --loud=off", "", "loud = off   # from command line");
    try_shows("try --config /nonexistent --config @", "", from_file);
}

static void the_command_line_names_the_file_before_the_environment_does(void **state)
{
    (void)state;
    TRY_FILE("count = 2\n");
    assert_non_null(strstr(try_outcome("try --config @", "GLASSBOX_CONFIG=/nonexistent"), "count = 2 "));
    assert_string_equal(try_outcome("try --config /nonexistent", "GLASSBOX_CONFIG=@"),
                        "configuration file /nonexistent: No such file or directory");
}

static void a_list_adds_up_in_a_source_and_replaces_those_below(void **state)
{
    char lines[256];

    (void)state;
    TRY_FILE("word = a\nword = \"b # c\"\n");
    snprintf(lines, sizeof(lines), "word = a   # from %s:1\nword = \"b # c\"   # from %s:2\n# left", try_file,
             try_file);
    assert_non_null(strstr(try_outcome("try --config @", ""), lines));
    assert_non_null(strstr(try_outcome("try --config @", "GLASSBOX_WORD=d,e"),
                           "off   # default\nword = d   # from environment GLASSBOX_WORD\n"
                           "word = e   # from environment GLASSBOX_WORD\n# left"));
    assert_non_null(strstr(try_outcome("try --config @ --word f", "GLASSBOX_WORD=d,e"),
                           "off   # default\nword = f   # from command line\n# left"));
    assert_non_null(strstr(try_outcome("try --word f --word g", ""), "off   # default\nword = f   # from command line\n"
                                                                     "word = g   # from command line\n# left"));
}

static void blanks_around_the_items_of_a_variable_are_left_out(void **state)
{
    (void)state;
    assert_non_null(strstr(try_outcome("try", "GLASSBOX_WORD=\td\t,e\t\t,\t\tf"),
                           "off   # default\nword = d   # from environment GLASSBOX_WORD\n"
                           "word = e   # from environment GLASSBOX_WORD\n"
                           "word = f   # from environment GLASSBOX_WORD\n# left"));
}

static void variables_of_others_are_left_alone_and_shown(void **state)
{
    const char *text = try_outcome("try", "GLASSBOX_STORE=x COUNT=3 GLASSBOX_COUNTS=4 GLASSBOX_HELP=on GLASSBOX=1");

    (void)state;
    assert_non_null(strstr(text, "\ncount = 7   # default\n"));
    assert_non_null(strstr(
        text, "\n# GLASSBOX_STORE does not belong to any option\n# GLASSBOX_COUNTS does not belong to any option\n"
              "# GLASSBOX_HELP does not belong to any option\n"));
    assert_null(strstr(text, "# COUNT"));
}

static void what_only_the_command_line_may_ask_for_is_not_done_for_a_variable(void **state)
{
    gbxi_settings settings;
    gbx_error error = {0};

    (void)state;
    assert_int_equal(try_read(&settings, "try", "GLASSBOX_HELP=on GLASSBOX_PRINT_CONFIG=on", &error), GBX_ERR_OK);
    assert_false(settings.common.help);
    assert_false(settings.common.print_config);
    gbxi_settings_fini(&settings);
    assert_int_equal(try_read(&settings, "try --print-config", "", &error), GBX_ERR_OK);
    assert_true(settings.common.print_config);
    gbxi_settings_fini(&settings);
}

static void a_flag_is_turned_off_where_another_source_turned_it_on(void **state)
{
    (void)state;
    TRY_FILE("loud = on\n");
    try_shows("try --config @ --loud=off --quiet", "", "loud = off   # from command line");
    try_shows("try --config @ --quiet", "GLASSBOX_LOUD=off", "loud = off   # from environment GLASSBOX_LOUD");
}

static void what_is_printed_reads_as_the_same(void **state)
{
    char *printed, *again, *next;

    (void)state;
    TRY_FILE("word = \"#1\"\nname = \" x \"\ncount = 3\nleft = \"a #\"\n");
    printed = strdup(try_outcome("try --config @ --right=\\ --loud", "GLASSBOX_COUNT=5"));
    try_write_file(printed, strlen(printed));
    again = strdup(try_outcome("try --config @", ""));
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
    assert_int_equal(try_read(&settings, "try --left x -h", "GLASSBOX_COUNT=x", &error), GBX_ERR_OK);
    assert_true(settings.common.help);
    assert_string_equal(try_outcome("try --help --count x", ""), "--count takes a number from 1 to 99, not 'x'");
}

struct plain {
    const char *place, *other;
};

static void a_plain_command_takes_the_variables_that_its_rows_allow(void **state)
{
    static const gbxi_cli_option plain_rows[] = {
        {"place", GBXI_FILE(struct plain, place), .max = 20, .value = "DIR", .text = "here", .variable = true,
         .help = "A."},
        {"other", GBXI_FILE(struct plain, other), .max = 20, .value = "DIR", .text = "there", .help = "B."},
    };
    static const gbxi_command plain = {.name = "plain", GBXI_COMMAND_OPTIONS(plain_rows, struct plain)};
    char name[] = "plain", place[] = "GLASSBOX_PLACE=x", other[] = "GLASSBOX_OTHER=y", option[] = "--place=z";
    char *environment[] = {place, other, NULL}, *bare[] = {name, NULL}, *told[] = {name, option, NULL};
    gbxi_settings settings;

    (void)state;
    assert_int_equal(gbxi_settings_read(&settings, &plain, 1, bare, environment, NULL), GBX_ERR_OK);
    assert_string_equal(((const struct plain *)(const void *)settings.values)->place, "x");
    assert_string_equal(((const struct plain *)(const void *)settings.values)->other, "there");
    assert_int_equal(gbxi_settings_read(&settings, &plain, 2, told, environment, NULL), GBX_ERR_OK);
    assert_string_equal(((const struct plain *)(const void *)settings.values)->place, "z");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, try_set_up, try_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(without_sources_there_are_the_defaults),
        TEST(each_source_counts_more_than_those_below),
        TEST(within_a_source_the_later_value_counts),
        TEST(the_command_line_names_the_file_before_the_environment_does),
        TEST(a_list_adds_up_in_a_source_and_replaces_those_below),
        TEST(blanks_around_the_items_of_a_variable_are_left_out),
        TEST(variables_of_others_are_left_alone_and_shown),
        TEST(what_only_the_command_line_may_ask_for_is_not_done_for_a_variable),
        TEST(a_flag_is_turned_off_where_another_source_turned_it_on),
        TEST(what_is_printed_reads_as_the_same),
        TEST(a_plain_command_takes_the_variables_that_its_rows_allow),
        TEST(help_wins_over_all_but_errors_of_the_command_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
