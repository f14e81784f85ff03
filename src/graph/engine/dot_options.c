/* SPDX-License-Identifier: MIT */
/* Owns the table of what can be set of the engine `dot`: names and meanings are those of Graphviz's attributes.
 * Graphviz has its own defaults; only what is given is written. Left out are shapes that read more than text into a
 * label. */
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
    GBXI_OPTION_CHOICE("shape", NULL, shapes, "Of nodes; the parts of a page have their own without it."),
    GBXI_OPTION_CHOICE("style", NULL, node_styles, "Of nodes."),
    GBXI_OPTION_COLOUR("color", NULL, "Of the border."),
    GBXI_OPTION_COLOUR("fillcolor", NULL, "Of the inside, with the style filled."),
    GBXI_OPTION_COLOUR("fontcolor", NULL, "Of the label."),
    GBXI_OPTION_TEXT("fontname", NULL, 1, 64, "Of the label."),
    GBXI_OPTION_NUMBER("fontsize", NULL, 1, 1000, "Of the label, in points."),
    GBXI_OPTION_NUMBER("width", NULL, 0, 100, "At least, in inches."),
    GBXI_OPTION_NUMBER("height", NULL, 0, 100, "At least, in inches."),
    GBXI_OPTION_NUMBER("penwidth", NULL, 0, 100, "Of the border, in points."),
    {0},
};

const gbxi_option gbxi_dot_edge[] = {
    GBXI_OPTION_CHOICE("style", NULL, edge_styles, "Of edges."),
    GBXI_OPTION_COLOUR("color", NULL, "Of edges."),
    GBXI_OPTION_COLOUR("fontcolor", NULL, "Of the label."),
    GBXI_OPTION_TEXT("fontname", NULL, 1, 64, "Of the label."),
    GBXI_OPTION_NUMBER("fontsize", NULL, 1, 1000, "Of the label, in points."),
    GBXI_OPTION_CHOICE("arrowhead", NULL, arrows, "At the end."),
    GBXI_OPTION_CHOICE("arrowtail", NULL, arrows, "At the beginning."),
    GBXI_OPTION_NUMBER("arrowsize", NULL, 0, 100, "How large."),
    GBXI_OPTION_NUMBER("penwidth", NULL, 0, 100, "In points."),
    {0},
};

const gbxi_option gbxi_dot_options[] = {
    GBXI_OPTION_CHOICE("layout", NULL, layouts, "Which of Graphviz's programs lays it out."),
    GBXI_OPTION_CHOICE("rankdir", NULL, directions, "Where the ranks grow, with dot."),
    GBXI_OPTION_CHOICE("splines", NULL, splines, "How edges run."),
    GBXI_OPTION_NUMBER("nodesep", NULL, 0.02, 100, "Between nodes of a rank, in inches."),
    GBXI_OPTION_NUMBER("ranksep", NULL, 0.02, 100, "Between ranks, in inches."),
    GBXI_OPTION_BOOL("concentrate", NULL, "Whether edges are merged, with dot."),
    GBXI_OPTION_CHOICE("overlap", NULL, overlaps, "What becomes of nodes that overlap; not with dot."),
    GBXI_OPTION_COLOUR("bgcolor", NULL, "Behind everything."),
    GBXI_OPTION_TEXT("fontname", NULL, 1, 64, "Of the names of clusters."),
    GBXI_OPTION_NUMBER("fontsize", NULL, 1, 1000, "Of the names of clusters, in points."),
    GBXI_OPTION_GROUP("node", gbxi_dot_node, "Of all nodes."),
    GBXI_OPTION_GROUP("edge", gbxi_dot_edge, "Of all edges."),
    {0},
};
