/* SPDX-License-Identifier: MIT */
/* Breaks text into lines of terminal width. */
#include "cli/columns.h"
#include <stdio.h>
#include <string.h>

void gbxi_columns_wrap(FILE *out, const char *text, size_t at, size_t indent)
{
    size_t length;

    for (const char *word = text; *word != '\0'; word += length + (word[length] == ' ')) {
        length = strcspn(word, " ");
        if (word != text && at + 1 + length > GBXI_COLUMNS_WIDTH) {
            fprintf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (word != text) {
            fputc(' ', out);
            at++;
        }
        fprintf(out, "%.*s", (int)length, word);
        at += length;
    }
    fputc('\n', out);
}

void gbxi_columns_row(FILE *out, const char *term, const char *text, size_t indent)
{
    size_t length = strlen(term);

    fprintf(out, "  %s", term);
    if (2 + length + 2 > indent)
        fprintf(out, "\n%*s", (int)indent, "");
    else
        fprintf(out, "%*s", (int)(indent - 2 - length), "");
    gbxi_columns_wrap(out, text, indent, indent);
}
