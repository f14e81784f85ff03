/* SPDX-License-Identifier: MIT */
/* Owns the table of insertion modes, and the rules of the modes before a page's content and after it. */
#include "graph/html/builder.h"

static bool initial_leave(gbxi_html *html)
{
    html->is_quirky = true;
    html->mode = GBXI_HTML_BEFORE_HTML;
    return true;
}

static bool initial_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    (void)html;
    (void)tag;
    return false;
}

static bool initial_end(gbxi_html *html, uint32_t name)
{
    (void)html;
    (void)name;
    return false;
}

/* Of end tags before the body, only these are not ignored. */
static bool is_early_end_ignored(uint32_t name)
{
    return name != GBXI_HTML_TAG_HEAD && name != GBXI_HTML_TAG_BODY && name != GBXI_HTML_TAG_HTML &&
           name != GBXI_HTML_TAG_BR;
}

static bool early_end(gbxi_html *html, uint32_t name)
{
    (void)html;
    return is_early_end_ignored(name);
}

static bool before_html_leave(gbxi_html *html)
{
    gbxi_html_insert_named(html, GBXI_HTML_TAG_HTML);
    html->mode = GBXI_HTML_BEFORE_HEAD;
    return true;
}

static bool before_html_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (tag->name != GBXI_HTML_TAG_HTML)
        return false;
    gbxi_html_insert(html, tag);
    html->mode = GBXI_HTML_BEFORE_HEAD;
    return true;
}

static bool before_head_leave(gbxi_html *html)
{
    gbxi_html_insert_named(html, GBXI_HTML_TAG_HEAD);
    html->head = gbxi_html_current(html);
    html->mode = GBXI_HTML_IN_HEAD;
    return true;
}

static bool before_head_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (tag->name == GBXI_HTML_TAG_HTML)
        return gbxi_html_body_start(html, tag);
    if (tag->name != GBXI_HTML_TAG_HEAD)
        return false;
    html->head = gbxi_html_insert(html, tag);
    html->mode = GBXI_HTML_IN_HEAD;
    return true;
}

static bool in_head_leave(gbxi_html *html)
{
    gbxi_html_open_pop(html);
    html->mode = GBXI_HTML_AFTER_HEAD;
    return true;
}

static bool noscript_leave(gbxi_html *html)
{
    gbxi_html_open_pop(html);
    html->mode = GBXI_HTML_IN_HEAD;
    return true;
}

static bool noscript_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    switch (tag->name) {
    case GBXI_HTML_TAG_HTML:
        return gbxi_html_body_start(html, tag);
    case GBXI_HTML_TAG_BASEFONT:
    case GBXI_HTML_TAG_BGSOUND:
    case GBXI_HTML_TAG_LINK:
    case GBXI_HTML_TAG_META:
    case GBXI_HTML_TAG_NOFRAMES:
    case GBXI_HTML_TAG_STYLE:
        return gbxi_html_head_start(html, tag);
    case GBXI_HTML_TAG_HEAD:
    case GBXI_HTML_TAG_NOSCRIPT:
        return true;
    default:
        return false;
    }
}

static bool noscript_end(gbxi_html *html, uint32_t name)
{
    if (name == GBXI_HTML_TAG_NOSCRIPT)
        return noscript_leave(html);
    return name != GBXI_HTML_TAG_BR;
}

static bool after_head_leave(gbxi_html *html)
{
    gbxi_html_insert_named(html, GBXI_HTML_TAG_BODY);
    html->mode = GBXI_HTML_IN_BODY;
    return true;
}

/* What belongs into the head goes there, although the head has ended. */
static bool late_head_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    size_t position = html->open_count;

    gbxi_html_open_push(html, html->head);
    (void)gbxi_html_head_start(html, tag);
    if (html->err == GBX_ERR_OK)
        gbxi_html_open_remove(html, position);
    return true;
}

static bool after_head_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    switch (tag->name) {
    case GBXI_HTML_TAG_HTML:
        return gbxi_html_body_start(html, tag);
    case GBXI_HTML_TAG_BODY:
        gbxi_html_insert(html, tag);
        html->frameset_ok = false;
        html->mode = GBXI_HTML_IN_BODY;
        return true;
    case GBXI_HTML_TAG_FRAMESET:
        gbxi_html_insert(html, tag);
        html->mode = GBXI_HTML_IN_FRAMESET;
        return true;
    case GBXI_HTML_TAG_HEAD:
        return true;
    default:
        if (tag->name < GBXI_HTML_TAG_COUNT && gbxi_html_tag_rows[tag->name].start == GBXI_HTML_START_OF_HEAD)
            return late_head_start(html, tag);
        return false;
    }
}

static bool after_head_end(gbxi_html *html, uint32_t name)
{
    if (name == GBXI_HTML_TAG_TEMPLATE)
        return gbxi_html_head_end(html, name);
    return name != GBXI_HTML_TAG_BODY && name != GBXI_HTML_TAG_HTML && name != GBXI_HTML_TAG_BR;
}

static bool text_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    (void)html;
    (void)tag;
    return true;
}

static bool text_end(gbxi_html *html, uint32_t name)
{
    (void)name;
    gbxi_html_open_pop(html);
    html->mode = html->original_mode;
    return true;
}

/* Behind a frameset's page only whitespace counts. It shows nothing, but opens formatting elements again. */
static void after_after_frameset_text(gbxi_html *html, gbxi_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!gbxi_html_is_blank(html->texts->bytes[text.at + i]))
            continue;
        gbxi_html_body_text(html, (gbxi_text){text.at + (uint32_t)i, 1});
        return;
    }
}

const gbxi_html_rules gbxi_html_mode_rules[GBXI_HTML_MODE_COUNT] = {
    [GBXI_HTML_INITIAL] = {NULL, initial_leave, initial_start, initial_end},
    [GBXI_HTML_BEFORE_HTML] = {NULL, before_html_leave, before_html_start, early_end},
    [GBXI_HTML_BEFORE_HEAD] = {NULL, before_head_leave, before_head_start, early_end},
    [GBXI_HTML_IN_HEAD] = {gbxi_html_add_text, in_head_leave, gbxi_html_head_start, gbxi_html_head_end},
    [GBXI_HTML_IN_HEAD_NOSCRIPT] = {gbxi_html_add_text, noscript_leave, noscript_start, noscript_end},
    [GBXI_HTML_AFTER_HEAD] = {gbxi_html_add_text, after_head_leave, after_head_start, after_head_end},
    [GBXI_HTML_IN_BODY] = {gbxi_html_body_text, NULL, gbxi_html_body_start, gbxi_html_body_end},
    [GBXI_HTML_IN_TEXT] = {gbxi_html_add_text, NULL, text_start, text_end},
    [GBXI_HTML_IN_TABLE] = {gbxi_html_table_text, NULL, gbxi_html_table_start, gbxi_html_table_end},
    [GBXI_HTML_IN_TABLE_TEXT] = {gbxi_html_table_text, NULL, gbxi_html_table_start, gbxi_html_table_end},
    [GBXI_HTML_IN_CAPTION] = {gbxi_html_body_text, NULL, gbxi_html_caption_start, gbxi_html_caption_end},
    [GBXI_HTML_IN_COLUMN_GROUP] = {gbxi_html_add_text, gbxi_html_columns_leave, gbxi_html_columns_start,
                                   gbxi_html_columns_end},
    [GBXI_HTML_IN_TABLE_BODY] = {gbxi_html_table_text, NULL, gbxi_html_row_group_start, gbxi_html_row_group_end},
    [GBXI_HTML_IN_ROW] = {gbxi_html_table_text, NULL, gbxi_html_row_start, gbxi_html_row_end},
    [GBXI_HTML_IN_CELL] = {gbxi_html_body_text, NULL, gbxi_html_cell_start, gbxi_html_cell_end},
    [GBXI_HTML_IN_SELECT] = {gbxi_html_add_text, NULL, gbxi_html_select_start, gbxi_html_select_end},
    [GBXI_HTML_IN_SELECT_IN_TABLE] = {gbxi_html_add_text, NULL, gbxi_html_select_in_table_start,
                                      gbxi_html_select_in_table_end},
    [GBXI_HTML_IN_TEMPLATE] = {gbxi_html_body_text, NULL, gbxi_html_template_start, gbxi_html_template_end},
    [GBXI_HTML_AFTER_BODY] = {gbxi_html_body_text, gbxi_html_after_body_leave, gbxi_html_after_body_start,
                              gbxi_html_after_body_end},
    [GBXI_HTML_IN_FRAMESET] = {NULL, NULL, gbxi_html_frameset_start, gbxi_html_frameset_end},
    [GBXI_HTML_AFTER_FRAMESET] = {NULL, NULL, gbxi_html_after_frameset_start, gbxi_html_after_frameset_end},
    [GBXI_HTML_AFTER_AFTER_BODY] = {gbxi_html_body_text, gbxi_html_after_body_leave, gbxi_html_after_body_start,
                                    gbxi_html_after_after_end},
    [GBXI_HTML_AFTER_AFTER_FRAMESET] = {after_after_frameset_text, NULL, gbxi_html_after_frameset_start,
                                        gbxi_html_after_after_end},
};
