/* SPDX-License-Identifier: MIT */
/* Owns the table of what can be set of the engine `cytoscape`: names and meanings are those of Cytoscape.js.
 *
 * Of the layouts' options all that JSON can hold, functions left out; each is for the layouts that know it, and the
 * others ignore it. */
#include "graph/engine/cytoscape_options.h"

static const char *const layouts[] = {"breadthfirst", "circle", "concentric", "cose", "grid",
                                      "null",         "preset", "random",     NULL};
static const char *const directions[] = {"downward", "upward", "rightward", "leftward", NULL};

const gbxi_option gbxi_cytoscape_layout[] = {
    GBXI_OPTION_CHOICE("name", NULL, layouts,
                       "Without it: breadthfirst for a page, cose for a graph, grid for more than 1,000 nodes."),
    GBXI_OPTION_BOOL("fit", "true", "Whether the picture is made to fit."),
    GBXI_OPTION_INTEGER("padding", "30", 0, 10000, "Around the picture, in pixels."),
    GBXI_OPTION_BOOL("animate", "false", "Whether nodes move to their places."),
    GBXI_OPTION_INTEGER("animationDuration", NULL, 0, 600000, "In milliseconds."),
    GBXI_OPTION_BOOL("nodeDimensionsIncludeLabels", "true", "Whether labels take room."),
    GBXI_OPTION_BOOL("avoidOverlap", NULL, "breadthfirst, circle, concentric, grid: whether nodes keep apart."),
    GBXI_OPTION_NUMBER("spacingFactor", NULL, 0.001, 1000,
                       "breadthfirst, circle, concentric, grid, preset: a stretch."),
    GBXI_OPTION_INTEGER("avoidOverlapPadding", NULL, 0, 10000, "grid: between nodes that do not overlap."),
    GBXI_OPTION_BOOL("condense", NULL, "grid: whether it takes as little room as it can."),
    GBXI_OPTION_INTEGER("rows", NULL, 1, 1000000, "grid: how many rows."),
    GBXI_OPTION_INTEGER("cols", NULL, 1, 1000000, "grid: how many columns."),
    GBXI_OPTION_NUMBER("radius", NULL, 0, 1000000, "circle: in pixels."),
    GBXI_OPTION_NUMBER("startAngle", NULL, -100, 100, "circle, concentric: where it begins, in radians."),
    GBXI_OPTION_NUMBER("sweep", NULL, -100, 100, "circle, concentric: from the first node to the last, in radians."),
    GBXI_OPTION_BOOL("clockwise", NULL, "circle, concentric: which way round."),
    GBXI_OPTION_BOOL("equidistant", NULL, "concentric: whether all levels are equally far apart."),
    GBXI_OPTION_NUMBER("minNodeSpacing", NULL, 0, 10000, "concentric: between the nodes of a level."),
    GBXI_OPTION_NUMBER("height", NULL, 1, 1000000, "concentric: of the area, in place of the container's."),
    GBXI_OPTION_NUMBER("width", NULL, 1, 1000000, "concentric: of the area, in place of the container's."),
    GBXI_OPTION_BOOL("directed", "true", "breadthfirst: whether edges lead down only."),
    GBXI_OPTION_CHOICE("direction", NULL, directions, "breadthfirst: where the tree grows."),
    GBXI_OPTION_BOOL("circle", NULL, "breadthfirst: whether levels are circles."),
    GBXI_OPTION_BOOL("grid", NULL, "breadthfirst: whether levels are filled evenly."),
    GBXI_OPTION_INTEGER("animationThreshold", NULL, 0, 600000, "cose: moves only after so many milliseconds."),
    GBXI_OPTION_INTEGER("refresh", NULL, 1, 100000, "cose: iterations between two pictures."),
    GBXI_OPTION_BOOL("randomize", "true", "cose: whether nodes start at random places."),
    GBXI_OPTION_NUMBER("componentSpacing", NULL, 0, 100000, "cose: between parts that nothing links."),
    GBXI_OPTION_NUMBER("nodeRepulsion", "8192", 0, 100000000, "cose: how strongly nodes push."),
    GBXI_OPTION_NUMBER("nodeOverlap", NULL, 0, 100000, "cose: how strongly nodes that overlap push."),
    GBXI_OPTION_NUMBER("idealEdgeLength", "64", 0, 100000, "cose: how long edges like to be."),
    GBXI_OPTION_NUMBER("edgeElasticity", NULL, 0.001, 100000, "cose: how soft edges are."),
    GBXI_OPTION_NUMBER("nestingFactor", NULL, 0, 1000, "cose: for edges across clusters."),
    GBXI_OPTION_NUMBER("gravity", NULL, 0, 10000, "cose: how strongly all is drawn together."),
    GBXI_OPTION_INTEGER("numIter", NULL, 1, 1000000, "cose: how many iterations at most."),
    GBXI_OPTION_NUMBER("initialTemp", NULL, 0, 1000000, "cose: how far a node moves at first."),
    GBXI_OPTION_NUMBER("coolingFactor", NULL, 0, 1, "cose: how much of that is left after an iteration."),
    GBXI_OPTION_NUMBER("minTemp", NULL, 0, 1000000, "cose: at which it ends."),
    {0},
};

static const char *const shapes[] = {"ellipse",
                                     "triangle",
                                     "round-triangle",
                                     "rectangle",
                                     "round-rectangle",
                                     "bottom-round-rectangle",
                                     "barrel",
                                     "cut-rectangle",
                                     "rhomboid",
                                     "diamond",
                                     "round-diamond",
                                     "pentagon",
                                     "hexagon",
                                     "round-hexagon",
                                     "heptagon",
                                     "round-octagon",
                                     "star",
                                     "tag",
                                     "round-tag",
                                     "vee",
                                     "octagon",
                                     "concave-hexagon",
                                     NULL};
static const char *const font_weights[] = {"normal", "bold", NULL};
static const char *const wraps[] = {"none", "wrap", "ellipsis", NULL};
static const char *const overflows[] = {"whitespace", "anywhere", NULL};
static const char *const valigns[] = {"top", "center", "bottom", NULL};
static const char *const haligns[] = {"left", "center", "right", NULL};
static const char *const line_styles[] = {"solid", "dotted", "dashed", NULL};
static const char *const border_styles[] = {"solid", "dotted", "dashed", "double", NULL};
static const char *const curves[] = {"bezier", "unbundled-bezier", "straight", "haystack", "segments", "taxi", NULL};
static const char *const arrows[] = {"triangle",
                                     "triangle-tee",
                                     "circle-triangle",
                                     "triangle-cross",
                                     "triangle-backcurve",
                                     "vee",
                                     "tee",
                                     "square",
                                     "circle",
                                     "diamond",
                                     "chevron",
                                     "none",
                                     NULL};
static const char *const rotations[] = {"none", "autorotate", NULL};

const gbxi_option gbxi_cytoscape_node_style[] = {
    GBXI_OPTION_CHOICE("shape", "\"ellipse\"", shapes, "Of nodes."),
    GBXI_OPTION_NUMBER("width", "24", 0, 10000, "In pixels."),
    GBXI_OPTION_NUMBER("height", "24", 0, 10000, "In pixels."),
    GBXI_OPTION_COLOUR("background-color", "\"#4e79a7\"", "Of nodes; the parts of a page have their own without it."),
    GBXI_OPTION_NUMBER("background-opacity", NULL, 0, 1, "0 is clear."),
    GBXI_OPTION_NUMBER("border-width", "0", 0, 1000, "In pixels."),
    GBXI_OPTION_COLOUR("border-color", NULL, "Of the border."),
    GBXI_OPTION_CHOICE("border-style", NULL, border_styles, "Of the border."),
    GBXI_OPTION_COLOUR("color", "\"#222222\"", "Of the label."),
    GBXI_OPTION_NUMBER("opacity", NULL, 0, 1, "0 is clear."),
    GBXI_OPTION_NUMBER("font-size", "10", 0.1, 1000, "In pixels."),
    GBXI_OPTION_CHOICE("font-weight", NULL, font_weights, "Of the label."),
    GBXI_OPTION_NUMBER("min-zoomed-font-size", NULL, 0, 1000, "Smaller labels are not drawn, in pixels."),
    GBXI_OPTION_CHOICE("text-wrap", "\"wrap\"", wraps, "What becomes of a long label."),
    GBXI_OPTION_CHOICE("text-overflow-wrap", "\"anywhere\"", overflows, "Where a long label may break."),
    GBXI_OPTION_NUMBER("text-max-width", "120", 1, 100000, "After which a label is long, in pixels."),
    GBXI_OPTION_CHOICE("text-valign", "\"bottom\"", valigns, "Where the label stands."),
    GBXI_OPTION_CHOICE("text-halign", "\"center\"", haligns, "Where the label stands."),
    GBXI_OPTION_NUMBER("text-margin-x", NULL, -10000, 10000, "In pixels."),
    GBXI_OPTION_NUMBER("text-margin-y", "3", -10000, 10000, "In pixels."),
    {0},
};

const gbxi_option gbxi_cytoscape_edge_style[] = {
    GBXI_OPTION_NUMBER("width", "1", 0, 1000, "In pixels."),
    GBXI_OPTION_COLOUR("line-color", "\"#b0b0b0\"", "Of edges."),
    GBXI_OPTION_CHOICE("line-style", "\"solid\"", line_styles, "Of edges."),
    GBXI_OPTION_NUMBER("opacity", NULL, 0, 1, "0 is clear."),
    GBXI_OPTION_CHOICE("curve-style", "\"bezier\"", curves, "How edges run; haystack is the fastest, without arrows."),
    GBXI_OPTION_CHOICE("target-arrow-shape", "\"triangle\"", arrows, "At the end."),
    GBXI_OPTION_COLOUR("target-arrow-color", "\"#b0b0b0\"", "Of the arrow at the end."),
    GBXI_OPTION_CHOICE("source-arrow-shape", NULL, arrows, "At the beginning."),
    GBXI_OPTION_COLOUR("source-arrow-color", NULL, "Of the arrow at the beginning."),
    GBXI_OPTION_NUMBER("arrow-scale", "0.8", 0.001, 1000, "Of the arrows."),
    GBXI_OPTION_COLOUR("color", "\"#555555\"", "Of the label."),
    GBXI_OPTION_NUMBER("font-size", "8", 0.1, 1000, "In pixels."),
    GBXI_OPTION_CHOICE("text-rotation", "\"autorotate\"", rotations, "Whether the label follows the edge."),
    {0},
};

const gbxi_option gbxi_cytoscape_cluster_style[] = {
    GBXI_OPTION_CHOICE("shape", "\"round-rectangle\"", shapes, "Rectangles are right; others are drawn as such."),
    GBXI_OPTION_COLOUR("background-color", "\"#f0f0f0\"", "Of the box around a cluster."),
    GBXI_OPTION_NUMBER("background-opacity", "0.6", 0, 1, "0 is clear."),
    GBXI_OPTION_NUMBER("border-width", "1", 0, 1000, "In pixels."),
    GBXI_OPTION_COLOUR("border-color", "\"#b0b0b0\"", "Of the border."),
    GBXI_OPTION_CHOICE("border-style", NULL, border_styles, "Of the border."),
    GBXI_OPTION_COLOUR("color", "\"#555555\"", "Of the name."),
    GBXI_OPTION_NUMBER("font-size", "14", 0.1, 1000, "Of the name, in pixels."),
    GBXI_OPTION_NUMBER("padding", "12", 0, 10000, "Around the nodes, in pixels."),
    GBXI_OPTION_CHOICE("text-valign", "\"top\"", valigns, "Where the name stands."),
    {0},
};

const gbxi_option gbxi_cytoscape_style[] = {
    GBXI_OPTION_GROUP("node", gbxi_cytoscape_node_style, "Of nodes."),
    GBXI_OPTION_GROUP("edge", gbxi_cytoscape_edge_style, "Of edges."),
    GBXI_OPTION_GROUP("cluster", gbxi_cytoscape_cluster_style, "Of the boxes around clusters."),
    {0},
};

const gbxi_option gbxi_cytoscape_options[] = {
    GBXI_OPTION_GROUP("layout", gbxi_cytoscape_layout, "Where nodes go: the options of cy.layout()."),
    GBXI_OPTION_GROUP("style", gbxi_cytoscape_style, "How it looks."),
    {0},
};
