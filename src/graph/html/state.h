/* SPDX-License-Identifier: MIT */
/* The state of one run of the HTML parser, and what its files share. The tokenizer (tokenizer.h) reads the page and
 * calls the tree builder (builder.h), which keeps the tree (tree.h), the open elements (open.h) and the active
 * formatting elements (formatting.h). All names are the HTML standard's, "Parsing HTML documents"; scripting is off.
 *
 * Nothing recurses. An error is kept in `err`: from then on nothing is added, and parsing ends at the next token. All
 * memory is counted in the thread's account (base/account.h). */
#ifndef GBX_GRAPH_HTML_STATE_H
#define GBX_GRAPH_HTML_STATE_H

#include "graph/array.h"
#include "graph/html/tags.h"
#include "graph/text.h"

#define GBXI_HTML_NONE UINT32_MAX

typedef enum gbxi_html_kind {
    GBXI_HTML_DOCUMENT,
    GBXI_HTML_ELEMENT,
    GBXI_HTML_TEXT,
    GBXI_HTML_COMMENT /* without its text: it only separates the texts around it */
} gbxi_html_kind;

typedef enum gbxi_html_space { GBXI_HTML_SPACE_HTML, GBXI_HTML_SPACE_SVG, GBXI_HTML_SPACE_MATHML } gbxi_html_space;

/* Of the tree. Links are numbers of nodes, or NONE. A template's content is its children. */
typedef struct gbxi_html_node {
    uint32_t parent;
    uint32_t first;
    uint32_t last;
    uint32_t previous;
    uint32_t next;
    uint32_t name;       /* of an element: a tag, or GBXI_HTML_TAG_COUNT and the number of a name of the page */
    uint32_t first_item; /* of an element: its first attribute; of a text: its first piece; or NONE */
    uint32_t last_item;
    uint8_t kind;  /* a gbxi_html_kind */
    uint8_t space; /* a gbxi_html_space */
    bool is_open;
    bool is_formatting : 1;        /* in the list of active formatting elements */
    bool is_integration_point : 1; /* of MathML: annotation-xml with HTML inside */
} gbxi_html_node;

typedef struct gbxi_html_attribute {
    gbxi_text value;
    uint32_t name; /* a number in `names` */
    uint32_t next; /* of the same element, or NONE */
} gbxi_html_attribute;

/* A part of a text. Most texts have one. */
typedef struct gbxi_html_piece {
    gbxi_text text;
    uint32_t next;
} gbxi_html_piece;

/* A name of the page: of attributes, and of elements that the standard does not know. */
typedef struct gbxi_html_name_use {
    uint32_t innermost;  /* open element of HTML of that name: its position in the stack plus one, or 0 */
    uint32_t foreign;    /* the same of SVG or MathML */
    uint32_t serial;     /* of the last tag with an attribute of that name */
    bool is_on_root : 1; /* the html element has an attribute of that name */
    bool is_on_body : 1;
} gbxi_html_name_use;

/* A place in the stack of open elements. All but the first are positions in it plus one, or 0: of the innermost element
 * up to this one that is something, so that every question about what is in scope has a constant cost. */
typedef struct gbxi_html_open {
    uint32_t node;
    uint32_t outer_same; /* an element with the same name, outside of this one; of HTML if this is, or foreign too */
    uint32_t native;     /* an element of HTML */
    uint32_t special;
    uint32_t item; /* what ends the search for a list item */
    uint32_t scope;
    uint32_t list_scope;
    uint32_t button_scope;
    uint32_t table_scope;
} gbxi_html_open;

/* An active formatting element. */
typedef struct gbxi_html_format {
    uint32_t node; /* NONE: a marker */
    uint32_t hash; /* of its attributes */
} gbxi_html_format;

typedef struct gbxi_html_start_tag {
    uint32_t name;
    uint32_t first; /* attribute, or NONE */
    bool closes_itself;
} gbxi_html_start_tag;

typedef enum gbxi_html_mode {
    GBXI_HTML_INITIAL,
    GBXI_HTML_BEFORE_HTML,
    GBXI_HTML_BEFORE_HEAD,
    GBXI_HTML_IN_HEAD,
    GBXI_HTML_IN_HEAD_NOSCRIPT,
    GBXI_HTML_AFTER_HEAD,
    GBXI_HTML_IN_BODY,
    GBXI_HTML_IN_TEXT,
    GBXI_HTML_IN_TABLE,
    GBXI_HTML_IN_TABLE_TEXT,
    GBXI_HTML_IN_CAPTION,
    GBXI_HTML_IN_COLUMN_GROUP,
    GBXI_HTML_IN_TABLE_BODY,
    GBXI_HTML_IN_ROW,
    GBXI_HTML_IN_CELL,
    GBXI_HTML_IN_SELECT,
    GBXI_HTML_IN_SELECT_IN_TABLE,
    GBXI_HTML_IN_TEMPLATE,
    GBXI_HTML_AFTER_BODY,
    GBXI_HTML_IN_FRAMESET,
    GBXI_HTML_AFTER_FRAMESET,
    GBXI_HTML_AFTER_AFTER_BODY,
    GBXI_HTML_AFTER_AFTER_FRAMESET,
    GBXI_HTML_MODE_COUNT
} gbxi_html_mode;

/* How the tokenizer reads what comes next. */
typedef enum gbxi_html_state {
    GBXI_HTML_DATA,
    GBXI_HTML_RCDATA,
    GBXI_HTML_RAWTEXT,
    GBXI_HTML_SCRIPT_DATA,
    GBXI_HTML_PLAIN
} gbxi_html_state;

/* Caller's memory: gbxi_html_parse, gbxi_html_fini. */
typedef struct gbxi_html {
    const char *at; /* the rest of the page */
    const char *end;
    gbxi_html_state state;
    uint32_t raw_name; /* the element that raw text belongs to */
    bool skips_newline;
    gbxi_texts *texts;     /* borrowed */
    gbxi_text_names names; /* whose texts are there */
    gbxi_html_name_use *uses;
    size_t use_capacity;
    uint32_t serial;
    char *scratch; /* for names that are not in the page as they are meant */
    size_t scratch_capacity;
    gbxi_html_attribute *attributes;
    size_t attribute_count;
    size_t attribute_capacity;
    gbxi_html_piece *pieces;
    size_t piece_count;
    size_t piece_capacity;
    gbxi_html_node *nodes; /* the first is the document */
    size_t node_count;
    size_t node_capacity;
    gbxi_html_open *open;
    size_t open_count;
    size_t open_capacity;
    uint32_t innermost[GBXI_HTML_TAG_COUNT]; /* open element of HTML: its position plus one, or 0 */
    uint32_t foreign[GBXI_HTML_TAG_COUNT];   /* the same of SVG or MathML */
    gbxi_html_format *formats;
    size_t format_count;
    size_t format_capacity;
    uint8_t *template_modes;
    size_t template_count;
    size_t template_capacity;
    gbxi_html_mode mode;
    gbxi_html_mode original_mode;
    uint32_t head; /* the element pointers, or NONE */
    uint32_t form;
    gbxi_text pending; /* characters in a table */
    bool is_quirky;
    bool frameset_ok;
    bool fosters;
    uint64_t steps;
    uint64_t steps_max;
    uint64_t steps_looked; /* at the last look whether to stop */
    gbx_err err;
} gbxi_html;

/* Keeps the first error. True if there is one. */
static inline bool gbxi_html_failed(gbxi_html *html, gbx_err err)
{
    if (html->err == GBX_ERR_OK)
        html->err = err;
    return html->err != GBX_ERR_OK;
}

/* Counts steps of loops whose length the page decides, and what a page makes without bytes of its own, so that no page
 * takes more than linear time and memory. After too many the error is LIMIT; the error is IO if the work is stopped. */
void gbxi_html_spend(gbxi_html *html, size_t steps);

/* Whether a node is an element of HTML with that name. */
static inline bool gbxi_html_is(const gbxi_html *html, uint32_t node, uint32_t name)
{
    return html->nodes[node].name == name && html->nodes[node].space == GBXI_HTML_SPACE_HTML;
}

/* The number in `names` of a name of the page. */
uint32_t gbxi_html_intern(gbxi_html *html, const char *bytes, size_t length);

#endif
