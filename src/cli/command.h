/* SPDX-License-Identifier: MIT */
/* Subcommands. Each is its own file, which defines gbxi_command_NAME, and a row in GBXI_COMMANDS. */
#ifndef GBX_CLI_COMMAND_H
#define GBX_CLI_COMMAND_H

#include "cli/option.h"
#include <glassbox/error.h>

/* X(name): all subcommands in the order of the overview. */
#define GBXI_COMMANDS(X)                                                                                               \
    X(serve)                                                                                                           \
    X(trace)                                                                                                           \
    X(list)                                                                                                            \
    X(show)                                                                                                            \
    X(export)                                                                                                          \
    X(open)                                                                                                            \
    X(report)                                                                                                          \
    X(findings)                                                                                                        \
    X(compare)                                                                                                         \
    X(prune)                                                                                                           \
    X(mcp)                                                                                                             \
    X(token)                                                                                                           \
    X(completion)                                                                                                      \
    X(help)                                                                                                            \
    X(version)

/* Exit statuses beyond EXIT_SUCCESS. */
enum {
    GBXI_EXIT_FAILURE = 1,
    GBXI_EXIT_USAGE = 2,
    GBXI_EXIT_FOUND = 3 /* what the command was asked to fail on is there */
};

enum {
    GBXI_VALUES_BYTES = 4096, /* maximum size of the struct that a command's options fill */
    GBXI_SYNOPSES_MAX = 3
};

/* An entry of the manual apart from the options: the description of `term` under `section`, or a paragraph if there is
 * no term. */
typedef struct gbxi_manual_entry {
    const char *section, *term, *text;
} gbxi_manual_entry;

typedef struct gbxi_command {
    const char *name;
    const char *summary;                     /* a line of `glassbox help` */
    const char *synopsis[GBXI_SYNOPSES_MAX]; /* usage lines, without the names of program and command */
    const char *description;                 /* a paragraph */
    const gbxi_cli_option *options;
    size_t option_count;
    size_t values_bytes;             /* size of the struct that the options fill */
    const gbxi_manual_entry *manual; /* ends with an entry without a section; NULL means no entries */
    const char *operand;        /* the name in the help of the single argument that is not an option; NULL means none */
    size_t operand_offset;      /* offset of the operand's const char * in the struct */
    const char *second_operand; /* the same for the argument after it; NULL means none */
    size_t second_operand_offset;
    const char *rest; /* the name in messages of the arguments after "--", which form one list; NULL means that they are
                         operands */
    size_t rest_offset; /* offset of that list's char *const * in the struct: NULL-terminated; NULL without "--" */
    bool configurable;  /* options may also come from a configuration file and the environment */
    bool prints_result; /* the command's purpose is its output; failing to write it is a failure */
    /* Runs the command with the struct that the options have filled. Returns the exit status. */
    int (*run)(const void *values);
} gbxi_command;

/* The members that describe a command's options: their rows and the struct that they fill. */
#define GBXI_COMMAND_OPTIONS(rows, type)                                                                               \
    .options = (rows), .option_count = sizeof(rows) / sizeof((rows)[0]),                                               \
    .values_bytes = sizeof(type) + 0 * sizeof(char[sizeof(type) <= GBXI_VALUES_BYTES ? 1 : -1]) +                      \
                    0 * sizeof(char[sizeof(rows) / sizeof((rows)[0]) + 3 <= GBXI_OPTIONS_MAX ? 1 : -1])

#define GBXI_COMMAND_DECLARATION(name) extern const gbxi_command gbxi_command_##name;
GBXI_COMMANDS(GBXI_COMMAND_DECLARATION)
#undef GBXI_COMMAND_DECLARATION

/* The options that all commands have. */
typedef struct gbxi_common_options {
    const char *config;
    bool print_config, help;
} gbxi_common_options;

/* Whether the environment sets the option of this command. */
bool gbxi_cli_option_has_variable(const gbxi_command *command, const gbxi_cli_option *option);

/* The command with this name; NULL if there is none. */
const gbxi_command *gbxi_command_find(const char *name);

/* The command at `index` of the overview; NULL after the last. */
const gbxi_command *gbxi_command_at(size_t index);

/* The option at `index` of the help, with the common options at the end; NULL after the last. */
const gbxi_cli_option *gbxi_command_option(const gbxi_command *command, size_t index);

/* Reports an unknown command on standard error. Returns the exit status. */
int gbxi_command_refuse(const char *name);

/* Prints a message of a command on one line of standard error, even if it contains line breaks. */
void gbxi_complain(const char *command, const char *text);

/* The exit status for the outcome of a command. Prints the message of an error. */
int gbxi_command_status(const char *command, gbx_err err, const gbx_error *error);

/* Runs the program with its command line. Returns the exit status. */
int gbxi_cli_run(int argc, char **argv);

#endif
