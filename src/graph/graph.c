/* SPDX-License-Identifier: MIT */
/* Owns the arrays of the graph model. */
#include "graph/graph.h"
#include "graph/array.h"
#include "graph/stop.h"
#include <glassbox/span.h>

/* Reserves room in an array given by its pointer and its capacity. */
#define RESERVE(array, capacity, need) gbxi_array_reserve(&(array), &(capacity), (need), sizeof(*(array)))

gbx_err gbxi_graph_reserve(gbxi_graph *graph, size_t node_count, size_t edge_count)
{
    gbx_err err = RESERVE(graph->nodes, graph->node_capacity, node_count);

    if (err == GBX_ERR_OK)
        err = RESERVE(graph->edges, graph->edge_capacity, edge_count);
    return err;
}

gbx_err gbxi_graph_add_node(gbxi_graph *graph, gbxi_node node)
{
    gbx_err err = RESERVE(graph->nodes, graph->node_capacity, graph->node_count + 1);

    if (err == GBX_ERR_OK)
        graph->nodes[graph->node_count++] = node;
    return err;
}

gbx_err gbxi_graph_add_edge(gbxi_graph *graph, gbxi_edge edge)
{
    gbx_err err = RESERVE(graph->edges, graph->edge_capacity, graph->edge_count + 1);

    if (err == GBX_ERR_OK)
        graph->edges[graph->edge_count++] = edge;
    return err;
}

/* Appends a value to one of the two value arrays. */
static gbx_err add_graph_value(gbxi_json_value **values, size_t *count, size_t *capacity, gbxi_json_value value,
                               uint32_t *origin)
{
    gbx_err err = gbxi_array_reserve(values, capacity, *count + 1, sizeof(**values));

    if (err != GBX_ERR_OK)
        return err;
    *origin = (uint32_t)*count;
    (*values)[(*count)++] = value;
    return GBX_ERR_OK;
}

gbx_err gbxi_graph_add_node_value(gbxi_graph *graph, gbxi_json_value value, uint32_t *origin)
{
    return add_graph_value(&graph->node_values, &graph->node_value_count, &graph->node_value_capacity, value, origin);
}

gbx_err gbxi_graph_add_edge_value(gbxi_graph *graph, gbxi_json_value value, uint32_t *origin)
{
    return add_graph_value(&graph->edge_values, &graph->edge_value_count, &graph->edge_value_capacity, value, origin);
}

static void keep_nodes(gbxi_graph *graph, const unsigned char *marks, uint32_t *numbers)
{
    size_t kept = 0;

    for (size_t i = 0; i < graph->node_count && gbxi_account_goes_on(i); i++) {
        numbers[i] = (uint32_t)kept;
        if (marks[i])
            graph->nodes[kept++] = graph->nodes[i];
    }
    graph->node_count = kept;
}

gbx_err gbxi_graph_keep(gbxi_graph *graph, const unsigned char *nodes, const unsigned char *edges)
{
    uint32_t *numbers = gbxi_account_malloc((graph->node_count + 1) * sizeof(*numbers));
    size_t kept = 0;
    GBX_SPAN_NAMED("graph.transform.keep");

    if (numbers == NULL)
        return GBX_ERR_NO_MEMORY;
    keep_nodes(graph, nodes, numbers);
    for (size_t i = 0; i < graph->edge_count && gbxi_account_goes_on(i); i++) {
        gbxi_edge edge = graph->edges[i];

        if (!nodes[edge.source] || !nodes[edge.target] || (edges != NULL && !edges[i]))
            continue;
        edge.source = numbers[edge.source];
        edge.target = numbers[edge.target];
        graph->edges[kept++] = edge;
    }
    graph->edge_count = kept;
    gbx_note_int("nodes", (int64_t)graph->node_count);
    gbx_note_int("edges", (int64_t)graph->edge_count);
    gbxi_account_free(numbers);
    return gbxi_stop_check();
}

void gbxi_graph_fini(gbxi_graph *graph)
{
    gbxi_account_free(graph->nodes);
    gbxi_account_free(graph->edges);
    gbxi_account_free(graph->node_values);
    gbxi_account_free(graph->edge_values);
    gbxi_texts_fini(&graph->texts);
    *graph = (gbxi_graph){0};
}

gbxi_json_string gbxi_graph_node_id(const gbxi_graph *graph, size_t node, gbxi_id_room *room)
{
    const gbxi_node *it = &graph->nodes[node];
    char *end = room->bytes + sizeof(room->bytes), *at = end;
    uint32_t number = it->origin;

    if (it->kind == GBXI_NODE_ITEM)
        return (gbxi_json_string){gbxi_texts_at(&graph->texts, it->name), it->name.length};
    do {
        *--at = (char)('0' + number % 10);
    } while ((number /= 10) > 0);
    *--at = 'n';
    return (gbxi_json_string){at, (size_t)(end - at)};
}
