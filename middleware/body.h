/* SPDX-License-Identifier: MIT */
/* The body of a mirrored request: whether it can be read, what it says about the trace, and what is left of it for the
 * handler.
 *
 *     1. gbxi_body_init      // looks at the headers
 *     2. gbxi_body_check     // refuses what cannot be read
 *     3. gbxi_body_decode    // reads it, on any thread
 *     4. gbxi_entity_apply   // makes the request's body what the handler will see (entity.h), or gbxi_body_fini */
#ifndef GBX_MIDDLEWARE_BODY_H
#define GBX_MIDDLEWARE_BODY_H

#include "middleware/member.h"
#include "schemas/trace_config.h"
#include <h2o.h>

typedef enum gbxi_body_kind {
    GBXI_BODY_EMPTY,
    GBXI_BODY_JSON,
    GBXI_BODY_GZIP,  /* JSON packed with gzip */
    GBXI_BODY_CODED, /* JSON in another content coding, which is not read */
    GBXI_BODY_OTHER  /* not JSON */
} gbxi_body_kind;

/* Caller's memory. May be moved, but is not copied. */
typedef struct gbxi_body {
    gbxi_body_kind kind;
    gbx_format format;    /* of the path's suffix */
    size_t bytes_max;     /* of the body as it comes, and of the same body unpacked */
    bool has_header;      /* the config is in the request's header, so the body must not have one as well */
    bool keep;            /* the handler sees the member too */
    bool carries;         /* result: the body is a JSON object with the member */
    bool too_long;        /* result: it has more than `bytes_max` when it is unpacked */
    gbxi_member cut;      /* result: what the handler does not see; of a packed body, which is in `packed`, nothing */
    char *packed;         /* result: the whole body without the member, packed again; NULL: there is none */
    size_t packed_length; /* in bytes */
} gbxi_body;

/* Looks at the request's headers. The other members are for the caller to set. Thread: the request's event loop. */
gbxi_body gbxi_body_init(const h2o_req_t *req);

/* Whether the body may have the member, or cannot be told not to have it. Cost: for JSON as that of gbxi_member_may_be.
 */
bool gbxi_body_may_carry(const gbxi_body *body, const h2o_req_t *req);

/* Checks type, coding and length, and reads nothing. Returns 0, or the status to refuse the request with, whose
 * response may get headers. Thread: the request's event loop. */
int gbxi_body_check(const gbxi_body *body, h2o_req_t *req, gbx_error *error);

/* Reads a body of `length` bytes; NULL is allowed if there are none. Sets the results and, unless the request has the
 * header, `config`. Returns 0, or the status to refuse the request with; 413 if it has more than `bytes_max` when it is
 * unpacked. Memory: that of gbxi_json_parse and, for gzip, `bytes_max` and the packed rest. Thread: any. */
int gbxi_body_decode(gbxi_body *body, const char *text, size_t length, gbxi_trace_config *config, gbx_error *error);

/* Frees the results. */
void gbxi_body_fini(gbxi_body *body);

#endif
