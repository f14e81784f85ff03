/* SPDX-License-Identifier: MIT */
/* Conversion of an option's value from text to its field and back. */
#ifndef GBX_CLI_VALUE_H
#define GBX_CLI_VALUE_H

#include "cli/option.h"
#include <glassbox/error.h>

/* Stores `text`, which must outlive the field, in the option's field; for a LIST, appends it. Errors: ARGUMENT. The
 * message in `error` begins with `subject`, the option's name in its source. */
GBX_MUST_USE gbx_err gbxi_value_store(const gbxi_cli_option *option, const char *text, const char *subject, void *field,
                                      gbx_error *error);

/* Stores the default of the row. */
void gbxi_value_store_default(const gbxi_cli_option *option, void *field);

/* The field as text that can be stored again; NULL if it is not set. Not for LIST. Numbers are written to `text`. */
const char *gbxi_value_text(const gbxi_cli_option *option, const void *field, char text[static GBXI_VALUE_TEXT_SIZE]);

/* Writes a number in the format of its kind: 64K for a SIZE, 10m for a DURATION, on or off for a SWITCH. */
void gbxi_value_number_text(gbxi_cli_option_kind kind, uint64_t number, char text[static GBXI_VALUE_TEXT_SIZE]);

/* Writes the names of a CHOICE, as in "one, two or three", into `size` bytes. */
void gbxi_value_choices_text(const gbxi_cli_option *option, char *text, size_t size);

#endif
