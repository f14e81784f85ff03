/* SPDX-License-Identifier: MIT */
/* Capability tokens: the bearer may capture requests under a path, until a time, within limits.
 *
 * A token is base64url(payload) "." base64url(HMAC-SHA256(secret, payload)), without padding. The payload, its numbers
 * with the most significant byte first:
 *
 *     version       1 byte, 1
 *     key id        1 byte of length, 1 to 32 letters, digits, '-', '_' and '.'
 *     expires       8 bytes, seconds since 1970; from that second on the token is void
 *     max spans     4 bytes, 0 for no limit
 *     uses          4 bytes, 0 for any number
 *     id            16 random bytes, by which uses are counted
 *     path          1 byte of length, 1 to 255 bytes: a path as gbxi_token_path_set leaves it
 *
 * There is one spelling for each: no padding, no bits over, nothing before, between or behind. */
#ifndef GBX_PERMISSION_TOKEN_H
#define GBX_PERMISSION_TOKEN_H

#include "permission/keys.h"

enum {
    GBXI_TOKEN_PATH_LENGTH_MAX = 255,
    GBXI_TOKEN_ID_BYTES = 16,
    GBXI_TOKEN_PAYLOAD_BYTES_MAX =
        1 + 1 + GBXI_KEY_ID_LENGTH_MAX + 8 + 4 + 4 + GBXI_TOKEN_ID_BYTES + 1 + GBXI_TOKEN_PATH_LENGTH_MAX,
    GBXI_TOKEN_TEXT_LENGTH_MAX = (GBXI_TOKEN_PAYLOAD_BYTES_MAX * 4 + 2) / 3 + 1 + 43
};

/* What a token says. */
typedef struct gbxi_token {
    uint64_t expires_s; /* seconds since 1970 */
    uint32_t max_spans; /* 0: no limit of the token's */
    uint32_t uses;      /* 0: any number */
    uint8_t id[GBXI_TOKEN_ID_BYTES];
    char path[GBXI_TOKEN_PATH_LENGTH_MAX + 1]; /* terminated */
} gbxi_token;

/* Sets the path that a token is good for: absolute and as handlers see it, which is decoded (no %20) and without ".",
 * ".." and a query; slashes at its end go away, "/" itself is every path. Errors: ARGUMENT. */
GBX_MUST_USE gbx_err gbxi_token_path_set(gbxi_token *token, const char *path, gbx_error *error);

/* Draws the random id. Errors: IO, when the system has no random numbers. */
GBX_MUST_USE gbx_err gbxi_token_id_draw(gbxi_token *token, gbx_error *error);

/* Writes the token's text, terminated. Errors: NO_MEMORY, from libcrypto. Thread: any. */
GBX_MUST_USE gbx_err gbxi_token_seal(const gbxi_token *token, const gbxi_key *key,
                                     char text[GBXI_TOKEN_TEXT_LENGTH_MAX + 1], gbx_error *error);

/* Reads a text that was sealed with one of `keys`; whether it is expired or for this path is the caller's to ask. The
 * code is compared in constant time. Errors: SYNTAX (no token, or of another version), UNKNOWN (made with another key),
 * CONFLICT (altered, or made with another secret), NO_MEMORY; no error has any of the text in it. Thread: any. */
GBX_MUST_USE gbx_err gbxi_token_open(const char *text, size_t length, const gbxi_keys *keys, gbxi_token *token,
                                     gbx_error *error);

/* True when `path`, normalised as libh2o does, is the token's path or below it, by whole segments: /graph covers
 * /graph, /graph/ and /graph/x, not /graphics. */
bool gbxi_token_covers(const gbxi_token *token, const char *path, size_t length);

#endif
