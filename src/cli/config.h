/* SPDX-License-Identifier: MIT */
/* The syntax of a configuration file:
 *
 *     # a comment, also behind a value and a blank
 *     max-body = 4M
 *     redact = "an option's value in quotes: #, \" and \\ are part of it, and blanks at its ends"
 *
 * Lines end with LF or CRLF and have 16 KiB at most; a byte order mark of UTF-8 at the start is skipped. */
#ifndef GBX_CLI_CONFIG_H
#define GBX_CLI_CONFIG_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { GBXI_CONFIG_BYTES_MAX = 1 << 20, GBXI_CONFIG_LINE_BYTES_MAX = 16 << 10 };

/* Takes what a line says; both strings stay for as long as the text. An error ends the parse. */
typedef gbx_err gbxi_config_take(void *context, unsigned line, const char *name, const char *value, gbx_error *error);

/* Parses `length` bytes, changing them, with room for one byte more. Errors: SYNTAX, and those of `take`; the sentence
 * in `error` begins with "NAME:LINE: ". */
GBX_MUST_USE gbx_err gbxi_config_parse(char *text, size_t length, const char *name, gbxi_config_take *take,
                                       void *context, gbx_error *error);

/* Writes `value`, which has no control characters, as gbxi_config_parse reads it, quoted where it must be. */
void gbxi_config_write_value(FILE *out, const char *value);

#endif
