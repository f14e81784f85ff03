/* SPDX-License-Identifier: MIT */
/* Parses graph paths. */
#include "service/graph_route.h"
#include "base/view.h"
#include <string.h>

/* Takes the text before the next slash off `rest`; false if there is none. */
static bool route_take_name(gbxi_view *rest, const char **name, size_t *name_length)
{
    const char *slash = memchr(rest->at, '/', rest->length);
    size_t length = slash != NULL ? (size_t)(slash - rest->at) : rest->length;

    *name = rest->at;
    *name_length = length;
    *rest = gbxi_view_after(*rest, length);
    return length != 0;
}

bool gbxi_graph_route_parse(const char *path, size_t length, gbxi_graph_route *route)
{
    gbxi_view rest = {path, length};
    gbxi_graph_route parsed;

    if (!gbxi_view_skip(&rest, "/graph/from/") || !route_take_name(&rest, &parsed.source, &parsed.source_length) ||
        !gbxi_view_skip(&rest, "/to/") || !route_take_name(&rest, &parsed.engine, &parsed.engine_length) ||
        !gbxi_view_skip(&rest, "/") || !route_take_name(&rest, &parsed.transformation, &parsed.transformation_length) ||
        rest.length != 0)
        return false;
    *route = parsed;
    return true;
}
