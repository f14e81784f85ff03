/* SPDX-License-Identifier: MIT */
/* Owns the filtering of pages. */
#include "graph/transform/page_filter.h"
#include <glassbox/span.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void find_parents(gbx__page_filter *filter)
{
    const gbx__graph *graph = filter->graph;
    GBX_SPAN_NAMED("graph.transform.page.index");

    for (size_t v = 0; v < graph->node_count; ++v)
        filter->parents[v] = GBX__GRAPH_NONE;
    for (size_t i = 0; i < graph->edge_count; ++i)
        filter->parents[graph->edges[i].target] = graph->edges[i].source;
}

gbx_err gbx__page_filter_begin(gbx__page_filter *filter, gbx__graph *graph, gbx_error *error)
{
    *filter = (gbx__page_filter){.graph = graph};
    if (!graph->is_page)
        return gbx_error_set(
            error, GBX_ERR_CONFLICT, "/graph_data",
            "this transformation is for pages, and a graph of nodes and edges has no elements: use the "
            "source html, or a transformation for graphs, such as reachable");
    filter->parents = malloc((graph->node_count + 1) * sizeof(*filter->parents));
    filter->marks = calloc(graph->node_count + 1, 1);
    if (filter->parents == NULL || filter->marks == NULL)
        return GBX_ERR_NO_MEMORY;
    find_parents(filter);
    return GBX_ERR_OK;
}

void gbx__page_filter_end(gbx__page_filter *filter)
{
    free(filter->parents);
    free(filter->marks);
    *filter = (gbx__page_filter){0};
}

void gbx__page_filter_spread_down(gbx__page_filter *filter)
{
    GBX_SPAN_NAMED("graph.transform.page.down");

    for (size_t v = 0; v < filter->graph->node_count; ++v)
        if (filter->parents[v] != GBX__GRAPH_NONE)
            filter->marks[v] |= filter->marks[filter->parents[v]];
}

void gbx__page_filter_spread_up(gbx__page_filter *filter)
{
    GBX_SPAN_NAMED("graph.transform.page.up");

    for (size_t v = filter->graph->node_count; v-- > 0;)
        if (filter->parents[v] != GBX__GRAPH_NONE)
            filter->marks[filter->parents[v]] |= filter->marks[v];
}

/* Moves every edge's source up to the nearest marked element; an edge that finds none stays with its unmarked parent,
 * and so goes. */
static void lift_edges(gbx__page_filter *filter)
{
    gbx__graph *graph = filter->graph;
    uint32_t *parents = filter->parents;
    GBX_SPAN_NAMED("graph.transform.page.lift");

    for (size_t v = 0; v < graph->node_count; ++v) {
        uint32_t parent = parents[v];

        if (parent != GBX__GRAPH_NONE && !filter->marks[parent])
            parents[v] = parents[parent]; /* which has been lifted itself */
    }
    for (size_t i = 0; i < graph->edge_count; ++i)
        if (parents[graph->edges[i].target] != GBX__GRAPH_NONE)
            graph->edges[i].source = parents[graph->edges[i].target];
}

gbx_err gbx__page_filter_keep(gbx__page_filter *filter)
{
    lift_edges(filter);
    return gbx__graph_keep(filter->graph, filter->marks, NULL);
}

static void mark_part(gbx__page_filter *filter, const char *tag)
{
    GBX_SPAN_NAMED("graph.transform.page.mark");

    for (size_t v = 0; v < filter->graph->node_count; ++v) {
        uint32_t parent = filter->parents[v];

        if (parent != GBX__GRAPH_NONE && filter->parents[parent] == GBX__GRAPH_NONE)
            filter->marks[v] = gbx__page_is_element(filter->graph, v, tag);
    }
}

gbx_err gbx__page_keep_part(gbx__graph *graph, const char *tag, gbx_error *error)
{
    gbx__page_filter filter;
    gbx_err err = gbx__page_filter_begin(&filter, graph, error);

    if (err == GBX_ERR_OK) {
        mark_part(&filter, tag);
        gbx__page_filter_spread_down(&filter);
        err = gbx__page_filter_keep(&filter);
    }
    gbx__page_filter_end(&filter);
    return err;
}

static bool is_named(const gbx__graph *graph, size_t node, gbx__node_kind kind, const char *name)
{
    const gbx__node *it = &graph->nodes[node];
    size_t length = strlen(name);

    return it->kind == kind && it->name.length == length &&
           memcmp(gbx__texts_at(&graph->texts, it->name), name, length) == 0;
}

bool gbx__page_is_element(const gbx__graph *graph, size_t node, const char *tag)
{
    return is_named(graph, node, GBX__NODE_ELEMENT, tag);
}

bool gbx__page_is_attribute(const gbx__graph *graph, size_t node, const char *name)
{
    return is_named(graph, node, GBX__NODE_ATTRIBUTE, name);
}

/* Whether a text, as words with blanks between, has that word in any case. */
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

bool gbx__page_is_style_sheet(const gbx__graph *graph, const uint32_t *parents, size_t node)
{
    if (!gbx__page_is_element(graph, node, "link"))
        return gbx__page_is_element(graph, node, "style");
    for (size_t v = node + 1; v < graph->node_count && parents[v] == node; ++v) {
        gbx__text value = graph->nodes[v].value;

        if (gbx__page_is_attribute(graph, v, "rel"))
            return has_word(gbx__texts_at(&graph->texts, value), value.length, "stylesheet");
    }
    return false;
}
