/* SPDX-License-Identifier: MIT */
/* Who may capture: whoever sends `Authorization: Bearer <token>` with a token of one of our keys (server/token.h) that
 * covers the path, is not expired and not used up. The server's answer to the middleware's question (h2o.h).
 *
 * The text of a token goes nowhere: not into an error, a log, a note or an answer. */
#ifndef GBX_PERMISSION_PERMISSION_H
#define GBX_PERMISSION_PERMISSION_H

#include <glassbox/h2o.h>
#include <stdint.h>

typedef struct gbxi_permission gbxi_permission;

/* The wall clock, in seconds since 1970. */
uint64_t gbxi_permission_now_s(void);

/* Reads the keys. `now_s` is the clock, gbxi_permission_now_s but in
 * tests. Owns: the caller. Errors: those of gbxi_keys_load, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_permission_new(const char *key_file, uint64_t (*now_s)(void), gbxi_permission **permission,
                                         gbx_error *error);

/* Reads the key file again: from now on its keys count, and no others. Uses stay counted. On an error the keys stay as
 * they are. Errors: those of gbxi_keys_load. Thread: any. */
GBX_MUST_USE gbx_err gbxi_permission_reload(gbxi_permission *permission, gbx_error *error);

/* Judges the value of an Authorization header (NULL: there is none) for a capture at `path`. A capture that is granted
 * is a use, whatever becomes of it. Thread: any. */
gbx_h2o_verdict gbxi_permission_judge(gbxi_permission *permission, const char *authorization,
                                      size_t authorization_length, const char *path, size_t path_length,
                                      gbx_h2o_grant *grant, gbx_error *error);

/* The same for a request, as the middleware's callback; `context` is the gbxi_permission. Thread: any. */
gbx_h2o_verdict gbxi_permission_permit(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error);

/* Wipes the keys. NULL is allowed. */
void gbxi_permission_free(gbxi_permission *permission);

#endif
