/* SPDX-License-Identifier: MIT */
/* Scripts with which shells complete command lines of the program, generated from the rows of commands and options. */
#ifndef GBX_CLI_COMPLETION_H
#define GBX_CLI_COMPLETION_H

#include "cli/command.h"
#include <stdio.h>

/* What a word of the command line can be. */
typedef enum gbxi_completes {
    GBXI_COMPLETES_NOTHING, /* any text */
    GBXI_COMPLETES_CHOICES, /* one of a row's choices, on or off, or a term of the manual's section of that name */
    GBXI_COMPLETES_FILES,
    GBXI_COMPLETES_DIRECTORIES,
    GBXI_COMPLETES_RUNS, /* of the store that the command line names */
    GBXI_COMPLETES_COMMANDS
} gbxi_completes;

/* The shells that there are scripts for. */
typedef struct gbxi_completion_shell {
    const char *name;
    void (*print)(FILE *out);
} gbxi_completion_shell;

/* The shell at `index`; NULL after the last. */
const gbxi_completion_shell *gbxi_completion_shell_at(size_t index);

/* What the value of an option is, and the operand of a command. */
gbxi_completes gbxi_completes_value(const gbxi_cli_option *option);
gbxi_completes gbxi_completes_operand(const gbxi_command *command);

/* Prints the words of a value, or of the operand of `command` if `option` is NULL, with spaces between them; nothing if
 * they are none of a known list. */
void gbxi_completion_words_print(FILE *out, gbxi_completes completes, const gbxi_command *command,
                                 const gbxi_cli_option *option);

/* Print the script for a shell. */
void gbxi_completion_bash_print(FILE *out);
void gbxi_completion_zsh_print(FILE *out);

#endif
