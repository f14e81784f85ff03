/* SPDX-License-Identifier: MIT */
/* The common part of engines that write a text in a diagram language. Each engine adds only its language.
 *
 * The answer gets two members: the text and its size in bytes. Thread: any. */
#ifndef GBX_GRAPH_ENGINE_DIAGRAM_H
#define GBX_GRAPH_ENGINE_DIAGRAM_H

#include "graph/engine/output.h"
#include "graph/engine/walk.h"

/* A text in progress. The functions of a language receive it as `engine`. */
typedef struct gbxi_diagram {
    const gbxi_graph *graph;
    const void *style; /* belongs to the language */
    gbxi_engine_output output;
} gbxi_diagram;

/* A language. It writes its head, the nodes (with boxes around clusters), the edges and its tail, in this order. After
 * the two members, write_notes may write further ones; `size` is that of the text in bytes. */
typedef struct gbxi_diagram_language {
    const char *member; /* name of the answer's member that holds the text */
    const char *size_member;
    void (*add_head)(gbxi_engine_output *output, const gbxi_graph *graph, gbxi_json_value given);
    gbxi_box_writers boxes;
    gbxi_write_one *add_edge;
    const char *tail;
    void (*write_notes)(const gbxi_graph *graph, uint64_t size, gbxi_json_writer *out); /* may be NULL */
} gbxi_diagram_language;

/* Writes the two members. `given` holds the engine's options. `style` is passed to the language's functions in the
 * diagram. Errors: NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_diagram_write(const gbxi_diagram_language *language, const gbxi_graph *graph,
                                        gbxi_json_value given, const void *style, gbxi_json_writer *out);

#endif
