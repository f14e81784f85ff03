/* SPDX-License-Identifier: MIT */
/* Prints manual pages in roff. Source of the macros: man(7). */
#include "cli/manual.h"
#include "cli/option_facts.h"
#include <ctype.h>
#include <glassbox/version.h>
#include <stdio.h>
#include <string.h>

/* Escapes characters that roff would interpret. */
static void man_text(FILE *out, const char *text)
{
    if (text[0] == '.' || text[0] == '\'')
        fputs("\\&", out);
    for (const char *at = text; *at != '\0'; at++)
        switch (*at) {
        case '\\':
            fputs("\\(rs", out);
            break;
        case '\'':
            fputs("\\(aq", out);
            break;
        case '"':
            fputs("\\(dq", out);
            break;
        case '-':
            fputs("\\-", out);
            break;
        case '^':
            fputs("\\(ha", out);
            break;
        case '~':
            fputs("\\(ti", out);
            break;
        case '`':
            fputs("\\(ga", out);
            break;
        default:
            fputc(*at, out);
        }
}

static void man_line(FILE *out, const char *before, const char *text)
{
    fputs(before, out);
    man_text(out, text);
    fputc('\n', out);
}

/* What the page is about, in lower case as whatis(1) shows it, unless it begins with a name. */
static void man_summary(FILE *out, const char *summary)
{
    char first[2] = {summary[0], '\0'};

    if (islower((unsigned char)summary[0]) == 0 && islower((unsigned char)summary[1]) != 0)
        first[0] = (char)tolower((unsigned char)summary[0]);
    man_text(out, first);
    man_line(out, "", summary + strlen(first));
}

static void man_head(FILE *out, const gbxi_command *command)
{
    const char *dash = command != NULL ? "-" : "", *name = command != NULL ? command->name : "";

    fputs(".TH GLASSBOX", out);
    fputs(command != NULL ? "\\-" : "", out);
    for (const char *at = name; *at != '\0'; at++)
        fputc(toupper((unsigned char)*at), out);
    fprintf(out, " 1 \"\" \"glassbox %s\" \"Glassbox\"\n.SH NAME\nglassbox", GBX_VERSION);
    man_text(out, dash);
    man_text(out, name);
    fputs(" \\- ", out);
    man_summary(out, command != NULL ? command->summary : "turn one HTTP request into a glass box");
}

/* The font of a word of a synopsis: options are bold, and what stands for something else is italic. */
static char synopsis_font(const char *word, size_t length)
{
    if (length > 2 && word[0] == '-' && word[1] == '-')
        return 'B';
    return length > 0 && strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= length ? 'I' : 'R';
}

static void man_synopsis_words(FILE *out, const char *text)
{
    static const char ends[] = " []|.";
    char part[GBXI_FACTS_SIZE];

    while (*text != '\0') {
        size_t length = strcspn(text, ends);
        char font = synopsis_font(text, length);

        length = length == 0 ? 1 : length < sizeof(part) ? length : sizeof(part) - 1;
        memcpy(part, text, length);
        part[length] = '\0';
        if (font != 'R')
            fprintf(out, "\\f%c", font);
        man_text(out, part);
        if (font != 'R')
            fputs("\\fR", out);
        text += length;
    }
    fputc('\n', out);
}

static void man_synopsis(FILE *out, const gbxi_command *command)
{
    fputs(".SH SYNOPSIS\n", out);
    for (size_t i = 0; i < GBXI_SYNOPSES_MAX && command->synopsis[i] != NULL; i++) {
        fprintf(out, "%s.B glassbox %s\n", i == 0 ? "" : ".br\n", command->name);
        if (command->synopsis[i][0] != '\0')
            man_synopsis_words(out, command->synopsis[i]);
    }
}

static void man_option(FILE *out, const gbxi_cli_option *option)
{
    char facts[GBXI_FACTS_SIZE];

    fputs(".TP\n\\fB", out);
    man_text(out, "--");
    man_text(out, option->name);
    fputs("\\fR", out);
    if (option->value != NULL) {
        fputs(" \\fI", out);
        man_text(out, option->value);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    man_text(out, option->help);
    gbxi_cli_option_facts(option, facts);
    if (facts[0] != '\0') {
        fputs(" (", out);
        man_text(out, facts);
        fputc(')', out);
    }
    fputc('\n', out);
}

static void man_entries(FILE *out, const gbxi_command *command)
{
    const char *section = "";
    gbxi_manual_entry entry;

    for (size_t i = 0; gbxi_manual_entry_at(command, i, &entry); i++) {
        bool first = strcmp(section, entry.section) != 0;

        if (first)
            fprintf(out, ".SH \"%s\"\n", entry.section);
        section = entry.section;
        if (entry.term != NULL) {
            fputs(".TP\n", out);
            man_line(out, ".B ", entry.term);
        } else if (!first) {
            fputs(".PP\n", out);
        }
        man_line(out, "", entry.text);
    }
}

static void man_commands(FILE *out)
{
    const gbxi_command *command;

    fputs(".SH SYNOPSIS\n.B glassbox\n.I COMMAND\n[OPTION...]\n.SH DESCRIPTION\n"
          "Serves graphs over HTTP. If a request asks for it, the response contains the request's trace beside its "
          "output. "
          "Each command has its own manual page.\n.SH COMMANDS\n",
          out);
    for (size_t i = 0; (command = gbxi_command_at(i)) != NULL; i++) {
        man_line(out, ".TP\n.B ", command->name);
        man_line(out, "", command->summary);
    }
}

static void man_see_also(FILE *out, const gbxi_command *command)
{
    const gbxi_command *each;

    fputs(".SH \"SEE ALSO\"\n", out);
    if (command != NULL)
        fputs(".BR glassbox (1)", out);
    for (size_t i = 0, count = 0; (each = gbxi_command_at(i)) != NULL; i++)
        if (each != command)
            fprintf(out, "%s.BR glassbox\\-%s (1)", count++ != 0 || command != NULL ? ",\n" : "", each->name);
    fputc('\n', out);
}

void gbxi_man_print(FILE *out, const gbxi_command *command)
{
    const gbxi_cli_option *option;

    man_head(out, command);
    if (command != NULL) {
        man_synopsis(out, command);
        man_line(out, ".SH DESCRIPTION\n", command->description);
        fputs(".SH OPTIONS\n", out);
        for (size_t i = 0; (option = gbxi_command_option(command, i)) != NULL; i++)
            man_option(out, option);
    } else {
        man_commands(out);
    }
    man_entries(out, command);
    man_see_also(out, command);
}
