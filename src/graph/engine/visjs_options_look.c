/* SPDX-License-Identifier: MIT */
/* Owns the option tables for nodes and edges of the engine `visjs`. Left out are shapes that need an image, and
 * `font.multi`, because labels are plain text. */
#include "graph/engine/visjs_options.h"

static const char *const shapes[] = {"box",    "circle", "database", "diamond",  "dot",          "ellipse", "hexagon",
                                     "square", "star",   "text",     "triangle", "triangleDown", NULL};
static const char *const node_aligns[] = {"left", "center", "right", NULL};
static const char *const valigns[] = {"top", "middle", "bottom", NULL};

/* Rows that several tables share. An argument is a default that differs between them. */
#define COLOUR_OPTIONS                                                                                                 \
    GBXI_OPTION_COLOUR("border", NULL, "Colour of the border."),                                                       \
        GBXI_OPTION_COLOUR("background", NULL, "Background colour.")
#define FONT_OPTIONS(size)                                                                                             \
    GBXI_OPTION_COLOUR("color", NULL, "Colour of the text."),                                                          \
        GBXI_OPTION_NUMBER("size", size, 0, 1000, "Font size, in pixels."),                                            \
        GBXI_OPTION_TEXT("face", NULL, 1, 64, "Font of the text."),                                                    \
        GBXI_OPTION_COLOUR("background", NULL, "Background colour of the text."),                                      \
        GBXI_OPTION_NUMBER("strokeWidth", NULL, 0, 100, "Width of the outline around letters, in pixels."),            \
        GBXI_OPTION_COLOUR("strokeColor", NULL, "Colour of the outline around letters."),                              \
        GBXI_OPTION_NUMBER("vadjust", NULL, -10000, 10000,                                                             \
                           "Vertical offset of the text, in pixels. Positive values move it down.")
#define ARROW_OPTIONS(enabled, scale)                                                                                  \
    GBXI_OPTION_BOOL("enabled", enabled, "Whether to draw this arrow."),                                               \
        GBXI_OPTION_NUMBER("scaleFactor", scale, 0, 100, "Scale factor of the arrow."),                                \
        GBXI_OPTION_CHOICE("type", NULL, arrow_types, "Shape of the arrow.")
#define OFFSET_OPTIONS(from, to)                                                                                       \
    GBXI_OPTION_NUMBER(from, NULL, -1000, 1000, "Offset, in pixels."),                                                 \
        GBXI_OPTION_NUMBER(to, NULL, -1000, 1000, "Offset, in pixels.")

static const gbxi_option two_colours[] = {
    COLOUR_OPTIONS,
    {0},
};
static const gbxi_option node_color[] = {
    COLOUR_OPTIONS,
    GBXI_OPTION_GROUP("highlight", two_colours, "Colours of a selected node."),
    GBXI_OPTION_GROUP("hover", two_colours, "Colours of a node under the pointer."),
    {0},
};
static const gbxi_option node_font[] = {
    GBXI_OPTION_CHOICE("align", NULL, node_aligns, "Alignment of the lines of a label."),
    FONT_OPTIONS(NULL),
    {0},
};
static const gbxi_option fixed[] = {
    GBXI_OPTION_BOOL("x", NULL, "Whether the node cannot move horizontally."),
    GBXI_OPTION_BOOL("y", NULL, "Whether the node cannot move vertically."),
    {0},
};
static const gbxi_option height_constraint[] = {
    GBXI_OPTION_NUMBER("minimum", NULL, 0, 100000, "Minimum height, in pixels."),
    GBXI_OPTION_CHOICE("valign", NULL, valigns, "Vertical position of the label in a node of minimum height."),
    {0},
};
static const gbxi_option node_width_constraint[] = {
    GBXI_OPTION_NUMBER("minimum", NULL, 0, 100000, "Minimum width, in pixels."),
    GBXI_OPTION_NUMBER("maximum", "200", 1, 100000, "Maximum width, in pixels. Longer labels wrap to further lines."),
    {0},
};
static const gbxi_option margin[] = {
    GBXI_OPTION_NUMBER("top", NULL, 0, 1000, "Top margin, in pixels."),
    GBXI_OPTION_NUMBER("right", NULL, 0, 1000, "Right margin, in pixels."),
    GBXI_OPTION_NUMBER("bottom", NULL, 0, 1000, "Bottom margin, in pixels."),
    GBXI_OPTION_NUMBER("left", NULL, 0, 1000, "Left margin, in pixels."),
    {0},
};
static const gbxi_option scaling_label[] = {
    GBXI_OPTION_BOOL("enabled", NULL, "Whether to scale labels as well."),
    GBXI_OPTION_NUMBER("min", NULL, 0, 1000, "Minimum font size, in pixels."),
    GBXI_OPTION_NUMBER("max", NULL, 0, 1000, "Maximum font size, in pixels."),
    GBXI_OPTION_NUMBER("maxVisible", NULL, 0, 1000,
                       "Maximum apparent font size when the view is zoomed in, in pixels."),
    GBXI_OPTION_NUMBER("drawThreshold", NULL, 0, 1000,
                       "Hide labels whose apparent font size is smaller than this, in pixels."),
    {0},
};
static const gbxi_option scaling[] = {
    GBXI_OPTION_NUMBER("min", NULL, 0, 10000, "Minimum size, in pixels."),
    GBXI_OPTION_NUMBER("max", NULL, 0, 10000, "Maximum size, in pixels."),
    GBXI_OPTION_GROUP("label", scaling_label, "Scaling of labels."),
    {0},
};
static const gbxi_option shadow[] = {
    GBXI_OPTION_BOOL("enabled", NULL, "Whether to draw a shadow."),
    GBXI_OPTION_COLOUR("color", NULL, "Colour of the shadow."),
    GBXI_OPTION_NUMBER("size", NULL, 0, 1000, "Blur size of the shadow, in pixels."),
    OFFSET_OPTIONS("x", "y"),
    {0},
};
static const gbxi_option shape_properties[] = {
    GBXI_OPTION_BOOL("borderDashes", NULL, "Whether borders are dashed."),
    GBXI_OPTION_NUMBER("borderRadius", NULL, 0, 1000, "Corner radius of boxes, in pixels."),
    {0},
};

const gbxi_option gbxi_visjs_nodes[] = {
    GBXI_OPTION_NUMBER("borderWidth", NULL, 0, 1000, "Width of the border, in pixels."),
    GBXI_OPTION_NUMBER("borderWidthSelected", NULL, 0, 1000, "Width of the border of a selected node, in pixels."),
    GBXI_OPTION_GROUP("color", node_color, "Colours of nodes. Without it, each group has its own colours."),
    GBXI_OPTION_NUMBER("opacity", NULL, 0, 1, "Opacity of nodes, from 0 (transparent) to 1 (opaque)."),
    GBXI_OPTION_GROUP("fixed", fixed, "Directions in which nodes cannot move."),
    GBXI_OPTION_GROUP("font", node_font, "Font of labels."),
    GBXI_OPTION_GROUP("heightConstraint", height_constraint, "Limits of the height of nodes."),
    GBXI_OPTION_BOOL("labelHighlightBold", NULL, "Whether the label of a selected node is bold."),
    GBXI_OPTION_GROUP("margin", margin, "Space between the label and the border of its node."),
    GBXI_OPTION_NUMBER("mass", NULL, 0.001, 1000,
                       "Mass of nodes in the simulation. Heavier nodes repel others more strongly."),
    GBXI_OPTION_BOOL("physics", NULL, "Whether the physics simulation moves the nodes."),
    GBXI_OPTION_GROUP("scaling", scaling, "Size range of nodes that have a value."),
    GBXI_OPTION_GROUP("shadow", shadow, "Shadow of nodes."),
    GBXI_OPTION_CHOICE(
        "shape", "\"box\"", shapes,
        "Shape of nodes. It determines whether the label is inside (such as box) or below (such as dot)."),
    GBXI_OPTION_GROUP("shapeProperties", shape_properties, "Details of shapes."),
    GBXI_OPTION_NUMBER("size", NULL, 0, 10000, "Size of shapes that have their label outside, in pixels."),
    GBXI_OPTION_GROUP("widthConstraint", node_width_constraint, "Limits of the width of nodes."),
    {0},
};

static const char *const arrow_types[] = {"arrow",   "bar",       "box",          "circle",   "crow", "curve",
                                          "diamond", "inv_curve", "inv_triangle", "triangle", "vee",  NULL};
static const char *const edge_aligns[] = {"horizontal", "top", "middle", "bottom", NULL};
static const char *const inherits[] = {"from", "to", "both", NULL};
static const char *const smooths[] = {"dynamic",       "continuous",  "discrete", "diagonalCross",
                                      "straightCross", "horizontal",  "vertical", "curvedCW",
                                      "curvedCCW",     "cubicBezier", NULL};
static const char *const force_directions[] = {"horizontal", "vertical", "none", NULL};

static const gbxi_option arrow_to[] = {
    ARROW_OPTIONS("true", "0.6"),
    {0},
};
static const gbxi_option arrow[] = {
    ARROW_OPTIONS(NULL, NULL),
    {0},
};
static const gbxi_option arrows[] = {
    GBXI_OPTION_GROUP("to", arrow_to, "Arrow at the target."),
    GBXI_OPTION_GROUP("middle", arrow, "Arrow in the middle."),
    GBXI_OPTION_GROUP("from", arrow, "Arrow at the source."),
    {0},
};
static const gbxi_option edge_color[] = {
    GBXI_OPTION_COLOUR("color", "\"#808080\"",
                       "Colour of edges. No default if inherit is given, which it would override."),
    GBXI_OPTION_COLOUR("highlight", NULL, "Colour of a selected edge."),
    GBXI_OPTION_COLOUR("hover", NULL, "Colour of an edge under the pointer."),
    GBXI_OPTION_CHOICE("inherit", NULL, inherits, "Node whose colour an edge takes: its source, its target or both."),
    GBXI_OPTION_NUMBER("opacity", "1", 0, 1, "Opacity of edges, from 0 (transparent) to 1 (opaque)."),
    {0},
};
static const gbxi_option end_point_offset[] = {
    OFFSET_OPTIONS("from", "to"),
    {0},
};
static const gbxi_option edge_font[] = {
    GBXI_OPTION_CHOICE("align", "\"middle\"", edge_aligns, "Position of the label relative to its edge."),
    FONT_OPTIONS("11"),
    {0},
};
static const gbxi_option self_reference[] = {
    GBXI_OPTION_NUMBER("size", NULL, 0, 10000, "Size of the loop, in pixels."),
    GBXI_OPTION_NUMBER("angle", NULL, -100, 100, "Angle at which the loop is attached to its node, in radians."),
    GBXI_OPTION_BOOL("renderBehindTheNode", NULL, "Whether the loop is drawn behind its node."),
    {0},
};
static const gbxi_option smooth[] = {
    GBXI_OPTION_BOOL("enabled", "true", "Whether edges are drawn as curves."),
    GBXI_OPTION_CHOICE("type", "\"continuous\"", smooths,
                       "Type of curve. The type dynamic is slow because it simulates an extra node for each edge."),
    GBXI_OPTION_NUMBER("roundness", NULL, 0, 1, "Roundness of curves, from 0 to 1."),
    GBXI_OPTION_CHOICE("forceDirection", NULL, force_directions, "Direction of curves of the type cubicBezier."),
    {0},
};
static const gbxi_option edge_width_constraint[] = {
    GBXI_OPTION_NUMBER("maximum", NULL, 1, 100000, "Maximum width, in pixels. Longer labels wrap to further lines."),
    {0},
};

const gbxi_option gbxi_visjs_edges[] = {
    GBXI_OPTION_GROUP("arrows", arrows, "Arrows of edges."),
    GBXI_OPTION_BOOL("arrowStrikethrough", NULL, "Whether the line continues under the arrow to the node."),
    GBXI_OPTION_GROUP("color", edge_color, "Colours of edges."),
    GBXI_OPTION_BOOL("dashes", NULL, "Whether edges are dashed."),
    GBXI_OPTION_GROUP("endPointOffset", end_point_offset, "Distance between the ends of edges and their nodes."),
    GBXI_OPTION_GROUP("font", edge_font, "Font of labels."),
    GBXI_OPTION_NUMBER("hoverWidth", NULL, 0, 100, "Width added to an edge under the pointer, in pixels."),
    GBXI_OPTION_BOOL("labelHighlightBold", NULL, "Whether the label of a selected edge is bold."),
    GBXI_OPTION_NUMBER("length", NULL, 0, 100000, "Rest length of edges in the simulation."),
    GBXI_OPTION_BOOL("physics", NULL, "Whether edges act as springs in the simulation."),
    GBXI_OPTION_GROUP("scaling", scaling, "Width range of edges that have a value."),
    GBXI_OPTION_NUMBER("selectionWidth", NULL, 0, 100, "Width added to a selected edge, in pixels."),
    GBXI_OPTION_GROUP("selfReference", self_reference, "Edges from a node to itself."),
    GBXI_OPTION_GROUP("shadow", shadow, "Shadow of edges."),
    GBXI_OPTION_GROUP("smooth", smooth, "Curves of edges."),
    GBXI_OPTION_NUMBER("width", NULL, 0, 1000, "Width of edges, in pixels."),
    GBXI_OPTION_GROUP("widthConstraint", edge_width_constraint, "Limits of the width of labels."),
    {0},
};
