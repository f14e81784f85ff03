/* SPDX-License-Identifier: MIT */
/* What can be set of the engine `visjs`. */
#ifndef GBX_GRAPH_ENGINE_VISJS_OPTIONS_H
#define GBX_GRAPH_ENGINE_VISJS_OPTIONS_H

#include "graph/options.h"

extern const gbx__option gbx__visjs_options[];
extern const gbx__option gbx__visjs_nodes[];   /* nodes */
extern const gbx__option gbx__visjs_edges[];   /* edges */
extern const gbx__option gbx__visjs_physics[]; /* physics */

#endif
