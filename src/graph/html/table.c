/* SPDX-License-Identifier: MIT */
/* Owns the rules of the modes in tables. What does not belong into a table is put in front of it. */
#include "graph/html/builder.h"

/* The elements that a mode's table parts go into, as flags are too coarse for them. */
static void back_to_table(gbxi_html *html)
{
    while (html->open_count > 1 && !gbxi_html_current_is(html, GBXI_HTML_TAG_TABLE) &&
           !gbxi_html_current_is(html, GBXI_HTML_TAG_TEMPLATE))
        gbxi_html_open_pop(html);
}

static bool is_row_group(uint32_t name)
{
    return name == GBXI_HTML_TAG_TBODY || name == GBXI_HTML_TAG_THEAD || name == GBXI_HTML_TAG_TFOOT;
}

static void back_to_row_group(gbxi_html *html)
{
    while (html->open_count > 1 && !gbxi_html_current_is(html, GBXI_HTML_TAG_TBODY) &&
           !gbxi_html_current_is(html, GBXI_HTML_TAG_THEAD) && !gbxi_html_current_is(html, GBXI_HTML_TAG_TFOOT) &&
           !gbxi_html_current_is(html, GBXI_HTML_TAG_TEMPLATE))
        gbxi_html_open_pop(html);
}

static void back_to_row(gbxi_html *html)
{
    while (html->open_count > 1 && !gbxi_html_current_is(html, GBXI_HTML_TAG_TR) &&
           !gbxi_html_current_is(html, GBXI_HTML_TAG_TEMPLATE))
        gbxi_html_open_pop(html);
}

static bool in_table_scope(const gbxi_html *html, uint32_t name)
{
    return gbxi_html_in_scope(html, name, GBXI_HTML_SCOPE_TABLE);
}

/* The rules of the body, for what goes in front of the table. */
static void foster_text(gbxi_html *html, gbxi_text text)
{
    html->fosters = true;
    gbxi_html_body_text(html, text);
    html->fosters = false;
}

static bool foster_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    html->fosters = true;
    (void)gbxi_html_body_start(html, tag);
    html->fosters = false;
    return true;
}

/* Characters between the parts of a table are kept until it is known whether they are only whitespace. */
void gbxi_html_table_text(gbxi_html *html, gbxi_text text)
{
    if (html->mode == GBXI_HTML_IN_TABLE_TEXT) {
        html->pending.length += text.length;
        return;
    }
    if (!gbxi_html_current_has(html, GBXI_HTML_FOSTERED) && !gbxi_html_current_is(html, GBXI_HTML_TAG_TEMPLATE)) {
        foster_text(html, text);
        return;
    }
    html->pending = text;
    html->original_mode = html->mode;
    html->mode = GBXI_HTML_IN_TABLE_TEXT;
}

void gbxi_html_table_text_flush(gbxi_html *html)
{
    gbxi_text text = html->pending;

    html->mode = html->original_mode;
    if (gbxi_html_blanks(html, text) == text.length)
        gbxi_html_add_text(html, text);
    else
        foster_text(html, text);
}

static void start_part(gbxi_html *html, const gbxi_html_start_tag *tag, gbxi_html_mode mode)
{
    back_to_table(html);
    if (tag != NULL)
        gbxi_html_insert(html, tag);
    html->mode = mode;
}

static bool start_implied_part(gbxi_html *html, uint32_t name, gbxi_html_mode mode)
{
    back_to_table(html);
    gbxi_html_insert_named(html, name);
    html->mode = mode;
    return false;
}

static bool end_table(gbxi_html *html)
{
    if (!in_table_scope(html, GBXI_HTML_TAG_TABLE))
        return false;
    gbxi_html_pop_until(html, GBXI_HTML_TAG_TABLE);
    gbxi_html_reset_mode(html);
    return true;
}

static void start_hidden(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (gbxi_html_is_hidden(html, tag))
        gbxi_html_insert_void(html, tag);
    else
        (void)foster_start(html, tag);
}

static void start_form_in_table(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (gbxi_html_has_template(html) || html->form != GBXI_HTML_NONE)
        return;
    html->form = gbxi_html_insert(html, tag);
    gbxi_html_open_pop(html);
}

bool gbxi_html_table_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    switch (tag->name) {
    case GBXI_HTML_TAG_CAPTION:
        back_to_table(html);
        gbxi_html_format_mark(html);
        start_part(html, tag, GBXI_HTML_IN_CAPTION);
        return true;
    case GBXI_HTML_TAG_COLGROUP:
        start_part(html, tag, GBXI_HTML_IN_COLUMN_GROUP);
        return true;
    case GBXI_HTML_TAG_COL:
        return start_implied_part(html, GBXI_HTML_TAG_COLGROUP, GBXI_HTML_IN_COLUMN_GROUP);
    case GBXI_HTML_TAG_TBODY:
    case GBXI_HTML_TAG_TFOOT:
    case GBXI_HTML_TAG_THEAD:
        start_part(html, tag, GBXI_HTML_IN_TABLE_BODY);
        return true;
    case GBXI_HTML_TAG_TD:
    case GBXI_HTML_TAG_TH:
    case GBXI_HTML_TAG_TR:
        return start_implied_part(html, GBXI_HTML_TAG_TBODY, GBXI_HTML_IN_TABLE_BODY);
    case GBXI_HTML_TAG_TABLE:
        return !end_table(html);
    case GBXI_HTML_TAG_STYLE:
    case GBXI_HTML_TAG_SCRIPT:
    case GBXI_HTML_TAG_TEMPLATE:
        return gbxi_html_head_start(html, tag);
    case GBXI_HTML_TAG_INPUT:
        start_hidden(html, tag);
        return true;
    case GBXI_HTML_TAG_FORM:
        start_form_in_table(html, tag);
        return true;
    default:
        return foster_start(html, tag);
    }
}

/* End tags that a mode of tables does not expect. */
static bool is_ignored_end(uint32_t name)
{
    return gbxi_html_is_table_part(name) || name == GBXI_HTML_TAG_BODY || name == GBXI_HTML_TAG_HTML;
}

bool gbxi_html_table_end(gbxi_html *html, uint32_t name)
{
    if (name == GBXI_HTML_TAG_TABLE) {
        (void)end_table(html);
    } else if (name == GBXI_HTML_TAG_TEMPLATE) {
        return gbxi_html_head_end(html, name);
    } else if (!is_ignored_end(name)) {
        html->fosters = true;
        (void)gbxi_html_body_end(html, name);
        html->fosters = false;
    }
    return true;
}

/* Ends the row group around. False, and nothing happens, if there is none. */
static bool end_row_group(gbxi_html *html)
{
    if (!in_table_scope(html, GBXI_HTML_TAG_TBODY) && !in_table_scope(html, GBXI_HTML_TAG_THEAD) &&
        !in_table_scope(html, GBXI_HTML_TAG_TFOOT))
        return false;
    back_to_row_group(html);
    gbxi_html_open_pop(html);
    html->mode = GBXI_HTML_IN_TABLE;
    return true;
}

bool gbxi_html_row_group_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    switch (tag->name) {
    case GBXI_HTML_TAG_TR:
        back_to_row_group(html);
        gbxi_html_insert(html, tag);
        html->mode = GBXI_HTML_IN_ROW;
        return true;
    case GBXI_HTML_TAG_TH:
    case GBXI_HTML_TAG_TD:
        back_to_row_group(html);
        gbxi_html_insert_named(html, GBXI_HTML_TAG_TR);
        html->mode = GBXI_HTML_IN_ROW;
        return false;
    case GBXI_HTML_TAG_CAPTION:
    case GBXI_HTML_TAG_COL:
    case GBXI_HTML_TAG_COLGROUP:
    case GBXI_HTML_TAG_TBODY:
    case GBXI_HTML_TAG_TFOOT:
    case GBXI_HTML_TAG_THEAD:
        return !end_row_group(html);
    default:
        return gbxi_html_table_start(html, tag);
    }
}

bool gbxi_html_row_group_end(gbxi_html *html, uint32_t name)
{
    if (is_row_group(name)) {
        if (in_table_scope(html, name))
            (void)end_row_group(html);
        return true;
    }
    if (name == GBXI_HTML_TAG_TABLE)
        return !end_row_group(html);
    return is_ignored_end(name) || gbxi_html_table_end(html, name);
}

static bool end_row(gbxi_html *html)
{
    if (!in_table_scope(html, GBXI_HTML_TAG_TR))
        return false;
    back_to_row(html);
    gbxi_html_open_pop(html);
    html->mode = GBXI_HTML_IN_TABLE_BODY;
    return true;
}

bool gbxi_html_row_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    switch (tag->name) {
    case GBXI_HTML_TAG_TH:
    case GBXI_HTML_TAG_TD:
        back_to_row(html);
        gbxi_html_insert(html, tag);
        html->mode = GBXI_HTML_IN_CELL;
        gbxi_html_format_mark(html);
        return true;
    case GBXI_HTML_TAG_CAPTION:
    case GBXI_HTML_TAG_COL:
    case GBXI_HTML_TAG_COLGROUP:
    case GBXI_HTML_TAG_TBODY:
    case GBXI_HTML_TAG_TFOOT:
    case GBXI_HTML_TAG_THEAD:
    case GBXI_HTML_TAG_TR:
        return !end_row(html);
    default:
        return gbxi_html_table_start(html, tag);
    }
}

bool gbxi_html_row_end(gbxi_html *html, uint32_t name)
{
    if (name == GBXI_HTML_TAG_TR) {
        (void)end_row(html);
        return true;
    }
    if (name == GBXI_HTML_TAG_TABLE || (is_row_group(name) && in_table_scope(html, name)))
        return !end_row(html);
    return is_ignored_end(name) || gbxi_html_table_end(html, name);
}
