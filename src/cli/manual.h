/* SPDX-License-Identifier: MIT */
/* What is written about commands and options, all of it made from their rows. Every function prints to `out`. */
#ifndef GBX_CLI_MANUAL_H
#define GBX_CLI_MANUAL_H

#include "cli/settings.h"
#include <stdio.h>

/* The overview of the program: its commands. */
void gbxi_overview_print(FILE *out);

/* The text of `glassbox NAME --help`. */
void gbxi_help_print(FILE *out, const gbxi_command *command);

/* The names of the command's options, one a line; of the commands when `command` is NULL. */
void gbxi_help_list_print(FILE *out, const gbxi_command *command);

/* A table in Markdown of the command's options; of the commands when `command` is NULL. */
void gbxi_markdown_print(FILE *out, const gbxi_command *command);

/* The manual page in roff (man(7)) of the command; of the program when `command` is NULL. */
void gbxi_man_print(FILE *out, const gbxi_command *command);

/* What is in force and where from, as a configuration file. Variables of `environment` that look like an option's but
 * are none are named in a comment. */
void gbxi_settings_print(FILE *out, const gbxi_settings *settings, char **environment);

/* The entry at `index` of what is said beside the options: the command's own, then what holds for all commands; false
 * behind the last. `command` may be NULL. Entries of one section follow each other. */
bool gbxi_manual_entry_at(const gbxi_command *command, size_t index, gbxi_manual_entry *entry);

#endif
