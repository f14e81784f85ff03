/* SPDX-License-Identifier: MIT */
/* Owns the rules for SVG and MathML. */
#include "graph/html/builder.h"
#include <string.h>

static bool is_math_text(const gbxi_html_node *node)
{
    return node->space == GBXI_HTML_SPACE_MATHML &&
           (node->name == GBXI_HTML_TAG_MI || node->name == GBXI_HTML_TAG_MO || node->name == GBXI_HTML_TAG_MN ||
            node->name == GBXI_HTML_TAG_MS || node->name == GBXI_HTML_TAG_MTEXT);
}

/* Whether HTML may stand in an element of SVG or MathML. */
static bool is_html_inside(const gbxi_html_node *node)
{
    if (node->space == GBXI_HTML_SPACE_SVG)
        return node->name == GBXI_HTML_TAG_FOREIGNOBJECT || node->name == GBXI_HTML_TAG_DESC ||
               node->name == GBXI_HTML_TAG_TITLE;
    return node->is_integration_point;
}

bool gbxi_html_is_foreign(const gbxi_html *html)
{
    const gbxi_html_node *node = &html->nodes[gbxi_html_current(html)];

    return node->space != GBXI_HTML_SPACE_HTML && !is_math_text(node) && !is_html_inside(node);
}

bool gbxi_html_is_foreign_start(const gbxi_html *html, uint32_t name)
{
    const gbxi_html_node *node = &html->nodes[gbxi_html_current(html)];

    if (node->space == GBXI_HTML_SPACE_HTML || is_html_inside(node))
        return false;
    if (is_math_text(node))
        return name == GBXI_HTML_TAG_MGLYPH || name == GBXI_HTML_TAG_MALIGNMARK;
    return node->space != GBXI_HTML_SPACE_MATHML || node->name != GBXI_HTML_TAG_ANNOTATION_XML ||
           name != GBXI_HTML_TAG_SVG;
}

/* Sorted, in lower case and as SVG writes them. */
static const char *const svg_attributes[][2] = {
    {"attributename", "attributeName"},
    {"attributetype", "attributeType"},
    {"basefrequency", "baseFrequency"},
    {"baseprofile", "baseProfile"},
    {"calcmode", "calcMode"},
    {"clippathunits", "clipPathUnits"},
    {"diffuseconstant", "diffuseConstant"},
    {"edgemode", "edgeMode"},
    {"filterunits", "filterUnits"},
    {"glyphref", "glyphRef"},
    {"gradienttransform", "gradientTransform"},
    {"gradientunits", "gradientUnits"},
    {"kernelmatrix", "kernelMatrix"},
    {"kernelunitlength", "kernelUnitLength"},
    {"keypoints", "keyPoints"},
    {"keysplines", "keySplines"},
    {"keytimes", "keyTimes"},
    {"lengthadjust", "lengthAdjust"},
    {"limitingconeangle", "limitingConeAngle"},
    {"markerheight", "markerHeight"},
    {"markerunits", "markerUnits"},
    {"markerwidth", "markerWidth"},
    {"maskcontentunits", "maskContentUnits"},
    {"maskunits", "maskUnits"},
    {"numoctaves", "numOctaves"},
    {"pathlength", "pathLength"},
    {"patterncontentunits", "patternContentUnits"},
    {"patterntransform", "patternTransform"},
    {"patternunits", "patternUnits"},
    {"pointsatx", "pointsAtX"},
    {"pointsaty", "pointsAtY"},
    {"pointsatz", "pointsAtZ"},
    {"preservealpha", "preserveAlpha"},
    {"preserveaspectratio", "preserveAspectRatio"},
    {"primitiveunits", "primitiveUnits"},
    {"refx", "refX"},
    {"refy", "refY"},
    {"repeatcount", "repeatCount"},
    {"repeatdur", "repeatDur"},
    {"requiredextensions", "requiredExtensions"},
    {"requiredfeatures", "requiredFeatures"},
    {"specularconstant", "specularConstant"},
    {"specularexponent", "specularExponent"},
    {"spreadmethod", "spreadMethod"},
    {"startoffset", "startOffset"},
    {"stddeviation", "stdDeviation"},
    {"stitchtiles", "stitchTiles"},
    {"surfacescale", "surfaceScale"},
    {"systemlanguage", "systemLanguage"},
    {"tablevalues", "tableValues"},
    {"targetx", "targetX"},
    {"targety", "targetY"},
    {"textlength", "textLength"},
    {"viewbox", "viewBox"},
    {"viewtarget", "viewTarget"},
    {"xchannelselector", "xChannelSelector"},
    {"ychannelselector", "yChannelSelector"},
    {"zoomandpan", "zoomAndPan"},
};

/* The name as the language writes it, or NULL if it is the same. */
static const char *adjusted_name(const char *name, size_t length, gbxi_html_space space)
{
    static const char *const mathml[][2] = {{"definitionurl", "definitionURL"}};
    const char *const(*rows)[2] = space == GBXI_HTML_SPACE_SVG ? svg_attributes : mathml;
    size_t low = 0, high = space == GBXI_HTML_SPACE_SVG ? sizeof(svg_attributes) / sizeof(svg_attributes[0]) : 1;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strncmp(rows[middle][0], name, length);

        if (order == 0 && rows[middle][0][length] == '\0')
            return rows[middle][1];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void adjust_attributes(gbxi_html *html, uint32_t first, gbxi_html_space space)
{
    for (uint32_t i = first; i != GBXI_HTML_NONE && html->err == GBX_ERR_OK; i = html->attributes[i].next) {
        gbxi_text text = html->names.names[html->attributes[i].name];
        const char *name = adjusted_name(gbxi_texts_at(html->texts, text), text.length, space);

        if (name != NULL)
            html->attributes[i].name = gbxi_html_intern(html, name, strlen(name));
    }
}

static bool is_html_annotation(const gbxi_html *html, const gbxi_html_start_tag *tag, gbxi_html_space space)
{
    const gbxi_text *encoding;

    if (space != GBXI_HTML_SPACE_MATHML || tag->name != GBXI_HTML_TAG_ANNOTATION_XML ||
        (encoding = gbxi_html_attribute_value(html, tag->first, "encoding")) == NULL)
        return false;
    return gbxi_html_is_word(gbxi_texts_at(html->texts, *encoding), encoding->length, "text/html") ||
           gbxi_html_is_word(gbxi_texts_at(html->texts, *encoding), encoding->length, "application/xhtml+xml");
}

void gbxi_html_insert_foreign(gbxi_html *html, const gbxi_html_start_tag *tag, gbxi_html_space space)
{
    uint32_t element;

    adjust_attributes(html, tag->first, space);
    element = gbxi_html_new_element(html, tag, space);
    gbxi_html_put(html, element, gbxi_html_place_for(html, gbxi_html_current(html)));
    if (html->err != GBX_ERR_OK)
        return;
    html->nodes[element].is_integration_point = is_html_annotation(html, tag, space);
    gbxi_html_open_push(html, element);
    if (tag->closes_itself)
        gbxi_html_open_pop(html);
}

/* Whether a start tag shows that HTML goes on here. */
static bool breaks_out(const gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (tag->name == GBXI_HTML_TAG_FONT)
        return gbxi_html_attribute_value(html, tag->first, "color") != NULL ||
               gbxi_html_attribute_value(html, tag->first, "face") != NULL ||
               gbxi_html_attribute_value(html, tag->first, "size") != NULL;
    return (gbxi_html_flags(tag->name) & GBXI_HTML_BREAKOUT) != 0;
}

/* Closes SVG and MathML up to where HTML may stand. */
static void break_out(gbxi_html *html)
{
    while (html->open_count > 1) {
        const gbxi_html_node *node = &html->nodes[gbxi_html_current(html)];

        if (node->space == GBXI_HTML_SPACE_HTML || is_math_text(node) || is_html_inside(node))
            return;
        gbxi_html_open_pop(html);
    }
}

void gbxi_html_foreign_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (breaks_out(html, tag)) {
        break_out(html);
        gbxi_html_rules_start(html, tag);
        return;
    }
    gbxi_html_insert_foreign(html, tag, html->nodes[gbxi_html_current(html)].space);
}

/* Closes the innermost element of that name, unless HTML is open inside of it. */
void gbxi_html_foreign_end(gbxi_html *html, uint32_t name)
{
    uint32_t position = gbxi_html_innermost_foreign(html, name);

    if (name == GBXI_HTML_TAG_BR || name == GBXI_HTML_TAG_P) {
        break_out(html);
    } else if (position > html->open[html->open_count - 1].native) {
        gbxi_html_open_pop_to(html, position - 1);
        return;
    }
    gbxi_html_rules_end(html, name);
}
