/* SPDX-License-Identifier: MIT */
/* The documentation of commands and options is complete for every command and correctly escaped for its format. */
#define _GNU_SOURCE
#include "cli/columns.h"
#include "cli/manual.h"
#include <glassbox/version.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef void printer(FILE *out, const gbxi_command *command);

/* What is printed of a command; the caller frees it. */
static char *printed(printer *print, const gbxi_command *command)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    print(out, command);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void check_every_option_is_in(printer *print, const char *before, const char *after)
{
    const gbxi_command *command;
    const gbxi_cli_option *option;

    for (size_t i = 0; (command = gbxi_command_at(i)) != NULL; i++) {
        char *text = printed(print, command), part[GBXI_NAME_SIZE * 2];

        for (size_t j = 0; (option = gbxi_command_option(command, j)) != NULL; j++) {
            snprintf(part, sizeof(part), "%s%s%s", before, option->name, after);
            if (strstr(text, part) == NULL)
                fail_msg("%s: %s is missing", command->name, part);
        }
        free(text);
    }
}

static void every_option_is_in_every_form(void **state)
{
    (void)state;
    check_every_option_is_in(gbxi_help_print, "\n  --", "");
    check_every_option_is_in(gbxi_markdown_print, "\n| `--", "`");
    check_every_option_is_in(gbxi_help_list_print, "", "\n");
}

static void help_has_what_the_row_says_and_fits_the_terminal(void **state)
{
    const gbxi_command *command;
    char *serve = printed(gbxi_help_print, &gbxi_command_serve);

    (void)state;
    assert_non_null(strstr(serve, "\n  --port PORT                 Port to listen on; 0 selects a free port. (0 to "
                                  "65535;\n                              default: 8000)\n"));
    assert_non_null(strstr(serve, "(1 to 256; default: one per CPU)"));
    assert_non_null(strstr(serve, "\nCONFIGURATION FILE\n"));
    assert_non_null(strstr(serve, "\nSIGNALS\n"));
    assert_non_null(strstr(serve, "\nEXIT STATUS\n  0                           The server was stopped"));
    free(serve);
    for (size_t i = 0; (command = gbxi_command_at(i)) != NULL; i++) {
        char *text = printed(gbxi_help_print, command), *next = text;

        for (char *line; (line = strsep(&next, "\n")) != NULL;)
            if (strlen(line) > GBXI_COLUMNS_WIDTH)
                fail_msg("%s: %s", command->name, line);
        free(text);
    }
}

static bool has_option(const gbxi_command *command, const char *name)
{
    const gbxi_cli_option *option;

    for (size_t i = 0; (option = gbxi_command_option(command, i)) != NULL; i++)
        if (strcmp(option->name, name) == 0)
            return true;
    return false;
}

static void every_row_says_what_the_forms_need(void **state)
{
    const gbxi_command *command;
    const gbxi_cli_option *option, *other;

    (void)state;
    for (size_t i = 0; (command = gbxi_command_at(i)) != NULL; i++)
        for (size_t j = 0; (option = gbxi_command_option(command, j)) != NULL; j++) {
            bool is_text = option->kind == GBXI_KIND_TEXT || option->kind == GBXI_KIND_FILE;

            assert_non_null(option->help);
            assert_int_equal(option->value != NULL, gbxi_cli_option_takes_value(option));
            assert_in_range(strlen(option->name), 2, 40);
            if (option->unset != NULL || option->required)
                assert_true(option->text == NULL && option->number == 0);
            else if (is_text)
                assert_non_null(option->text);
            else if (option->kind != GBXI_KIND_FLAG && option->kind != GBXI_KIND_SWITCH)
                assert_in_range(option->number, option->min, option->max);
            if (option->kind == GBXI_KIND_LIST)
                assert_in_range(option->max, 1, GBXI_LIST_MAX);
            assert_true(option->needs == NULL || has_option(command, option->needs));
            assert_true(option->excludes == NULL || has_option(command, option->excludes));
            assert_in_range(strlen(option->help), 1, 300);
            assert_true(option->unset == NULL || strlen(option->unset) < 60);
            for (size_t k = 0; k < j; k++) {
                other = gbxi_command_option(command, k);
                assert_string_not_equal(option->name, other->name);
            }
        }
}

static const gbxi_cli_option hostile_rows[] = {
    {"odd", GBXI_FLAG(gbxi_common_options, help), .help = ".SH | *bold* [link] 'quoted' \\fB back-slash <b> a_b"}};
static const gbxi_command hostile = {.name = "hostile",
                                     .summary = ".so /etc/passwd",
                                     .synopsis = {"'x"},
                                     .description = ".de is text",
                                     GBXI_COMMAND_OPTIONS(hostile_rows, gbxi_common_options)};

static void texts_are_text_in_every_form(void **state)
{
    char *man = printed(gbxi_man_print, &hostile), *markdown = printed(gbxi_markdown_print, &hostile);

    (void)state;
    assert_non_null(strstr(man, "\n\\&.SH | *bold* [link] \\(aqquoted\\(aq \\(rsfB back\\-slash <b> a_b\n"));
    assert_non_null(strstr(man, "\n\\&.de is text\n"));
    assert_non_null(strstr(man, "\n\\&\\(aqx\n"));
    assert_null(strstr(man, "\n.so"));
    assert_non_null(
        strstr(markdown, "| `--odd` | .SH \\| \\*bold\\* \\[link] 'quoted' \\\\fB back-slash \\<b> a\\_b |  |\n"));
    free(man);
    free(markdown);
}

static const gbxi_cli_option small_rows[] = {{"odd-one", GBXI_FLAG(gbxi_common_options, help), .help = "Is odd."}};
static const gbxi_manual_entry small_manual[] = {
    {"ONE", NULL, "First."}, {"ONE", NULL, "Second."}, {"ONE", "t-1", "Third."}, {"TWO", "t-2", "Fourth."}, {0},
};
static const gbxi_command small = {.name = "small",
                                   .summary = "Be small",
                                   .synopsis = {"", "--odd-one"},
                                   .description = "Is small.",
                                   .manual = small_manual,
                                   GBXI_COMMAND_OPTIONS(small_rows, gbxi_common_options)};

static void check_start(char *text, const char *expected)
{
    assert_true(strlen(text) >= strlen(expected));
    text[strlen(expected)] = '\0';
    assert_string_equal(text, expected);
    free(text);
}

static void a_command_is_shown_from_its_name_to_its_last_entry(void **state)
{
    (void)state;
    check_start(printed(gbxi_man_print, &small),
                ".TH GLASSBOX\\-SMALL 1 \"\" \"glassbox " GBX_VERSION "\" \"Glassbox\"\n"
                ".SH NAME\n"
                "glassbox\\-small \\- be small\n"
                ".SH SYNOPSIS\n"
                ".B glassbox small\n"
                ".br\n"
                ".B glassbox small\n"
                "\\fB\\-\\-odd\\-one\\fR\n"
                ".SH DESCRIPTION\n"
                "Is small.\n"
                ".SH OPTIONS\n"
                ".TP\n"
                "\\fB\\-\\-odd\\-one\\fR\n"
                "Is odd.\n"
                ".TP\n"
                "\\fB\\-\\-help\\fR\n"
                "Print this help and exit.\n"
                ".SH \"ONE\"\n"
                "First.\n"
                ".PP\n"
                "Second.\n"
                ".TP\n"
                ".B t\\-1\n"
                "Third.\n"
                ".SH \"TWO\"\n"
                ".TP\n"
                ".B t\\-2\n"
                "Fourth.\n"
                ".SH \"EXIT STATUS\"\n");
    check_start(printed(gbxi_help_print, &small), "usage: glassbox small\n"
                                                  "       glassbox small --odd-one\n"
                                                  "\n"
                                                  "Is small.\n"
                                                  "\n"
                                                  "OPTIONS\n"
                                                  "  --odd-one  Is odd.\n"
                                                  "  --help     Print this help and exit.\n"
                                                  "\n"
                                                  "ONE\n"
                                                  "  First.\n"
                                                  "  Second.\n"
                                                  "  t-1        Third.\n"
                                                  "\n"
                                                  "TWO\n"
                                                  "  t-2        Fourth.\n"
                                                  "\n"
                                                  "EXIT STATUS\n"
                                                  "  0          Success.\n");
    check_start(printed(gbxi_markdown_print, &small), "| option | what it does | values |\n"
                                                      "|---|---|---|\n"
                                                      "| `--odd-one` | Is odd. |  |\n"
                                                      "| `--help` | Print this help and exit. |  |\n");
}

/* Whether the words of an example that begin with -- are options of the command. */
static void check_example(const gbxi_command *command, const char *line)
{
    char copy[256], *rest = copy;

    snprintf(copy, sizeof(copy), "%s", line);
    for (char *word; (word = strsep(&rest, " |")) != NULL;)
        if (strncmp(word, "--", 2) == 0 && word[2] != '\0' && !has_option(command, word + 2))
            fail_msg("%s: %s", line, word);
}

static void every_command_has_examples_that_it_would_understand(void **state)
{
    const gbxi_command *command;
    gbxi_manual_entry entry;

    (void)state;
    for (size_t i = 0; (command = gbxi_command_at(i)) != NULL; i++) {
        size_t examples = 0, length = strlen("glassbox ") + strlen(command->name);
        char begin[GBXI_NAME_SIZE];

        snprintf(begin, sizeof(begin), "glassbox %s", command->name);
        for (size_t j = 0; gbxi_manual_entry_at(command, j, &entry); j++) {
            if (strcmp(entry.section, "EXAMPLES") != 0)
                continue;
            examples++;
            assert_non_null(entry.term);
            if (strstr(entry.term, begin) == NULL || strlen(entry.term) < length)
                fail_msg("%s: %s", command->name, entry.term);
            check_example(command, strstr(entry.term, begin));
        }
        if (examples == 0)
            fail_msg("%s has no examples", command->name);
    }
}

static void the_last_sections_have_the_usual_order(void **state)
{
    static const char *const order[] = {"EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"};
    const gbxi_command *command = NULL;
    size_t i = 0;

    (void)state;
    do { /* the program as a whole first */
        gbxi_manual_entry entry;
        size_t place = 0;

        for (size_t j = 0; gbxi_manual_entry_at(command, j, &entry); j++) {
            for (size_t k = 0; k < 4; k++)
                if (strcmp(entry.section, order[k]) == 0) {
                    assert_true(k + 1 >= place);
                    place = k + 1;
                }
            if (place > 0)
                assert_string_equal(entry.section, order[place - 1]);
        }
        assert_int_equal(place, 4);
    } while ((command = gbxi_command_at(i++)) != NULL);
}

static void an_option_is_shown_with_its_value_variable_and_facts(void **state)
{
    char *man = printed(gbxi_man_print, &gbxi_command_serve),
         *markdown = printed(gbxi_markdown_print, &gbxi_command_serve);

    (void)state;
    assert_non_null(strstr(man, "\n.TP\n\\fB\\-\\-max\\-captures\\fR \\fIN\\fR\nMaximum number"));
    assert_non_null(strstr(man, "\n.SH \"SEE ALSO\"\n.BR glassbox (1),\n.BR glassbox\\-trace (1),\n"));
    check_start(markdown,
                "| option | variable | what it does | values |\n"
                "|---|---|---|---|\n"
                "| `--host` HOST | `GLASSBOX_HOST` | Host name or address to listen on. | default: 127.0.0.1 |\n");
    free(man);
}

static void the_program_is_shown_with_its_commands(void **state)
{
    char *man = printed(gbxi_man_print, NULL);

    (void)state;
    assert_non_null(strstr(man, "\nglassbox \\- turn one HTTP request into a glass box\n.SH SYNOPSIS\n.B glassbox\n"));
    assert_non_null(strstr(man, "\n.SH COMMANDS\n.TP\n.B serve\nServe the graph service\n.TP\n.B trace\nSend"));
    assert_non_null(strstr(man, "\n.SH \"SEE ALSO\"\n.BR glassbox\\-serve (1),\n.BR glassbox\\-trace (1),\n"));
    assert_ptr_equal(strstr(man, "\\-version (1)\n"), man + strlen(man) - 14);
    free(man);
    check_start(printed(gbxi_markdown_print, NULL), "| command | what it does |\n"
                                                    "|---|---|\n"
                                                    "| `glassbox serve` | Serve the graph service |\n");
    check_start(printed(gbxi_help_list_print, NULL), "serve\ntrace\n");
}

static void the_manual_page_has_the_range_and_default_of_an_option(void **state)
{
    char *man = printed(gbxi_man_print, &gbxi_command_serve);

    (void)state;
    assert_non_null(strstr(man, "\nPort to listen on; 0 selects a free port. (0 to 65535; default: 8000)\n.TP\n"));
    free(man);
}

static void text_is_broken_at_blanks(void **state)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    char word[GBXI_COLUMNS_WIDTH + 11];

    (void)state;
    memset(word, 'x', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    gbxi_columns_row(out, "term", "a b", 8);
    gbxi_columns_row(out, "longer", "a b", 8);
    gbxi_columns_wrap(out, word, 0, 4);
    gbxi_columns_wrap(out, "", 0, 0);
    word[GBXI_COLUMNS_WIDTH - 2] = ' ';
    word[GBXI_COLUMNS_WIDTH] = '\0';
    gbxi_columns_wrap(out, word, 0, 4);
    gbxi_columns_wrap(out, word, 1, 4);
    fclose(out);
    assert_memory_equal(text, "  term  a b\n  longer\n        a b\nxxxx", 34);
    assert_non_null(strstr(text, "xx\n\nxxx"));   /* one that is too long stays whole; an empty one is a line */
    assert_non_null(strstr(text, "xx x\nxx"));    /* as wide as can be */
    assert_non_null(strstr(text, "xx\n    x\n")); /* one more */
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_is_in_every_form),
        cmocka_unit_test(help_has_what_the_row_says_and_fits_the_terminal),
        cmocka_unit_test(every_row_says_what_the_forms_need),
        cmocka_unit_test(texts_are_text_in_every_form),
        cmocka_unit_test(a_command_is_shown_from_its_name_to_its_last_entry),
        cmocka_unit_test(every_command_has_examples_that_it_would_understand),
        cmocka_unit_test(the_last_sections_have_the_usual_order),
        cmocka_unit_test(an_option_is_shown_with_its_value_variable_and_facts),
        cmocka_unit_test(the_program_is_shown_with_its_commands),
        cmocka_unit_test(the_manual_page_has_the_range_and_default_of_an_option),
        cmocka_unit_test(text_is_broken_at_blanks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
