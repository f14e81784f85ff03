/* SPDX-License-Identifier: MIT */
/* Text in columns, as --help has it. */
#ifndef GBX_CLI_COLUMNS_H
#define GBX_CLI_COLUMNS_H

#include <stddef.h>
#include <stdio.h>

enum { GBXI_COLUMNS_WIDTH = 90 };

/* Prints `text` from column `at`, where the line stands now, broken at blanks into lines that begin at column `indent`,
 * and ends the last. */
void gbxi_columns_wrap(FILE *out, const char *text, size_t at, size_t indent);

/* Prints `term` two columns in and `text` from column `indent`, on the next line where the term reaches too far. */
void gbxi_columns_row(FILE *out, const char *term, const char *text, size_t indent);

#endif
