/* SPDX-License-Identifier: MIT */
/* Recognizes mirrored requests and removes the suffix from their path. */
#ifndef GBX_MIDDLEWARE_ROUTE_H
#define GBX_MIDDLEWARE_ROUTE_H

#include <glassbox/format.h>
#include <h2o.h>

/* A recognized mirrored route. */
typedef struct gbxi_route {
    gbx_format format;
    size_t suffix_length; /* of the suffix at the end of path_normalized, its slash included */
} gbxi_route;

/* A fast check of the last letter of the path: false for nearly every request that is not mirrored. Cost: about a dozen
 * instructions, for every request of the path configuration. */
static inline bool gbxi_route_may_match(const h2o_req_t *req);

/* Whether the request's path is one that `req->pathconf` serves plus the suffix of a format. Does not
 * change the request. */
bool gbxi_route_match(const h2o_req_t *req, gbxi_route *route);

/* Removes the suffix from path, path_normalized and query_at, and keeps the query. The result is always a path that
 * `req->pathconf` serves: if the configured path ends in a slash, the slash stays. */
void gbxi_route_strip(h2o_req_t *req, const gbxi_route *route);

static inline bool gbxi_route_may_match(const h2o_req_t *req)
{
#define GBXI_LAST_LETTER(constant, number, name) | 1u << (#name[sizeof(#name) - 2] & 31)
    const unsigned letters = 0u GBX_FORMATS(GBXI_LAST_LETTER);
#undef GBXI_LAST_LETTER

    return letters >> (req->path_normalized.base[req->path_normalized.len - 1] & 31) & 1u;
}

#endif
