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

const gbx__option gbx__dot_node[] = {
    GBX__OPTION_CHOICE("shape", NULL, shapes, "Of nodes; the parts of a page have their own without it."),
    GBX__OPTION_CHOICE("style", NULL, node_styles, "Of nodes."),
    GBX__OPTION_COLOUR("color", NULL, "Of the border."),
    GBX__OPTION_COLOUR("fillcolor", NULL, "Of the inside, with the style filled."),
    GBX__OPTION_COLOUR("fontcolor", NULL, "Of the label."),
    GBX__OPTION_TEXT("fontname", NULL, 1, 64, "Of the label."),
    GBX__OPTION_NUMBER("fontsize", NULL, 1, 1000, "Of the label, in points."),
    GBX__OPTION_NUMBER("width", NULL, 0, 100, "At least, in inches."),
    GBX__OPTION_NUMBER("height", NULL, 0, 100, "At least, in inches."),
    GBX__OPTION_NUMBER("penwidth", NULL, 0, 100, "Of the border, in points."),
    {0},
};

const gbx__option gbx__dot_edge[] = {
    GBX__OPTION_CHOICE("style", NULL, edge_styles, "Of edges."),
    GBX__OPTION_COLOUR("color", NULL, "Of edges."),
    GBX__OPTION_COLOUR("fontcolor", NULL, "Of the label."),
    GBX__OPTION_TEXT("fontname", NULL, 1, 64, "Of the label."),
    GBX__OPTION_NUMBER("fontsize", NULL, 1, 1000, "Of the label, in points."),
    GBX__OPTION_CHOICE("arrowhead", NULL, arrows, "At the end."),
    GBX__OPTION_CHOICE("arrowtail", NULL, arrows, "At the beginning."),
    GBX__OPTION_NUMBER("arrowsize", NULL, 0, 100, "How large."),
    GBX__OPTION_NUMBER("penwidth", NULL, 0, 100, "In points."),
    {0},
};

const gbx__option gbx__dot_options[] = {
    GBX__OPTION_CHOICE("layout", NULL, layouts, "Which of Graphviz's programs lays it out."),
    GBX__OPTION_CHOICE("rankdir", NULL, directions, "Where the ranks grow, with dot."),
    GBX__OPTION_CHOICE("splines", NULL, splines, "How edges run."),
    GBX__OPTION_NUMBER("nodesep", NULL, 0.02, 100, "Between nodes of a rank, in inches."),
    GBX__OPTION_NUMBER("ranksep", NULL, 0.02, 100, "Between ranks, in inches."),
    GBX__OPTION_BOOL("concentrate", NULL, "Whether edges are merged, with dot."),
    GBX__OPTION_CHOICE("overlap", NULL, overlaps, "What becomes of nodes that overlap; not with dot."),
    GBX__OPTION_COLOUR("bgcolor", NULL, "Behind everything."),
    GBX__OPTION_TEXT("fontname", NULL, 1, 64, "Of the names of clusters."),
    GBX__OPTION_NUMBER("fontsize", NULL, 1, 1000, "Of the names of clusters, in points."),
    GBX__OPTION_GROUP("node", gbx__dot_node, "Of all nodes."),
    GBX__OPTION_GROUP("edge", gbx__dot_edge, "Of all edges."),
    {0},
};
