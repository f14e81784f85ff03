/* SPDX-License-Identifier: MIT */
/* What a subcommand is: a file of its own, which defines gbxi_command_NAME, and a row in GBXI_COMMANDS. */
#ifndef GBX_CLI_COMMAND_H
#define GBX_CLI_COMMAND_H

#include "cli/option.h"

/* X(name): every subcommand, in the order of the overview. */
#define GBXI_COMMANDS(X)                                                                                               \
    X(serve)                                                                                                           \
    X(token)                                                                                                           \
    X(help)                                                                                                            \
    X(version)

/* Exit statuses beyond EXIT_SUCCESS. */
enum { GBXI_EXIT_FAILURE = 1, GBXI_EXIT_USAGE = 2 };

enum {
    GBXI_VALUES_BYTES = 4096, /* the most that a command's options may take */
    GBXI_SYNOPSES_MAX = 3
};

/* A line of the manual beside the options: under `section`, what `term` is; a paragraph when there is no term. */
typedef struct gbxi_manual_entry {
    const char *section, *term, *text;
} gbxi_manual_entry;

typedef struct gbxi_command {
    const char *name;
    const char *summary;                     /* one line of `glassbox help` */
    const char *synopsis[GBXI_SYNOPSES_MAX]; /* ways to use it, without the program's and the command's names */
    const char *description;                 /* a paragraph */
    const gbxi_cli_option *options;
    size_t option_count;
    size_t values_bytes;             /* of the struct that the options fill */
    const gbxi_manual_entry *manual; /* ends with an entry without a section; NULL: none */
    const char *operand;             /* what the help calls the one argument that is no option; NULL: there is none */
    size_t operand_offset;           /* of its const char * in the struct */
    bool configurable;               /* options are also taken from a configuration file and the environment */
    bool prints_result;              /* what it prints is what it is for: when that cannot be written, it has failed */
    /* Does the work with the struct that the options have filled; returns the exit status. */
    int (*run)(const void *values);
} gbxi_command;

/* The members that tell of a command's options: its rows, and the struct that they fill. */
#define GBXI_COMMAND_OPTIONS(rows, type)                                                                               \
    .options = (rows), .option_count = sizeof(rows) / sizeof((rows)[0]),                                               \
    .values_bytes = sizeof(type) + 0 * sizeof(char[sizeof(type) <= GBXI_VALUES_BYTES ? 1 : -1]) +                      \
                    0 * sizeof(char[sizeof(rows) / sizeof((rows)[0]) + 3 <= GBXI_OPTIONS_MAX ? 1 : -1])

#define GBXI_COMMAND_DECLARATION(name) extern const gbxi_command gbxi_command_##name;
GBXI_COMMANDS(GBXI_COMMAND_DECLARATION)
#undef GBXI_COMMAND_DECLARATION

/* The options that commands have without saying so. */
typedef struct gbxi_common_options {
    const char *config;
    bool print_config, help;
} gbxi_common_options;

/* The command of this name; NULL when there is none. */
const gbxi_command *gbxi_command_find(const char *name);

/* The command at `index` of the overview; NULL behind the last. */
const gbxi_command *gbxi_command_at(size_t index);

/* The option at `index` of the help, those that every command has at the end; NULL behind the last. */
const gbxi_cli_option *gbxi_command_option(const gbxi_command *command, size_t index);

/* Says on standard error that there is no such command; returns the exit status. */
int gbxi_command_refuse(const char *name);

/* Runs what the command line asks for; returns the exit status. */
int gbxi_cli_run(int argc, char **argv);

#endif
