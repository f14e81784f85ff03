/* SPDX-License-Identifier: MIT */
/* The options of the engine `cytoscape`. */
#ifndef GBX_GRAPH_ENGINE_CYTOSCAPE_OPTIONS_H
#define GBX_GRAPH_ENGINE_CYTOSCAPE_OPTIONS_H

#include "graph/options.h"

extern const gbxi_option gbxi_cytoscape_options[];    /* the two groups below */
extern const gbxi_option gbxi_cytoscape_layout[];     /* layout */
extern const gbxi_option gbxi_cytoscape_style[];      /* style, with one group for each of the three selectors below */
extern const gbxi_option gbxi_cytoscape_node_style[]; /* style.node */
extern const gbxi_option gbxi_cytoscape_edge_style[]; /* style.edge */
extern const gbxi_option gbxi_cytoscape_cluster_style[]; /* style.cluster */

#endif
