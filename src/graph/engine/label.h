/* SPDX-License-Identifier: MIT */
/* Labels: the visible text of a node or an edge, on one line and of limited length. Engines do the escaping. */
#ifndef GBX_GRAPH_ENGINE_LABEL_H
#define GBX_GRAPH_ENGINE_LABEL_H

#include "graph/graph.h"

enum { GBXI_LABEL_POINTS = 60 };

/* UTF-8, not terminated. A run of whitespace and control characters becomes one space; there is none at either end. A
 * label of more than 60 code points is cut and ends with an ellipsis. */
typedef struct gbxi_label {
    char bytes[4 * (GBXI_LABEL_POINTS + 1) + 16]; /* the last 16 for the number of merged nodes */
    size_t length;
    unsigned points;
    bool blank; /* a space must be added before the next visible code point */
    bool cut;
} gbxi_label;

/* A node's label: a tag, name=value, a text, or an item's label (its id if it has none). If other nodes were merged
 * into the node, their number follows, such as "(+2)". */
void gbxi_label_of_node(gbxi_label *label, const gbxi_graph *graph, const gbxi_node *node);
void gbxi_label_of_text(gbxi_label *label, const gbxi_graph *graph, gbxi_text text);

#endif
