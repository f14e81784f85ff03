/* SPDX-License-Identifier: MIT */
/* Texts of traces in Markdown (GitHub's): whatever they are, they stay what they are, and where they are. */
#ifndef GBX_FINDINGS_MARKDOWN_H
#define GBX_FINDINGS_MARKDOWN_H

#include <stddef.h>
#include <stdio.h>

/* Writes a text as code, for a cell of a table too. At most `max` bytes are written, with an ellipsis behind them;
 * control characters become \xNN. */
void gbxi_markdown_code(FILE *out, const char *text, size_t max);

/* Writes a text as prose: what would be mark-up is escaped, control characters become \xNN. */
void gbxi_markdown_prose(FILE *out, const char *text, size_t max);

#endif
