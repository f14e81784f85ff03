/* SPDX-License-Identifier: MIT */
/* Owns the option table of the engine `cytoscape`. Names and meanings are those of Cytoscape.js.
 *
 * The layout options are all those that JSON can express, that is, all but functions. Layouts ignore options they do
 * not know. */
#include "graph/engine/cytoscape_options.h"

static const char *const layouts[] = {"breadthfirst", "circle", "concentric", "cose", "grid",
                                      "null",         "preset", "random",     NULL};
static const char *const directions[] = {"downward", "upward", "rightward", "leftward", NULL};

const gbxi_option gbxi_cytoscape_layout[] = {
    GBXI_OPTION_CHOICE(
        "name", NULL, layouts,
        "Name of the layout. Default: breadthfirst for a page, cose for a graph, grid above 1,000 nodes."),
    GBXI_OPTION_BOOL("fit", "true", "Whether to fit the drawing to the viewport."),
    GBXI_OPTION_INTEGER("padding", "30", 0, 10000, "Space around the drawing, in pixels."),
    GBXI_OPTION_BOOL("animate", "false", "Whether to animate the movement of nodes to their positions."),
    GBXI_OPTION_INTEGER("animationDuration", NULL, 0, 600000, "Duration of the animation, in milliseconds."),
    GBXI_OPTION_BOOL("nodeDimensionsIncludeLabels", "true", "Whether the layout counts labels as part of their nodes."),
    GBXI_OPTION_BOOL("avoidOverlap", NULL,
                     "breadthfirst, circle, concentric, grid: whether to keep nodes from overlapping."),
    GBXI_OPTION_NUMBER(
        "spacingFactor", NULL, 0.001, 1000,
        "breadthfirst, circle, concentric, grid, preset: factor by which the area is expanded or compressed."),
    GBXI_OPTION_INTEGER("avoidOverlapPadding", NULL, 0, 10000,
                        "grid: extra space around nodes when avoidOverlap is true, in pixels."),
    GBXI_OPTION_BOOL("condense", NULL, "grid: whether to use as little space as possible instead of all of it."),
    GBXI_OPTION_INTEGER("rows", NULL, 1, 1000000, "grid: number of rows."),
    GBXI_OPTION_INTEGER("cols", NULL, 1, 1000000, "grid: number of columns."),
    GBXI_OPTION_NUMBER("radius", NULL, 0, 1000000, "circle: radius, in pixels."),
    GBXI_OPTION_NUMBER("startAngle", NULL, -100, 100, "circle, concentric: angle of the first node, in radians."),
    GBXI_OPTION_NUMBER("sweep", NULL, -100, 100,
                       "circle, concentric: angle between the first and the last node, in radians."),
    GBXI_OPTION_BOOL("clockwise", NULL, "circle, concentric: true for clockwise, false for counterclockwise."),
    GBXI_OPTION_BOOL("equidistant", NULL, "concentric: whether the distance between levels is the same everywhere."),
    GBXI_OPTION_NUMBER("minNodeSpacing", NULL, 0, 10000, "concentric: minimum distance between nodes, in pixels."),
    GBXI_OPTION_NUMBER("height", NULL, 1, 1000000,
                       "concentric: height of the layout area, instead of the container's height."),
    GBXI_OPTION_NUMBER("width", NULL, 1, 1000000,
                       "concentric: width of the layout area, instead of the container's width."),
    GBXI_OPTION_BOOL("directed", "true", "breadthfirst: whether all edges point away from the roots."),
    GBXI_OPTION_CHOICE("direction", NULL, directions, "breadthfirst: direction in which the tree grows."),
    GBXI_OPTION_BOOL("circle", NULL, "breadthfirst: whether to arrange the levels in concentric circles."),
    GBXI_OPTION_BOOL("grid", NULL,
                     "breadthfirst: whether to place nodes on an even grid. Used only when circle is false."),
    GBXI_OPTION_INTEGER("animationThreshold", NULL, 0, 600000,
                        "cose: time the layout must take before it is animated, in milliseconds."),
    GBXI_OPTION_INTEGER("refresh", NULL, 1, 100000, "cose: number of iterations between two updates of the screen."),
    GBXI_OPTION_BOOL("randomize", "true", "cose: whether nodes start at random positions."),
    GBXI_OPTION_NUMBER("componentSpacing", NULL, 0, 100000,
                       "cose: extra distance between components that are not connected, in pixels."),
    GBXI_OPTION_NUMBER("nodeRepulsion", "8192", 0, 100000000, "cose: repulsion between nodes that do not overlap."),
    GBXI_OPTION_NUMBER("nodeOverlap", NULL, 0, 100000, "cose: repulsion between nodes that overlap."),
    GBXI_OPTION_NUMBER("idealEdgeLength", "64", 0, 100000, "cose: ideal length of edges, in pixels."),
    GBXI_OPTION_NUMBER("edgeElasticity", NULL, 0.001, 100000,
                       "cose: divisor of the force of edges. Higher values make edges softer."),
    GBXI_OPTION_NUMBER("nestingFactor", NULL, 0, 1000,
                       "cose: factor of the ideal length for edges that cross the border of a cluster."),
    GBXI_OPTION_NUMBER("gravity", NULL, 0, 10000, "cose: force that pulls all nodes to the centre."),
    GBXI_OPTION_INTEGER("numIter", NULL, 1, 1000000, "cose: maximum number of iterations."),
    GBXI_OPTION_NUMBER("initialTemp", NULL, 0, 1000000,
                       "cose: initial temperature, which is the maximum distance a node moves in one iteration."),
    GBXI_OPTION_NUMBER("coolingFactor", NULL, 0, 1,
                       "cose: factor by which the temperature falls after each iteration."),
    GBXI_OPTION_NUMBER("minTemp", NULL, 0, 1000000, "cose: temperature below which the layout ends."),
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

/* An outline in the colour of light pages makes dark letters readable on dark pages, too. */
#define OUTLINE_OPTIONS(width)                                                                                         \
    GBXI_OPTION_COLOUR("text-outline-color", "\"#ffffff\"",                                                            \
                       "Colour of the outline around letters. No default if color is given."),                         \
        GBXI_OPTION_NUMBER("text-outline-width", width, 0, 100,                                                        \
                           "Width of the outline around letters, in pixels. No default if color is given.")

const gbxi_option gbxi_cytoscape_node_style[] = {
    GBXI_OPTION_CHOICE("shape", "\"ellipse\"", shapes, "Shape of nodes."),
    GBXI_OPTION_NUMBER("width", "24", 0, 10000, "Width of nodes, in pixels."),
    GBXI_OPTION_NUMBER("height", "24", 0, 10000, "Height of nodes, in pixels."),
    GBXI_OPTION_COLOUR("background-color", "\"#4e79a7\"",
                       "Fill colour of nodes. Without it, each kind of node of a page has its own colour."),
    GBXI_OPTION_NUMBER("background-opacity", NULL, 0, 1, "Opacity of the fill, from 0 (transparent) to 1 (opaque)."),
    GBXI_OPTION_NUMBER("border-width", "0", 0, 1000, "Width of the border, in pixels."),
    GBXI_OPTION_COLOUR("border-color", NULL, "Colour of the border."),
    GBXI_OPTION_CHOICE("border-style", NULL, border_styles, "Line style of the border."),
    GBXI_OPTION_COLOUR("color", "\"#222222\"", "Colour of the label."),
    OUTLINE_OPTIONS("2"),
    GBXI_OPTION_NUMBER("opacity", NULL, 0, 1, "Opacity of the whole node, from 0 (transparent) to 1 (opaque)."),
    GBXI_OPTION_NUMBER("font-size", "10", 0.1, 1000, "Font size of the label, in pixels."),
    GBXI_OPTION_CHOICE("font-weight", NULL, font_weights, "Font weight of the label."),
    GBXI_OPTION_NUMBER("min-zoomed-font-size", NULL, 0, 1000,
                       "Hide labels that zooming makes smaller than this, in pixels."),
    GBXI_OPTION_CHOICE("text-wrap", "\"wrap\"", wraps,
                       "How to show a label wider than text-max-width: unchanged, on several lines, or cut off."),
    GBXI_OPTION_CHOICE("text-overflow-wrap", "\"anywhere\"", overflows,
                       "Where a long label may break: at whitespace only, or anywhere."),
    GBXI_OPTION_NUMBER("text-max-width", "120", 1, 100000, "Maximum width of a label, in pixels."),
    GBXI_OPTION_CHOICE("text-valign", "\"bottom\"", valigns, "Vertical position of the label."),
    GBXI_OPTION_CHOICE("text-halign", "\"center\"", haligns, "Horizontal position of the label."),
    GBXI_OPTION_NUMBER("text-margin-x", NULL, -10000, 10000, "Horizontal offset of the label, in pixels."),
    GBXI_OPTION_NUMBER("text-margin-y", "3", -10000, 10000, "Vertical offset of the label, in pixels."),
    {0},
};

const gbxi_option gbxi_cytoscape_edge_style[] = {
    GBXI_OPTION_NUMBER("width", "1", 0, 1000, "Width of edges, in pixels."),
    GBXI_OPTION_COLOUR("line-color", "\"#808080\"", "Colour of edges."),
    GBXI_OPTION_CHOICE("line-style", "\"solid\"", line_styles, "Line style of edges."),
    GBXI_OPTION_NUMBER("opacity", NULL, 0, 1, "Opacity of edges, from 0 (transparent) to 1 (opaque)."),
    GBXI_OPTION_CHOICE("curve-style", "\"bezier\"", curves,
                       "How edges are drawn. The style haystack is the fastest and has no arrows."),
    GBXI_OPTION_CHOICE("target-arrow-shape", "\"triangle\"", arrows, "Shape of the arrow at the target."),
    GBXI_OPTION_COLOUR("target-arrow-color", "\"#808080\"", "Colour of the arrow at the target."),
    GBXI_OPTION_CHOICE("source-arrow-shape", NULL, arrows, "Shape of the arrow at the source."),
    GBXI_OPTION_COLOUR("source-arrow-color", NULL, "Colour of the arrow at the source."),
    GBXI_OPTION_NUMBER("arrow-scale", "0.8", 0.001, 1000, "Scale factor of arrows."),
    GBXI_OPTION_COLOUR("color", "\"#555555\"", "Colour of the label."),
    OUTLINE_OPTIONS("1.5"),
    GBXI_OPTION_NUMBER("font-size", "8", 0.1, 1000, "Font size of the label, in pixels."),
    GBXI_OPTION_CHOICE("text-rotation", "\"autorotate\"", rotations,
                       "Whether the label is rotated to follow the edge."),
    {0},
};

const gbxi_option gbxi_cytoscape_cluster_style[] = {
    GBXI_OPTION_CHOICE(
        "shape", "\"round-rectangle\"", shapes,
        "Shape of the box. Cytoscape.js supports only rectangular shapes here and draws all others as rectangles."),
    GBXI_OPTION_COLOUR("background-color", "\"#808080\"", "Background colour of the box."),
    GBXI_OPTION_NUMBER("background-opacity", "0.12", 0, 1,
                       "Opacity of the background, from 0 (transparent) to 1 (opaque)."),
    GBXI_OPTION_NUMBER("border-width", "1", 0, 1000, "Width of the border, in pixels."),
    GBXI_OPTION_COLOUR("border-color", "\"#808080\"", "Colour of the border."),
    GBXI_OPTION_CHOICE("border-style", NULL, border_styles, "Line style of the border."),
    GBXI_OPTION_COLOUR("color", "\"#555555\"", "Colour of the cluster's name."),
    OUTLINE_OPTIONS("2"),
    GBXI_OPTION_NUMBER("font-size", "14", 0.1, 1000, "Font size of the cluster's name, in pixels."),
    GBXI_OPTION_NUMBER("padding", "12", 0, 10000, "Space between the border and the nodes, in pixels."),
    GBXI_OPTION_CHOICE("text-valign", "\"top\"", valigns, "Vertical position of the cluster's name."),
    {0},
};

const gbxi_option gbxi_cytoscape_style[] = {
    GBXI_OPTION_GROUP("node", gbxi_cytoscape_node_style, "Style of nodes."),
    GBXI_OPTION_GROUP("edge", gbxi_cytoscape_edge_style, "Style of edges."),
    GBXI_OPTION_GROUP("cluster", gbxi_cytoscape_cluster_style, "Style of the boxes around clusters."),
    {0},
};

const gbxi_option gbxi_cytoscape_options[] = {
    GBXI_OPTION_GROUP("layout", gbxi_cytoscape_layout, "Layout of nodes: the options of cy.layout()."),
    GBXI_OPTION_GROUP("style", gbxi_cytoscape_style, "Style of nodes, edges and clusters."),
    {0},
};
