/* SPDX-License-Identifier: MIT */
/* Owns the transformation `default`: the graph as it came. */
#include "graph/fields.h"
#include "graph/registry.h"
#include <glassbox/span.h>

static gbx_err apply(gbx__graph *graph, gbx_json_value config, gbx_error *error)
{
    static const char *const known[] = {NULL};
    gbx_json_pointer at = gbx__pointer_to(NULL, "transform_config");
    GBX_SPAN_NAMED("graph.transform.default");

    gbx_note_int("nodes", (int64_t)graph->node_count);
    gbx_note_int("edges", (int64_t)graph->edge_count);
    if (gbx_json_typeof(config) == GBX_JSON_ABSENT)
        return GBX_ERR_OK;
    return gbx__fields_check(config, &at, known, error);
}

const gbx__transformation gbx__transformation_default = {
    {"default", "As it is", "Every node and every edge, unchanged."},
    apply,
};
