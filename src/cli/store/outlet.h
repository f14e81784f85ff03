/* SPDX-License-Identifier: MIT */
/* Where a document goes: standard output, or a file that appears whole or not at all.
 *
 *     gbxi_outlet outlet;
 *     if ((err = gbxi_outlet_open(&outlet, path, &error)) == GBX_ERR_OK)
 *         err = gbxi_outlet_write(&outlet, bytes, length, &error);         // any number of times
 *     if (err == GBX_ERR_OK)
 *         err = gbxi_outlet_commit(&outlet, &error);
 *     gbxi_outlet_close(&outlet);
 *
 * A file is written beside its place, under another name, and renamed when it is whole. It has the permissions of the
 * file that it replaces. What exists and is no regular file, such as a pipe, is written to as it is. The process must
 * ignore SIGPIPE. */
#ifndef GBX_CLI_STORE_OUTLET_H
#define GBX_CLI_STORE_OUTLET_H

#include <glassbox/error.h>
#include <stddef.h>

/* Caller's memory. */
typedef struct gbxi_outlet {
    const char *shown; /* in messages; borrowed */
    char *place;       /* where the file will be; NULL: nothing is renamed */
    char *beside;      /* where it is until then */
    int descriptor;    /* -1: none */
} gbxi_outlet;

/* Opens the outlet; a NULL `path` is standard output. `path` must outlive the outlet. Owns: the caller, until
 * gbxi_outlet_close, also after an error. Errors: IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_outlet_open(gbxi_outlet *outlet, const char *path, gbx_error *error);

/* Writes all bytes. Errors: IO. */
GBX_MUST_USE gbx_err gbxi_outlet_write(gbxi_outlet *outlet, const void *bytes, size_t length, gbx_error *error);

/* Puts the file in its place. Errors: IO. */
GBX_MUST_USE gbx_err gbxi_outlet_commit(gbxi_outlet *outlet, gbx_error *error);

/* Closes the outlet. A file that is not in its place is removed. */
void gbxi_outlet_close(gbxi_outlet *outlet);

#endif
