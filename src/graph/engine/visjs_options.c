/* SPDX-License-Identifier: MIT */
/* Owns the table of what can be set of the engine `visjs`, but for nodes, edges and physics: names and meanings are
 * those of vis-network. Left out are functions, which JSON cannot hold, and `manipulation` and `configure`, which add a
 * user interface of their own. */
#include "graph/engine/visjs_options.h"

static const char *const directions[] = {"UD", "DU", "LR", "RL", NULL};
static const char *const sort_methods[] = {"hubsize", "directed", NULL};
static const char *const ends[] = {"leaves", "roots", NULL};
static const char *const locales[] = {"cn", "cs", "de", "en", "es", "fr", "it", "nl", "pt", "ru", "uk", NULL};

static const gbx__option hierarchical[] = {
    GBX__OPTION_BOOL("enabled", "false", "Whether nodes are laid out in levels."),
    GBX__OPTION_NUMBER("levelSeparation", NULL, 1, 100000, "Between levels."),
    GBX__OPTION_NUMBER("nodeSpacing", NULL, 1, 100000, "Between the nodes of a level."),
    GBX__OPTION_NUMBER("treeSpacing", NULL, 1, 100000, "Between trees."),
    GBX__OPTION_BOOL("blockShifting", NULL, "Whether branches are moved together."),
    GBX__OPTION_BOOL("edgeMinimization", NULL, "Whether edges are made short."),
    GBX__OPTION_BOOL("parentCentralization", NULL, "Whether parents stand above the middle of their children."),
    GBX__OPTION_CHOICE("direction", NULL, directions, "Where the levels grow."),
    GBX__OPTION_CHOICE("sortMethod", "\"directed\"", sort_methods, "What makes a level: hubs or the edges' direction."),
    GBX__OPTION_CHOICE("shakeTowards", NULL, ends, "With directed: where nodes of no clear level go."),
    {0},
};
static const gbx__option layout[] = {
    GBX__OPTION_INTEGER("randomSeed", "1", 0, 4294967295, "The same seed makes the same picture."),
    GBX__OPTION_BOOL("improvedLayout", NULL, "Whether nodes start from a layout of Kamada and Kawai's."),
    GBX__OPTION_INTEGER("clusterThreshold", NULL, 1, 1000000, "From how many nodes on that one is made of clusters."),
    GBX__OPTION_GROUP("hierarchical", hierarchical, "In levels."),
    {0},
};
static const gbx__option speed[] = {
    GBX__OPTION_NUMBER("x", NULL, 0, 1000, "Sideways."),
    GBX__OPTION_NUMBER("y", NULL, 0, 1000, "Up and down."),
    GBX__OPTION_NUMBER("zoom", NULL, 0, 1, "Nearer and farther."),
    {0},
};
static const gbx__option keyboard[] = {
    GBX__OPTION_BOOL("enabled", "false", "Whether keys move the view."),
    GBX__OPTION_GROUP("speed", speed, "How fast."),
    GBX__OPTION_BOOL("bindToWindow", NULL, "Whether they do wherever the focus is."),
    GBX__OPTION_BOOL("autoFocus", NULL, "Whether the view takes the focus when it is touched."),
    {0},
};
static const gbx__option interaction[] = {
    GBX__OPTION_BOOL("dragNodes", NULL, "Whether nodes can be dragged."),
    GBX__OPTION_BOOL("dragView", NULL, "Whether the view can be dragged."),
    GBX__OPTION_BOOL("hideEdgesOnDrag", "true", "Whether edges are left out while the view is dragged."),
    GBX__OPTION_BOOL("hideEdgesOnZoom", NULL, "Whether edges are left out while the view is zoomed."),
    GBX__OPTION_BOOL("hideNodesOnDrag", NULL, "Whether nodes are left out while the view is dragged."),
    GBX__OPTION_BOOL("hover", "true", "Whether what is pointed at looks so."),
    GBX__OPTION_BOOL("hoverConnectedEdges", NULL, "Whether its edges do too."),
    GBX__OPTION_GROUP("keyboard", keyboard, "Keys."),
    GBX__OPTION_BOOL("multiselect", NULL, "Whether a long press or Ctrl adds to what is selected."),
    GBX__OPTION_BOOL("navigationButtons", NULL, "Whether there are buttons to move the view."),
    GBX__OPTION_BOOL("selectable", NULL, "Whether nodes and edges can be selected."),
    GBX__OPTION_BOOL("selectConnectedEdges", NULL, "Whether a node's edges are selected with it."),
    GBX__OPTION_INTEGER("tooltipDelay", NULL, 0, 600000, "Before a title is shown, in milliseconds."),
    GBX__OPTION_NUMBER("zoomSpeed", NULL, 0.001, 1000, "How much a turn of the wheel zooms."),
    GBX__OPTION_BOOL("zoomView", NULL, "Whether the view can be zoomed."),
    {0},
};
static const gbx__option groups[] = {
    GBX__OPTION_BOOL("useDefaultGroups", NULL, "Whether groups get colours of the library's own."),
    {0},
};

const gbx__option gbx__visjs_options[] = {
    GBX__OPTION_BOOL("autoResize", NULL, "Whether the drawing follows the size of its container."),
    GBX__OPTION_TEXT("width", NULL, 1, 20, "Of the drawing, as in CSS."),
    GBX__OPTION_TEXT("height", NULL, 1, 20, "Of the drawing, as in CSS."),
    GBX__OPTION_CHOICE("locale", NULL, locales, "The language of the user interface."),
    GBX__OPTION_BOOL("clickToUse", NULL, "Whether the drawing answers only after it was clicked."),
    GBX__OPTION_GROUP("nodes", gbx__visjs_nodes, "How nodes look."),
    GBX__OPTION_GROUP("edges", gbx__visjs_edges, "How edges look."),
    GBX__OPTION_GROUP("groups", groups, "How groups look."),
    GBX__OPTION_GROUP("layout", layout, "Where nodes start."),
    GBX__OPTION_GROUP("interaction", interaction, "What a user can do."),
    GBX__OPTION_GROUP("physics", gbx__visjs_physics, "How nodes move."),
    {0},
};
