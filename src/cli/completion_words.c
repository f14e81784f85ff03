/* SPDX-License-Identifier: MIT */
/* What each word of a command line can be, from the rows. */
#include "cli/completion.h"
#include <string.h>

static const gbxi_completion_shell shells[] = {
    {"bash", gbxi_completion_bash_print},
    {"zsh", gbxi_completion_zsh_print},
};

const gbxi_completion_shell *gbxi_completion_shell_at(size_t index)
{
    return index < sizeof(shells) / sizeof(shells[0]) ? &shells[index] : NULL;
}

gbxi_completes gbxi_completes_value(const gbxi_cli_option *option)
{
    if (option->kind == GBXI_KIND_CHOICE || option->kind == GBXI_KIND_SWITCH || option->word_at != NULL)
        return GBXI_COMPLETES_CHOICES;
    if (option->kind == GBXI_KIND_FILE && strcmp(option->value, "DIR") == 0)
        return GBXI_COMPLETES_DIRECTORIES;
    if (option->kind == GBXI_KIND_FILE)
        return GBXI_COMPLETES_FILES;
    return option->value != NULL && strcmp(option->value, "RUN") == 0 ? GBXI_COMPLETES_RUNS : GBXI_COMPLETES_NOTHING;
}

/* The term at `index` of the manual's section that describes the operand; NULL after the last. */
static const char *operand_term(const gbxi_command *command, size_t index)
{
    for (size_t i = 0; command->operand != NULL && command->manual != NULL && command->manual[i].section != NULL; i++)
        if (strcmp(command->manual[i].section, command->operand) == 0 && command->manual[i].term != NULL &&
            index-- == 0)
            return command->manual[i].term;
    return NULL;
}

gbxi_completes gbxi_completes_operand(const gbxi_command *command)
{
    static const struct named {
        const char *operand;
        gbxi_completes completes;
    } named[] = {{"RUN", GBXI_COMPLETES_RUNS},
                 {"BEFORE", GBXI_COMPLETES_RUNS},
                 {"COMMAND", GBXI_COMPLETES_COMMANDS},
                 {"FILE", GBXI_COMPLETES_FILES},
                 {"DIR", GBXI_COMPLETES_DIRECTORIES}};

    for (size_t i = 0; command->operand != NULL && i < sizeof(named) / sizeof(named[0]); i++)
        if (strcmp(command->operand, named[i].operand) == 0)
            return named[i].completes;
    return operand_term(command, 0) != NULL ? GBXI_COMPLETES_CHOICES : GBXI_COMPLETES_NOTHING;
}

static void print_word(FILE *out, size_t index, const char *word)
{
    fprintf(out, "%s%s", index > 0 ? " " : "", word);
}

static void print_choices(FILE *out, const gbxi_cli_option *option)
{
    if (option->kind == GBXI_KIND_SWITCH)
        fputs("on off", out);
    for (size_t i = 0; option->kind == GBXI_KIND_CHOICE && option->choices[i] != NULL; i++)
        print_word(out, i, option->choices[i]);
    for (size_t i = 0; option->word_at != NULL && option->word_at(i) != NULL; i++)
        print_word(out, i, option->word_at(i));
}

void gbxi_completion_words_print(FILE *out, gbxi_completes completes, const gbxi_command *command,
                                 const gbxi_cli_option *option)
{
    const gbxi_command *each;
    const char *term;

    if (completes == GBXI_COMPLETES_CHOICES && option != NULL)
        print_choices(out, option);
    for (size_t i = 0;
         completes == GBXI_COMPLETES_CHOICES && option == NULL && (term = operand_term(command, i)) != NULL; i++)
        print_word(out, i, term);
    for (size_t i = 0; completes == GBXI_COMPLETES_COMMANDS && (each = gbxi_command_at(i)) != NULL; i++)
        print_word(out, i, each->name);
}
