/* SPDX-License-Identifier: MIT */
/* Owns the table of what can be set of the engine `visjs`, but for nodes, edges and physics: names and meanings are
 * those of vis-network. Left out are functions, which JSON cannot hold, and `manipulation` and `configure`, which add a
 * user interface of their own. */
#include "graph/engine/visjs_options.h"

static const char *const directions[] = {"UD", "DU", "LR", "RL", NULL};
static const char *const sort_methods[] = {"hubsize", "directed", NULL};
static const char *const ends[] = {"leaves", "roots", NULL};
static const char *const locales[] = {"cn", "cs", "de", "en", "es", "fr", "it", "nl", "pt", "ru", "uk", NULL};

static const gbxi_option hierarchical[] = {
    GBXI_OPTION_BOOL("enabled", "false", "Whether nodes are laid out in levels."),
    GBXI_OPTION_NUMBER("levelSeparation", NULL, 1, 100000, "Between levels."),
    GBXI_OPTION_NUMBER("nodeSpacing", NULL, 1, 100000, "Between the nodes of a level."),
    GBXI_OPTION_NUMBER("treeSpacing", NULL, 1, 100000, "Between trees."),
    GBXI_OPTION_BOOL("blockShifting", NULL, "Whether branches are moved together."),
    GBXI_OPTION_BOOL("edgeMinimization", NULL, "Whether edges are made short."),
    GBXI_OPTION_BOOL("parentCentralization", NULL, "Whether parents stand above the middle of their children."),
    GBXI_OPTION_CHOICE("direction", NULL, directions, "Where the levels grow."),
    GBXI_OPTION_CHOICE("sortMethod", "\"directed\"", sort_methods, "What makes a level: hubs or the edges' direction."),
    GBXI_OPTION_CHOICE("shakeTowards", NULL, ends, "With directed: where nodes of no clear level go."),
    {0},
};
static const gbxi_option layout[] = {
    GBXI_OPTION_INTEGER("randomSeed", "1", 0, 4294967295, "The same seed makes the same picture."),
    GBXI_OPTION_BOOL("improvedLayout", NULL, "Whether nodes start from a layout of Kamada and Kawai's."),
    GBXI_OPTION_INTEGER("clusterThreshold", NULL, 1, 1000000, "From how many nodes on that one is made of clusters."),
    GBXI_OPTION_GROUP("hierarchical", hierarchical, "In levels."),
    {0},
};
static const gbxi_option speed[] = {
    GBXI_OPTION_NUMBER("x", NULL, 0, 1000, "Sideways."),
    GBXI_OPTION_NUMBER("y", NULL, 0, 1000, "Up and down."),
    GBXI_OPTION_NUMBER("zoom", NULL, 0, 1, "Nearer and farther."),
    {0},
};
static const gbxi_option keyboard[] = {
    GBXI_OPTION_BOOL("enabled", "false", "Whether keys move the view."),
    GBXI_OPTION_GROUP("speed", speed, "How fast."),
    GBXI_OPTION_BOOL("bindToWindow", NULL, "Whether they do wherever the focus is."),
    GBXI_OPTION_BOOL("autoFocus", NULL, "Whether the view takes the focus when it is touched."),
    {0},
};
static const gbxi_option interaction[] = {
    GBXI_OPTION_BOOL("dragNodes", NULL, "Whether nodes can be dragged."),
    GBXI_OPTION_BOOL("dragView", NULL, "Whether the view can be dragged."),
    GBXI_OPTION_BOOL("hideEdgesOnDrag", "true", "Whether edges are left out while the view is dragged."),
    GBXI_OPTION_BOOL("hideEdgesOnZoom", NULL, "Whether edges are left out while the view is zoomed."),
    GBXI_OPTION_BOOL("hideNodesOnDrag", NULL, "Whether nodes are left out while the view is dragged."),
    GBXI_OPTION_BOOL("hover", "true", "Whether what is pointed at looks so."),
    GBXI_OPTION_BOOL("hoverConnectedEdges", NULL, "Whether its edges do too."),
    GBXI_OPTION_GROUP("keyboard", keyboard, "Keys."),
    GBXI_OPTION_BOOL("multiselect", NULL, "Whether a long press or Ctrl adds to what is selected."),
    GBXI_OPTION_BOOL("navigationButtons", NULL, "Whether there are buttons to move the view."),
    GBXI_OPTION_BOOL("selectable", NULL, "Whether nodes and edges can be selected."),
    GBXI_OPTION_BOOL("selectConnectedEdges", NULL, "Whether a node's edges are selected with it."),
    GBXI_OPTION_INTEGER("tooltipDelay", NULL, 0, 600000, "Before a title is shown, in milliseconds."),
    GBXI_OPTION_NUMBER("zoomSpeed", NULL, 0.001, 1000, "How much a turn of the wheel zooms."),
    GBXI_OPTION_BOOL("zoomView", NULL, "Whether the view can be zoomed."),
    {0},
};
static const gbxi_option groups[] = {
    GBXI_OPTION_BOOL("useDefaultGroups", NULL, "Whether groups get colours of the library's own."),
    {0},
};

const gbxi_option gbxi_visjs_options[] = {
    GBXI_OPTION_BOOL("autoResize", NULL, "Whether the drawing follows the size of its container."),
    GBXI_OPTION_TEXT("width", NULL, 1, 20, "Of the drawing, as in CSS."),
    GBXI_OPTION_TEXT("height", NULL, 1, 20, "Of the drawing, as in CSS."),
    GBXI_OPTION_CHOICE("locale", NULL, locales, "The language of the user interface."),
    GBXI_OPTION_BOOL("clickToUse", NULL, "Whether the drawing answers only after it was clicked."),
    GBXI_OPTION_GROUP("nodes", gbxi_visjs_nodes, "How nodes look."),
    GBXI_OPTION_GROUP("edges", gbxi_visjs_edges, "How edges look."),
    GBXI_OPTION_GROUP("groups", groups, "How groups look."),
    GBXI_OPTION_GROUP("layout", layout, "Where nodes start."),
    GBXI_OPTION_GROUP("interaction", interaction, "What a user can do."),
    GBXI_OPTION_GROUP("physics", gbxi_visjs_physics, "How nodes move."),
    {0},
};
