/* SPDX-License-Identifier: MIT */
/* Text in columns, for --help. */
#ifndef GBX_CLI_COLUMNS_H
#define GBX_CLI_COLUMNS_H

#include <stddef.h>
#include <stdio.h>

enum { GBXI_COLUMNS_WIDTH = 90 };

/* Prints `text` starting at the current column `at`. Breaks it at spaces into lines that begin at column `indent`, and
 * ends the last line. */
void gbxi_columns_wrap(FILE *out, const char *text, size_t at, size_t indent);

/* Prints `term` indented by two columns and `text` at column `indent`, on the next line if the term is too long. */
void gbxi_columns_row(FILE *out, const char *term, const char *text, size_t indent);

#endif
