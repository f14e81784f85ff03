/* SPDX-License-Identifier: MIT */
/* Owns the table of what can be set of the physics of the engine `visjs`. */
#include "graph/engine/visjs_options.h"

static const char *const solvers[] = {"barnesHut", "forceAtlas2Based", "repulsion", "hierarchicalRepulsion", NULL};

/* Rows of the models, which stand in two tables each; an argument is the default that differs. */
#define SPRING_OPTIONS                                                                                                 \
    GBXI_OPTION_NUMBER("centralGravity", NULL, 0, 100, "How strongly all is drawn to the middle."),                    \
        GBXI_OPTION_NUMBER("springLength", NULL, 0, 100000, "How long edges like to be."),                             \
        GBXI_OPTION_NUMBER("springConstant", NULL, 0, 10, "How strong edges are.")
#define DAMPING_OPTION(fallback) GBXI_OPTION_NUMBER("damping", fallback, 0, 1, "How much of a movement is lost.")
#define OVERLAP_OPTION(fallback)                                                                                       \
    GBXI_OPTION_NUMBER("avoidOverlap", fallback, 0, 1, "How much the size of nodes counts.")
#define BY_TREE_OPTIONS(gravity, damping, overlap)                                                                     \
    GBXI_OPTION_NUMBER("theta", NULL, 0, 10, "Larger is faster and rougher."),                                         \
        GBXI_OPTION_NUMBER("gravitationalConstant", gravity, -1000000, 0, "How strongly nodes push."), SPRING_OPTIONS, \
        DAMPING_OPTION(damping), OVERLAP_OPTION(overlap)
#define BY_DISTANCE_OPTIONS                                                                                            \
    SPRING_OPTIONS, GBXI_OPTION_NUMBER("nodeDistance", NULL, 0, 100000, "How far nodes push."), DAMPING_OPTION(NULL)

static const gbxi_option barnes_hut[] = {
    BY_TREE_OPTIONS("-4000", "0.2", "0.2"),
    {0},
};
static const gbxi_option force_atlas[] = {
    BY_TREE_OPTIONS(NULL, NULL, NULL),
    {0},
};
static const gbxi_option repulsion[] = {
    BY_DISTANCE_OPTIONS,
    {0},
};
static const gbxi_option hierarchical_repulsion[] = {
    BY_DISTANCE_OPTIONS,
    OVERLAP_OPTION(NULL),
    {0},
};
static const gbxi_option stabilization[] = {
    GBXI_OPTION_BOOL("enabled", "true", "Whether nodes come to rest before they are drawn."),
    GBXI_OPTION_INTEGER("iterations", "200", 1, 1000000, "At most."),
    GBXI_OPTION_INTEGER("updateInterval", NULL, 1, 1000000, "Iterations between two reports of progress."),
    GBXI_OPTION_BOOL("onlyDynamicEdges", NULL, "Whether it is for curved edges alone."),
    GBXI_OPTION_BOOL("fit", "true", "Whether the picture is made to fit at the end."),
    {0},
};
static const gbxi_option wind[] = {
    GBXI_OPTION_NUMBER("x", NULL, -1000, 1000, "Sideways."),
    GBXI_OPTION_NUMBER("y", NULL, -1000, 1000, "Down."),
    {0},
};

const gbxi_option gbxi_visjs_physics[] = {
    GBXI_OPTION_BOOL("enabled", "true", "Whether nodes move at all."),
    GBXI_OPTION_CHOICE("solver", "\"barnesHut\"", solvers, "Which of the models below."),
    GBXI_OPTION_GROUP("barnesHut", barnes_hut, "For most graphs."),
    GBXI_OPTION_GROUP("forceAtlas2Based", force_atlas, "Weaker over long distances."),
    GBXI_OPTION_GROUP("repulsion", repulsion, "Exact and slow."),
    GBXI_OPTION_GROUP("hierarchicalRepulsion", hierarchical_repulsion, "For layouts in levels."),
    GBXI_OPTION_NUMBER("maxVelocity", NULL, 0.001, 100000, "Of nodes."),
    GBXI_OPTION_NUMBER("minVelocity", "0.75", 0, 100000, "At which nodes are at rest."),
    GBXI_OPTION_GROUP("stabilization", stabilization, "Before the first picture."),
    GBXI_OPTION_NUMBER("timestep", NULL, 0.001, 10, "Of the simulation."),
    GBXI_OPTION_BOOL("adaptiveTimestep", NULL, "Whether steps get longer where it is calm."),
    GBXI_OPTION_GROUP("wind", wind, "A push on all."),
    {0},
};
