/* SPDX-License-Identifier: MIT */
/* Owns the recognition of mirrored routes and the removal of their suffix. */
#define _GNU_SOURCE
#include "middleware/route.h"
#include <string.h>

typedef struct suffix {
    const char *text;
    size_t length;
    gbx_format format;
} suffix;

static const suffix suffixes[] = {
#define SUFFIX_ROW(constant, number, name) {"/" #name, sizeof("/" #name) - 1, GBX_FORMAT_##constant},
    GBX_FORMATS(SUFFIX_ROW)
#undef SUFFIX_ROW
};
enum { SUFFIX_COUNT = sizeof(suffixes) / sizeof(suffixes[0]) };

/* The length of the shortest path that the configuration serves. A fallback configuration has no path of its own. */
static size_t route_least_length(const h2o_req_t *req)
{
    return req->pathconf->path.len > 0 ? req->pathconf->path.len : 1;
}

bool gbxi_route_match(const h2o_req_t *req, gbxi_route *route)
{
    size_t length = req->path_normalized.len;
    const char *end = req->path_normalized.base + length;

    for (size_t i = 0; i < SUFFIX_COUNT; i++) {
        const suffix *s = &suffixes[i];

        /* Checking the slash first rejects nearly every other path. */
        if (length < s->length || *(end - s->length) != '/' || memcmp(end - s->length, s->text, s->length) != 0)
            continue;
        /* A handler that is mounted at ".../full" itself is not the mirror of a path above it. */
        if (length - s->length + 1 < route_least_length(req))
            return false;
        *route = (gbxi_route){.format = s->format, .suffix_length = s->length};
        return true;
    }
    return false;
}

/* The raw path up to the index `kept`, followed by the query. */
static h2o_iovec_t route_without_suffix(h2o_req_t *req, size_t kept)
{
    size_t query_length;
    h2o_iovec_t path;

    if (req->query_at == SIZE_MAX)
        return h2o_iovec_init(req->path.base, kept);
    query_length = req->path.len - req->query_at;
    path.len = kept + query_length;
    path.base = h2o_mem_alloc_pool(&req->pool, path.len);
    memcpy(path.base, req->path.base, kept);
    memcpy(path.base + kept, req->path.base + req->query_at, query_length);
    return path;
}

void gbxi_route_strip(h2o_req_t *req, const gbxi_route *route)
{
    size_t least = route_least_length(req);
    size_t kept = req->path_normalized.len - route->suffix_length;
    size_t kept_raw;

    if (kept < least)
        kept = least;
    /* Each entry of norm_indexes is the position in the raw path after that normalized byte. */
    kept_raw = req->norm_indexes != NULL ? req->norm_indexes[kept - 1] : kept;
    req->path = route_without_suffix(req, kept_raw);
    if (req->query_at != SIZE_MAX)
        req->query_at = kept_raw;
    req->path_normalized.len = kept;
    if (req->norm_indexes == NULL)
        req->path_normalized.base = req->path.base;
}
