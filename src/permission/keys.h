/* SPDX-License-Identifier: MIT */
/* The keys that capability tokens are made and checked with, and the file they are kept in.
 *
 * A key file has one key a line, "id:secret", the secret in hexadecimal:
 *
 *     # the first key makes new tokens, all of them are accepted
 *     2024-06:8f0c...64 to 128 digits...e1
 *     2024-05:13aa...
 *
 * Spaces around a line do not count, nor do empty lines and those that begin with #. To rotate: put a new line first,
 * reload, and take the old line out when the last token made with it has expired. */
#ifndef GBX_PERMISSION_KEYS_H
#define GBX_PERMISSION_KEYS_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GBXI_KEYS_MAX = 16,
    GBXI_KEY_ID_LENGTH_MAX = 32,
    GBXI_KEY_SECRET_BYTES_MIN = 32,
    GBXI_KEY_SECRET_BYTES_MAX = 64, /* a block of SHA-256: HMAC makes no use of more */
    /* A key as a line of the file, with a terminator and without the end of the line. */
    GBXI_KEY_LINE_SIZE = GBXI_KEY_ID_LENGTH_MAX + 1 + 2 * GBXI_KEY_SECRET_BYTES_MAX + 1
};

typedef struct gbxi_key {
    char id[GBXI_KEY_ID_LENGTH_MAX + 1]; /* letters, digits, '-', '_' and '.'; terminated */
    uint8_t secret_length;
    uint8_t secret[GBXI_KEY_SECRET_BYTES_MAX];
} gbxi_key;

/* Caller's memory; gbxi_keys_fini wipes it. The first key signs. */
typedef struct gbxi_keys {
    size_t count;
    gbxi_key keys[GBXI_KEYS_MAX];
} gbxi_keys;

/* Reads a key file's text; `name` stands for the file in errors, which name the line and never what is in it. Errors:
 * SYNTAX, LIMIT (too many keys), CONFLICT (an id given twice), MISSING (no key at all). On an error `keys` is empty.
 * Thread: any. */
GBX_MUST_USE gbx_err gbxi_keys_parse(const char *text, size_t length, const char *name, gbxi_keys *keys,
                                     gbx_error *error);

/* Reads a key file. A file that its group or others may read, write or execute is refused: its secrets are known to
 * more than one. Errors: those of gbxi_keys_parse, IO, STATE (the file's mode), LIMIT (the file's size). Thread: any.
 */
GBX_MUST_USE gbx_err gbxi_keys_load(const char *path, gbxi_keys *keys, gbx_error *error);

/* The key of that id, which need not be terminated; NULL when there is none. */
const gbxi_key *gbxi_keys_find(const gbxi_keys *keys, const char *id, size_t length);

/* Wipes and empties. */
void gbxi_keys_fini(gbxi_keys *keys);

/* True for what may be a key's id. */
bool gbxi_key_id_is_valid(const char *id, size_t length);

/* A new key with a random id and 32 random bytes of secret. Errors: IO, when the system has no random numbers. */
GBX_MUST_USE gbx_err gbxi_key_generate(gbxi_key *key, gbx_error *error);

/* The key as a line of a key file, terminated. */
void gbxi_key_format(const gbxi_key *key, char line[GBXI_KEY_LINE_SIZE]);

#endif
