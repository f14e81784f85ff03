/* SPDX-License-Identifier: MIT */
/* Owns the transformation `body_only`, which keeps the body of a page. */
#include "graph/registry.h"
#include "graph/transform/page_filter.h"
#include <glassbox/span.h>

static gbx_err body_only_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    GBX_SPAN_NAMED("graph.transform.body_only");

    (void)config;
    return gbxi_page_keep_part(graph, "body", error);
}

const gbxi_transformation gbxi_transformation_body_only = {
    {"body_only", "Body only",
     "Keeps the element body of a page and everything in it. A page without a body, such as a frameset, becomes empty.",
     NULL},
    body_only_apply,
};
