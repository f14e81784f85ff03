/* SPDX-License-Identifier: MIT */
/* Labels: what people see of a node or an edge, on one line and of a sane length. Escaping is the engines'. */
#ifndef GBX_GRAPH_ENGINE_LABEL_H
#define GBX_GRAPH_ENGINE_LABEL_H

#include "graph/graph.h"

enum { GBXI_LABEL_POINTS = 60 };

/* UTF-8, not terminated; blanks and control characters in a row are one space, none at the ends; what is over 60 code
 * points is cut and ends in an ellipsis. */
typedef struct gbxi_label {
    char bytes[4 * (GBXI_LABEL_POINTS + 1) + 16]; /* the last ones for the number of merged nodes */
    size_t length;
    unsigned points;
    bool blank; /* a space is due before the next visible code point */
    bool cut;
} gbxi_label;

/* A node's label: a tag, name=value, a text, or an item's label (its id when it has none); "(+2)" behind it when the
 * node stands for two more. */
void gbxi_label_of_node(gbxi_label *label, const gbxi_graph *graph, const gbxi_node *node);
void gbxi_label_of_text(gbxi_label *label, const gbxi_graph *graph, gbxi_text text);

#endif
