/* SPDX-License-Identifier: MIT */
/* Owns the transformation `scripts`, which keeps the code of a page. */
#include "base/account.h"
#include "graph/registry.h"
#include "graph/transform/page_filter.h"
#include <glassbox/span.h>
#include <strings.h>

static const gbxi_option options[] = {
    GBXI_OPTION_BOOL(
        "handlers", "false",
        "Whether to keep attributes that contain code (on* and javascript: links) and their elements as well."),
    {0},
};

static void mark_scripts(gbxi_page_filter *filter)
{
    GBX_SPAN_NAMED("graph.transform.scripts.mark");

    for (size_t v = 0; v < filter->graph->node_count && gbxi_account_goes_on(v); v++)
        filter->marks[v] = gbxi_page_is_element(filter->graph, v, "script");
}

/* Whether a link is a javascript: URL. Like browsers, skips whitespace and control characters before the scheme.
 * Browsers also skip some within the scheme, which this function does not detect. */
static bool is_javascript(const char *at, size_t length)
{
    static const char scheme[] = "javascript:";

    while (length > 0 && (unsigned char)*at <= ' ') {
        ++at;
        --length;
    }
    return length >= sizeof(scheme) - 1 && strncasecmp(at, scheme, sizeof(scheme) - 1) == 0;
}

static bool is_link(const gbxi_graph *graph, size_t node)
{
    static const char *const names[] = {"href", "src", "action", "formaction", "xlink:href", "data", NULL};

    for (size_t i = 0; names[i] != NULL; i++)
        if (gbxi_page_is_attribute(graph, node, names[i]))
            return true;
    return false;
}

static bool is_handler(const gbxi_graph *graph, size_t node)
{
    const gbxi_node *it = &graph->nodes[node];
    const char *name = gbxi_texts_at(&graph->texts, it->name);

    if (it->kind != GBXI_NODE_ATTRIBUTE)
        return false;
    if (it->name.length > 2 && name[0] == 'o' && name[1] == 'n')
        return true;
    return is_javascript(gbxi_texts_at(&graph->texts, it->value), it->value.length) && is_link(graph, node);
}

static void mark_handlers(gbxi_page_filter *filter)
{
    GBX_SPAN_NAMED("graph.transform.scripts.handlers");

    for (size_t v = 0; v < filter->graph->node_count && gbxi_account_goes_on(v); v++)
        filter->marks[v] |= is_handler(filter->graph, v);
}

static void mark_code(gbxi_page_filter *filter, const void *handlers)
{
    mark_scripts(filter);
    gbxi_page_filter_spread_down(filter);
    if (*(const bool *)handlers)
        mark_handlers(filter);
    gbxi_page_filter_spread_up(filter);
}

static gbx_err scripts_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    bool handlers = gbxi_option_bool(options, config, "handlers");
    GBX_SPAN_NAMED("graph.transform.scripts");

    return gbxi_page_keep_marked(graph, mark_code, &handlers, error);
}

const gbxi_transformation gbxi_transformation_scripts = {
    {"scripts", "Scripts",
     "Keeps the script elements of a page with their attributes and code, and all their ancestors.", options},
    scripts_apply,
};
