/* SPDX-License-Identifier: MIT */
/* What the output can show: how wide it is, and whether it knows colours and characters beyond ASCII. */
#ifndef GBX_CLI_STORE_TERMINAL_H
#define GBX_CLI_STORE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The looks of a piece of text. */
typedef enum gbxi_style { GBXI_STYLE_PLAIN, GBXI_STYLE_STRONG, GBXI_STYLE_FAINT, GBXI_STYLE_ALARM } gbxi_style;

/* Caller's memory. */
typedef struct gbxi_terminal {
    FILE *out;
    size_t columns; /* SIZE_MAX: any number, because the output is no terminal */
    bool colours;   /* only of a terminal, and not with NO_COLOR (https://no-color.org) */
    bool utf8;      /* the character set of the locale is UTF-8 */
} gbxi_terminal;

/* Finds out what `out` can show, from its descriptor and the environment. */
void gbxi_terminal_init(gbxi_terminal *terminal, FILE *out);

/* Begins and ends a look, with escape sequences if the terminal has colours. Looks do not nest. */
void gbxi_style_begin(const gbxi_terminal *terminal, gbxi_style style);
void gbxi_style_end(const gbxi_terminal *terminal, gbxi_style style);

#endif
