/* SPDX-License-Identifier: MIT */
/* Owns the transformation `scripts`: what runs in a page. */
#include "graph/registry.h"
#include "graph/transform/page_filter.h"
#include <glassbox/span.h>
#include <strings.h>

static const gbx__option options[] = {
    GBX__OPTION_BOOL("handlers", "false",
                     "Also the attributes that hold code, on* and links of javascript:, with their elements."),
    {0},
};

static void mark_scripts(gbx__page_filter *filter)
{
    GBX_SPAN_NAMED("graph.transform.scripts.mark");

    for (size_t v = 0; v < filter->graph->node_count; ++v)
        filter->marks[v] = gbx__page_is_element(filter->graph, v, "script");
}

/* Browsers skip blanks and control characters before the scheme, and some within it, which is not looked for here. */
static bool is_javascript(const char *at, size_t length)
{
    static const char scheme[] = "javascript:";

    while (length > 0 && (unsigned char)*at <= ' ') {
        ++at;
        --length;
    }
    return length >= sizeof(scheme) - 1 && strncasecmp(at, scheme, sizeof(scheme) - 1) == 0;
}

static bool is_link(const gbx__graph *graph, size_t node)
{
    static const char *const names[] = {"href", "src", "action", "formaction", "xlink:href", "data", NULL};

    for (size_t i = 0; names[i] != NULL; ++i)
        if (gbx__page_is_attribute(graph, node, names[i]))
            return true;
    return false;
}

static bool is_handler(const gbx__graph *graph, size_t node)
{
    const gbx__node *it = &graph->nodes[node];
    const char *name = gbx__texts_at(&graph->texts, it->name);

    if (it->kind != GBX__NODE_ATTRIBUTE)
        return false;
    if (it->name.length > 2 && name[0] == 'o' && name[1] == 'n')
        return true;
    return is_javascript(gbx__texts_at(&graph->texts, it->value), it->value.length) && is_link(graph, node);
}

static void mark_handlers(gbx__page_filter *filter)
{
    GBX_SPAN_NAMED("graph.transform.scripts.handlers");

    for (size_t v = 0; v < filter->graph->node_count; ++v)
        filter->marks[v] |= is_handler(filter->graph, v);
}

static gbx_err apply(gbx__graph *graph, gbx_json_value config, gbx_error *error)
{
    gbx__page_filter filter;
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.scripts");

    if ((err = gbx__page_filter_begin(&filter, graph, error)) == GBX_ERR_OK) {
        mark_scripts(&filter);
        gbx__page_filter_spread_down(&filter);
        if (gbx__option_bool(options, config, "handlers"))
            mark_handlers(&filter);
        gbx__page_filter_spread_up(&filter);
        err = gbx__page_filter_keep(&filter);
    }
    gbx__page_filter_end(&filter);
    return err;
}

const gbx__transformation gbx__transformation_scripts = {
    {"scripts", "Scripts",
     "Of a page its script elements with their attributes and code, and the elements that they are in.", options},
    apply,
};
