/* SPDX-License-Identifier: MIT */
/* The syntax of a configuration file:
 *
 *     # a comment; may also follow a value and a space
 *     max-body = 4M
 *     redact = " a value in quotes may contain #, \" and \\, and spaces at both ends "
 *
 * Lines end with LF or CRLF and may have at most 16 KiB. A UTF-8 byte order mark at the start is skipped. */
#ifndef GBX_CLI_CONFIG_H
#define GBX_CLI_CONFIG_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { GBXI_CONFIG_BYTES_MAX = 1 << 20, GBXI_CONFIG_LINE_BYTES_MAX = 16 << 10 };

/* Receives the option of a line. Both strings live as long as the text. An error ends parsing. */
typedef gbx_err gbxi_config_take(void *context, unsigned line, const char *name, const char *value, gbx_error *error);

/* Parses `length` bytes and modifies them. `text` needs room for one more byte. Errors: SYNTAX, and those of `take`.
 * The message in `error` begins with "NAME:LINE: ". */
GBX_MUST_USE gbx_err gbxi_config_parse(char *text, size_t length, const char *name, gbxi_config_take *take,
                                       void *context, gbx_error *error);

/* Writes `value`, which must not contain control characters, in the syntax of gbxi_config_parse, quoted if
 * necessary. */
void gbxi_config_write_value(FILE *out, const char *value);

#endif
