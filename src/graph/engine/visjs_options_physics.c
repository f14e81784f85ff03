/* SPDX-License-Identifier: MIT */
/* Owns the option table for the physics of the engine `visjs`. */
#include "graph/engine/visjs_options.h"

static const char *const solvers[] = {"barnesHut", "forceAtlas2Based", "repulsion", "hierarchicalRepulsion", NULL};

/* Rows that several solvers share. An argument is a default that differs between them. */
#define SPRING_OPTIONS                                                                                                 \
    GBXI_OPTION_NUMBER("centralGravity", NULL, 0, 100, "Force that pulls all nodes to the centre."),                   \
        GBXI_OPTION_NUMBER("springLength", NULL, 0, 100000, "Rest length of edges."),                                  \
        GBXI_OPTION_NUMBER("springConstant", NULL, 0, 10, "Stiffness of edges.")
#define DAMPING_OPTION(fallback)                                                                                       \
    GBXI_OPTION_NUMBER("damping", fallback, 0, 1, "Damping of movement. Higher values slow nodes down faster.")
#define OVERLAP_OPTION(fallback)                                                                                       \
    GBXI_OPTION_NUMBER("avoidOverlap", fallback, 0, 1,                                                                 \
                       "How far the size of nodes is taken into account, from 0 (not at all) to 1 (fully).")
#define BY_TREE_OPTIONS(gravity, damping, overlap)                                                                     \
    GBXI_OPTION_NUMBER("theta", NULL, 0, 10,                                                                           \
                       "Accuracy of the approximation. Higher values are faster and less accurate."),                  \
        GBXI_OPTION_NUMBER("gravitationalConstant", gravity, -1000000, 0,                                              \
                           "Repulsion between nodes. Lower (more negative) values repel more strongly."),              \
        SPRING_OPTIONS, DAMPING_OPTION(damping), OVERLAP_OPTION(overlap)
#define BY_DISTANCE_OPTIONS                                                                                            \
    SPRING_OPTIONS, GBXI_OPTION_NUMBER("nodeDistance", NULL, 0, 100000, "Range of the repulsion between nodes."),      \
        DAMPING_OPTION(NULL)

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
    GBXI_OPTION_BOOL("enabled", "true", "Whether to run the simulation before the graph is first drawn."),
    GBXI_OPTION_INTEGER("iterations", "200", 1, 1000000, "Maximum number of iterations."),
    GBXI_OPTION_INTEGER("updateInterval", NULL, 1, 1000000, "Number of iterations between two progress events."),
    GBXI_OPTION_BOOL("onlyDynamicEdges", NULL, "Whether to move only the support nodes of dynamic curves."),
    GBXI_OPTION_BOOL("fit", "true", "Whether to zoom the view to fit all nodes at the end."),
    {0},
};
static const gbxi_option wind[] = {
    GBXI_OPTION_NUMBER("x", NULL, -1000, 1000, "Horizontal force. Positive values push to the right."),
    GBXI_OPTION_NUMBER("y", NULL, -1000, 1000, "Vertical force. Positive values push down."),
    {0},
};

const gbxi_option gbxi_visjs_physics[] = {
    GBXI_OPTION_BOOL("enabled", "true", "Whether to run the physics simulation."),
    GBXI_OPTION_CHOICE("solver", "\"barnesHut\"", solvers, "Model of the simulation."),
    GBXI_OPTION_GROUP("barnesHut", barnes_hut, "Options of the solver barnesHut, which suits most graphs."),
    GBXI_OPTION_GROUP("forceAtlas2Based", force_atlas,
                      "Options of the solver forceAtlas2Based, whose repulsion falls more slowly with distance."),
    GBXI_OPTION_GROUP("repulsion", repulsion, "Options of the solver repulsion, which is exact and slow."),
    GBXI_OPTION_GROUP("hierarchicalRepulsion", hierarchical_repulsion,
                      "Options of the solver hierarchicalRepulsion, for layouts in levels."),
    GBXI_OPTION_NUMBER("maxVelocity", NULL, 0.001, 100000, "Maximum velocity of nodes."),
    GBXI_OPTION_NUMBER("minVelocity", "0.75", 0, 100000, "Velocity below which nodes are considered at rest."),
    GBXI_OPTION_GROUP("stabilization", stabilization, "Simulation before the graph is first drawn."),
    GBXI_OPTION_NUMBER("timestep", NULL, 0.001, 10, "Time step of the simulation."),
    GBXI_OPTION_BOOL("adaptiveTimestep", NULL, "Whether to lengthen the time step while the simulation is stable."),
    GBXI_OPTION_GROUP("wind", wind, "Constant force on all nodes."),
    {0},
};
