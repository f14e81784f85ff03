/* SPDX-License-Identifier: MIT */
/* Owns the rules of the mode "in head", those of templates, and those after the body and of framesets. */
#include "graph/html/builder.h"

static void start_template(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_insert(html, tag);
    gbxi_html_format_mark(html);
    html->frameset_ok = false;
    gbxi_html_template_push(html, GBXI_HTML_IN_TEMPLATE);
}

bool gbxi_html_head_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    switch (tag->name) {
    case GBXI_HTML_TAG_HTML:
        return gbxi_html_body_start(html, tag);
    case GBXI_HTML_TAG_BASE:
    case GBXI_HTML_TAG_BASEFONT:
    case GBXI_HTML_TAG_BGSOUND:
    case GBXI_HTML_TAG_LINK:
    case GBXI_HTML_TAG_META:
        gbxi_html_insert_void(html, tag);
        return true;
    case GBXI_HTML_TAG_TITLE:
        gbxi_html_insert_raw(html, tag, GBXI_HTML_RCDATA);
        return true;
    case GBXI_HTML_TAG_NOFRAMES:
    case GBXI_HTML_TAG_STYLE:
        gbxi_html_insert_raw(html, tag, GBXI_HTML_RAWTEXT);
        return true;
    case GBXI_HTML_TAG_SCRIPT:
        gbxi_html_insert_raw(html, tag, GBXI_HTML_SCRIPT_DATA);
        return true;
    case GBXI_HTML_TAG_NOSCRIPT:
        gbxi_html_insert(html, tag);
        html->mode = GBXI_HTML_IN_HEAD_NOSCRIPT;
        return true;
    case GBXI_HTML_TAG_TEMPLATE:
        start_template(html, tag);
        return true;
    default:
        return tag->name == GBXI_HTML_TAG_HEAD;
    }
}

bool gbxi_html_head_end(gbxi_html *html, uint32_t name)
{
    switch (name) {
    case GBXI_HTML_TAG_HEAD:
        gbxi_html_open_pop(html);
        html->mode = GBXI_HTML_AFTER_HEAD;
        return true;
    case GBXI_HTML_TAG_TEMPLATE:
        if (gbxi_html_has_template(html)) {
            gbxi_html_imply_all_ends(html);
            gbxi_html_template_close(html);
        }
        return true;
    case GBXI_HTML_TAG_BODY:
    case GBXI_HTML_TAG_HTML:
    case GBXI_HTML_TAG_BR:
        return false;
    default:
        return true;
    }
}

/* The mode that a start tag in a template shows to be meant. */
static gbxi_html_mode template_mode_for(uint32_t name)
{
    switch (name) {
    case GBXI_HTML_TAG_CAPTION:
    case GBXI_HTML_TAG_COLGROUP:
    case GBXI_HTML_TAG_TBODY:
    case GBXI_HTML_TAG_TFOOT:
    case GBXI_HTML_TAG_THEAD:
        return GBXI_HTML_IN_TABLE;
    case GBXI_HTML_TAG_COL:
        return GBXI_HTML_IN_COLUMN_GROUP;
    case GBXI_HTML_TAG_TR:
        return GBXI_HTML_IN_TABLE_BODY;
    case GBXI_HTML_TAG_TD:
    case GBXI_HTML_TAG_TH:
        return GBXI_HTML_IN_ROW;
    default:
        return GBXI_HTML_IN_BODY;
    }
}

bool gbxi_html_template_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (tag->name < GBXI_HTML_TAG_COUNT && gbxi_html_tag_rows[tag->name].start == GBXI_HTML_START_OF_HEAD)
        return gbxi_html_head_start(html, tag);
    html->template_count -= html->template_count > 0;
    gbxi_html_template_push(html, template_mode_for(tag->name));
    return false;
}

bool gbxi_html_template_end(gbxi_html *html, uint32_t name)
{
    return name == GBXI_HTML_TAG_TEMPLATE ? gbxi_html_head_end(html, name) : true;
}

bool gbxi_html_after_body_leave(gbxi_html *html)
{
    html->mode = GBXI_HTML_IN_BODY;
    return true;
}

bool gbxi_html_after_body_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    return tag->name == GBXI_HTML_TAG_HTML && gbxi_html_body_start(html, tag);
}

bool gbxi_html_after_body_end(gbxi_html *html, uint32_t name)
{
    if (name != GBXI_HTML_TAG_HTML)
        return false;
    html->mode = GBXI_HTML_AFTER_AFTER_BODY;
    return true;
}

bool gbxi_html_after_after_end(gbxi_html *html, uint32_t name)
{
    (void)name;
    return html->mode != GBXI_HTML_AFTER_AFTER_BODY;
}

bool gbxi_html_frameset_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    switch (tag->name) {
    case GBXI_HTML_TAG_HTML:
        return gbxi_html_body_start(html, tag);
    case GBXI_HTML_TAG_FRAMESET:
        gbxi_html_insert(html, tag);
        return true;
    case GBXI_HTML_TAG_FRAME:
        gbxi_html_insert_void(html, tag);
        return true;
    case GBXI_HTML_TAG_NOFRAMES:
        return gbxi_html_head_start(html, tag);
    default:
        return true;
    }
}

bool gbxi_html_frameset_end(gbxi_html *html, uint32_t name)
{
    if (name != GBXI_HTML_TAG_FRAMESET || html->open_count < 2)
        return true;
    gbxi_html_open_pop(html);
    if (!gbxi_html_current_is(html, GBXI_HTML_TAG_FRAMESET))
        html->mode = GBXI_HTML_AFTER_FRAMESET;
    return true;
}

bool gbxi_html_after_frameset_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (tag->name == GBXI_HTML_TAG_HTML)
        return gbxi_html_body_start(html, tag);
    return tag->name != GBXI_HTML_TAG_NOFRAMES || gbxi_html_head_start(html, tag);
}

bool gbxi_html_after_frameset_end(gbxi_html *html, uint32_t name)
{
    if (name == GBXI_HTML_TAG_HTML)
        html->mode = GBXI_HTML_AFTER_AFTER_FRAMESET;
    return true;
}
