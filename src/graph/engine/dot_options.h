/* SPDX-License-Identifier: MIT */
/* The options of the engine `dot`. */
#ifndef GBX_GRAPH_ENGINE_DOT_OPTIONS_H
#define GBX_GRAPH_ENGINE_DOT_OPTIONS_H

#include "graph/options.h"

extern const gbxi_option gbxi_dot_options[]; /* attributes of the graph, then these two groups */
extern const gbxi_option gbxi_dot_node[];    /* node */
extern const gbxi_option gbxi_dot_edge[];    /* edge */

#endif
