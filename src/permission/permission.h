/* SPDX-License-Identifier: MIT */
/* Who may capture: whoever sends `Authorization: Bearer <token>` with a token of one of our keys (permission/token.h)
 * that covers the path, is not expired and not used up.
 *
 * The text of a token goes nowhere: not into an error, a log, a note or an answer. */
#ifndef GBX_PERMISSION_PERMISSION_H
#define GBX_PERMISSION_PERMISSION_H

#include <glassbox/error.h>
#include <stddef.h>
#include <stdint.h>

/* The answer to whether a request may be captured. */
typedef enum gbxi_verdict {
    GBXI_PERMISSION_REFUSED, /* it has shown who it is, and may not */
    GBXI_PERMISSION_MISSING, /* it has not shown that it may */
    GBXI_PERMISSION_GRANTED
} gbxi_verdict;

/* What a permission is worth. */
typedef struct gbxi_permission_grant {
    uint32_t max_spans; /* 0: no limit of the token's */
} gbxi_permission_grant;

typedef struct gbxi_permission gbxi_permission;

/* The wall clock, in seconds since 1970. */
uint64_t gbxi_permission_now_s(void);

/* Reads the keys. `now_s` is the clock, gbxi_permission_now_s but in tests. Owns: the caller. Errors: those of
 * gbxi_keys_load, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_permission_new(const char *key_file, uint64_t (*now_s)(void), gbxi_permission **permission,
                                         gbx_error *error);

/* Reads the key file again: from now on its keys count, and no others. Uses stay counted. On an error the keys stay as
 * they are. Errors: those of gbxi_keys_load. Thread: any. */
GBX_MUST_USE gbx_err gbxi_permission_reload(gbxi_permission *permission, gbx_error *error);

/* Judges the value of an Authorization header (NULL: there is none) for a capture at `path`. A capture that is granted
 * is a use, whatever becomes of it. Thread: any. */
gbxi_verdict gbxi_permission_judge(gbxi_permission *permission, const char *authorization, size_t authorization_length,
                                   const char *path, size_t path_length, gbxi_permission_grant *grant,
                                   gbx_error *error);

/* Wipes the keys. NULL is allowed. */
void gbxi_permission_free(gbxi_permission *permission);

#endif
