/* SPDX-License-Identifier: MIT */
/* Finds the command that the first argument names, reads its options and runs it. */
#define _GNU_SOURCE
#include "cli/command.h"
#include "cli/manual.h"
#include "cli/settings_read.h"
#include "text/shown.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Room for every byte of an error as an escape. */
enum { COMPLAINT_SIZE = 4 * sizeof(((gbx_error *)0)->text) };

void gbxi_complain(const char *command, const char *text)
{
    char shown[COMPLAINT_SIZE];

    gbxi_shown(shown, sizeof(shown), text, strlen(text));
    fprintf(stderr, "glassbox %s: %s\n", command, shown);
}

int gbxi_command_status(const char *command, gbx_err err, const gbx_error *error)
{
    if (err == GBX_ERR_OK)
        return EXIT_SUCCESS;
    gbxi_complain(command, error->text);
    return err == GBX_ERR_ARGUMENT ? GBXI_EXIT_USAGE : GBXI_EXIT_FAILURE;
}

/* Incomplete output, such as a cut token, must not look like success. */
static int flush_output(const char *name)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_SUCCESS;
    fprintf(stderr, "glassbox %s: cannot write: %s\n", name, strerror(errno));
    return GBXI_EXIT_FAILURE;
}

static int run_settings(const gbxi_settings *settings)
{
    const gbxi_command *command = settings->command;
    int status = EXIT_SUCCESS;

    if (settings->common.help)
        gbxi_help_print(stdout, command);
    else if (settings->common.print_config)
        gbxi_settings_print(stdout, settings, environ);
    else if ((status = command->run(settings->values)) != EXIT_SUCCESS || !command->prints_result)
        return status;
    return flush_output(command->name);
}

static int run_command(const gbxi_command *command, int argc, char **argv)
{
    gbxi_settings settings;
    gbx_error error = {0};
    gbx_err err = gbxi_settings_read(&settings, command, argc, argv, environ, &error);
    int status;

    if (err == GBX_ERR_OK) {
        status = run_settings(&settings);
    } else {
        gbxi_complain(command->name, error.text);
        status = err == GBX_ERR_NO_MEMORY ? GBXI_EXIT_FAILURE : GBXI_EXIT_USAGE;
    }
    gbxi_settings_fini(&settings);
    return status;
}

/* Options that are synonyms of commands. */
static const struct synonym {
    const char *option, *command;
} synonyms[] = {{"--help", "help"}, {"-h", "help"}, {"--version", "version"}, {"-V", "version"}};

static const char *command_name_of(const char *argument)
{
    for (size_t i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); i++)
        if (strcmp(synonyms[i].option, argument) == 0)
            return synonyms[i].command;
    return argument;
}

int gbxi_cli_run(int argc, char **argv)
{
    static char help[] = "help";
    char *overview[] = {help, NULL};
    const gbxi_command *command;

    if (argc < 2)
        return run_command(&gbxi_command_help, 1, overview);
    if ((command = gbxi_command_find(command_name_of(argv[1]))) == NULL)
        return gbxi_command_refuse(argv[1]);
    return run_command(command, argc - 1, argv + 1);
}
