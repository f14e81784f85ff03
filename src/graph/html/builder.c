/* SPDX-License-Identifier: MIT */
/* Owns giving each token to the rules of the insertion mode, or to those of SVG and MathML. */
#include "graph/html/builder.h"

void gbxi_html_on_text(gbxi_html *html, gbxi_text text)
{
    if (gbxi_html_is_foreign(html)) {
        if (html->frameset_ok && gbxi_html_blanks(html, text) < text.length)
            html->frameset_ok = false;
        gbxi_html_add_text(html, text);
        return;
    }
    while (text.length > 0 && html->err == GBX_ERR_OK) {
        const gbxi_html_rules *rules = &gbxi_html_mode_rules[html->mode];
        gbxi_text taken = text;

        if (rules->leave != NULL)
            taken.length = (uint32_t)gbxi_html_blanks(html, text);
        if (taken.length > 0 && rules->text != NULL)
            rules->text(html, taken);
        text.at += taken.length;
        text.length -= taken.length;
        if (text.length > 0 && !rules->leave(html)) {
            ++text.at;
            --text.length;
        }
    }
}

/* Where no content has begun, a NUL begins it; nowhere is it part of it, but in SVG and MathML, where it becomes
 * another character. */
void gbxi_html_on_nul(gbxi_html *html)
{
    gbxi_text text;

    if (gbxi_html_is_foreign(html)) {
        if (!gbxi_html_failed(html, gbxi_texts_add(html->texts, "\xef\xbf\xbd", 3, &text)))
            gbxi_html_add_text(html, text);
        return;
    }
    while (html->err == GBX_ERR_OK && gbxi_html_mode_rules[html->mode].leave != NULL)
        if (!gbxi_html_mode_rules[html->mode].leave(html))
            return;
}

static void flush_table_text(gbxi_html *html)
{
    if (html->mode == GBXI_HTML_IN_TABLE_TEXT)
        gbxi_html_table_text_flush(html);
}

void gbxi_html_rules_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    while (html->err == GBX_ERR_OK) {
        const gbxi_html_rules *rules = &gbxi_html_mode_rules[html->mode];

        if (rules->start(html, tag) || (rules->leave != NULL && !rules->leave(html)))
            return;
    }
}

void gbxi_html_rules_end(gbxi_html *html, uint32_t name)
{
    while (html->err == GBX_ERR_OK) {
        const gbxi_html_rules *rules = &gbxi_html_mode_rules[html->mode];

        if (rules->end(html, name) || (rules->leave != NULL && !rules->leave(html)))
            return;
    }
}

void gbxi_html_on_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    flush_table_text(html);
    if (gbxi_html_is_foreign_start(html, tag->name))
        gbxi_html_foreign_start(html, tag);
    else
        gbxi_html_rules_start(html, tag);
}

void gbxi_html_on_end(gbxi_html *html, uint32_t name)
{
    flush_table_text(html);
    if (html->nodes[gbxi_html_current(html)].space != GBXI_HTML_SPACE_HTML)
        gbxi_html_foreign_end(html, name);
    else
        gbxi_html_rules_end(html, name);
}

void gbxi_html_on_comment(gbxi_html *html)
{
    uint32_t current;

    flush_table_text(html);
    current = gbxi_html_current(html);
    if (html->nodes[current].space != GBXI_HTML_SPACE_HTML) {
        gbxi_html_add_comment(html, current);
        return;
    }
    switch (html->mode) {
    case GBXI_HTML_INITIAL:
    case GBXI_HTML_BEFORE_HTML:
    case GBXI_HTML_AFTER_AFTER_BODY:
    case GBXI_HTML_AFTER_AFTER_FRAMESET:
        gbxi_html_add_comment(html, 0);
        break;
    case GBXI_HTML_AFTER_BODY:
        gbxi_html_add_comment(html, html->open[0].node);
        break;
    default:
        gbxi_html_add_comment(html, current);
    }
}

void gbxi_html_on_doctype(gbxi_html *html, bool is_quirky)
{
    flush_table_text(html);
    if (html->mode != GBXI_HTML_INITIAL)
        return;
    html->is_quirky = is_quirky;
    html->mode = GBXI_HTML_BEFORE_HTML;
}

/* The end of the page closes templates, and makes the elements that every page has. */
void gbxi_html_on_eof(gbxi_html *html)
{
    flush_table_text(html);
    while (html->err == GBX_ERR_OK) {
        if (html->mode == GBXI_HTML_IN_TEXT) {
            gbxi_html_open_pop(html);
            html->mode = html->original_mode;
        } else if (html->mode < GBXI_HTML_IN_BODY) {
            (void)gbxi_html_mode_rules[html->mode].leave(html);
        } else if (gbxi_html_has_template(html)) {
            gbxi_html_template_close(html);
        } else {
            return;
        }
    }
}
