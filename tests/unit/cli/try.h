/* SPDX-License-Identifier: MIT */
/* A command for the tests of settings, and the settings that result from its sources. */
#ifndef GBX_TESTS_TRY_H
#define GBX_TESTS_TRY_H

#include "cli/settings_read.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The configuration file, in a directory that is each test's own. */
extern char try_file[64];

/* Fixtures that make the directory and remove it with the file. */
int try_set_up(void **state);
int try_tear_down(void **state);

void try_write_file(const void *text, size_t length);

/* Reads a command line and an environment, whose words are divided by spaces; an "@" ends a word with the file's name.
 */
gbx_err try_read(gbxi_settings *settings, const char *line, const char *environment, gbx_error *error);

/* What they come to, as --print-config shows it; or the error. It stays until the next call. */
const char *try_outcome(const char *line, const char *environment);

#define TRY_FILE(text) try_write_file(text, sizeof(text) - 1)

/* Fails unless one of the lines is `expected`. */
void try_shows(const char *line, const char *environment, const char *expected);

#endif
