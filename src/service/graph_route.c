/* SPDX-License-Identifier: MIT */
/* Parses graph paths. */
#include "service/graph_route.h"
#include <string.h>

/* What is left of a path. */
struct rest {
    const char *at;
    size_t length;
};

static bool route_take_literal(struct rest *rest, const char *literal)
{
    size_t length = strlen(literal);

    if (rest->length < length || memcmp(rest->at, literal, length) != 0)
        return false;
    rest->at += length;
    rest->length -= length;
    return true;
}

/* Takes everything up to the next slash, which stays; false when that is nothing. */
static bool route_take_name(struct rest *rest, const char **name, size_t *name_length)
{
    const char *slash = memchr(rest->at, '/', rest->length);
    size_t length = slash != NULL ? (size_t)(slash - rest->at) : rest->length;

    *name = rest->at;
    *name_length = length;
    rest->at += length;
    rest->length -= length;
    return length != 0;
}

bool gbxi_graph_route_parse(const char *path, size_t length, gbxi_graph_route *route)
{
    struct rest rest = {path, length};
    gbxi_graph_route parsed;

    if (!route_take_literal(&rest, "/graph/from/") || !route_take_name(&rest, &parsed.source, &parsed.source_length) ||
        !route_take_literal(&rest, "/to/") || !route_take_name(&rest, &parsed.engine, &parsed.engine_length) ||
        !route_take_literal(&rest, "/") ||
        !route_take_name(&rest, &parsed.transformation, &parsed.transformation_length) || rest.length != 0)
        return false;
    *route = parsed;
    return true;
}
