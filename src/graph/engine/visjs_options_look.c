/* SPDX-License-Identifier: MIT */
/* Owns the tables of what can be set of nodes and edges of the engine `visjs`. Left out are shapes that need a picture,
 * and `font.multi`, because labels are text. */
#include "graph/engine/visjs_options.h"

static const char *const shapes[] = {"box",    "circle", "database", "diamond",  "dot",          "ellipse", "hexagon",
                                     "square", "star",   "text",     "triangle", "triangleDown", NULL};
static const char *const node_aligns[] = {"left", "center", "right", NULL};
static const char *const valigns[] = {"top", "middle", "bottom", NULL};

/* Rows that stand in several tables; an argument is the default that differs. */
#define COLOUR_OPTIONS                                                                                                 \
    GBXI_OPTION_COLOUR("border", NULL, "Of the border."), GBXI_OPTION_COLOUR("background", NULL, "Of the inside.")
#define FONT_OPTIONS(size)                                                                                             \
    GBXI_OPTION_COLOUR("color", NULL, "Of the label."), GBXI_OPTION_NUMBER("size", size, 0, 1000, "In pixels."),       \
        GBXI_OPTION_TEXT("face", NULL, 1, 64, "The font."),                                                            \
        GBXI_OPTION_COLOUR("background", NULL, "Behind the label."),                                                   \
        GBXI_OPTION_NUMBER("strokeWidth", NULL, 0, 100, "Around the letters, in pixels."),                             \
        GBXI_OPTION_COLOUR("strokeColor", NULL, "Around the letters."),                                                \
        GBXI_OPTION_NUMBER("vadjust", NULL, -10000, 10000, "How far down the label is moved.")
#define ARROW_OPTIONS(enabled, scale)                                                                                  \
    GBXI_OPTION_BOOL("enabled", enabled, "Whether there is one."),                                                     \
        GBXI_OPTION_NUMBER("scaleFactor", scale, 0, 100, "How large."),                                                \
        GBXI_OPTION_CHOICE("type", NULL, arrow_types, "Its shape.")
#define OFFSET_OPTIONS(from, to)                                                                                       \
    GBXI_OPTION_NUMBER(from, NULL, -1000, 1000, "In pixels."), GBXI_OPTION_NUMBER(to, NULL, -1000, 1000, "In pixels.")

static const gbxi_option two_colours[] = {
    COLOUR_OPTIONS,
    {0},
};
static const gbxi_option node_color[] = {
    COLOUR_OPTIONS,
    GBXI_OPTION_GROUP("highlight", two_colours, "Of a selected node."),
    GBXI_OPTION_GROUP("hover", two_colours, "Of a node that is pointed at."),
    {0},
};
static const gbxi_option node_font[] = {
    GBXI_OPTION_CHOICE("align", NULL, node_aligns, "Of lines in the label."),
    FONT_OPTIONS(NULL),
    {0},
};
static const gbxi_option fixed[] = {
    GBXI_OPTION_BOOL("x", NULL, "Not sideways."),
    GBXI_OPTION_BOOL("y", NULL, "Not up and down."),
    {0},
};
static const gbxi_option height_constraint[] = {
    GBXI_OPTION_NUMBER("minimum", NULL, 0, 100000, "In pixels."),
    GBXI_OPTION_CHOICE("valign", NULL, valigns, "Where the label stands then."),
    {0},
};
static const gbxi_option node_width_constraint[] = {
    GBXI_OPTION_NUMBER("minimum", NULL, 0, 100000, "In pixels."),
    GBXI_OPTION_NUMBER("maximum", "200", 1, 100000, "In pixels; longer labels get more lines."),
    {0},
};
static const gbxi_option margin[] = {
    GBXI_OPTION_NUMBER("top", NULL, 0, 1000, "In pixels."),
    GBXI_OPTION_NUMBER("right", NULL, 0, 1000, "In pixels."),
    GBXI_OPTION_NUMBER("bottom", NULL, 0, 1000, "In pixels."),
    GBXI_OPTION_NUMBER("left", NULL, 0, 1000, "In pixels."),
    {0},
};
static const gbxi_option scaling_label[] = {
    GBXI_OPTION_BOOL("enabled", NULL, "Whether labels are scaled too."),
    GBXI_OPTION_NUMBER("min", NULL, 0, 1000, "In pixels."),
    GBXI_OPTION_NUMBER("max", NULL, 0, 1000, "In pixels."),
    GBXI_OPTION_NUMBER("maxVisible", NULL, 0, 1000, "How large a label gets by zooming."),
    GBXI_OPTION_NUMBER("drawThreshold", NULL, 0, 1000, "Smaller labels are not drawn."),
    {0},
};
static const gbxi_option scaling[] = {
    GBXI_OPTION_NUMBER("min", NULL, 0, 10000, "In pixels."),
    GBXI_OPTION_NUMBER("max", NULL, 0, 10000, "In pixels."),
    GBXI_OPTION_GROUP("label", scaling_label, "Labels."),
    {0},
};
static const gbxi_option shadow[] = {
    GBXI_OPTION_BOOL("enabled", NULL, "Whether there is one."),
    GBXI_OPTION_COLOUR("color", NULL, "Of the shadow."),
    GBXI_OPTION_NUMBER("size", NULL, 0, 1000, "How soft, in pixels."),
    OFFSET_OPTIONS("x", "y"),
    {0},
};
static const gbxi_option shape_properties[] = {
    GBXI_OPTION_BOOL("borderDashes", NULL, "Whether borders are dashed."),
    GBXI_OPTION_NUMBER("borderRadius", NULL, 0, 1000, "Of boxes, in pixels."),
    {0},
};

const gbxi_option gbxi_visjs_nodes[] = {
    GBXI_OPTION_NUMBER("borderWidth", NULL, 0, 1000, "In pixels."),
    GBXI_OPTION_NUMBER("borderWidthSelected", NULL, 0, 1000, "In pixels."),
    GBXI_OPTION_GROUP("color", node_color, "Without it, by group."),
    GBXI_OPTION_NUMBER("opacity", NULL, 0, 1, "0 is clear."),
    GBXI_OPTION_GROUP("fixed", fixed, "Which way nodes do not move."),
    GBXI_OPTION_GROUP("font", node_font, "Of labels."),
    GBXI_OPTION_GROUP("heightConstraint", height_constraint, "How high nodes are."),
    GBXI_OPTION_BOOL("labelHighlightBold", NULL, "Whether the label of a selected node is bold."),
    GBXI_OPTION_GROUP("margin", margin, "Around labels in their nodes."),
    GBXI_OPTION_NUMBER("mass", NULL, 0.001, 1000, "More repels more."),
    GBXI_OPTION_BOOL("physics", NULL, "Whether nodes move."),
    GBXI_OPTION_GROUP("scaling", scaling, "Of nodes with a value."),
    GBXI_OPTION_GROUP("shadow", shadow, "Of nodes."),
    GBXI_OPTION_CHOICE("shape", "\"box\"", shapes, "Of nodes; the label is inside a box, below a dot."),
    GBXI_OPTION_GROUP("shapeProperties", shape_properties, "Details of shapes."),
    GBXI_OPTION_NUMBER("size", NULL, 0, 10000, "Of shapes with the label outside, in pixels."),
    GBXI_OPTION_GROUP("widthConstraint", node_width_constraint, "How wide nodes are."),
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
    GBXI_OPTION_GROUP("to", arrow_to, "At the end."),
    GBXI_OPTION_GROUP("middle", arrow, "In the middle."),
    GBXI_OPTION_GROUP("from", arrow, "At the beginning."),
    {0},
};
static const gbxi_option edge_color[] = {
    GBXI_OPTION_COLOUR("color", NULL, "Of edges; `inherit` goes before it."),
    GBXI_OPTION_COLOUR("highlight", NULL, "Of a selected edge."),
    GBXI_OPTION_COLOUR("hover", NULL, "Of an edge that is pointed at."),
    GBXI_OPTION_CHOICE("inherit", NULL, inherits, "Whose colour an edge has."),
    GBXI_OPTION_NUMBER("opacity", "0.7", 0, 1, "0 is clear."),
    {0},
};
static const gbxi_option end_point_offset[] = {
    OFFSET_OPTIONS("from", "to"),
    {0},
};
static const gbxi_option edge_font[] = {
    GBXI_OPTION_CHOICE("align", "\"middle\"", edge_aligns, "Where the label stands by its edge."),
    FONT_OPTIONS("11"),
    {0},
};
static const gbxi_option self_reference[] = {
    GBXI_OPTION_NUMBER("size", NULL, 0, 10000, "Of the loop, in pixels."),
    GBXI_OPTION_NUMBER("angle", NULL, -100, 100, "Where it is, in radians."),
    GBXI_OPTION_BOOL("renderBehindTheNode", NULL, "Whether the node hides a part of it."),
    {0},
};
static const gbxi_option smooth[] = {
    GBXI_OPTION_BOOL("enabled", "true", "Whether edges are curves."),
    GBXI_OPTION_CHOICE("type", "\"continuous\"", smooths, "Which; dynamic is slow, because each edge has a body then."),
    GBXI_OPTION_NUMBER("roundness", NULL, 0, 1, "How round."),
    GBXI_OPTION_CHOICE("forceDirection", NULL, force_directions, "Of cubicBezier."),
    {0},
};
static const gbxi_option edge_width_constraint[] = {
    GBXI_OPTION_NUMBER("maximum", NULL, 1, 100000, "In pixels; longer labels get more lines."),
    {0},
};

const gbxi_option gbxi_visjs_edges[] = {
    GBXI_OPTION_GROUP("arrows", arrows, "Where edges have arrows."),
    GBXI_OPTION_BOOL("arrowStrikethrough", NULL, "Whether edges go on under their arrows."),
    GBXI_OPTION_GROUP("color", edge_color, "Of edges."),
    GBXI_OPTION_BOOL("dashes", NULL, "Whether edges are dashed."),
    GBXI_OPTION_GROUP("endPointOffset", end_point_offset, "How far from their nodes edges end."),
    GBXI_OPTION_GROUP("font", edge_font, "Of labels."),
    GBXI_OPTION_NUMBER("hoverWidth", NULL, 0, 100, "What an edge that is pointed at gets wider, in pixels."),
    GBXI_OPTION_BOOL("labelHighlightBold", NULL, "Whether the label of a selected edge is bold."),
    GBXI_OPTION_NUMBER("length", NULL, 0, 100000, "How long edges like to be."),
    GBXI_OPTION_BOOL("physics", NULL, "Whether edges pull."),
    GBXI_OPTION_GROUP("scaling", scaling, "Of edges with a value."),
    GBXI_OPTION_NUMBER("selectionWidth", NULL, 0, 100, "What a selected edge gets wider, in pixels."),
    GBXI_OPTION_GROUP("selfReference", self_reference, "Of loops."),
    GBXI_OPTION_GROUP("shadow", shadow, "Of edges."),
    GBXI_OPTION_GROUP("smooth", smooth, "Curves."),
    GBXI_OPTION_NUMBER("width", NULL, 0, 1000, "In pixels."),
    GBXI_OPTION_GROUP("widthConstraint", edge_width_constraint, "How wide labels are."),
    {0},
};
