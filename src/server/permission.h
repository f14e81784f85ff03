/* SPDX-License-Identifier: MIT */
/* Who may capture: whoever sends `Authorization: Bearer <token>` with a token of one of our keys (server/token.h) that
 * covers the path, is not expired and not used up. The server's answer to the middleware's question (h2o.h).
 *
 * The text of a token goes nowhere: not into an error, a log, a note or an answer. */
#ifndef GBX_SERVER_PERMISSION_H
#define GBX_SERVER_PERMISSION_H

#include <glassbox/h2o.h>
#include <stdint.h>

typedef struct gbx__permission gbx__permission;

/* The wall clock, in seconds since 1970. */
uint64_t gbx__permission_now_s(void);

/* Reads the keys. `now_s` is the clock, gbx__permission_now_s but in
 * tests. Owns: the caller. Errors: those of gbx__keys_load, NO_MEMORY. */
GBX_MUST_USE gbx_err gbx__permission_new(const char *key_file, uint64_t (*now_s)(void), gbx__permission **permission,
                                         gbx_error *error);

/* Reads the key file again: from now on its keys count, and no others. Uses stay counted. On an error the keys stay as
 * they are. Errors: those of gbx__keys_load. Thread: any. */
GBX_MUST_USE gbx_err gbx__permission_reload(gbx__permission *permission, gbx_error *error);

/* Judges the value of an Authorization header (NULL: there is none) for a capture at `path`. A capture that is granted
 * is a use, whatever becomes of it. Thread: any. */
gbx_h2o_verdict gbx__permission_judge(gbx__permission *permission, const char *authorization,
                                      size_t authorization_length, const char *path, size_t path_length,
                                      gbx_h2o_grant *grant, gbx_error *error);

/* The same for a request, as the middleware's callback; `context` is the gbx__permission. Thread: any. */
gbx_h2o_verdict gbx__permission_permit(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error);

/* Wipes the keys. NULL is allowed. */
void gbx__permission_free(gbx__permission *permission);

#endif
