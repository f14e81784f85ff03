/* SPDX-License-Identifier: MIT */
/* Prints commands and options for the terminal: the overview, --help, and lists of names. */
#include "cli/columns.h"
#include "cli/manual.h"
#include "cli/option_facts.h"
#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE = 512, TERM_SIZE = 96, INDENT_MAX = 30 };

static void help_term(const gbxi_cli_option *option, char *term)
{
    snprintf(term, TERM_SIZE, "--%s%s%s", option->name, option->value != NULL ? " " : "",
             option->value != NULL ? option->value : "");
}

/* Indents by the longest term, up to a limit that leaves room for the text. */
static size_t help_indent(const gbxi_command *command)
{
    const gbxi_cli_option *option;
    char term[TERM_SIZE];
    size_t longest = 0;

    for (size_t i = 0; (option = gbxi_command_option(command, i)) != NULL; i++) {
        help_term(option, term);
        if (strlen(term) > longest)
            longest = strlen(term);
    }
    return longest + 4 < INDENT_MAX ? longest + 4 : INDENT_MAX;
}

static void help_option(FILE *out, const gbxi_cli_option *option, size_t indent)
{
    char term[TERM_SIZE], facts[GBXI_FACTS_SIZE], text[TEXT_SIZE];

    help_term(option, term);
    gbxi_cli_option_facts(option, facts);
    if (facts[0] != '\0')
        snprintf(text, sizeof(text), "%s (%s)", option->help, facts);
    else
        snprintf(text, sizeof(text), "%s", option->help);
    gbxi_columns_row(out, term, text, indent);
}

static void help_sections(FILE *out, const gbxi_command *command, size_t indent)
{
    const char *section = "";
    gbxi_manual_entry entry;

    for (size_t i = 0; gbxi_manual_entry_at(command, i, &entry); i++) {
        if (strcmp(section, entry.section) != 0)
            fprintf(out, "\n%s\n", entry.section);
        section = entry.section;
        if (entry.term != NULL) {
            gbxi_columns_row(out, entry.term, entry.text, indent);
        } else {
            fputs("  ", out);
            gbxi_columns_wrap(out, entry.text, 2, 2);
        }
    }
}

void gbxi_help_print(FILE *out, const gbxi_command *command)
{
    const gbxi_cli_option *option;
    size_t indent = help_indent(command);

    for (size_t i = 0; i < GBXI_SYNOPSES_MAX && command->synopsis[i] != NULL; i++)
        fprintf(out, "%s glassbox %s%s%s\n", i == 0 ? "usage:" : "      ", command->name,
                command->synopsis[i][0] != '\0' ? " " : "", command->synopsis[i]);
    fputc('\n', out);
    gbxi_columns_wrap(out, command->description, 0, 0);
    fprintf(out, "\nOPTIONS\n");
    for (size_t i = 0; (option = gbxi_command_option(command, i)) != NULL; i++)
        help_option(out, option, indent);
    help_sections(out, command, indent);
}

void gbxi_overview_print(FILE *out)
{
    const gbxi_command *command;

    fprintf(out, "glassbox turns one HTTP request into a glass box: its output and its trace in one response.\n\n"
                 "usage: glassbox COMMAND [OPTION...]\n\n");
    for (size_t i = 0; (command = gbxi_command_at(i)) != NULL; i++)
        fprintf(out, "  %-10s %s\n", command->name, command->summary);
    fprintf(out, "\nRun glassbox COMMAND --help for details.\n");
}

void gbxi_help_list_print(FILE *out, const gbxi_command *command)
{
    const gbxi_command *each;
    const gbxi_cli_option *option;

    for (size_t i = 0; command == NULL && (each = gbxi_command_at(i)) != NULL; i++)
        fprintf(out, "%s\n", each->name);
    for (size_t i = 0; command != NULL && (option = gbxi_command_option(command, i)) != NULL; i++)
        fprintf(out, "%s\n", option->name);
}
