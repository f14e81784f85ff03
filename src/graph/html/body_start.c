/* SPDX-License-Identifier: MIT */
/* Owns the rules for characters and start tags in the mode "in body". */
#include "graph/html/builder.h"

void gbxi_html_body_text(gbxi_html *html, gbxi_text text)
{
    gbxi_html_format_reconstruct(html);
    if (html->frameset_ok && gbxi_html_blanks(html, text) < text.length)
        html->frameset_ok = false;
    gbxi_html_add_text(html, text);
}

static void start_other(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_format_reconstruct(html);
    gbxi_html_insert(html, tag);
}

static void start_block(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_close_paragraph(html);
    gbxi_html_insert(html, tag);
}

static bool is_body_second(const gbxi_html *html)
{
    return html->open_count > 1 && gbxi_html_is(html, html->open[1].node, GBXI_HTML_TAG_BODY);
}

static void start_body(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (!is_body_second(html) || gbxi_html_has_template(html))
        return;
    html->frameset_ok = false;
    gbxi_html_merge_attributes(html, html->open[1].node, tag);
}

static void start_button(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (gbxi_html_in_scope(html, GBXI_HTML_TAG_BUTTON, GBXI_HTML_SCOPE_PLAIN)) {
        gbxi_html_imply_ends(html, GBXI_HTML_NONE);
        gbxi_html_pop_until(html, GBXI_HTML_TAG_BUTTON);
    }
    start_other(html, tag);
    html->frameset_ok = false;
}

static void start_foreign(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_format_reconstruct(html);
    gbxi_html_insert_foreign(html, tag, tag->name == GBXI_HTML_TAG_SVG ? GBXI_HTML_SPACE_SVG : GBXI_HTML_SPACE_MATHML);
}

static void start_form(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    bool in_template = gbxi_html_has_template(html);

    if (html->form != GBXI_HTML_NONE && !in_template)
        return;
    start_block(html, tag);
    if (!in_template)
        html->form = gbxi_html_current(html);
}

static void start_formatting(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_format_reconstruct(html);
    gbxi_html_format_push(html, gbxi_html_insert(html, tag));
}

static void start_frameset(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (!is_body_second(html) || !html->frameset_ok)
        return;
    gbxi_html_detach(html, html->open[1].node);
    gbxi_html_open_pop_to(html, 1);
    gbxi_html_insert(html, tag);
    html->mode = GBXI_HTML_IN_FRAMESET;
}

static void start_heading(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_close_paragraph(html);
    if (gbxi_html_current_has(html, GBXI_HTML_HEADING))
        gbxi_html_open_pop(html);
    gbxi_html_insert(html, tag);
}

static void start_html(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (!gbxi_html_has_template(html) && html->open_count > 0)
        gbxi_html_merge_attributes(html, html->open[0].node, tag);
}

static void start_iframe(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    html->frameset_ok = false;
    gbxi_html_insert_raw(html, tag, GBXI_HTML_RAWTEXT);
}

static void start_ignored(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    (void)html;
    (void)tag;
}

static void start_void(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_format_reconstruct(html);
    gbxi_html_insert_void(html, tag);
    html->frameset_ok = false;
}

static void start_image(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_start_tag img = {.name = GBXI_HTML_TAG_IMG, .first = tag->first};

    start_void(html, &img);
}

static void start_input(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_format_reconstruct(html);
    gbxi_html_insert_void(html, tag);
    if (!gbxi_html_is_hidden(html, tag))
        html->frameset_ok = false;
}

/* Closes the item that is around, if nothing else ends the search for it. */
static void start_item(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    uint32_t position = html->open[html->open_count - 1].item, name;

    html->frameset_ok = false;
    if (position > 0) {
        const gbxi_html_node *node = &html->nodes[html->open[position - 1].node];

        name = node->space == GBXI_HTML_SPACE_HTML ? node->name : GBXI_HTML_NONE;
        if (tag->name == GBXI_HTML_TAG_LI ? name == GBXI_HTML_TAG_LI
                                          : name == GBXI_HTML_TAG_DD || name == GBXI_HTML_TAG_DT)
            gbxi_html_open_pop_to(html, position - 1);
    }
    start_block(html, tag);
}

/* A link in a link ends the outer one. */
static void start_link(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    size_t at;

    if (gbxi_html_format_find_name(html, GBXI_HTML_TAG_A, &at)) {
        uint32_t outer = html->formats[at].node;

        gbxi_html_adopt(html, GBXI_HTML_TAG_A);
        if (html->err != GBX_ERR_OK)
            return;
        if (html->nodes[outer].is_formatting)
            gbxi_html_format_remove(html, gbxi_html_format_find(html, outer));
        if (html->nodes[outer].is_open)
            gbxi_html_open_remove(html, gbxi_html_open_find(html, outer));
    }
    start_formatting(html, tag);
}

static void start_nobr(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_format_reconstruct(html);
    if (gbxi_html_in_scope(html, GBXI_HTML_TAG_NOBR, GBXI_HTML_SCOPE_PLAIN))
        gbxi_html_adopt(html, GBXI_HTML_TAG_NOBR);
    start_formatting(html, tag);
}

static void start_noembed(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_insert_raw(html, tag, GBXI_HTML_RAWTEXT);
}

static void start_object(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    start_other(html, tag);
    gbxi_html_format_mark(html);
    html->frameset_ok = false;
}

static void start_of_head(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    (void)gbxi_html_head_start(html, tag);
}

static void start_option(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (gbxi_html_current_is(html, GBXI_HTML_TAG_OPTION))
        gbxi_html_open_pop(html);
    start_other(html, tag);
}

static void start_plaintext(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    start_block(html, tag);
    html->state = GBXI_HTML_PLAIN;
}

static void start_pre(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    start_block(html, tag);
    html->skips_newline = true;
    html->frameset_ok = false;
}

static void start_ruby(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    bool is_base = tag->name == GBXI_HTML_TAG_RB || tag->name == GBXI_HTML_TAG_RTC;

    if (gbxi_html_in_scope(html, GBXI_HTML_TAG_RUBY, GBXI_HTML_SCOPE_PLAIN))
        gbxi_html_imply_ends(html, is_base ? GBXI_HTML_NONE : GBXI_HTML_TAG_RTC);
    gbxi_html_insert(html, tag);
}

static void start_rule(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_close_paragraph(html);
    gbxi_html_insert_void(html, tag);
    html->frameset_ok = false;
}

static void start_select(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    bool in_table;

    start_other(html, tag);
    html->frameset_ok = false;
    in_table = html->mode == GBXI_HTML_IN_TABLE || html->mode == GBXI_HTML_IN_CAPTION ||
               html->mode == GBXI_HTML_IN_TABLE_BODY || html->mode == GBXI_HTML_IN_ROW ||
               html->mode == GBXI_HTML_IN_CELL;
    html->mode = in_table ? GBXI_HTML_IN_SELECT_IN_TABLE : GBXI_HTML_IN_SELECT;
}

static void start_table(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    if (!html->is_quirky)
        gbxi_html_close_paragraph(html);
    gbxi_html_insert(html, tag);
    html->frameset_ok = false;
    html->mode = GBXI_HTML_IN_TABLE;
}

static void start_textarea(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_insert_raw(html, tag, GBXI_HTML_RCDATA);
    html->skips_newline = true;
    html->frameset_ok = false;
}

static void start_xmp(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    gbxi_html_close_paragraph(html);
    gbxi_html_format_reconstruct(html);
    start_iframe(html, tag);
}

bool gbxi_html_body_start(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    static void (*const rules[])(gbxi_html *, const gbxi_html_start_tag *) = {
        [GBXI_HTML_START_OTHER] = start_other,
        [GBXI_HTML_START_BLOCK] = start_block,
        [GBXI_HTML_START_BODY] = start_body,
        [GBXI_HTML_START_BUTTON] = start_button,
        [GBXI_HTML_START_FOREIGN] = start_foreign,
        [GBXI_HTML_START_FORM] = start_form,
        [GBXI_HTML_START_FORMATTING] = start_formatting,
        [GBXI_HTML_START_FRAMESET] = start_frameset,
        [GBXI_HTML_START_HEADING] = start_heading,
        [GBXI_HTML_START_HTML] = start_html,
        [GBXI_HTML_START_IFRAME] = start_iframe,
        [GBXI_HTML_START_IGNORED] = start_ignored,
        [GBXI_HTML_START_IMAGE] = start_image,
        [GBXI_HTML_START_INPUT] = start_input,
        [GBXI_HTML_START_ITEM] = start_item,
        [GBXI_HTML_START_LINK] = start_link,
        [GBXI_HTML_START_NOBR] = start_nobr,
        [GBXI_HTML_START_NOEMBED] = start_noembed,
        [GBXI_HTML_START_OBJECT] = start_object,
        [GBXI_HTML_START_OF_HEAD] = start_of_head,
        [GBXI_HTML_START_OPTION] = start_option,
        [GBXI_HTML_START_PARAM] = gbxi_html_insert_void,
        [GBXI_HTML_START_PLAINTEXT] = start_plaintext,
        [GBXI_HTML_START_PRE] = start_pre,
        [GBXI_HTML_START_RUBY_BASE] = start_ruby,
        [GBXI_HTML_START_RUBY_TEXT] = start_ruby,
        [GBXI_HTML_START_RULE] = start_rule,
        [GBXI_HTML_START_SELECT] = start_select,
        [GBXI_HTML_START_TABLE] = start_table,
        [GBXI_HTML_START_TERM] = start_item,
        [GBXI_HTML_START_TEXTAREA] = start_textarea,
        [GBXI_HTML_START_VOID] = start_void,
        [GBXI_HTML_START_XMP] = start_xmp,
    };
    gbxi_html_start rule =
        tag->name < GBXI_HTML_TAG_COUNT ? gbxi_html_tag_rows[tag->name].start : GBXI_HTML_START_OTHER;

    rules[rule](html, tag);
    return true;
}
