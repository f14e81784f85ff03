/* SPDX-License-Identifier: MIT */
/* What a subcommand is; each has a file of its own and a row in main.c. */
#ifndef GBX_CLI_COMMAND_H
#define GBX_CLI_COMMAND_H

/* Exit statuses beyond EXIT_SUCCESS. */
enum { GBX_EXIT_FAILURE = 1, GBX_EXIT_USAGE = 2 };

typedef struct gbx__command {
    const char *name;
    const char *summary; /* one line of `glassbox help` */
    const char *usage;   /* the text of `glassbox NAME --help` */
    /* Gets the arguments from the subcommand's name on; returns the exit status. */
    int (*run)(int argc, char **argv);
} gbx__command;

extern const gbx__command gbx__command_serve;
extern const gbx__command gbx__command_token;
extern const gbx__command gbx__command_version;

/* Runs what the command line asks for; returns the exit status. */
int gbx__cli_run(int argc, char **argv);

#endif
