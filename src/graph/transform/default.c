/* SPDX-License-Identifier: MIT */
/* Owns the transformation `default`, which leaves the graph unchanged. */
#include "graph/registry.h"
#include <glassbox/span.h>

static gbx_err default_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    GBX_SPAN_NAMED("graph.transform.default");

    (void)config;
    (void)error;
    gbx_note_int("nodes", (int64_t)graph->node_count);
    gbx_note_int("edges", (int64_t)graph->edge_count);
    return GBX_ERR_OK;
}

const gbxi_transformation gbxi_transformation_default = {
    {"default", "As it is", "Every node and every edge, unchanged.", NULL},
    default_apply,
};
