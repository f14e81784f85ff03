/* SPDX-License-Identifier: MIT */
/* Prints commands and options as tables for the documentation. */
#include "cli/manual.h"
#include "cli/option_facts.h"
#include <stdio.h>

/* Escapes a bar, which would end the cell, and stars and brackets, which may start markup. */
static void option_cell(FILE *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '|' || *at == '*' || *at == '[' || *at == '<' || *at == '_' || *at == '\\')
            fputc('\\', out);
        fputc(*at, out);
    }
}

static void markdown_variable(FILE *out, const gbxi_command *command, const gbxi_cli_option *option)
{
    char variable[GBXI_NAME_SIZE];

    gbxi_cli_option_variable(option, variable);
    if (gbxi_cli_option_has_variable(command, option))
        fprintf(out, "`%s`", variable);
}

static void markdown_option(FILE *out, const gbxi_command *command, const gbxi_cli_option *option)
{
    char facts[GBXI_FACTS_SIZE];

    gbxi_cli_option_facts(option, facts);
    fprintf(out, "| `--%s`", option->name);
    if (option->value != NULL) {
        fputc(' ', out);
        option_cell(out, option->value);
    }
    fputs(" | ", out);
    if (command->configurable) {
        markdown_variable(out, command, option);
        fputs(" | ", out);
    }
    option_cell(out, option->help);
    fputs(" | ", out);
    option_cell(out, facts);
    fputs(" |\n", out);
}

static void markdown_commands(FILE *out)
{
    const gbxi_command *command;

    fputs("| command | what it does |\n|---|---|\n", out);
    for (size_t i = 0; (command = gbxi_command_at(i)) != NULL; i++)
        fprintf(out, "| `glassbox %s` | %s |\n", command->name, command->summary);
}

void gbxi_markdown_print(FILE *out, const gbxi_command *command)
{
    const gbxi_cli_option *option;

    if (command == NULL) {
        markdown_commands(out);
        return;
    }
    fputs(command->configurable ? "| option | variable | what it does | values |\n|---|---|---|---|\n"
                                : "| option | what it does | values |\n|---|---|---|\n",
          out);
    for (size_t i = 0; (option = gbxi_command_option(command, i)) != NULL; i++)
        markdown_option(out, command, option);
}
