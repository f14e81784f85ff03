/* SPDX-License-Identifier: MIT */
/* Run ids: when a run began, in UTC, and a random tail: `20261129-091338-1f6c09ab`. Their order as texts is that of
 * their times. */
#ifndef GBX_STORE_RUN_ID_H
#define GBX_STORE_RUN_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GBXI_RUN_ID_LENGTH ((size_t)24)
#define GBXI_RUN_ID_SIZE 25           /* with the terminator */
#define GBXI_RUN_ID_TAIL ((size_t)16) /* where the random tail begins */

/* Makes an id for a run that begins at `unix_ns`. Thread: any. */
void gbxi_run_id_make(char id[GBXI_RUN_ID_SIZE], int64_t unix_ns);

/* When the run with that id began, to the second. The id must be valid. */
int64_t gbxi_run_id_unix_ns(const char *id);

/* Whether the text is the id of a run. */
bool gbxi_run_id_is_valid(const char *text);

/* Whether `name` is the name of a file that belongs to a run: the id and then `suffix`, such as ".db". Then `id` gets
 * the id. */
bool gbxi_run_id_of_file(const char *name, const char *suffix, char id[GBXI_RUN_ID_SIZE]);

#endif
