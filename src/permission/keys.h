/* SPDX-License-Identifier: MIT */
/* The keys that sign and verify capability tokens, and the key file.
 *
 * A key file has one key per line, "id:secret", with the secret in hexadecimal:
 *
 *     # the first key signs new tokens; tokens of all keys are accepted
 *     2024-06:8f0c...64 to 128 digits...e1
 *     2024-05:13aa...
 *
 * White space around a line, empty lines and lines that begin with # are ignored. To rotate keys: add a new line at the
 * top, reload, and remove the old line when the last token made with it has expired. */
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
    GBXI_KEY_SECRET_BYTES_MAX = 64, /* a block of SHA-256; HMAC gains nothing from a longer secret */
    /* A key as a line of the file, with a terminator and without the line break. */
    GBXI_KEY_LINE_SIZE = GBXI_KEY_ID_LENGTH_MAX + 1 + 2 * GBXI_KEY_SECRET_BYTES_MAX + 1
};

typedef struct gbxi_key {
    char id[GBXI_KEY_ID_LENGTH_MAX + 1]; /* letters, digits, '-', '_' and '.'; terminated */
    uint8_t secret_length;
    uint8_t secret[GBXI_KEY_SECRET_BYTES_MAX];
} gbxi_key;

/* Caller's memory; gbxi_keys_fini wipes it. The first key signs new tokens. */
typedef struct gbxi_keys {
    size_t count;
    gbxi_key keys[GBXI_KEYS_MAX];
} gbxi_keys;

/* Parses the text of a key file. Error messages contain `name` and the line number, but never the content of the line.
 * Errors: SYNTAX, LIMIT (too many keys), CONFLICT (duplicate id), MISSING (no key); then `keys` is empty. Thread: any.
 */
GBX_MUST_USE gbx_err gbxi_keys_parse(const char *text, size_t length, const char *name, gbxi_keys *keys,
                                     gbx_error *error);

/* Loads a key file. A file that its group or others may read, write or execute is refused, because its secrets may be
 * known to others. Errors: those of gbxi_keys_parse, IO, STATE (the file's mode), LIMIT (the file's size). Thread: any.
 */
GBX_MUST_USE gbx_err gbxi_keys_load(const char *path, gbxi_keys *keys, gbx_error *error);

/* Finds the key with that id, which need not be terminated; NULL if there is none. */
const gbxi_key *gbxi_keys_find(const gbxi_keys *keys, const char *id, size_t length);

/* Wipes all secrets and empties `keys`. */
void gbxi_keys_fini(gbxi_keys *keys);

/* Whether a text is a valid key id. */
bool gbxi_key_id_is_valid(const char *id, size_t length);

/* Generates a key with a random id and a secret of 32 random bytes. Errors: IO if the system cannot provide random
 * numbers. */
GBX_MUST_USE gbx_err gbxi_key_generate(gbxi_key *key, gbx_error *error);

/* Formats the key as a line of a key file, terminated. */
void gbxi_key_format(const gbxi_key *key, char line[GBXI_KEY_LINE_SIZE]);

#endif
