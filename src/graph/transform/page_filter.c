/* SPDX-License-Identifier: MIT */
/* Owns filtering pages. */
#include "graph/transform/page_filter.h"
#include "graph/stop.h"
#include <glassbox/span.h>
#include <string.h>
#include <strings.h>

static void find_parents(gbxi_page_filter *filter)
{
    const gbxi_graph *graph = filter->graph;
    GBX_SPAN_NAMED("graph.transform.page.index");

    for (size_t v = 0; v < graph->node_count && gbxi_account_goes_on(v); v++)
        filter->parents[v] = GBXI_GRAPH_NONE;
    for (size_t i = 0; i < graph->edge_count && gbxi_account_goes_on(i); i++)
        filter->parents[graph->edges[i].target] = graph->edges[i].source;
}

gbx_err gbxi_page_filter_begin(gbxi_page_filter *filter, gbxi_graph *graph, gbx_error *error)
{
    *filter = (gbxi_page_filter){.graph = graph};
    if (!graph->is_page)
        return gbx_error_set(error, GBX_ERR_CONFLICT, "/graph_data",
                             "this transformation works only on pages, not on a graph of nodes and edges; use the "
                             "source html, or a transformation for graphs, such as reachable");
    filter->parents = gbxi_account_malloc((graph->node_count + 1) * sizeof(*filter->parents));
    filter->marks = gbxi_account_calloc(graph->node_count + 1, 1);
    if (filter->parents == NULL || filter->marks == NULL)
        return GBX_ERR_NO_MEMORY;
    find_parents(filter);
    return gbxi_stop_check();
}

void gbxi_page_filter_end(gbxi_page_filter *filter)
{
    gbxi_account_free(filter->parents);
    gbxi_account_free(filter->marks);
    *filter = (gbxi_page_filter){0};
}

void gbxi_page_filter_spread_down(gbxi_page_filter *filter)
{
    GBX_SPAN_NAMED("graph.transform.page.down");

    for (size_t v = 0; v < filter->graph->node_count && gbxi_account_goes_on(v); v++)
        if (filter->parents[v] != GBXI_GRAPH_NONE)
            filter->marks[v] |= filter->marks[filter->parents[v]];
}

void gbxi_page_filter_spread_up(gbxi_page_filter *filter)
{
    GBX_SPAN_NAMED("graph.transform.page.up");

    for (size_t v = filter->graph->node_count; v-- > 0 && gbxi_account_goes_on(v);)
        if (filter->parents[v] != GBXI_GRAPH_NONE)
            filter->marks[filter->parents[v]] |= filter->marks[v];
}

/* Moves every edge's source up to the nearest marked ancestor. If there is none, the source stays unmarked and the edge
 * is removed later. */
static void lift_edges(gbxi_page_filter *filter)
{
    gbxi_graph *graph = filter->graph;
    uint32_t *parents = filter->parents;
    GBX_SPAN_NAMED("graph.transform.page.lift");

    for (size_t v = 0; v < graph->node_count && gbxi_account_goes_on(v); v++) {
        uint32_t parent = parents[v];

        if (parent != GBXI_GRAPH_NONE && !filter->marks[parent])
            parents[v] = parents[parent]; /* already the nearest marked ancestor of `parent` */
    }
    for (size_t i = 0; i < graph->edge_count && gbxi_account_goes_on(i); i++)
        if (parents[graph->edges[i].target] != GBXI_GRAPH_NONE)
            graph->edges[i].source = parents[graph->edges[i].target];
}

gbx_err gbxi_page_filter_keep(gbxi_page_filter *filter)
{
    lift_edges(filter);
    return gbxi_graph_keep(filter->graph, filter->marks, NULL);
}

gbx_err gbxi_page_keep_marked(gbxi_graph *graph, gbxi_page_marker *mark, const void *wanted, gbx_error *error)
{
    gbxi_page_filter filter;
    gbx_err err = gbxi_page_filter_begin(&filter, graph, error);

    if (err == GBX_ERR_OK) {
        mark(&filter, wanted);
        err = gbxi_page_filter_keep(&filter);
    }
    gbxi_page_filter_end(&filter);
    return err;
}

static void mark_part(gbxi_page_filter *filter, const char *tag)
{
    GBX_SPAN_NAMED("graph.transform.page.mark");

    for (size_t v = 0; v < filter->graph->node_count && gbxi_account_goes_on(v); v++) {
        uint32_t parent = filter->parents[v];

        if (parent != GBXI_GRAPH_NONE && filter->parents[parent] == GBXI_GRAPH_NONE)
            filter->marks[v] = gbxi_page_is_element(filter->graph, v, tag);
    }
}

static void mark_part_whole(gbxi_page_filter *filter, const void *tag)
{
    mark_part(filter, tag);
    gbxi_page_filter_spread_down(filter);
}

gbx_err gbxi_page_keep_part(gbxi_graph *graph, const char *tag, gbx_error *error)
{
    return gbxi_page_keep_marked(graph, mark_part_whole, tag, error);
}

static bool is_node_named(const gbxi_graph *graph, size_t node, gbxi_node_kind kind, const char *name)
{
    const gbxi_node *it = &graph->nodes[node];
    return it->kind == kind && gbxi_view_is(gbxi_texts_view(&graph->texts, it->name), name);
}

bool gbxi_page_is_element(const gbxi_graph *graph, size_t node, const char *tag)
{
    return is_node_named(graph, node, GBXI_NODE_ELEMENT, tag);
}

bool gbxi_page_is_attribute(const gbxi_graph *graph, size_t node, const char *name)
{
    return is_node_named(graph, node, GBXI_NODE_ATTRIBUTE, name);
}

/* Whether a text of words separated by whitespace contains a word, ignoring case. */
static bool has_word(const char *at, size_t length, const char *word)
{
    static const char blanks[] = " \t\n\r\f";
    const char *end = at + length;

    while (at < end) {
        const char *begin = at;

        while (at < end && (*at == '\0' || strchr(blanks, *at) == NULL))
            ++at;
        if ((size_t)(at - begin) == strlen(word) && strncasecmp(begin, word, (size_t)(at - begin)) == 0)
            return true;
        ++at;
    }
    return false;
}

bool gbxi_page_is_style_sheet(const gbxi_graph *graph, const uint32_t *parents, size_t node)
{
    if (!gbxi_page_is_element(graph, node, "link"))
        return gbxi_page_is_element(graph, node, "style");
    for (size_t v = node + 1; v < graph->node_count && parents[v] == node; v++) {
        gbxi_text value = graph->nodes[v].value;

        if (gbxi_page_is_attribute(graph, v, "rel"))
            return has_word(gbxi_texts_at(&graph->texts, value), value.length, "stylesheet");
    }
    return false;
}
