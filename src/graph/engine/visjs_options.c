/* SPDX-License-Identifier: MIT */
/* Owns the option table of the engine `visjs`, except nodes, edges and physics. Names and meanings are those of
 * vis-network. Left out are functions, which JSON cannot express, and `manipulation` and `configure`, which add a user
 * interface. */
#include "graph/engine/visjs_options.h"

static const char *const directions[] = {"UD", "DU", "LR", "RL", NULL};
static const char *const sort_methods[] = {"hubsize", "directed", NULL};
static const char *const ends[] = {"leaves", "roots", NULL};
static const char *const locales[] = {"cn", "cs", "de", "en", "es", "fr", "it", "nl", "pt", "ru", "uk", NULL};

static const gbxi_option hierarchical[] = {
    GBXI_OPTION_BOOL("enabled", "false", "Whether to lay out nodes in levels."),
    GBXI_OPTION_NUMBER("levelSeparation", NULL, 1, 100000, "Distance between levels."),
    GBXI_OPTION_NUMBER("nodeSpacing", NULL, 1, 100000, "Minimum distance between nodes of the same level."),
    GBXI_OPTION_NUMBER("treeSpacing", NULL, 1, 100000, "Distance between trees."),
    GBXI_OPTION_BOOL("blockShifting", NULL, "Whether to move branches closer together to save space."),
    GBXI_OPTION_BOOL("edgeMinimization", NULL, "Whether to move nodes within their level to shorten edges."),
    GBXI_OPTION_BOOL("parentCentralization", NULL, "Whether to centre parents above their children."),
    GBXI_OPTION_CHOICE("direction", NULL, directions, "Direction in which the levels grow."),
    GBXI_OPTION_CHOICE("sortMethod", "\"directed\"", sort_methods,
                       "How levels are determined: by the number of edges of a node, or by the direction of edges."),
    GBXI_OPTION_CHOICE("shakeTowards", NULL, ends,
                       "With the sort method directed: whether to align the leaves or the roots."),
    {0},
};
static const gbxi_option layout[] = {
    GBXI_OPTION_INTEGER("randomSeed", "1", 0, 4294967295,
                        "Seed of the random layout. The same seed gives the same layout."),
    GBXI_OPTION_BOOL("improvedLayout", NULL,
                     "Whether to compute the initial positions with the Kamada-Kawai algorithm."),
    GBXI_OPTION_INTEGER("clusterThreshold", NULL, 1, 1000000,
                        "Number of nodes above which improvedLayout clusters nodes first."),
    GBXI_OPTION_GROUP("hierarchical", hierarchical, "Layout in levels."),
    {0},
};
static const gbxi_option speed[] = {
    GBXI_OPTION_NUMBER("x", NULL, 0, 1000, "Horizontal speed."),
    GBXI_OPTION_NUMBER("y", NULL, 0, 1000, "Vertical speed."),
    GBXI_OPTION_NUMBER("zoom", NULL, 0, 1, "Zoom speed."),
    {0},
};
static const gbxi_option keyboard[] = {
    GBXI_OPTION_BOOL("enabled", "false", "Whether the keyboard moves the view."),
    GBXI_OPTION_GROUP("speed", speed, "Speed of movement while a key is pressed."),
    GBXI_OPTION_BOOL("bindToWindow", NULL, "Whether keys work no matter which element of the page has the focus."),
    GBXI_OPTION_BOOL(
        "autoFocus", NULL,
        "Whether the drawing gets the focus when the mouse moves over it. Used when bindToWindow is false."),
    {0},
};
static const gbxi_option interaction[] = {
    GBXI_OPTION_BOOL("dragNodes", NULL, "Whether nodes can be dragged."),
    GBXI_OPTION_BOOL("dragView", NULL, "Whether the view can be dragged."),
    GBXI_OPTION_BOOL("hideEdgesOnDrag", "true", "Whether to hide edges while the view is dragged."),
    GBXI_OPTION_BOOL("hideEdgesOnZoom", NULL, "Whether to hide edges while the view is zoomed."),
    GBXI_OPTION_BOOL("hideNodesOnDrag", NULL, "Whether to hide nodes while the view is dragged."),
    GBXI_OPTION_BOOL("hover", "true", "Whether to highlight nodes and edges under the pointer."),
    GBXI_OPTION_BOOL("hoverConnectedEdges", NULL, "Whether to highlight the edges of the node under the pointer."),
    GBXI_OPTION_GROUP("keyboard", keyboard, "Keyboard control."),
    GBXI_OPTION_BOOL("multiselect", NULL, "Whether a long press or Ctrl+click adds to the selection."),
    GBXI_OPTION_BOOL("navigationButtons", NULL, "Whether to show buttons that move the view."),
    GBXI_OPTION_BOOL("selectable", NULL, "Whether nodes and edges can be selected."),
    GBXI_OPTION_BOOL("selectConnectedEdges", NULL, "Whether selecting a node also selects its edges."),
    GBXI_OPTION_INTEGER("tooltipDelay", NULL, 0, 600000, "Delay before a tooltip is shown, in milliseconds."),
    GBXI_OPTION_NUMBER("zoomSpeed", NULL, 0.001, 1000, "Speed of zooming with the mouse wheel."),
    GBXI_OPTION_BOOL("zoomView", NULL, "Whether the view can be zoomed."),
    {0},
};
static const gbxi_option groups[] = {
    GBXI_OPTION_BOOL("useDefaultGroups", NULL,
                     "Whether groups without colours of their own use the library's default colours."),
    {0},
};

const gbxi_option gbxi_visjs_options[] = {
    GBXI_OPTION_BOOL("autoResize", NULL, "Whether the drawing is resized with its container."),
    GBXI_OPTION_TEXT("width", NULL, 1, 20, "Width of the drawing, in CSS units."),
    GBXI_OPTION_TEXT("height", NULL, 1, 20, "Height of the drawing, in CSS units."),
    GBXI_OPTION_CHOICE("locale", NULL, locales, "Language of the user interface."),
    GBXI_OPTION_BOOL("clickToUse", NULL, "Whether the drawing ignores input until it is clicked."),
    GBXI_OPTION_GROUP("nodes", gbxi_visjs_nodes, "Style of nodes."),
    GBXI_OPTION_GROUP("edges", gbxi_visjs_edges, "Style of edges."),
    GBXI_OPTION_GROUP("groups", groups, "Style of groups."),
    GBXI_OPTION_GROUP("layout", layout, "Initial positions of nodes."),
    GBXI_OPTION_GROUP("interaction", interaction, "How a user can interact with the drawing."),
    GBXI_OPTION_GROUP("physics", gbxi_visjs_physics, "Physics simulation that moves the nodes."),
    {0},
};
