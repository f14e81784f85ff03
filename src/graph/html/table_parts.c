/* SPDX-License-Identifier: MIT */
/* Owns the rules of the modes in cells, captions, column groups and selections. */
#include "graph/html/builder.h"

static void close_part(gbxi_html *html, uint32_t name, gbxi_html_mode mode)
{
    gbxi_html_pop_until(html, name);
    gbxi_html_format_clear_to_mark(html);
    html->mode = mode;
}

/* Closes the cell around. False if there is none. */
static bool close_cell(gbxi_html *html)
{
    uint32_t td = html->innermost[GBXI_HTML_TAG_TD], th = html->innermost[GBXI_HTML_TAG_TH];
    uint32_t cell = td > th ? td : th;

    if (cell == 0 || cell < html->open[html->open_count - 1].table_scope)
        return false;
    close_part(html, td > th ? GBXI_HTML_TAG_TD : GBXI_HTML_TAG_TH, GBXI_HTML_IN_ROW);
    return true;
}

bool gbxi_html_cell_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (gbxi_html_is_table_part(tag->name))
        return !close_cell(html);
    return gbxi_html_body_start(html, tag);
}

bool gbxi_html_cell_end(gbxi_html *html, uint32_t name)
{
    switch (name) {
    case GBXI_HTML_TAG_TD:
    case GBXI_HTML_TAG_TH:
        if (gbxi_html_in_scope(html, name, GBXI_HTML_SCOPE_TABLE))
            close_part(html, name, GBXI_HTML_IN_ROW);
        return true;
    case GBXI_HTML_TAG_BODY:
    case GBXI_HTML_TAG_CAPTION:
    case GBXI_HTML_TAG_COL:
    case GBXI_HTML_TAG_COLGROUP:
    case GBXI_HTML_TAG_HTML:
        return true;
    case GBXI_HTML_TAG_TABLE:
    case GBXI_HTML_TAG_TBODY:
    case GBXI_HTML_TAG_TFOOT:
    case GBXI_HTML_TAG_THEAD:
    case GBXI_HTML_TAG_TR:
        return !gbxi_html_in_scope(html, name, GBXI_HTML_SCOPE_TABLE) || !close_cell(html);
    default:
        return gbxi_html_body_end(html, name);
    }
}

static bool close_caption(gbxi_html *html)
{
    if (!gbxi_html_in_scope(html, GBXI_HTML_TAG_CAPTION, GBXI_HTML_SCOPE_TABLE))
        return false;
    close_part(html, GBXI_HTML_TAG_CAPTION, GBXI_HTML_IN_TABLE);
    return true;
}

bool gbxi_html_caption_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (gbxi_html_is_table_part(tag->name))
        return !close_caption(html);
    return gbxi_html_body_start(html, tag);
}

bool gbxi_html_caption_end(gbxi_html *html, uint32_t name)
{
    if (name == GBXI_HTML_TAG_CAPTION) {
        (void)close_caption(html);
        return true;
    }
    if (name == GBXI_HTML_TAG_TABLE)
        return !close_caption(html);
    if (gbxi_html_is_table_part(name) || name == GBXI_HTML_TAG_BODY || name == GBXI_HTML_TAG_HTML)
        return true;
    return gbxi_html_body_end(html, name);
}

bool gbxi_html_columns_leave(gbxi_html *html)
{
    if (!gbxi_html_current_is(html, GBXI_HTML_TAG_COLGROUP))
        return false;
    gbxi_html_open_pop(html);
    html->mode = GBXI_HTML_IN_TABLE;
    return true;
}

bool gbxi_html_columns_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    switch (tag->name) {
    case GBXI_HTML_TAG_HTML:
        return gbxi_html_body_start(html, tag);
    case GBXI_HTML_TAG_COL:
        gbxi_html_insert_void(html, tag);
        return true;
    case GBXI_HTML_TAG_TEMPLATE:
        return gbxi_html_head_start(html, tag);
    default:
        return false;
    }
}

bool gbxi_html_columns_end(gbxi_html *html, uint32_t name)
{
    switch (name) {
    case GBXI_HTML_TAG_COLGROUP:
        (void)gbxi_html_columns_leave(html);
        return true;
    case GBXI_HTML_TAG_COL:
        return true;
    case GBXI_HTML_TAG_TEMPLATE:
        return gbxi_html_head_end(html, name);
    default:
        return false;
    }
}

static void end_option(gbxi_html *html)
{
    if (gbxi_html_current_is(html, GBXI_HTML_TAG_OPTION))
        gbxi_html_open_pop(html);
}

static void end_option_group(gbxi_html *html)
{
    if (gbxi_html_current_is(html, GBXI_HTML_TAG_OPTGROUP))
        gbxi_html_open_pop(html);
}

/* Only options and their groups are between a selection and what is in it. */
static bool in_select_scope(const gbxi_html *html)
{
    size_t i = html->open_count;

    while (i > 0 && (gbxi_html_is(html, html->open[i - 1].node, GBXI_HTML_TAG_OPTION) ||
                     gbxi_html_is(html, html->open[i - 1].node, GBXI_HTML_TAG_OPTGROUP)))
        --i;
    return i > 0 && gbxi_html_is(html, html->open[i - 1].node, GBXI_HTML_TAG_SELECT);
}

static bool close_select(gbxi_html *html)
{
    if (!in_select_scope(html))
        return false;
    gbxi_html_pop_until(html, GBXI_HTML_TAG_SELECT);
    gbxi_html_reset_mode(html);
    return true;
}

bool gbxi_html_select_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    switch (tag->name) {
    case GBXI_HTML_TAG_HTML:
        return gbxi_html_body_start(html, tag);
    case GBXI_HTML_TAG_OPTION:
        end_option(html);
        gbxi_html_insert(html, tag);
        return true;
    case GBXI_HTML_TAG_OPTGROUP:
        end_option(html);
        end_option_group(html);
        gbxi_html_insert(html, tag);
        return true;
    case GBXI_HTML_TAG_HR:
        end_option(html);
        end_option_group(html);
        gbxi_html_insert_void(html, tag);
        return true;
    case GBXI_HTML_TAG_SELECT:
        (void)close_select(html);
        return true;
    case GBXI_HTML_TAG_INPUT:
    case GBXI_HTML_TAG_KEYGEN:
    case GBXI_HTML_TAG_TEXTAREA:
        return !close_select(html);
    case GBXI_HTML_TAG_SCRIPT:
    case GBXI_HTML_TAG_TEMPLATE:
        return gbxi_html_head_start(html, tag);
    default:
        return true;
    }
}

bool gbxi_html_select_end(gbxi_html *html, uint32_t name)
{
    switch (name) {
    case GBXI_HTML_TAG_OPTGROUP:
        if (html->open_count > 1 && gbxi_html_is(html, html->open[html->open_count - 2].node, GBXI_HTML_TAG_OPTGROUP))
            end_option(html);
        end_option_group(html);
        return true;
    case GBXI_HTML_TAG_OPTION:
        end_option(html);
        return true;
    case GBXI_HTML_TAG_SELECT:
        (void)close_select(html);
        return true;
    case GBXI_HTML_TAG_TEMPLATE:
        return gbxi_html_head_end(html, name);
    default:
        return true;
    }
}

static bool ends_select_in_table(uint32_t name)
{
    switch (name) {
    case GBXI_HTML_TAG_CAPTION:
    case GBXI_HTML_TAG_TABLE:
    case GBXI_HTML_TAG_TBODY:
    case GBXI_HTML_TAG_TFOOT:
    case GBXI_HTML_TAG_THEAD:
    case GBXI_HTML_TAG_TR:
    case GBXI_HTML_TAG_TD:
    case GBXI_HTML_TAG_TH:
        return true;
    default:
        return false;
    }
}

static bool leave_select(gbxi_html *html)
{
    gbxi_html_pop_until(html, GBXI_HTML_TAG_SELECT);
    gbxi_html_reset_mode(html);
    return false;
}

bool gbxi_html_select_in_table_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    return ends_select_in_table(tag->name) ? leave_select(html) : gbxi_html_select_start(html, tag);
}

bool gbxi_html_select_in_table_end(gbxi_html *html, uint32_t name)
{
    if (!ends_select_in_table(name))
        return gbxi_html_select_end(html, name);
    return !gbxi_html_in_scope(html, name, GBXI_HTML_SCOPE_TABLE) || leave_select(html);
}
