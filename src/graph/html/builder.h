/* SPDX-License-Identifier: MIT */
/* The tree builder: what tokens do in each insertion mode. */
#ifndef GBX_GRAPH_HTML_BUILDER_H
#define GBX_GRAPH_HTML_BUILDER_H

#include "graph/html/formatting.h"
#include "graph/html/open.h"
#include "graph/html/tree.h"

/* What the tokenizer has read. A text's bytes are the last ones in the block of texts. */
void gbxi_html_on_text(gbxi_html *html, gbxi_text text);
void gbxi_html_on_nul(gbxi_html *html);
void gbxi_html_on_start(gbxi_html *html, const gbxi_html_start_tag *tag);
void gbxi_html_on_end(gbxi_html *html, uint32_t name);
void gbxi_html_on_comment(gbxi_html *html);
void gbxi_html_on_doctype(gbxi_html *html, bool is_quirky);
void gbxi_html_on_eof(gbxi_html *html);

/* The rules of a mode. */
typedef struct gbxi_html_rules {
    /* Takes characters; in a mode that has `leave`, only whitespace. NULL: they are ignored. */
    void (*text)(gbxi_html *html, gbxi_text text);
    /* What anything else does in a mode that ends there: goes on in another mode. False: the token is ignored. */
    bool (*leave)(gbxi_html *html);
    /* False: anything else, or the same token again in a mode that is another now. */
    bool (*start)(gbxi_html *html, const gbxi_html_start_tag *tag);
    bool (*end)(gbxi_html *html, uint32_t name);
} gbxi_html_rules;

extern const gbxi_html_rules gbxi_html_mode_rules[GBXI_HTML_MODE_COUNT];

/* Rules that other modes use too, or that stand in other files. */
bool gbxi_html_head_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_head_end(gbxi_html *html, uint32_t name);
void gbxi_html_body_text(gbxi_html *html, gbxi_text text);
bool gbxi_html_body_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_body_end(gbxi_html *html, uint32_t name);
void gbxi_html_end_other(gbxi_html *html, uint32_t name);
void gbxi_html_table_text(gbxi_html *html, gbxi_text text);
void gbxi_html_table_text_flush(gbxi_html *html);
bool gbxi_html_table_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_table_end(gbxi_html *html, uint32_t name);
bool gbxi_html_row_group_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_row_group_end(gbxi_html *html, uint32_t name);
bool gbxi_html_row_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_row_end(gbxi_html *html, uint32_t name);
bool gbxi_html_cell_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_cell_end(gbxi_html *html, uint32_t name);
bool gbxi_html_caption_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_caption_end(gbxi_html *html, uint32_t name);
bool gbxi_html_columns_leave(gbxi_html *html);
bool gbxi_html_columns_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_columns_end(gbxi_html *html, uint32_t name);
bool gbxi_html_select_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_select_end(gbxi_html *html, uint32_t name);
bool gbxi_html_select_in_table_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_select_in_table_end(gbxi_html *html, uint32_t name);
bool gbxi_html_template_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_template_end(gbxi_html *html, uint32_t name);
bool gbxi_html_after_body_leave(gbxi_html *html);
bool gbxi_html_after_body_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_after_body_end(gbxi_html *html, uint32_t name);
bool gbxi_html_after_after_end(gbxi_html *html, uint32_t name);
bool gbxi_html_frameset_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_frameset_end(gbxi_html *html, uint32_t name);
bool gbxi_html_after_frameset_start(gbxi_html *html, const gbxi_html_start_tag *tag);
bool gbxi_html_after_frameset_end(gbxi_html *html, uint32_t name);

/* Give a tag to the rules of the mode, although SVG or MathML may be open. */
void gbxi_html_rules_start(gbxi_html *html, const gbxi_html_start_tag *tag);
void gbxi_html_rules_end(gbxi_html *html, uint32_t name);

/* SVG and MathML. */
bool gbxi_html_is_foreign(const gbxi_html *html);
bool gbxi_html_is_foreign_start(const gbxi_html *html, uint32_t name);
void gbxi_html_foreign_start(gbxi_html *html, const gbxi_html_start_tag *tag);
void gbxi_html_foreign_end(gbxi_html *html, uint32_t name);
void gbxi_html_insert_foreign(gbxi_html *html, const gbxi_html_start_tag *tag, gbxi_html_space space);

/* What rules consist of. */
uint32_t gbxi_html_insert(gbxi_html *html, const gbxi_html_start_tag *tag);
void gbxi_html_insert_named(gbxi_html *html, uint32_t name);
/* An element without content. */
void gbxi_html_insert_void(gbxi_html *html, const gbxi_html_start_tag *tag);
/* An element whose content the tokenizer reads in another way. */
void gbxi_html_insert_raw(gbxi_html *html, const gbxi_html_start_tag *tag, gbxi_html_state state);
/* Gives the html or the body element the attributes that it does not have yet. */
void gbxi_html_merge_attributes(gbxi_html *html, uint32_t element, const gbxi_html_start_tag *tag);
/* Closes a paragraph that is in scope. */
void gbxi_html_close_paragraph(gbxi_html *html);
void gbxi_html_reset_mode(gbxi_html *html);
void gbxi_html_template_push(gbxi_html *html, gbxi_html_mode mode);
/* Closes the innermost template, which must be open. */
void gbxi_html_template_close(gbxi_html *html);
/* Whether an input element is hidden. */
bool gbxi_html_is_hidden(const gbxi_html *html, const gbxi_html_start_tag *tag);
/* The value of a tag's attribute, or NULL. */
const gbxi_text *gbxi_html_attribute_value(const gbxi_html *html, uint32_t first, const char *name);
/* Whether a text is `word` in any case. */
bool gbxi_html_is_word(const char *text, size_t length, const char *word);
size_t gbxi_html_blanks(const gbxi_html *html, gbxi_text text);

static inline bool gbxi_html_is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\f' || c == '\r';
}

static inline bool gbxi_html_has_template(const gbxi_html *html)
{
    return html->innermost[GBXI_HTML_TAG_TEMPLATE] > 0;
}

#endif
