/* SPDX-License-Identifier: MIT */
/* Owns the tables of what can be set of nodes and edges of the engine `visjs`. Left out are shapes that need a picture,
 * and `font.multi`, because labels are text. */
#include "graph/engine/visjs_options.h"

static const char *const shapes[] = {"box",    "circle", "database", "diamond",  "dot",          "ellipse", "hexagon",
                                     "square", "star",   "text",     "triangle", "triangleDown", NULL};
static const char *const node_aligns[] = {"left", "center", "right", NULL};
static const char *const valigns[] = {"top", "middle", "bottom", NULL};

static const gbx__option two_colours[] = {
    GBX__OPTION_COLOUR("border", NULL, "Of the border."),
    GBX__OPTION_COLOUR("background", NULL, "Of the inside."),
    {0},
};
static const gbx__option node_color[] = {
    GBX__OPTION_COLOUR("border", NULL, "Of the border."),
    GBX__OPTION_COLOUR("background", NULL, "Of the inside."),
    GBX__OPTION_GROUP("highlight", two_colours, "Of a selected node."),
    GBX__OPTION_GROUP("hover", two_colours, "Of a node that is pointed at."),
    {0},
};
static const gbx__option node_font[] = {
    GBX__OPTION_CHOICE("align", NULL, node_aligns, "Of lines in the label."),
    GBX__OPTION_COLOUR("color", NULL, "Of the label."),
    GBX__OPTION_NUMBER("size", NULL, 0, 1000, "In pixels."),
    GBX__OPTION_TEXT("face", NULL, 1, 64, "The font."),
    GBX__OPTION_COLOUR("background", NULL, "Behind the label."),
    GBX__OPTION_NUMBER("strokeWidth", NULL, 0, 100, "Around the letters, in pixels."),
    GBX__OPTION_COLOUR("strokeColor", NULL, "Around the letters."),
    GBX__OPTION_NUMBER("vadjust", NULL, -10000, 10000, "How far down the label is moved."),
    {0},
};
static const gbx__option fixed[] = {
    GBX__OPTION_BOOL("x", NULL, "Not sideways."),
    GBX__OPTION_BOOL("y", NULL, "Not up and down."),
    {0},
};
static const gbx__option height_constraint[] = {
    GBX__OPTION_NUMBER("minimum", NULL, 0, 100000, "In pixels."),
    GBX__OPTION_CHOICE("valign", NULL, valigns, "Where the label stands then."),
    {0},
};
static const gbx__option node_width_constraint[] = {
    GBX__OPTION_NUMBER("minimum", NULL, 0, 100000, "In pixels."),
    GBX__OPTION_NUMBER("maximum", "200", 1, 100000, "In pixels; longer labels get more lines."),
    {0},
};
static const gbx__option margin[] = {
    GBX__OPTION_NUMBER("top", NULL, 0, 1000, "In pixels."),
    GBX__OPTION_NUMBER("right", NULL, 0, 1000, "In pixels."),
    GBX__OPTION_NUMBER("bottom", NULL, 0, 1000, "In pixels."),
    GBX__OPTION_NUMBER("left", NULL, 0, 1000, "In pixels."),
    {0},
};
static const gbx__option scaling_label[] = {
    GBX__OPTION_BOOL("enabled", NULL, "Whether labels are scaled too."),
    GBX__OPTION_NUMBER("min", NULL, 0, 1000, "In pixels."),
    GBX__OPTION_NUMBER("max", NULL, 0, 1000, "In pixels."),
    GBX__OPTION_NUMBER("maxVisible", NULL, 0, 1000, "How large a label gets by zooming."),
    GBX__OPTION_NUMBER("drawThreshold", NULL, 0, 1000, "Smaller labels are not drawn."),
    {0},
};
static const gbx__option scaling[] = {
    GBX__OPTION_NUMBER("min", NULL, 0, 10000, "In pixels."),
    GBX__OPTION_NUMBER("max", NULL, 0, 10000, "In pixels."),
    GBX__OPTION_GROUP("label", scaling_label, "Labels."),
    {0},
};
static const gbx__option shadow[] = {
    GBX__OPTION_BOOL("enabled", NULL, "Whether there is one."),
    GBX__OPTION_COLOUR("color", NULL, "Of the shadow."),
    GBX__OPTION_NUMBER("size", NULL, 0, 1000, "How soft, in pixels."),
    GBX__OPTION_NUMBER("x", NULL, -1000, 1000, "In pixels."),
    GBX__OPTION_NUMBER("y", NULL, -1000, 1000, "In pixels."),
    {0},
};
static const gbx__option shape_properties[] = {
    GBX__OPTION_BOOL("borderDashes", NULL, "Whether borders are dashed."),
    GBX__OPTION_NUMBER("borderRadius", NULL, 0, 1000, "Of boxes, in pixels."),
    {0},
};

const gbx__option gbx__visjs_nodes[] = {
    GBX__OPTION_NUMBER("borderWidth", NULL, 0, 1000, "In pixels."),
    GBX__OPTION_NUMBER("borderWidthSelected", NULL, 0, 1000, "In pixels."),
    GBX__OPTION_GROUP("color", node_color, "Without it, by group."),
    GBX__OPTION_NUMBER("opacity", NULL, 0, 1, "0 is clear."),
    GBX__OPTION_GROUP("fixed", fixed, "Which way nodes do not move."),
    GBX__OPTION_GROUP("font", node_font, "Of labels."),
    GBX__OPTION_GROUP("heightConstraint", height_constraint, "How high nodes are."),
    GBX__OPTION_BOOL("labelHighlightBold", NULL, "Whether the label of a selected node is bold."),
    GBX__OPTION_GROUP("margin", margin, "Around labels in their nodes."),
    GBX__OPTION_NUMBER("mass", NULL, 0.001, 1000, "More repels more."),
    GBX__OPTION_BOOL("physics", NULL, "Whether nodes move."),
    GBX__OPTION_GROUP("scaling", scaling, "Of nodes with a value."),
    GBX__OPTION_GROUP("shadow", shadow, "Of nodes."),
    GBX__OPTION_CHOICE("shape", "\"box\"", shapes, "Of nodes; the label is inside a box, below a dot."),
    GBX__OPTION_GROUP("shapeProperties", shape_properties, "Details of shapes."),
    GBX__OPTION_NUMBER("size", NULL, 0, 10000, "Of shapes with the label outside, in pixels."),
    GBX__OPTION_GROUP("widthConstraint", node_width_constraint, "How wide nodes are."),
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

static const gbx__option arrow_to[] = {
    GBX__OPTION_BOOL("enabled", "true", "Whether there is one."),
    GBX__OPTION_NUMBER("scaleFactor", "0.6", 0, 100, "How large."),
    GBX__OPTION_CHOICE("type", NULL, arrow_types, "Its shape."),
    {0},
};
static const gbx__option arrow[] = {
    GBX__OPTION_BOOL("enabled", NULL, "Whether there is one."),
    GBX__OPTION_NUMBER("scaleFactor", NULL, 0, 100, "How large."),
    GBX__OPTION_CHOICE("type", NULL, arrow_types, "Its shape."),
    {0},
};
static const gbx__option arrows[] = {
    GBX__OPTION_GROUP("to", arrow_to, "At the end."),
    GBX__OPTION_GROUP("middle", arrow, "In the middle."),
    GBX__OPTION_GROUP("from", arrow, "At the beginning."),
    {0},
};
static const gbx__option edge_color[] = {
    GBX__OPTION_COLOUR("color", NULL, "Of edges; `inherit` goes before it."),
    GBX__OPTION_COLOUR("highlight", NULL, "Of a selected edge."),
    GBX__OPTION_COLOUR("hover", NULL, "Of an edge that is pointed at."),
    GBX__OPTION_CHOICE("inherit", NULL, inherits, "Whose colour an edge has."),
    GBX__OPTION_NUMBER("opacity", "0.7", 0, 1, "0 is clear."),
    {0},
};
static const gbx__option end_point_offset[] = {
    GBX__OPTION_NUMBER("from", NULL, -1000, 1000, "In pixels."),
    GBX__OPTION_NUMBER("to", NULL, -1000, 1000, "In pixels."),
    {0},
};
static const gbx__option edge_font[] = {
    GBX__OPTION_CHOICE("align", "\"middle\"", edge_aligns, "Where the label stands by its edge."),
    GBX__OPTION_COLOUR("color", NULL, "Of the label."),
    GBX__OPTION_NUMBER("size", "11", 0, 1000, "In pixels."),
    GBX__OPTION_TEXT("face", NULL, 1, 64, "The font."),
    GBX__OPTION_COLOUR("background", NULL, "Behind the label."),
    GBX__OPTION_NUMBER("strokeWidth", NULL, 0, 100, "Around the letters, in pixels."),
    GBX__OPTION_COLOUR("strokeColor", NULL, "Around the letters."),
    GBX__OPTION_NUMBER("vadjust", NULL, -10000, 10000, "How far down the label is moved."),
    {0},
};
static const gbx__option self_reference[] = {
    GBX__OPTION_NUMBER("size", NULL, 0, 10000, "Of the loop, in pixels."),
    GBX__OPTION_NUMBER("angle", NULL, -100, 100, "Where it is, in radians."),
    GBX__OPTION_BOOL("renderBehindTheNode", NULL, "Whether the node hides a part of it."),
    {0},
};
static const gbx__option smooth[] = {
    GBX__OPTION_BOOL("enabled", "true", "Whether edges are curves."),
    GBX__OPTION_CHOICE("type", "\"continuous\"", smooths, "Which; dynamic is slow, because each edge has a body then."),
    GBX__OPTION_NUMBER("roundness", NULL, 0, 1, "How round."),
    GBX__OPTION_CHOICE("forceDirection", NULL, force_directions, "Of cubicBezier."),
    {0},
};
static const gbx__option edge_width_constraint[] = {
    GBX__OPTION_NUMBER("maximum", NULL, 1, 100000, "In pixels; longer labels get more lines."),
    {0},
};

const gbx__option gbx__visjs_edges[] = {
    GBX__OPTION_GROUP("arrows", arrows, "Where edges have arrows."),
    GBX__OPTION_BOOL("arrowStrikethrough", NULL, "Whether edges go on under their arrows."),
    GBX__OPTION_GROUP("color", edge_color, "Of edges."),
    GBX__OPTION_BOOL("dashes", NULL, "Whether edges are dashed."),
    GBX__OPTION_GROUP("endPointOffset", end_point_offset, "How far from their nodes edges end."),
    GBX__OPTION_GROUP("font", edge_font, "Of labels."),
    GBX__OPTION_NUMBER("hoverWidth", NULL, 0, 100, "What an edge that is pointed at gets wider, in pixels."),
    GBX__OPTION_BOOL("labelHighlightBold", NULL, "Whether the label of a selected edge is bold."),
    GBX__OPTION_NUMBER("length", NULL, 0, 100000, "How long edges like to be."),
    GBX__OPTION_BOOL("physics", NULL, "Whether edges pull."),
    GBX__OPTION_GROUP("scaling", scaling, "Of edges with a value."),
    GBX__OPTION_NUMBER("selectionWidth", NULL, 0, 100, "What a selected edge gets wider, in pixels."),
    GBX__OPTION_GROUP("selfReference", self_reference, "Of loops."),
    GBX__OPTION_GROUP("shadow", shadow, "Of edges."),
    GBX__OPTION_GROUP("smooth", smooth, "Curves."),
    GBX__OPTION_NUMBER("width", NULL, 0, 1000, "In pixels."),
    GBX__OPTION_GROUP("widthConstraint", edge_width_constraint, "How wide labels are."),
    {0},
};
