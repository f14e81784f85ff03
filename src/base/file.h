/* SPDX-License-Identifier: MIT */
/* Files that the operator names: keys, certificates, configuration.
 *
 *     gbxi_file file = {.what = "key file", .path = path};
 *
 *     if ((err = gbxi_file_open(&file, error)) == GBX_ERR_OK)
 *         err = gbxi_file_read(&file, text, MAX, &length, error);      // text has room for MAX + 1 bytes
 *     gbxi_file_close(&file);
 *
 * Only regular files are read: opening a pipe would wait for its writer, and reading it for the writer's end. */
#ifndef GBX_BASE_FILE_H
#define GBX_BASE_FILE_H

#include <glassbox/error.h>
#include <stddef.h>

/* Caller's memory. Borrows both texts. */
typedef struct gbxi_file {
    const char *what, *path; /* messages begin with them: "WHAT PATH: " */
    int descriptor;          /* of an open file; otherwise 0 or -1 */
} gbxi_file;

/* Opens the file for reading, without waiting. Owns: the caller, until gbxi_file_close, which is also allowed after an
 * error. Errors: IO if it cannot be opened, STATE if it is not a regular file. Thread: any. */
GBX_MUST_USE gbx_err gbxi_file_open(gbxi_file *file, gbx_error *error);

/* Reads the file to its end, which may move meanwhile. `text` has room for `max` + 1 bytes; it is not terminated.
 * Errors: IO, LIMIT if there are more than `max` bytes. */
GBX_MUST_USE gbx_err gbxi_file_read(const gbxi_file *file, char *text, size_t max, size_t *length, gbx_error *error);

/* Closes the file if it is open. */
void gbxi_file_close(gbxi_file *file);

/* Fills `error` with "WHAT PATH: REASON" and returns `err`. Of a long path it shows the end, so that the reason is
 * never cut. */
gbx_err gbxi_file_refuse(const gbxi_file *file, gbx_err err, const char *reason, gbx_error *error);

/* The end of a path, as much as fits into a message. */
const char *gbxi_file_path_shown(const char *path);

#endif
