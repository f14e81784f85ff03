/* SPDX-License-Identifier: MIT */
/* What a subcommand is; each has a file of its own and a row in main.c. */
#ifndef GBX_CLI_COMMAND_H
#define GBX_CLI_COMMAND_H

/* Exit statuses beyond EXIT_SUCCESS. */
enum { GBXI_EXIT_FAILURE = 1, GBXI_EXIT_USAGE = 2 };

typedef struct gbxi_command {
    const char *name;
    const char *summary; /* one line of `glassbox help` */
    const char *usage;   /* the text of `glassbox NAME --help` */
    /* Gets the arguments from the subcommand's name on; returns the exit status. */
    int (*run)(int argc, char **argv);
} gbxi_command;

extern const gbxi_command gbxi_command_serve;
extern const gbxi_command gbxi_command_token;
extern const gbxi_command gbxi_command_version;

/* Runs what the command line asks for; returns the exit status. */
int gbxi_cli_run(int argc, char **argv);

#endif
