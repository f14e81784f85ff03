/* SPDX-License-Identifier: MIT */
/* Owns the transformation `head_only`, which keeps the head of a page. */
#include "graph/registry.h"
#include "graph/transform/page_filter.h"
#include <glassbox/span.h>

static gbx_err head_only_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    GBX_SPAN_NAMED("graph.transform.head_only");

    (void)config;
    return gbxi_page_keep_part(graph, "head", error);
}

const gbxi_transformation gbxi_transformation_head_only = {
    {"head_only", "Head only",
     "Keeps the element head of a page and everything in it. A page without a head becomes empty.", NULL},
    head_only_apply,
};
