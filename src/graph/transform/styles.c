/* SPDX-License-Identifier: MIT */
/* Owns the transformation `styles`, which keeps the style sheets and style attributes of a page. */
#include "base/account.h"
#include "graph/registry.h"
#include "graph/transform/page_filter.h"
#include <glassbox/span.h>

static void mark_sheets(gbxi_page_filter *filter)
{
    GBX_SPAN_NAMED("graph.transform.styles.mark");

    for (size_t v = 0; v < filter->graph->node_count && gbxi_account_goes_on(v); v++)
        filter->marks[v] = gbxi_page_is_style_sheet(filter->graph, filter->parents, v);
}

static void mark_attributes(gbxi_page_filter *filter)
{
    GBX_SPAN_NAMED("graph.transform.styles.attributes");

    for (size_t v = 0; v < filter->graph->node_count && gbxi_account_goes_on(v); v++)
        filter->marks[v] |= gbxi_page_is_attribute(filter->graph, v, "style");
}

static void mark_styles(gbxi_page_filter *filter, const void *wanted)
{
    (void)wanted;
    mark_sheets(filter);
    gbxi_page_filter_spread_down(filter);
    mark_attributes(filter);
    gbxi_page_filter_spread_up(filter);
}

static gbx_err styles_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    GBX_SPAN_NAMED("graph.transform.styles");

    (void)config;
    return gbxi_page_keep_marked(graph, mark_styles, NULL, error);
}

const gbxi_transformation gbxi_transformation_styles = {
    {"styles", "Styles",
     "Keeps the style elements and style sheet links of a page with their content, the style attributes, and all their "
     "ancestors.",
     NULL},
    styles_apply,
};
