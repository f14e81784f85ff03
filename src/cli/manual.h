/* SPDX-License-Identifier: MIT */
/* Texts about commands and options, generated from their rows. All functions print to `out`. */
#ifndef GBX_CLI_MANUAL_H
#define GBX_CLI_MANUAL_H

#include "cli/settings.h"
#include <stdio.h>

/* Prints the overview of the program: its commands. */
void gbxi_overview_print(FILE *out);

/* Prints the text of `glassbox NAME --help`. */
void gbxi_help_print(FILE *out, const gbxi_command *command);

/* Prints the names of the command's options, or of all commands if `command` is NULL, one per line. */
void gbxi_help_list_print(FILE *out, const gbxi_command *command);

/* Prints a Markdown table of the command's options, or of all commands if `command` is NULL. */
void gbxi_markdown_print(FILE *out, const gbxi_command *command);

/* Prints the manual page in roff (man(7)) of the command, or of the program if `command` is NULL. */
void gbxi_man_print(FILE *out, const gbxi_command *command);

/* Prints the options in force and their sources as a configuration file. A comment lists variables in `environment`
 * that look like an option's variable but belong to none. */
void gbxi_settings_print(FILE *out, const gbxi_settings *settings, char **environment);

/* Sets `entry` to the manual entry at `index`: the sections of the command's own, then EXIT STATUS, ENVIRONMENT, FILES
 * and EXAMPLES, each with the common entries first. Returns false after the last. `command` may be NULL. The entries of
 * a section are adjacent. */
bool gbxi_manual_entry_at(const gbxi_command *command, size_t index, gbxi_manual_entry *entry);

#endif
