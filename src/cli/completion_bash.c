/* SPDX-License-Identifier: MIT */
/* The completion script for bash. */
#include "cli/completion.h"

/* The runs of the store that the line names. Nothing is said of a store that cannot be read. */
static const char bash_begin[] =
    "# Completes command lines of glassbox in bash. Printed by 'glassbox completion bash'.\n"
    "\n"
    "_glassbox_runs()\n"
    "{\n"
    "    local i store= id rest\n"
    "    for ((i = 2; i < COMP_CWORD; i++)); do\n"
    "        [[ ${COMP_WORDS[i]} == --store ]] || continue\n"
    "        store=${COMP_WORDS[i + 1]}\n"
    "        [[ $store != = ]] || store=${COMP_WORDS[i + 2]}\n"
    "    done\n"
    "    store=${store/#\\~\\//$HOME/}\n"
    "    store=${store:-${GLASSBOX_STORE:-.glassbox}}\n"
    "    [[ -d $store ]] || return\n"
    "    while read -r id rest; do\n"
    "        [[ ! $id =~ ^[0-9]{8}-[0-9]{6}-[0-9a-f]{8}$ ]] || printf '%s\\n' \"$id\"\n"
    "    done < <(\"${COMP_WORDS[0]}\" list --store \"$store\" --limit 50 2>/dev/null </dev/null)\n"
    "}\n"
    "\n"
    "_glassbox()\n"
    "{\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}\n"
    "    local options= words= kind= i\n"
    "    COMPREPLY=()\n"
    "    if ((COMP_CWORD == 1)); then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$_glassbox_commands --help --version\" -- \"$cur\")\n"
    "        return\n"
    "    fi\n"
    "    for ((i = 2; i < COMP_CWORD; i++)); do\n"
    "        if [[ ${COMP_WORDS[i]} == -- ]]; then\n"
    "            kind=files\n"
    "        fi\n"
    "    done\n"
    "    if [[ $cur == = ]]; then\n"
    "        cur=\n"
    "    elif [[ $prev == = ]]; then\n"
    "        prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n";

static const char bash_end[] = "    if [[ -z $kind && $cur == -* ]]; then\n"
                               "        words=$options\n"
                               "        kind=words\n"
                               "    fi\n"
                               "    if [[ -z $kind ]]; then\n"
                               "        case $command in\n";

static const char bash_complete[] = "        esac\n"
                                    "    fi\n"
                                    "    [[ $kind != runs ]] || words=\"latest $(_glassbox_runs)\"\n"
                                    "    case $kind in\n"
                                    "    words | runs) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\") ;;\n"
                                    "    files) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;\n"
                                    "    directories) mapfile -t COMPREPLY < <(compgen -d -- \"$cur\") ;;\n"
                                    "    esac\n"
                                    "    if [[ $kind == files || $kind == directories ]]; then\n"
                                    "        compopt -o filenames 2>/dev/null\n"
                                    "    fi\n"
                                    "}\n"
                                    "\n"
                                    "complete -F _glassbox glassbox\n";

/* What a word is, as the script names it. */
static const char *bash_kind(gbxi_completes completes)
{
    switch (completes) {
    case GBXI_COMPLETES_NOTHING:
        return "nothing";
    case GBXI_COMPLETES_FILES:
        return "files";
    case GBXI_COMPLETES_DIRECTORIES:
        return "directories";
    case GBXI_COMPLETES_RUNS:
        return "runs";
    case GBXI_COMPLETES_CHOICES:
    case GBXI_COMPLETES_COMMANDS:
        break;
    }
    return "words";
}

static void bash_assign(FILE *out, gbxi_completes completes, const gbxi_command *command, const gbxi_cli_option *option)
{
    fprintf(out, "kind=%s", bash_kind(completes));
    if (bash_kind(completes)[0] == 'w') {
        fputs(" words='", out);
        gbxi_completion_words_print(out, completes, command, option);
        fputc('\'', out);
    }
    fputs(" ;;\n", out);
}

/* What follows an option that takes a value, by command and option. */
static void bash_values(FILE *out, const gbxi_command *command)
{
    const gbxi_cli_option *option;

    for (size_t i = 0; (option = gbxi_command_option(command, i)) != NULL; i++)
        if (gbxi_cli_option_takes_value(option)) {
            fprintf(out, "    '%s --%s') ", command->name, option->name);
            bash_assign(out, gbxi_completes_value(option), command, option);
        }
}

static void bash_options(FILE *out, const gbxi_command *command)
{
    const gbxi_cli_option *option;

    fprintf(out, "    %s) options='", command->name);
    for (size_t i = 0; (option = gbxi_command_option(command, i)) != NULL; i++)
        fprintf(out, "%s--%s", i > 0 ? " " : "", option->name);
    fputs("' ;;\n", out);
}

void gbxi_completion_bash_print(FILE *out)
{
    const gbxi_command *command;

    fputs(bash_begin, out);
    fputs("    [[ -n $kind ]] || case \"$command $prev\" in\n", out);
    for (size_t i = 0; (command = gbxi_command_at(i)) != NULL; i++)
        bash_values(out, command);
    fputs("    esac\n    case $command in\n", out);
    for (size_t i = 0; (command = gbxi_command_at(i)) != NULL; i++)
        bash_options(out, command);
    fputs("    esac\n", out);
    fputs(bash_end, out);
    for (size_t i = 0; (command = gbxi_command_at(i)) != NULL; i++) {
        fprintf(out, "        %s) ", command->name);
        bash_assign(out, gbxi_completes_operand(command), command, NULL);
    }
    fputs(bash_complete, out);
    fputs("_glassbox_commands='", out);
    gbxi_completion_words_print(out, GBXI_COMPLETES_COMMANDS, NULL, NULL);
    fputs("'\n", out);
}
