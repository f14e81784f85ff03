/* SPDX-License-Identifier: MIT */
/* What can be set of the engine `cytoscape`. */
#ifndef GBX_GRAPH_ENGINE_CYTOSCAPE_OPTIONS_H
#define GBX_GRAPH_ENGINE_CYTOSCAPE_OPTIONS_H

#include "graph/options.h"

extern const gbx__option gbx__cytoscape_options[];       /* the two groups below */
extern const gbx__option gbx__cytoscape_layout[];        /* layout */
extern const gbx__option gbx__cytoscape_style[];         /* style, a group for each of the three selectors below */
extern const gbx__option gbx__cytoscape_node_style[];    /* style.node */
extern const gbx__option gbx__cytoscape_edge_style[];    /* style.edge */
extern const gbx__option gbx__cytoscape_cluster_style[]; /* style.cluster */

#endif
