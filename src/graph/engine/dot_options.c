/* SPDX-License-Identifier: MIT */
/* Owns the option table of the engine `dot`. Names and meanings are those of Graphviz's attributes. Graphviz has its
 * own defaults, so only given options are written. Shapes that parse the label (records) are left out. */
#include "graph/engine/dot_options.h"

static const char *const layouts[] = {"dot", "neato", "fdp", "sfdp", "circo", "twopi", "osage", "patchwork", NULL};
static const char *const directions[] = {"TB", "LR", "BT", "RL", NULL};
static const char *const splines[] = {"none", "line", "polyline", "curved", "ortho", "spline", NULL};
static const char *const overlaps[] = {"true", "false", "scale", NULL};
static const char *const shapes[] = {"box",          "box3d",   "circle",        "component", "cylinder",  "diamond",
                                     "doublecircle", "egg",     "ellipse",       "folder",    "hexagon",   "house",
                                     "note",         "octagon", "parallelogram", "plain",     "plaintext", "square",
                                     "star",         "tab",     "trapezium",     "triangle",  "underline", NULL};
static const char *const node_styles[] = {"bold", "dashed", "dotted", "filled", "rounded", "solid", NULL};
static const char *const edge_styles[] = {"bold", "dashed", "dotted", "solid", NULL};
static const char *const arrows[] = {"box", "crow", "curve",  "diamond", "dot", "empty",
                                     "inv", "none", "normal", "tee",     "vee", NULL};

const gbxi_option gbxi_dot_node[] = {
    GBXI_OPTION_CHOICE("shape", NULL, shapes,
                       "Shape of nodes. Without it, each kind of node of a page has its own shape."),
    GBXI_OPTION_CHOICE("style", NULL, node_styles, "Style of nodes."),
    GBXI_OPTION_COLOUR("color", NULL, "Colour of the border."),
    GBXI_OPTION_COLOUR("fillcolor", NULL, "Fill colour. Used only with the style \\\"filled\\\"."),
    GBXI_OPTION_COLOUR("fontcolor", NULL, "Colour of the label."),
    GBXI_OPTION_TEXT("fontname", NULL, 1, 64, "Font of the label."),
    GBXI_OPTION_NUMBER("fontsize", NULL, 1, 1000, "Font size of the label, in points."),
    GBXI_OPTION_NUMBER("width", NULL, 0, 100, "Minimum width of a node, in inches."),
    GBXI_OPTION_NUMBER("height", NULL, 0, 100, "Minimum height of a node, in inches."),
    GBXI_OPTION_NUMBER("penwidth", NULL, 0, 100, "Width of the border, in points."),
    {0},
};

const gbxi_option gbxi_dot_edge[] = {
    GBXI_OPTION_CHOICE("style", NULL, edge_styles, "Line style of edges."),
    GBXI_OPTION_COLOUR("color", NULL, "Colour of edges."),
    GBXI_OPTION_COLOUR("fontcolor", NULL, "Colour of the label."),
    GBXI_OPTION_TEXT("fontname", NULL, 1, 64, "Font of the label."),
    GBXI_OPTION_NUMBER("fontsize", NULL, 1, 1000, "Font size of the label, in points."),
    GBXI_OPTION_CHOICE("arrowhead", NULL, arrows, "Arrow shape at the target of an edge."),
    GBXI_OPTION_CHOICE("arrowtail", NULL, arrows, "Arrow shape at the source of an edge."),
    GBXI_OPTION_NUMBER("arrowsize", NULL, 0, 100, "Scale factor of arrows."),
    GBXI_OPTION_NUMBER("penwidth", NULL, 0, 100, "Width of the line, in points."),
    {0},
};

const gbxi_option gbxi_dot_options[] = {
    GBXI_OPTION_CHOICE("layout", NULL, layouts, "Graphviz layout program that draws the graph."),
    GBXI_OPTION_CHOICE("rankdir", NULL, directions, "Direction in which the ranks grow. Used only by the layout dot."),
    GBXI_OPTION_CHOICE("splines", NULL, splines, "How edges are drawn."),
    GBXI_OPTION_NUMBER("nodesep", NULL, 0.02, 100, "Minimum distance between nodes of the same rank, in inches."),
    GBXI_OPTION_NUMBER("ranksep", NULL, 0.02, 100, "Minimum distance between ranks, in inches."),
    GBXI_OPTION_BOOL("concentrate", NULL, "Whether to merge edges that run in parallel. Used only by the layout dot."),
    GBXI_OPTION_CHOICE("overlap", NULL, overlaps, "How to treat nodes that overlap. Not used by the layout dot."),
    GBXI_OPTION_COLOUR("bgcolor", NULL, "Background colour of the whole drawing."),
    GBXI_OPTION_TEXT("fontname", NULL, 1, 64, "Font of cluster names."),
    GBXI_OPTION_NUMBER("fontsize", NULL, 1, 1000, "Font size of cluster names, in points."),
    GBXI_OPTION_GROUP("node", gbxi_dot_node, "Attributes of all nodes."),
    GBXI_OPTION_GROUP("edge", gbxi_dot_edge, "Attributes of all edges."),
    {0},
};
