/* SPDX-License-Identifier: MIT */
/* Owns the transformation `spanning-tree`, which keeps a minimum spanning forest, by Kruskal's algorithm. */
#include "graph/registry.h"
#include "graph/transform/components.h"
#include "graph/transform/sort.h"
#include "json/quote.h"
#include <glassbox/span.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD_BYTES_MAX = 256 };

static const gbxi_option options[] = {
    GBXI_OPTION_TEXT("weight", NULL, 1, FIELD_BYTES_MAX,
                     "Name of the edge field that holds the weight. Every edge must have a number there. Default: all "
                     "weights are equal."),
    {0},
};

typedef struct forest {
    gbxi_graph *graph;
    gbxi_sort_item *items; /* the edges by ascending weight */
    uint32_t *parents;     /* the current trees, as disjoint sets */
    uint32_t *sizes;
    unsigned char *nodes; /* marked nodes */
    unsigned char *edges;
} forest;

static gbx_err forest_init(forest *f, gbxi_graph *graph)
{
    size_t nodes = graph->node_count, edges = graph->edge_count;
    GBX_SPAN_NAMED("graph.transform.spanning-tree.index");

    *f = (forest){.graph = graph};
    f->items = malloc((edges + 1) * sizeof(*f->items));
    f->parents = malloc((nodes + 1) * sizeof(*f->parents));
    f->sizes = malloc((nodes + 1) * sizeof(*f->sizes));
    f->nodes = malloc(nodes + 1);
    f->edges = calloc(edges + 1, 1);
    for (uint32_t i = 0; f->items != NULL && i < edges; i++)
        f->items[i].number = i;
    return f->items != NULL && f->parents != NULL && f->sizes != NULL && f->nodes != NULL && f->edges != NULL
               ? GBX_ERR_OK
               : GBX_ERR_NO_MEMORY;
}

static void forest_fini(forest *f)
{
    free(f->items);
    free(f->parents);
    free(f->sizes);
    free(f->nodes);
    free(f->edges);
}

/* The first member with that name, of any type. */
static gbxi_json_value any_member(gbxi_json_value object, gbxi_json_string name)
{
    gbxi_json_iterator each = gbxi_json_each(object);

    while (gbxi_json_next(&each))
        if (gbxi_view_equals(each.key, name))
            return each.value;
    return (gbxi_json_value){0};
}

static gbx_err refuse_weight(size_t edge, gbxi_json_string field, gbxi_json_value value, gbx_error *error)
{
    bool absent = gbxi_json_typeof(value) == GBXI_JSON_ABSENT;

    return gbx_error_set(error, absent ? GBX_ERR_MISSING : GBX_ERR_TYPE, "/transform_config/weight",
                         "edge %zu (counted from 0) must have a number in the field \"%s\", not %s", edge,
                         gbxi_quoted(field).text, absent ? "nothing" : gbxi_json_type_name(gbxi_json_typeof(value)));
}

/* Reads the nearest double: some integers have no equal double. */
static bool read_weight(gbxi_json_value value, double *weight)
{
    int64_t whole;
    uint64_t large;

    if (gbxi_json_int64(value, &whole))
        *weight = (double)whole;
    else if (gbxi_json_uint64(value, &large))
        *weight = (double)large;
    else
        return gbxi_json_double(value, weight);
    return true;
}

static gbx_err weigh_edges(forest *f, gbxi_json_string field, gbx_error *error)
{
    const gbxi_graph *graph = f->graph;
    GBX_SPAN_NAMED("graph.transform.spanning-tree.weigh");

    for (size_t i = 0; i < graph->edge_count; i++) {
        uint32_t origin = graph->edges[i].origin;
        gbxi_json_value value = {0};
        double weight;

        if (origin != GBXI_GRAPH_NONE)
            value = any_member(graph->edge_values[origin], field);
        if (!read_weight(value, &weight))
            return refuse_weight(i, field, value, error);
        f->items[i].key = gbxi_sort_key_of_double(weight);
    }
    return GBX_ERR_OK;
}

static gbx_err sort_by_weight(forest *f, gbxi_json_value config, gbx_error *error)
{
    gbxi_json_string field = gbxi_option_text(options, config, "weight");
    gbx_err err;

    if (field.length == 0)
        return GBX_ERR_OK;
    if ((err = weigh_edges(f, field, error)) == GBX_ERR_OK) {
        GBX_SPAN_NAMED("graph.transform.spanning-tree.sort");

        err = gbxi_sort(f->items, f->graph->edge_count);
    }
    return err;
}

/* Keeps an edge if it joins two trees. */
static void join_trees(forest *f)
{
    const gbxi_graph *graph = f->graph;
    GBX_SPAN_NAMED("graph.transform.spanning-tree.join");

    for (size_t v = 0; v < graph->node_count; v++) {
        f->parents[v] = (uint32_t)v;
        f->sizes[v] = 1;
        f->nodes[v] = 1;
    }
    for (size_t i = 0; i < graph->edge_count; i++) {
        const gbxi_edge *edge = &graph->edges[f->items[i].number];

        f->edges[f->items[i].number] = gbxi_set_join(f->parents, f->sizes, edge->source, edge->target);
    }
}

static gbx_err spanning_tree_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    forest f;
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.spanning-tree");

    if ((err = forest_init(&f, graph)) == GBX_ERR_OK && (err = sort_by_weight(&f, config, error)) == GBX_ERR_OK) {
        join_trees(&f);
        err = gbxi_graph_keep(graph, f.nodes, f.edges);
    }
    forest_fini(&f);
    return err;
}

const gbxi_transformation gbxi_transformation_spanning_tree = {
    {"spanning-tree", "Spanning tree",
     "Keeps all nodes and the edges of a minimum spanning forest (Kruskal's algorithm). The direction of edges is "
     "ignored. Of several edges with the same weight, the first wins.",
     options},
    spanning_tree_apply,
};
