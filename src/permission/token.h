/* SPDX-License-Identifier: MIT */
/* Capability tokens: the bearer may do something under a path, until an expiry time and within limits.
 *
 * A token is base64url(payload) "." base64url(HMAC-SHA256(secret, payload)), without padding. The payload, with numbers
 * in big-endian order, is:
 *
 *     version       1 byte: 1 for a token that permits capturing alone, 2 for any other
 *     purposes      1 byte, the bits of permission/purpose.h; version 2 only
 *     key id        1 byte of length, 1 to 32 letters, digits, '-', '_' and '.'
 *     expires       8 bytes, seconds since 1970; from that second on the token is invalid
 *     max spans     4 bytes, 0 for no limit
 *     uses          4 bytes, 0 for any number
 *     id            16 random bytes, by which uses are counted
 *     path          1 byte of length, 1 to 255 bytes: a path as normalized by gbxi_token_path_set
 *
 * Every token has exactly one spelling: no padding, no left-over bits, and no additional bytes. */
#ifndef GBX_PERMISSION_TOKEN_H
#define GBX_PERMISSION_TOKEN_H

#include "permission/keys.h"
#include "permission/purpose.h"

enum {
    GBXI_TOKEN_PATH_LENGTH_MAX = 255,
    GBXI_TOKEN_ID_BYTES = 16,
    GBXI_TOKEN_PAYLOAD_BYTES_MAX =
        1 + 1 + 1 + GBXI_KEY_ID_LENGTH_MAX + 8 + 4 + 4 + GBXI_TOKEN_ID_BYTES + 1 + GBXI_TOKEN_PATH_LENGTH_MAX,
    GBXI_TOKEN_TEXT_LENGTH_MAX = (GBXI_TOKEN_PAYLOAD_BYTES_MAX * 4 + 2) / 3 + 1 + 43
};

/* The content of a token. */
typedef struct gbxi_token {
    uint64_t expires_s; /* seconds since 1970 */
    uint32_t max_spans; /* 0: no limit */
    uint32_t uses;      /* 0: any number */
    uint8_t id[GBXI_TOKEN_ID_BYTES];
    uint8_t purposes;                          /* of gbxi_purpose, at least one */
    char key_id[GBXI_KEY_ID_LENGTH_MAX + 1];   /* of the key that signed it; set by gbxi_token_open */
    char path[GBXI_TOKEN_PATH_LENGTH_MAX + 1]; /* terminated */
} gbxi_token;

/* Sets the path that a token is valid for. The path must be absolute and as handlers see it: decoded (no %20), without
 * ".", ".." or a query. Slashes at its end are removed. "/" stands for every path. Errors: ARGUMENT. */
GBX_MUST_USE gbx_err gbxi_token_path_set(gbxi_token *token, const char *path, gbx_error *error);

/* Generates the random id. Errors: IO if the system cannot provide random numbers. */
GBX_MUST_USE gbx_err gbxi_token_id_draw(gbxi_token *token, gbx_error *error);

/* Writes the token's text, terminated. Errors: NO_MEMORY, from libcrypto. Thread: any. */
GBX_MUST_USE gbx_err gbxi_token_seal(const gbxi_token *token, const gbxi_key *key,
                                     char text[GBXI_TOKEN_TEXT_LENGTH_MAX + 1], gbx_error *error);

/* Verifies and reads a token's text. Does not check purpose, expiry or path; the caller does. The signature is compared
 * in constant time. Errors: SYNTAX (no token, or another version), UNKNOWN (key not in `keys`), CONFLICT (altered, or
 * made with another secret), NO_MEMORY. No error message contains any part of the text. Thread: any. */
GBX_MUST_USE gbx_err gbxi_token_open(const char *text, size_t length, const gbxi_keys *keys, gbxi_token *token,
                                     gbx_error *error);

/* Whether `path`, as normalized by libh2o, is the token's path or below it. Whole segments are compared: /graph covers
 * /graph, /graph/ and /graph/x, but not /graphics. */
bool gbxi_token_covers(const gbxi_token *token, const char *path, size_t length);

#endif
