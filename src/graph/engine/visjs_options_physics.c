/* SPDX-License-Identifier: MIT */
/* Owns the table of what can be set of the physics of the engine `visjs`. */
#include "graph/engine/visjs_options.h"

static const char *const solvers[] = {"barnesHut", "forceAtlas2Based", "repulsion", "hierarchicalRepulsion", NULL};

static const gbx__option barnes_hut[] = {
    GBX__OPTION_NUMBER("theta", NULL, 0, 10, "Larger is faster and rougher."),
    GBX__OPTION_NUMBER("gravitationalConstant", "-4000", -1000000, 0, "How strongly nodes push."),
    GBX__OPTION_NUMBER("centralGravity", NULL, 0, 100, "How strongly all is drawn to the middle."),
    GBX__OPTION_NUMBER("springLength", NULL, 0, 100000, "How long edges like to be."),
    GBX__OPTION_NUMBER("springConstant", NULL, 0, 10, "How strong edges are."),
    GBX__OPTION_NUMBER("damping", "0.2", 0, 1, "How much of a movement is lost."),
    GBX__OPTION_NUMBER("avoidOverlap", "0.2", 0, 1, "How much the size of nodes counts."),
    {0},
};
static const gbx__option force_atlas[] = {
    GBX__OPTION_NUMBER("theta", NULL, 0, 10, "Larger is faster and rougher."),
    GBX__OPTION_NUMBER("gravitationalConstant", NULL, -1000000, 0, "How strongly nodes push."),
    GBX__OPTION_NUMBER("centralGravity", NULL, 0, 100, "How strongly all is drawn to the middle."),
    GBX__OPTION_NUMBER("springLength", NULL, 0, 100000, "How long edges like to be."),
    GBX__OPTION_NUMBER("springConstant", NULL, 0, 10, "How strong edges are."),
    GBX__OPTION_NUMBER("damping", NULL, 0, 1, "How much of a movement is lost."),
    GBX__OPTION_NUMBER("avoidOverlap", NULL, 0, 1, "How much the size of nodes counts."),
    {0},
};
static const gbx__option repulsion[] = {
    GBX__OPTION_NUMBER("centralGravity", NULL, 0, 100, "How strongly all is drawn to the middle."),
    GBX__OPTION_NUMBER("springLength", NULL, 0, 100000, "How long edges like to be."),
    GBX__OPTION_NUMBER("springConstant", NULL, 0, 10, "How strong edges are."),
    GBX__OPTION_NUMBER("nodeDistance", NULL, 0, 100000, "How far nodes push."),
    GBX__OPTION_NUMBER("damping", NULL, 0, 1, "How much of a movement is lost."),
    {0},
};
static const gbx__option hierarchical_repulsion[] = {
    GBX__OPTION_NUMBER("centralGravity", NULL, 0, 100, "How strongly all is drawn to the middle."),
    GBX__OPTION_NUMBER("springLength", NULL, 0, 100000, "How long edges like to be."),
    GBX__OPTION_NUMBER("springConstant", NULL, 0, 10, "How strong edges are."),
    GBX__OPTION_NUMBER("nodeDistance", NULL, 0, 100000, "How far nodes push."),
    GBX__OPTION_NUMBER("damping", NULL, 0, 1, "How much of a movement is lost."),
    GBX__OPTION_NUMBER("avoidOverlap", NULL, 0, 1, "How much the size of nodes counts."),
    {0},
};
static const gbx__option stabilization[] = {
    GBX__OPTION_BOOL("enabled", "true", "Whether nodes come to rest before they are drawn."),
    GBX__OPTION_INTEGER("iterations", "200", 1, 1000000, "At most."),
    GBX__OPTION_INTEGER("updateInterval", NULL, 1, 1000000, "Iterations between two reports of progress."),
    GBX__OPTION_BOOL("onlyDynamicEdges", NULL, "Whether it is for curved edges alone."),
    GBX__OPTION_BOOL("fit", "true", "Whether the picture is made to fit at the end."),
    {0},
};
static const gbx__option wind[] = {
    GBX__OPTION_NUMBER("x", NULL, -1000, 1000, "Sideways."),
    GBX__OPTION_NUMBER("y", NULL, -1000, 1000, "Down."),
    {0},
};

const gbx__option gbx__visjs_physics[] = {
    GBX__OPTION_BOOL("enabled", "true", "Whether nodes move at all."),
    GBX__OPTION_CHOICE("solver", "\"barnesHut\"", solvers, "Which of the models below."),
    GBX__OPTION_GROUP("barnesHut", barnes_hut, "For most graphs."),
    GBX__OPTION_GROUP("forceAtlas2Based", force_atlas, "Weaker over long distances."),
    GBX__OPTION_GROUP("repulsion", repulsion, "Exact and slow."),
    GBX__OPTION_GROUP("hierarchicalRepulsion", hierarchical_repulsion, "For layouts in levels."),
    GBX__OPTION_NUMBER("maxVelocity", NULL, 0.001, 100000, "Of nodes."),
    GBX__OPTION_NUMBER("minVelocity", "0.75", 0, 100000, "At which nodes are at rest."),
    GBX__OPTION_GROUP("stabilization", stabilization, "Before the first picture."),
    GBX__OPTION_NUMBER("timestep", NULL, 0.001, 10, "Of the simulation."),
    GBX__OPTION_BOOL("adaptiveTimestep", NULL, "Whether steps get longer where it is calm."),
    GBX__OPTION_GROUP("wind", wind, "A push on all."),
    {0},
};
