/* SPDX-License-Identifier: MIT */
/* Owns the rules for end tags in the mode "in body". */
#include "graph/html/builder.h"

/* Closes the innermost open element with that name, unless a special element is inside of it. */
void gbxi_html_end_other(gbxi_html *html, uint32_t name)
{
    uint32_t position = gbxi_html_innermost(html, name);

    if (position > 0 && position >= html->open[html->open_count - 1].special)
        gbxi_html_open_pop_to(html, position - 1);
}

static void end_in_scope(gbxi_html *html, uint32_t name)
{
    if (gbxi_html_in_scope(html, name, GBXI_HTML_SCOPE_PLAIN))
        gbxi_html_pop_until(html, name);
}

static void end_item(gbxi_html *html, uint32_t name)
{
    if (gbxi_html_in_scope(html, name, GBXI_HTML_SCOPE_LIST))
        gbxi_html_pop_until(html, name);
}

static void end_object(gbxi_html *html, uint32_t name)
{
    if (!gbxi_html_in_scope(html, name, GBXI_HTML_SCOPE_PLAIN))
        return;
    gbxi_html_pop_until(html, name);
    gbxi_html_format_clear_to_mark(html);
}

static void end_break(gbxi_html *html, uint32_t name)
{
    gbxi_html_start_tag tag = {.name = name, .first = GBXI_HTML_NONE};

    (void)gbxi_html_body_start(html, &tag);
}

/* A form is closed without what is open in it. */
static void end_form(gbxi_html *html, uint32_t name)
{
    uint32_t form = html->form;
    size_t position;

    if (gbxi_html_has_template(html)) {
        end_in_scope(html, name);
        return;
    }
    html->form = GBXI_HTML_NONE;
    if (form == GBXI_HTML_NONE || !html->nodes[form].is_open)
        return;
    position = gbxi_html_open_find(html, form);
    if (!gbxi_html_position_in_scope(html, position))
        return;
    gbxi_html_imply_ends(html, GBXI_HTML_NONE);
    gbxi_html_open_remove(html, position);
}

static void end_heading(gbxi_html *html, uint32_t name)
{
    static const uint8_t headings[] = {GBXI_HTML_TAG_H1, GBXI_HTML_TAG_H2, GBXI_HTML_TAG_H3,
                                       GBXI_HTML_TAG_H4, GBXI_HTML_TAG_H5, GBXI_HTML_TAG_H6};
    uint32_t innermost = 0;

    (void)name;
    for (size_t i = 0; i < sizeof(headings); i++)
        if (html->innermost[headings[i]] > innermost)
            innermost = html->innermost[headings[i]];
    if (innermost > 0 && gbxi_html_position_in_scope(html, innermost - 1))
        gbxi_html_open_pop_to(html, innermost - 1);
}

static void end_paragraph(gbxi_html *html, uint32_t name)
{
    if (!gbxi_html_in_scope(html, name, GBXI_HTML_SCOPE_BUTTON))
        gbxi_html_insert_named(html, name);
    gbxi_html_pop_until(html, name);
}

static void end_template(gbxi_html *html, uint32_t name)
{
    (void)gbxi_html_head_end(html, name);
}

static void end_body(gbxi_html *html, uint32_t name)
{
    (void)name;
    if (gbxi_html_in_scope(html, GBXI_HTML_TAG_BODY, GBXI_HTML_SCOPE_PLAIN))
        html->mode = GBXI_HTML_AFTER_BODY;
}

bool gbxi_html_body_end(gbxi_html *html, uint32_t name)
{
    static void (*const rules[])(gbxi_html *, uint32_t) = {
        [GBXI_HTML_END_OTHER] = gbxi_html_end_other,
        [GBXI_HTML_END_BLOCK] = end_in_scope,
        [GBXI_HTML_END_BODY] = end_body,
        [GBXI_HTML_END_BREAK] = end_break,
        [GBXI_HTML_END_FORM] = end_form,
        [GBXI_HTML_END_FORMATTING] = gbxi_html_adopt,
        [GBXI_HTML_END_HEADING] = end_heading,
        [GBXI_HTML_END_HTML] = end_body,
        [GBXI_HTML_END_ITEM] = end_item,
        [GBXI_HTML_END_OBJECT] = end_object,
        [GBXI_HTML_END_PARAGRAPH] = end_paragraph,
        [GBXI_HTML_END_TEMPLATE] = end_template,
        [GBXI_HTML_END_TERM] = end_in_scope,
    };
    gbxi_html_end rule = name < GBXI_HTML_TAG_COUNT ? gbxi_html_tag_rows[name].end : GBXI_HTML_END_OTHER;

    rules[rule](html, name);
    return rule != GBXI_HTML_END_HTML || html->mode != GBXI_HTML_AFTER_BODY;
}
