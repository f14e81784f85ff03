/* SPDX-License-Identifier: MIT */
/* The completion script for zsh: a function for each command, in the specifications of _arguments. Source:
 * zshcompsys(1). */
#include "cli/completion.h"
#include <string.h>

static const char zsh_begin[] = "#compdef glassbox\n"
                                "# Completes command lines of glassbox in zsh. Printed by 'glassbox completion zsh'.\n"
                                "\n"
                                "_glassbox_runs()\n"
                                "{\n"
                                "    local store=${GLASSBOX_STORE:-.glassbox} at\n"
                                "    local -a runs\n"
                                "    for ((at = 2; at < CURRENT; at++)); do\n"
                                "        case $words[at] in\n"
                                "        --store) store=${(Q)words[at + 1]} ;;\n"
                                "        --store=*) store=${(Q)words[at]#--store=} ;;\n"
                                "        esac\n"
                                "    done\n"
                                "    store=${store/#\\~\\//$HOME/}\n"
                                "    [[ -d $store ]] && runs=(${${(f)\"$($_glassbox_program list --store $store "
                                "--limit 50 2>/dev/null </dev/null)\"}%% *})\n"
                                "    runs=(latest ${(M)runs:#[0-9](#c8)-[0-9](#c6)-*})\n"
                                "    _wanted runs expl RUN compadd -V runs -a runs\n"
                                "}\n"
                                "\n";

/* Escapes a quote for the shell, and what would end the explanation of a specification. */
static void zsh_text(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'')
            fputs("'\\''", out);
        else if (text[i] == '[' || text[i] == ']' || text[i] == '\\' || text[i] == ':')
            fprintf(out, "\\%c", text[i]);
        else
            fputc(text[i], out);
    }
}

/* The first sentence of a help text, without its full stop. */
static size_t first_sentence(const char *text)
{
    const char *end = strstr(text, ". ");
    size_t length = strlen(text);

    if (end != NULL)
        return (size_t)(end - text);
    return length > 0 && text[length - 1] == '.' ? length - 1 : length;
}

static void zsh_action(FILE *out, gbxi_completes completes, const gbxi_command *command, const gbxi_cli_option *option)
{
    switch (completes) {
    case GBXI_COMPLETES_NOTHING:
        fputs(" ", out);
        break;
    case GBXI_COMPLETES_FILES:
        fputs("_files", out);
        break;
    case GBXI_COMPLETES_DIRECTORIES:
        fputs("_files -/", out);
        break;
    case GBXI_COMPLETES_RUNS:
        fputs("_glassbox_runs", out);
        break;
    case GBXI_COMPLETES_CHOICES:
    case GBXI_COMPLETES_COMMANDS:
        fputs("(", out);
        gbxi_completion_words_print(out, completes, command, option);
        fputs(")", out);
        break;
    }
}

static void zsh_option(FILE *out, const gbxi_command *command, const gbxi_cli_option *option)
{
    bool has_value = gbxi_cli_option_takes_value(option);

    fprintf(out, " \\\n        '%s--%s%s[", option->kind == GBXI_KIND_LIST ? "*" : "", option->name,
            has_value ? "=" : "");
    zsh_text(out, option->help, first_sentence(option->help));
    fputc(']', out);
    if (has_value) {
        fputc(':', out);
        zsh_text(out, option->value, strlen(option->value));
        fputc(':', out);
        zsh_action(out, gbxi_completes_value(option), command, option);
    }
    fputc('\'', out);
}

static void zsh_command(FILE *out, const gbxi_command *command)
{
    const gbxi_cli_option *option;

    fprintf(out, "_glassbox_%s()\n{\n    _arguments", command->name);
    for (size_t i = 0; (option = gbxi_command_option(command, i)) != NULL; i++)
        zsh_option(out, command, option);
    if (command->operand != NULL) {
        fputs(" \\\n        '*:", out);
        zsh_text(out, command->operand, strlen(command->operand));
        fputc(':', out);
        zsh_action(out, gbxi_completes_operand(command), command, NULL);
        fputc('\'', out);
    }
    fputs("\n}\n\n", out);
}

static void zsh_commands(FILE *out)
{
    const gbxi_command *command;

    fputs("_glassbox()\n{\n    local _glassbox_program=$words[1]\n    local -a commands\n    setopt local_options "
          "extended_glob\n    commands=(",
          out);
    for (size_t i = 0; (command = gbxi_command_at(i)) != NULL; i++) {
        fprintf(out, "\n        '%s:", command->name);
        zsh_text(out, command->summary, strlen(command->summary));
        fputc('\'', out);
    }
    fputs("\n    )\n    if ((CURRENT == 2)); then\n        _describe -t commands command commands\n        return\n    "
          "fi\n"
          "    shift words\n    ((CURRENT--))\n    (($+functions[_glassbox_$words[1]])) && _glassbox_$words[1]\n}\n\n",
          out);
}

void gbxi_completion_zsh_print(FILE *out)
{
    const gbxi_command *command;

    fputs(zsh_begin, out);
    for (size_t i = 0; (command = gbxi_command_at(i)) != NULL; i++)
        zsh_command(out, command);
    zsh_commands(out);
    fputs("if [[ $funcstack[1] == _glassbox ]]; then\n    _glassbox \"$@\"\nelse\n    compdef _glassbox glassbox\nfi\n",
          out);
}
