/* SPDX-License-Identifier: MIT */
/* glassbox completion: the script with which a shell completes command lines. */
#include "cli/completion.h"
#include "json/quote.h"
#include <stdlib.h>
#include <string.h>

typedef struct completion_options {
    const char *shell;
} completion_options;

static int completion_run(const void *values)
{
    const completion_options *options = values;
    const gbxi_completion_shell *shell;

    for (size_t i = 0; options->shell != NULL && (shell = gbxi_completion_shell_at(i)) != NULL; i++)
        if (strcmp(options->shell, shell->name) == 0) {
            shell->print(stdout);
            return EXIT_SUCCESS;
        }
    if (options->shell == NULL)
        fprintf(stderr, "glassbox completion: SHELL is missing: bash or zsh\n");
    else
        fprintf(stderr, "glassbox completion: there is none for '%s', only for bash and zsh\n",
                gbxi_quoted(gbxi_view_of(options->shell)).text);
    return GBXI_EXIT_USAGE;
}

static const gbxi_manual_entry completion_manual[] = {
    {"SHELL", "bash", "A script for bash 4 or later; it needs no other package."},
    {"SHELL", "zsh", "A script for zsh 5 with its completion system (compinit)."},
    {"INSTALLATION", NULL,
     "The scripts are installed with the program. For a program that is not installed, put one of the commands below "
     "into the file that your shell reads when it begins."},
    {"EXAMPLES", "eval \"$(glassbox completion bash)\"", "In ~/.bashrc."},
    {"EXAMPLES", "source <(glassbox completion zsh)", "In ~/.zshrc, after compinit."},
    {0},
};

const gbxi_command gbxi_command_completion = {
    .name = "completion",
    .summary = "Print the completion script for a shell",
    .synopsis = {"SHELL"},
    .description =
        "Prints the script with which SHELL, bash or zsh, completes commands, options, their values, and runs.",
    .manual = completion_manual,
    .operand = "SHELL",
    .operand_offset = offsetof(completion_options, shell),
    .values_bytes = sizeof(completion_options),
    .prints_result = true,
    .run = completion_run,
};
