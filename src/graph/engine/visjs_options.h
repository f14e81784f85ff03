/* SPDX-License-Identifier: MIT */
/* The options of the engine `visjs`. */
#ifndef GBX_GRAPH_ENGINE_VISJS_OPTIONS_H
#define GBX_GRAPH_ENGINE_VISJS_OPTIONS_H

#include "graph/options.h"

extern const gbxi_option gbxi_visjs_options[];
extern const gbxi_option gbxi_visjs_nodes[];   /* nodes */
extern const gbxi_option gbxi_visjs_edges[];   /* edges */
extern const gbxi_option gbxi_visjs_physics[]; /* physics */

#endif
