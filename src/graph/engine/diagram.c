/* SPDX-License-Identifier: MIT */
/* Owns the order in which the parts of a diagram are written. */
#include "graph/engine/diagram.h"

gbx_err gbxi_diagram_write(const gbxi_diagram_language *language, const gbxi_graph *graph, gbxi_json_value given,
                           const void *style, gbxi_json_writer *out)
{
    gbxi_diagram diagram;
    gbxi_clusters clusters;
    uint64_t size;
    gbx_err err;

    diagram.graph = graph;
    diagram.style = style;
    if ((err = gbxi_clusters_init(&clusters, graph)) != GBX_ERR_OK)
        return err;
    gbxi_engine_output_begin(&diagram.output, out, language->member);
    language->add_head(&diagram.output, graph, given);
    gbxi_graph_walk_clusters(graph, &clusters, &language->boxes, &diagram);
    gbxi_graph_walk_edges(graph, language->add_edge, &diagram);
    gbxi_engine_output_add_z(&diagram.output, language->tail);
    size = gbxi_engine_output_end(&diagram.output);
    gbxi_json_key(out, language->size_member);
    gbxi_json_uint(out, size);
    if (language->write_notes != NULL)
        language->write_notes(graph, size, out);
    gbxi_clusters_fini(&clusters);
    return GBX_ERR_OK;
}
