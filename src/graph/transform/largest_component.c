/* SPDX-License-Identifier: MIT */
/* Owns the transformation `largest-component`, which keeps the largest connected component. */
#include "base/account.h"
#include "graph/registry.h"
#include "graph/transform/components.h"
#include <glassbox/span.h>

static const gbxi_option options[] = {
    GBXI_OPTION_BOOL(
        "strong", "false",
        "Whether components are strongly connected: every node reaches every other one along directed edges."),
    {0},
};

/* The first node of the largest component. `sizes` must be zeroed. */
static uint32_t largest_of(const uint32_t *first, size_t node_count, uint32_t *sizes)
{
    uint32_t best = 0;

    for (size_t v = 0; v < node_count && gbxi_account_goes_on(v); v++)
        ++sizes[first[v]];
    for (size_t v = 1; v < node_count; v++)
        if (sizes[v] > sizes[best])
            best = (uint32_t)v;
    return best;
}

static gbx_err mark_largest(const uint32_t *first, size_t node_count, unsigned char *marks)
{
    uint32_t *sizes = gbxi_account_calloc(node_count + 1, sizeof(*sizes));
    uint32_t best;
    GBX_SPAN_NAMED("graph.transform.largest-component.mark");

    if (sizes == NULL)
        return GBX_ERR_NO_MEMORY;
    best = largest_of(first, node_count, sizes);
    gbx_note_int("size", sizes[best]);
    for (size_t v = 0; v < node_count && gbxi_account_goes_on(v); v++)
        marks[v] = first[v] == best;
    gbxi_account_free(sizes);
    return GBX_ERR_OK;
}

static gbx_err largest_component_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    uint32_t *first = gbxi_account_malloc((graph->node_count + 1) * sizeof(*first));
    unsigned char *marks = gbxi_account_malloc(graph->node_count + 1);
    gbx_err err = first != NULL && marks != NULL ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
    GBX_SPAN_NAMED("graph.transform.largest-component");

    (void)error;
    if (err == GBX_ERR_OK)
        err = gbxi_option_bool(options, config, "strong") ? gbxi_components_strong(graph, first)
                                                          : gbxi_components_weak(graph, first);
    if (err == GBX_ERR_OK)
        err = mark_largest(first, graph->node_count, marks);
    if (err == GBX_ERR_OK)
        err = gbxi_graph_keep(graph, marks, NULL);
    gbxi_account_free(first);
    gbxi_account_free(marks);
    return err;
}

const gbxi_transformation gbxi_transformation_largest_component = {
    {"largest-component", "Largest component",
     "Keeps the connected component with the most nodes and its edges. The direction of edges is ignored unless strong "
     "is true. Of several components of the same size, the one with the first node wins.",
     options},
    largest_component_apply,
};
