/* SPDX-License-Identifier: MIT */
/* Engines whose answer is a text in a language for diagrams: what such texts have in common, so that an engine is its
 * language alone.
 *
 * The answer gets two members: the text, and how many bytes it has. Thread: any. */
#ifndef GBX_GRAPH_ENGINE_DIAGRAM_H
#define GBX_GRAPH_ENGINE_DIAGRAM_H

#include "graph/engine/output.h"
#include "graph/engine/walk.h"

/* A text under way; what the functions of a language get as `engine`. */
typedef struct gbxi_diagram {
    const gbxi_graph *graph;
    const void *style; /* the language's own */
    gbxi_engine_output output;
} gbxi_diagram;

/* A language: in this order its head, the nodes and the boxes around those of a cluster, the edges and its tail. */
typedef struct gbxi_diagram_language {
    const char *member; /* of the answer, that holds the text */
    const char *size_member;
    void (*add_head)(gbxi_engine_output *output, gbxi_json_value given);
    gbxi_box_writers boxes;
    gbxi_write_one *add_edge;
    const char *tail;
} gbxi_diagram_language;

/* Writes the two members. `given` are the engine's options, and `style` is what the language's functions find in the
 * diagram. Errors: NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_diagram_write(const gbxi_diagram_language *language, const gbxi_graph *graph,
                                        gbxi_json_value given, const void *style, gbxi_json_writer *out);

#endif
