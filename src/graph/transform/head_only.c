/* SPDX-License-Identifier: MIT */
/* Owns the transformation `head_only`: what a page says about itself. */
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
    {"head_only", "Head only", "Of a page the element head and everything below it; nothing of a page that has none.",
     NULL},
    head_only_apply,
};
