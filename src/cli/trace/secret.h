/* SPDX-License-Identifier: MIT */
/* Secrets that a person gives: how they are read, and that they stay nowhere. */
#ifndef GBX_CLI_TRACE_SECRET_H
#define GBX_CLI_TRACE_SECRET_H

#include <glassbox/error.h>
#include <stddef.h>

enum { GBXI_SECRET_SIZE = 4096 };

/* A secret text, terminated. Wipe it after use. */
typedef struct gbxi_secret {
    char text[GBXI_SECRET_SIZE];
} gbxi_secret;

/* Reads what `given` says: itself, or the first line of the file FILE for "@FILE". Errors: IO, LIMIT, ARGUMENT if it is
 * empty. `what` names it in errors. */
GBX_MUST_USE gbx_err gbxi_secret_read(gbxi_secret *secret, const char *given, const char *what, gbx_error *error);

/* Asks for a secret on the terminal, without an echo; without a terminal, reads the first line of standard input.
 * Errors: IO, ARGUMENT if it is empty or too long. */
GBX_MUST_USE gbx_err gbxi_secret_ask(gbxi_secret *secret, const char *prompt, gbx_error *error);

void gbxi_secret_wipe(gbxi_secret *secret);

/* Overwrites an argument of this process, so that lists of processes do not show it. NULL is allowed. */
void gbxi_secret_hide(const char *argument);

#endif
