/* SPDX-License-Identifier: MIT */
/* Which requests are mirrored, and what their path is without the suffix. */
#ifndef GBX_MIDDLEWARE_ROUTE_H
#define GBX_MIDDLEWARE_ROUTE_H

#include <glassbox/format.h>
#include <h2o.h>

/* A mirrored route that was recognised. */
typedef struct gbxi_route {
    gbx_format format;
    size_t suffix_length; /* of the suffix at the end of path_normalized, its slash included */
} gbxi_route;

/* False for nearly every request that is not mirrored, by the last letter of its path alone. Cost: every request of the
 * path configuration pays it, so a dozen instructions. */
static inline bool gbxi_route_may_match(const h2o_req_t *req);

/* True when the request is a POST whose path is one that `req->pathconf` serves plus the suffix of a format. Touches
 * nothing. */
bool gbxi_route_match(const h2o_req_t *req, gbxi_route *route);

/* Takes the suffix off path, path_normalized and query_at; the query stays. What is left is always a path that
 * `req->pathconf` serves: the slash stays where the configured path ends in one. */
void gbxi_route_strip(h2o_req_t *req, const gbxi_route *route);

static inline bool gbxi_route_may_match(const h2o_req_t *req)
{
#define GBXI_LAST_LETTER(constant, number, name) | 1u << (#name[sizeof(#name) - 2] & 31)
    const unsigned letters = 0u GBX_FORMATS(GBXI_LAST_LETTER);
#undef GBXI_LAST_LETTER

    return letters >> (req->path_normalized.base[req->path_normalized.len - 1] & 31) & 1u;
}

#endif
