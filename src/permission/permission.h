/* SPDX-License-Identifier: MIT */
/* Decides who may do what: a client that sends `Authorization: Bearer <token>` with a token that was signed with one of
 * our keys (permission/token.h), is for the purpose, covers the path, is not expired, and has a use left.
 *
 * The text of a token is never written to an error, a log, a note or a response. */
#ifndef GBX_PERMISSION_PERMISSION_H
#define GBX_PERMISSION_PERMISSION_H

#include "permission/token.h"
#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a request may do what it is to do. */
typedef enum gbxi_verdict {
    GBXI_PERMISSION_REFUSED, /* the token does not permit it */
    GBXI_PERMISSION_MISSING, /* there is no token */
    GBXI_PERMISSION_GRANTED
} gbxi_verdict;

/* The receipt of a use that was counted, by which it can be given back. Zeroed: no use was counted. */
typedef struct gbxi_permission_use {
    bool is_counted; /* false if the token has any number of uses */
    uint8_t token_id[GBXI_TOKEN_ID_BYTES];
} gbxi_permission_use;

/* What a permission allows, and what it cost. */
typedef struct gbxi_permission_grant {
    uint32_t max_spans; /* 0: the token sets no limit */
    gbxi_permission_use use;
    char key_id[GBXI_KEY_ID_LENGTH_MAX + 1]; /* of the key that signed the token */
} gbxi_permission_grant;

typedef struct gbxi_permission gbxi_permission;

/* The wall clock, in seconds since 1970. */
uint64_t gbxi_permission_now_s(void);

/* Loads the keys. `now_s` is the clock: gbxi_permission_now_s, except in tests. Owns: the caller, until
 * gbxi_permission_free. Errors: those of gbxi_keys_load, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_permission_new(const char *key_file, uint64_t (*now_s)(void), gbxi_permission **permission,
                                         gbx_error *error);

/* Loads the key file again. From then on only its keys are valid. The counts of uses are kept. Errors: those of
 * gbxi_keys_load; then the keys are not changed. Thread: any. */
GBX_MUST_USE gbx_err gbxi_permission_reload(gbxi_permission *permission, gbx_error *error);

/* Checks the value of an Authorization header (NULL: there is none) for a request for `path` and its purpose. A granted
 * request counts as a use at once, so that requests that race never get one too many. The caller gives the use back if
 * nothing comes of it, such as no capture. Sets `grant` only when granted. Thread: any. */
gbxi_verdict gbxi_permission_judge(gbxi_permission *permission, gbxi_purpose purpose, const char *authorization,
                                   size_t authorization_length, const char *path, size_t path_length,
                                   gbxi_permission_grant *grant, gbx_error *error);

/* Gives back the use that a judgement counted, since no capture began after all: a limit was reached meanwhile, the
 * body was refused or asked for none, or the client left. Clears the receipt, so that a second call does nothing. It
 * works whatever happened to the keys meanwhile. Thread: any; the receipt has one owner. */
void gbxi_permission_give_back(gbxi_permission *permission, gbxi_permission_use *use);

/* Wipes the keys and frees the permission. NULL is allowed. */
void gbxi_permission_free(gbxi_permission *permission);

#endif
