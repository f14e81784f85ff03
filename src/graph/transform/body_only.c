/* SPDX-License-Identifier: MIT */
/* Owns the transformation `body_only`: what of a page is meant to be seen. */
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
     "Of a page the element body and everything below it; nothing of a page that has none, such as one of frames.",
     NULL},
    body_only_apply,
};
