/* SPDX-License-Identifier: MIT */
/* The element names that the HTML standard gives a meaning, with what it says about each.
 *
 * A name is a number: below GBXI_HTML_TAG_COUNT one of these, otherwise a name that only the page knows. The rows' last
 * two columns say which rule of the mode "in body" a start tag and an end tag follow. */
#ifndef GBX_GRAPH_HTML_TAGS_H
#define GBX_GRAPH_HTML_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What elements of HTML are. */
enum {
    GBXI_HTML_SPECIAL = 1 << 0,     /* an end tag of another name does not reach beyond it */
    GBXI_HTML_SCOPE = 1 << 1,       /* ends a scope */
    GBXI_HTML_LIST = 1 << 2,        /* ends the scope of list items */
    GBXI_HTML_BUTTON = 1 << 3,      /* ends the scope of paragraphs */
    GBXI_HTML_TABLE = 1 << 4,       /* ends the scope of what tables consist of */
    GBXI_HTML_PASSED = 1 << 5,      /* special, but a list item reaches beyond it */
    GBXI_HTML_IMPLIED = 1 << 6,     /* its end tag may be left out */
    GBXI_HTML_IMPLIED_ALL = 1 << 7, /* also at the end of a template */
    GBXI_HTML_HEADING = 1 << 8,
    GBXI_HTML_BREAKOUT = 1 << 9, /* its start tag ends SVG and MathML */
    GBXI_HTML_FOSTERED = 1 << 10 /* what it may not contain goes in front of the table */
};

/* Combinations of the rows below. */
enum {
    GBXI_HTML_FLAGS_NONE = 0,
    GBXI_HTML_FLAGS_SPECIAL = GBXI_HTML_SPECIAL,
    GBXI_HTML_FLAGS_PASSED = GBXI_HTML_SPECIAL | GBXI_HTML_PASSED,
    GBXI_HTML_FLAGS_ENDS = GBXI_HTML_SPECIAL | GBXI_HTML_BREAKOUT,
    GBXI_HTML_FLAGS_PASSED_ENDS = GBXI_HTML_SPECIAL | GBXI_HTML_PASSED | GBXI_HTML_BREAKOUT,
    GBXI_HTML_FLAGS_ONLY_ENDS = GBXI_HTML_BREAKOUT,
    GBXI_HTML_FLAGS_SCOPE = GBXI_HTML_SPECIAL | GBXI_HTML_SCOPE,
    GBXI_HTML_FLAGS_LIST = GBXI_HTML_SPECIAL | GBXI_HTML_LIST | GBXI_HTML_BREAKOUT,
    GBXI_HTML_FLAGS_BUTTON = GBXI_HTML_SPECIAL | GBXI_HTML_BUTTON,
    GBXI_HTML_FLAGS_ROOT = GBXI_HTML_SPECIAL | GBXI_HTML_SCOPE | GBXI_HTML_TABLE,
    GBXI_HTML_FLAGS_OWN_TABLE = GBXI_HTML_FLAGS_ROOT | GBXI_HTML_FOSTERED | GBXI_HTML_BREAKOUT,
    GBXI_HTML_FLAGS_ITEM = GBXI_HTML_SPECIAL | GBXI_HTML_IMPLIED | GBXI_HTML_IMPLIED_ALL | GBXI_HTML_BREAKOUT,
    GBXI_HTML_FLAGS_PARAGRAPH = GBXI_HTML_FLAGS_ITEM | GBXI_HTML_PASSED,
    GBXI_HTML_FLAGS_IMPLIED = GBXI_HTML_IMPLIED | GBXI_HTML_IMPLIED_ALL,
    GBXI_HTML_FLAGS_HEADING = GBXI_HTML_SPECIAL | GBXI_HTML_HEADING | GBXI_HTML_BREAKOUT,
    GBXI_HTML_FLAGS_CELL = GBXI_HTML_SPECIAL | GBXI_HTML_SCOPE | GBXI_HTML_IMPLIED_ALL,
    GBXI_HTML_FLAGS_COLUMNS = GBXI_HTML_SPECIAL | GBXI_HTML_IMPLIED_ALL,
    GBXI_HTML_FLAGS_ROWS = GBXI_HTML_SPECIAL | GBXI_HTML_IMPLIED_ALL | GBXI_HTML_FOSTERED
};

/* X(identifier, "name", flags, start tag in a body, end tag in a body) */
#define GBXI_HTML_TAGS_A_L(X)                                                                                          \
    X(A, "a", NONE, LINK, FORMATTING)                                                                                  \
    X(ADDRESS, "address", PASSED, BLOCK, BLOCK)                                                                        \
    X(APPLET, "applet", SCOPE, OBJECT, OBJECT)                                                                         \
    X(AREA, "area", SPECIAL, VOID, OTHER)                                                                              \
    X(ARTICLE, "article", SPECIAL, BLOCK, BLOCK)                                                                       \
    X(ASIDE, "aside", SPECIAL, BLOCK, BLOCK)                                                                           \
    X(B, "b", ONLY_ENDS, FORMATTING, FORMATTING)                                                                       \
    X(BASE, "base", SPECIAL, OF_HEAD, OTHER)                                                                           \
    X(BASEFONT, "basefont", SPECIAL, OF_HEAD, OTHER)                                                                   \
    X(BGSOUND, "bgsound", SPECIAL, OF_HEAD, OTHER)                                                                     \
    X(BIG, "big", ONLY_ENDS, FORMATTING, FORMATTING)                                                                   \
    X(BLOCKQUOTE, "blockquote", ENDS, BLOCK, BLOCK)                                                                    \
    X(BODY, "body", ENDS, BODY, BODY)                                                                                  \
    X(BR, "br", ENDS, VOID, BREAK)                                                                                     \
    X(BUTTON, "button", BUTTON, BUTTON, BLOCK)                                                                         \
    X(CAPTION, "caption", CELL, IGNORED, OTHER)                                                                        \
    X(CENTER, "center", ENDS, BLOCK, BLOCK)                                                                            \
    X(CODE, "code", ONLY_ENDS, FORMATTING, FORMATTING)                                                                 \
    X(COL, "col", SPECIAL, IGNORED, OTHER)                                                                             \
    X(COLGROUP, "colgroup", COLUMNS, IGNORED, OTHER)                                                                   \
    X(DD, "dd", ITEM, TERM, TERM)                                                                                      \
    X(DETAILS, "details", SPECIAL, BLOCK, BLOCK)                                                                       \
    X(DIALOG, "dialog", NONE, BLOCK, BLOCK)                                                                            \
    X(DIR, "dir", SPECIAL, BLOCK, BLOCK)                                                                               \
    X(DIV, "div", PASSED_ENDS, BLOCK, BLOCK)                                                                           \
    X(DL, "dl", ENDS, BLOCK, BLOCK)                                                                                    \
    X(DT, "dt", ITEM, TERM, TERM)                                                                                      \
    X(EM, "em", ONLY_ENDS, FORMATTING, FORMATTING)                                                                     \
    X(EMBED, "embed", ENDS, VOID, OTHER)                                                                               \
    X(FIELDSET, "fieldset", SPECIAL, BLOCK, BLOCK)                                                                     \
    X(FIGCAPTION, "figcaption", SPECIAL, BLOCK, BLOCK)                                                                 \
    X(FIGURE, "figure", SPECIAL, BLOCK, BLOCK)                                                                         \
    X(FONT, "font", NONE, FORMATTING, FORMATTING)                                                                      \
    X(FOOTER, "footer", SPECIAL, BLOCK, BLOCK)                                                                         \
    X(FORM, "form", SPECIAL, FORM, FORM)                                                                               \
    X(FRAME, "frame", SPECIAL, IGNORED, OTHER)                                                                         \
    X(FRAMESET, "frameset", SPECIAL, FRAMESET, OTHER)                                                                  \
    X(H1, "h1", HEADING, HEADING, HEADING)                                                                             \
    X(H2, "h2", HEADING, HEADING, HEADING)                                                                             \
    X(H3, "h3", HEADING, HEADING, HEADING)                                                                             \
    X(H4, "h4", HEADING, HEADING, HEADING)                                                                             \
    X(H5, "h5", HEADING, HEADING, HEADING)                                                                             \
    X(H6, "h6", HEADING, HEADING, HEADING)                                                                             \
    X(HEAD, "head", ENDS, IGNORED, OTHER)                                                                              \
    X(HEADER, "header", SPECIAL, BLOCK, BLOCK)                                                                         \
    X(HGROUP, "hgroup", SPECIAL, BLOCK, BLOCK)                                                                         \
    X(HR, "hr", ENDS, RULE, OTHER)                                                                                     \
    X(HTML, "html", ROOT, HTML, HTML)                                                                                  \
    X(I, "i", ONLY_ENDS, FORMATTING, FORMATTING)                                                                       \
    X(IFRAME, "iframe", SPECIAL, IFRAME, OTHER)                                                                        \
    X(IMAGE, "image", NONE, IMAGE, OTHER)                                                                              \
    X(IMG, "img", ENDS, VOID, OTHER)                                                                                   \
    X(INPUT, "input", SPECIAL, INPUT, OTHER)                                                                           \
    X(KEYGEN, "keygen", SPECIAL, VOID, OTHER)                                                                          \
    X(LI, "li", ITEM, ITEM, ITEM)                                                                                      \
    X(LINK, "link", SPECIAL, OF_HEAD, OTHER)                                                                           \
    X(LISTING, "listing", ENDS, PRE, BLOCK)

#define GBXI_HTML_TAGS_M_Z(X)                                                                                          \
    X(MAIN, "main", SPECIAL, BLOCK, BLOCK)                                                                             \
    X(MARQUEE, "marquee", SCOPE, OBJECT, OBJECT)                                                                       \
    X(MATH, "math", NONE, FOREIGN, OTHER)                                                                              \
    X(MENU, "menu", ENDS, BLOCK, BLOCK)                                                                                \
    X(META, "meta", ENDS, OF_HEAD, OTHER)                                                                              \
    X(NAV, "nav", SPECIAL, BLOCK, BLOCK)                                                                               \
    X(NOBR, "nobr", ONLY_ENDS, NOBR, FORMATTING)                                                                       \
    X(NOEMBED, "noembed", SPECIAL, NOEMBED, OTHER)                                                                     \
    X(NOFRAMES, "noframes", SPECIAL, OF_HEAD, OTHER)                                                                   \
    X(NOSCRIPT, "noscript", SPECIAL, OTHER, OTHER)                                                                     \
    X(OBJECT, "object", SCOPE, OBJECT, OBJECT)                                                                         \
    X(OL, "ol", LIST, BLOCK, BLOCK)                                                                                    \
    X(OPTGROUP, "optgroup", IMPLIED, OPTION, OTHER)                                                                    \
    X(OPTION, "option", IMPLIED, OPTION, OTHER)                                                                        \
    X(P, "p", PARAGRAPH, BLOCK, PARAGRAPH)                                                                             \
    X(PARAM, "param", SPECIAL, PARAM, OTHER)                                                                           \
    X(PLAINTEXT, "plaintext", SPECIAL, PLAINTEXT, OTHER)                                                               \
    X(PRE, "pre", ENDS, PRE, BLOCK)                                                                                    \
    X(RB, "rb", IMPLIED, RUBY_BASE, OTHER)                                                                             \
    X(RP, "rp", IMPLIED, RUBY_TEXT, OTHER)                                                                             \
    X(RT, "rt", IMPLIED, RUBY_TEXT, OTHER)                                                                             \
    X(RTC, "rtc", IMPLIED, RUBY_BASE, OTHER)                                                                           \
    X(RUBY, "ruby", ONLY_ENDS, OTHER, OTHER)                                                                           \
    X(S, "s", ONLY_ENDS, FORMATTING, FORMATTING)                                                                       \
    X(SCRIPT, "script", SPECIAL, OF_HEAD, OTHER)                                                                       \
    X(SEARCH, "search", SPECIAL, BLOCK, BLOCK)                                                                         \
    X(SECTION, "section", SPECIAL, BLOCK, BLOCK)                                                                       \
    X(SELECT, "select", SPECIAL, SELECT, OTHER)                                                                        \
    X(SMALL, "small", ONLY_ENDS, FORMATTING, FORMATTING)                                                               \
    X(SOURCE, "source", SPECIAL, PARAM, OTHER)                                                                         \
    X(SPAN, "span", ONLY_ENDS, OTHER, OTHER)                                                                           \
    X(STRIKE, "strike", ONLY_ENDS, FORMATTING, FORMATTING)                                                             \
    X(STRONG, "strong", ONLY_ENDS, FORMATTING, FORMATTING)                                                             \
    X(STYLE, "style", SPECIAL, OF_HEAD, OTHER)                                                                         \
    X(SUB, "sub", ONLY_ENDS, OTHER, OTHER)                                                                             \
    X(SUMMARY, "summary", SPECIAL, BLOCK, BLOCK)                                                                       \
    X(SUP, "sup", ONLY_ENDS, OTHER, OTHER)                                                                             \
    X(SVG, "svg", NONE, FOREIGN, OTHER)                                                                                \
    X(TABLE, "table", OWN_TABLE, TABLE, OTHER)                                                                         \
    X(TBODY, "tbody", ROWS, IGNORED, OTHER)                                                                            \
    X(TD, "td", CELL, IGNORED, OTHER)                                                                                  \
    X(TEMPLATE, "template", ROOT, OF_HEAD, TEMPLATE)                                                                   \
    X(TEXTAREA, "textarea", SPECIAL, TEXTAREA, OTHER)                                                                  \
    X(TFOOT, "tfoot", ROWS, IGNORED, OTHER)                                                                            \
    X(TH, "th", CELL, IGNORED, OTHER)                                                                                  \
    X(THEAD, "thead", ROWS, IGNORED, OTHER)                                                                            \
    X(TITLE, "title", SPECIAL, OF_HEAD, OTHER)                                                                         \
    X(TR, "tr", ROWS, IGNORED, OTHER)                                                                                  \
    X(TRACK, "track", SPECIAL, PARAM, OTHER)                                                                           \
    X(TT, "tt", ONLY_ENDS, FORMATTING, FORMATTING)                                                                     \
    X(U, "u", ONLY_ENDS, FORMATTING, FORMATTING)                                                                       \
    X(UL, "ul", LIST, BLOCK, BLOCK)                                                                                    \
    X(VAR, "var", ONLY_ENDS, OTHER, OTHER)                                                                             \
    X(WBR, "wbr", SPECIAL, VOID, OTHER)                                                                                \
    X(XMP, "xmp", SPECIAL, XMP, OTHER)                                                                                 \
    X(ANNOTATION_XML, "annotation-xml", NONE, OTHER, OTHER)                                                            \
    X(DESC, "desc", NONE, OTHER, OTHER)                                                                                \
    X(MALIGNMARK, "malignmark", NONE, OTHER, OTHER)                                                                    \
    X(MGLYPH, "mglyph", NONE, OTHER, OTHER)                                                                            \
    X(MI, "mi", NONE, OTHER, OTHER)                                                                                    \
    X(MN, "mn", NONE, OTHER, OTHER)                                                                                    \
    X(MO, "mo", NONE, OTHER, OTHER)                                                                                    \
    X(MS, "ms", NONE, OTHER, OTHER)                                                                                    \
    X(MTEXT, "mtext", NONE, OTHER, OTHER)

/* X(identifier, "name", "name in SVG") */
#define GBXI_HTML_TAGS_SVG(X)                                                                                          \
    X(ALTGLYPH, "altglyph", "altGlyph")                                                                                \
    X(ALTGLYPHDEF, "altglyphdef", "altGlyphDef")                                                                       \
    X(ALTGLYPHITEM, "altglyphitem", "altGlyphItem")                                                                    \
    X(ANIMATECOLOR, "animatecolor", "animateColor")                                                                    \
    X(ANIMATEMOTION, "animatemotion", "animateMotion")                                                                 \
    X(ANIMATETRANSFORM, "animatetransform", "animateTransform")                                                        \
    X(CLIPPATH, "clippath", "clipPath")                                                                                \
    X(FEBLEND, "feblend", "feBlend")                                                                                   \
    X(FECOLORMATRIX, "fecolormatrix", "feColorMatrix")                                                                 \
    X(FECOMPONENTTRANSFER, "fecomponenttransfer", "feComponentTransfer")                                               \
    X(FECOMPOSITE, "fecomposite", "feComposite")                                                                       \
    X(FECONVOLVEMATRIX, "feconvolvematrix", "feConvolveMatrix")                                                        \
    X(FEDIFFUSELIGHTING, "fediffuselighting", "feDiffuseLighting")                                                     \
    X(FEDISPLACEMENTMAP, "fedisplacementmap", "feDisplacementMap")                                                     \
    X(FEDISTANTLIGHT, "fedistantlight", "feDistantLight")                                                              \
    X(FEDROPSHADOW, "fedropshadow", "feDropShadow")                                                                    \
    X(FEFLOOD, "feflood", "feFlood")                                                                                   \
    X(FEFUNCA, "fefunca", "feFuncA")                                                                                   \
    X(FEFUNCB, "fefuncb", "feFuncB")                                                                                   \
    X(FEFUNCG, "fefuncg", "feFuncG")                                                                                   \
    X(FEFUNCR, "fefuncr", "feFuncR")                                                                                   \
    X(FEGAUSSIANBLUR, "fegaussianblur", "feGaussianBlur")                                                              \
    X(FEIMAGE, "feimage", "feImage")                                                                                   \
    X(FEMERGE, "femerge", "feMerge")                                                                                   \
    X(FEMERGENODE, "femergenode", "feMergeNode")                                                                       \
    X(FEMORPHOLOGY, "femorphology", "feMorphology")                                                                    \
    X(FEOFFSET, "feoffset", "feOffset")                                                                                \
    X(FEPOINTLIGHT, "fepointlight", "fePointLight")                                                                    \
    X(FESPECULARLIGHTING, "fespecularlighting", "feSpecularLighting")                                                  \
    X(FESPOTLIGHT, "fespotlight", "feSpotLight")                                                                       \
    X(FETILE, "fetile", "feTile")                                                                                      \
    X(FETURBULENCE, "feturbulence", "feTurbulence")                                                                    \
    X(FOREIGNOBJECT, "foreignobject", "foreignObject")                                                                 \
    X(GLYPHREF, "glyphref", "glyphRef")                                                                                \
    X(LINEARGRADIENT, "lineargradient", "linearGradient")                                                              \
    X(RADIALGRADIENT, "radialgradient", "radialGradient")                                                              \
    X(TEXTPATH, "textpath", "textPath")

typedef enum gbxi_html_tag {
#define GBXI_HTML_ROW(id, name, flags, start, end) GBXI_HTML_TAG_##id,
#define GBXI_HTML_SVG_ROW(id, name, svg_name) GBXI_HTML_TAG_##id,
    GBXI_HTML_TAGS_A_L(GBXI_HTML_ROW) GBXI_HTML_TAGS_M_Z(GBXI_HTML_ROW) GBXI_HTML_TAGS_SVG(GBXI_HTML_SVG_ROW)
#undef GBXI_HTML_SVG_ROW
#undef GBXI_HTML_ROW
        GBXI_HTML_TAG_COUNT
} gbxi_html_tag;

/* The rules for start tags in a body. */
typedef enum gbxi_html_start {
    GBXI_HTML_START_OTHER,
    GBXI_HTML_START_BLOCK,
    GBXI_HTML_START_BODY,
    GBXI_HTML_START_BUTTON,
    GBXI_HTML_START_FOREIGN,
    GBXI_HTML_START_FORM,
    GBXI_HTML_START_FORMATTING,
    GBXI_HTML_START_FRAMESET,
    GBXI_HTML_START_HEADING,
    GBXI_HTML_START_HTML,
    GBXI_HTML_START_IFRAME,
    GBXI_HTML_START_IGNORED,
    GBXI_HTML_START_IMAGE,
    GBXI_HTML_START_INPUT,
    GBXI_HTML_START_ITEM,
    GBXI_HTML_START_LINK,
    GBXI_HTML_START_NOBR,
    GBXI_HTML_START_NOEMBED,
    GBXI_HTML_START_OBJECT,
    GBXI_HTML_START_OF_HEAD,
    GBXI_HTML_START_OPTION,
    GBXI_HTML_START_PARAM,
    GBXI_HTML_START_PLAINTEXT,
    GBXI_HTML_START_PRE,
    GBXI_HTML_START_RUBY_BASE,
    GBXI_HTML_START_RUBY_TEXT,
    GBXI_HTML_START_RULE,
    GBXI_HTML_START_SELECT,
    GBXI_HTML_START_TABLE,
    GBXI_HTML_START_TERM,
    GBXI_HTML_START_TEXTAREA,
    GBXI_HTML_START_VOID,
    GBXI_HTML_START_XMP
} gbxi_html_start;

/* The rules for end tags in a body. */
typedef enum gbxi_html_end {
    GBXI_HTML_END_OTHER,
    GBXI_HTML_END_BLOCK,
    GBXI_HTML_END_BODY,
    GBXI_HTML_END_BREAK,
    GBXI_HTML_END_FORM,
    GBXI_HTML_END_FORMATTING,
    GBXI_HTML_END_HEADING,
    GBXI_HTML_END_HTML,
    GBXI_HTML_END_ITEM,
    GBXI_HTML_END_OBJECT,
    GBXI_HTML_END_PARAGRAPH,
    GBXI_HTML_END_TEMPLATE,
    GBXI_HTML_END_TERM
} gbxi_html_end;

typedef struct gbxi_html_tag_row {
    const char *name;
    const char *svg_name; /* NULL: the same in SVG */
    uint16_t flags;
    uint8_t start; /* a gbxi_html_start */
    uint8_t end;   /* a gbxi_html_end */
} gbxi_html_tag_row;

extern const gbxi_html_tag_row gbxi_html_tag_rows[GBXI_HTML_TAG_COUNT];

/* The number of a name in lower case, or GBXI_HTML_TAG_COUNT for an unknown one. Thread: any. */
uint32_t gbxi_html_tag_of(const char *name, size_t length);

/* Whether the element is a caption, a column, a row group, a row or a cell: its start tag ends what a cell or a caption
 * holds. Thread: any. */
bool gbxi_html_is_table_part(uint32_t name);

/* What an element of HTML with this name is. */
static inline unsigned gbxi_html_flags(uint32_t name)
{
    return name < GBXI_HTML_TAG_COUNT ? gbxi_html_tag_rows[name].flags : 0;
}

#endif
