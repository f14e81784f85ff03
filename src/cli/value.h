/* SPDX-License-Identifier: MIT */
/* The value of an option: from text to its field, and back. */
#ifndef GBX_CLI_VALUE_H
#define GBX_CLI_VALUE_H

#include "cli/option.h"
#include <glassbox/error.h>

/* Stores `text`, which must outlive the field, in the option's field; a LIST gets one more. Errors: ARGUMENT, with a
 * sentence in `error` that begins with `subject`, which is how the source of the text names the option. */
GBX_MUST_USE gbx_err gbxi_value_store(const gbxi_cli_option *option, const char *text, const char *subject, void *field,
                                      gbx_error *error);

/* Stores the row's default. */
void gbxi_value_store_default(const gbxi_cli_option *option, void *field);

/* The field as text that stores it again; NULL when nothing is set. Not for LIST. Numbers are written to `text`. */
const char *gbxi_value_text(const gbxi_cli_option *option, const void *field, char text[static GBXI_VALUE_TEXT_SIZE]);

/* Writes a number of the kind: 64K for a SIZE, 10m for a DURATION, on or off for a SWITCH. */
void gbxi_value_number_text(gbxi_cli_option_kind kind, uint64_t number, char text[static GBXI_VALUE_TEXT_SIZE]);

#endif
