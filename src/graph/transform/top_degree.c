/* SPDX-License-Identifier: MIT */
/* Owns the transformation `top-degree`, which keeps the nodes with the most edges. */
#include "base/account.h"
#include "graph/registry.h"
#include "graph/transform/sort.h"
#include <glassbox/span.h>

static const char *const directions[] = {"out", "in", "both", NULL};
enum { OUT, IN, BOTH }; /* positions in `directions` */

static const gbxi_option options[] = {
    GBXI_OPTION_INTEGER("n", "10", 1, UINT32_MAX, "Number of nodes to keep."),
    GBXI_OPTION_CHOICE("direction", "\"both\"", directions,
                       "Edges to count: outgoing (out), incoming (in) or both. In an undirected graph always both."),
    {0},
};

/* Counts edges down from UINT64_MAX, because the sort is ascending and the nodes with the most edges must come
 * first. */
static void count_missing_edges(const gbxi_graph *graph, size_t direction, gbxi_sort_item *items)
{
    GBX_SPAN_NAMED("graph.transform.top-degree.count");

    for (uint32_t v = 0; v < graph->node_count; v++)
        items[v] = (gbxi_sort_item){UINT64_MAX, v};
    for (size_t i = 0; i < graph->edge_count && gbxi_account_goes_on(i); i++) {
        if (direction != IN)
            --items[graph->edges[i].source].key;
        if (direction != OUT)
            --items[graph->edges[i].target].key;
    }
}

static gbx_err sort_by_degree_falling(gbxi_sort_item *items, size_t count)
{
    GBX_SPAN_NAMED("graph.transform.top-degree.sort");

    return gbxi_sort(items, count);
}

static gbx_err top_degree_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    gbxi_sort_item *items = gbxi_account_malloc((graph->node_count + 1) * sizeof(*items));
    unsigned char *marks = gbxi_account_calloc(graph->node_count + 1, 1);
    uint64_t n = gbxi_option_uint(options, config, "n");
    gbx_err err = items != NULL && marks != NULL ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
    GBX_SPAN_NAMED("graph.transform.top-degree");

    (void)error;
    if (err == GBX_ERR_OK) {
        count_missing_edges(graph, graph->undirected ? BOTH : gbxi_option_choice(options, config, "direction"), items);
        err = sort_by_degree_falling(items, graph->node_count);
    }
    if (err == GBX_ERR_OK) {
        for (size_t i = 0; i < graph->node_count && i < n; i++)
            marks[items[i].number] = 1;
        err = gbxi_graph_keep(graph, marks, NULL);
    }
    gbxi_account_free(items);
    gbxi_account_free(marks);
    return err;
}

const gbxi_transformation gbxi_transformation_top_degree = {
    {"top-degree", "Top degree",
     "Keeps the nodes with the most edges and the edges between them. Of several nodes with the same number of edges, "
     "the first wins. Parallel edges count separately; a loop counts as both outgoing and incoming.",
     options},
    top_degree_apply,
};
