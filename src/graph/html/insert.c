/* SPDX-License-Identifier: MIT */
/* Owns what the rules of all modes consist of: inserting elements, attributes, paragraphs, templates, and the mode. */
#include "graph/html/builder.h"
#include <string.h>

bool gbxi_html_is_word(const char *text, size_t length, const char *word)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];

        if (c == '\0' || c != word[i])
            return false;
    }
    return word[length] == '\0';
}

size_t gbxi_html_blanks(const gbxi_html *html, gbxi_text text)
{
    const char *bytes = gbxi_texts_at(html->texts, text);
    size_t i = 0;

    while (i < text.length && gbxi_html_is_blank(bytes[i]))
        i++;
    return i;
}

const gbxi_text *gbxi_html_attribute_value(const gbxi_html *html, uint32_t first, const char *name)
{
    size_t length = strlen(name);

    for (uint32_t i = first; i != GBXI_HTML_NONE; i = html->attributes[i].next) {
        gbxi_text text = html->names.names[html->attributes[i].name];

        if (text.length == length && memcmp(gbxi_texts_at(html->texts, text), name, length) == 0)
            return &html->attributes[i].value;
    }
    return NULL;
}

bool gbxi_html_is_hidden(const gbxi_html *html, const gbxi_html_start_tag *tag)
{
    const gbxi_text *type = gbxi_html_attribute_value(html, tag->first, "type");

    return type != NULL && gbxi_html_is_word(gbxi_texts_at(html->texts, *type), type->length, "hidden");
}

uint32_t gbxi_html_insert(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    uint32_t element = gbxi_html_new_element(html, tag, GBXI_HTML_SPACE_HTML);

    gbxi_html_put(html, element, gbxi_html_place_for(html, gbxi_html_current(html)));
    gbxi_html_open_push(html, element);
    return element;
}

void gbxi_html_insert_named(gbxi_html *html, uint32_t name)
{
    gbxi_html_start_tag tag = {.name = name, .first = GBXI_HTML_NONE};

    gbxi_html_insert(html, &tag);
}

void gbxi_html_insert_void(gbxi_html *html, const gbxi_html_start_tag *tag)
{
    uint32_t element = gbxi_html_new_element(html, tag, GBXI_HTML_SPACE_HTML);

    gbxi_html_put(html, element, gbxi_html_place_for(html, gbxi_html_current(html)));
}

void gbxi_html_insert_raw(gbxi_html *html, const gbxi_html_start_tag *tag, gbxi_html_state state)
{
    gbxi_html_insert(html, tag);
    html->state = state;
    html->raw_name = tag->name;
    html->original_mode = html->mode;
    html->mode = GBXI_HTML_IN_TEXT;
}

static void mark_merged(gbxi_html *html, uint32_t first, bool is_root)
{
    for (uint32_t i = first; i != GBXI_HTML_NONE; i = html->attributes[i].next) {
        gbxi_html_name_use *use = &html->uses[html->attributes[i].name];

        if (is_root)
            use->is_on_root = true;
        else
            use->is_on_body = true;
    }
}

/* The marks of an element's own attributes are set when the first others come. */
void gbxi_html_merge_attributes(gbxi_html *html, uint32_t element, const gbxi_html_start_tag *tag)
{
    gbxi_html_node *node = &html->nodes[element];
    bool is_root = node->name == GBXI_HTML_TAG_HTML;
    uint32_t next;

    if (node->last_item == GBXI_HTML_NONE) {
        mark_merged(html, node->first_item, is_root);
        for (uint32_t i = node->first_item; i != GBXI_HTML_NONE; i = html->attributes[i].next)
            node->last_item = i;
    }
    for (uint32_t i = tag->first; i != GBXI_HTML_NONE; i = next) {
        const gbxi_html_name_use *use = &html->uses[html->attributes[i].name];

        next = html->attributes[i].next;
        if (is_root ? use->is_on_root : use->is_on_body)
            continue;
        html->attributes[i].next = GBXI_HTML_NONE;
        if (node->last_item != GBXI_HTML_NONE)
            html->attributes[node->last_item].next = i;
        else
            node->first_item = i;
        node->last_item = i;
        mark_merged(html, i, is_root);
    }
}

void gbxi_html_close_paragraph(gbxi_html *html)
{
    if (gbxi_html_in_scope(html, GBXI_HTML_TAG_P, GBXI_HTML_SCOPE_BUTTON))
        gbxi_html_pop_until(html, GBXI_HTML_TAG_P);
}

void gbxi_html_template_push(gbxi_html *html, gbxi_html_mode mode)
{
    if (gbxi_html_failed(html, gbxi_array_reserve(&html->template_modes, &html->template_capacity,
                                                  html->template_count + 1, sizeof(*html->template_modes))))
        return;
    html->template_modes[html->template_count++] = (uint8_t)mode;
    html->mode = mode;
}

void gbxi_html_template_close(gbxi_html *html)
{
    gbxi_html_pop_until(html, GBXI_HTML_TAG_TEMPLATE);
    gbxi_html_format_clear_to_mark(html);
    html->template_count -= html->template_count > 0;
    gbxi_html_reset_mode(html);
}

/* The mode for the content of an element. */
static gbxi_html_mode mode_inside(const gbxi_html *html, uint32_t name)
{
    switch (name) {
    case GBXI_HTML_TAG_SELECT:
        return html->innermost[GBXI_HTML_TAG_TABLE] > html->innermost[GBXI_HTML_TAG_TEMPLATE]
                   ? GBXI_HTML_IN_SELECT_IN_TABLE
                   : GBXI_HTML_IN_SELECT;
    case GBXI_HTML_TAG_TD:
    case GBXI_HTML_TAG_TH:
        return GBXI_HTML_IN_CELL;
    case GBXI_HTML_TAG_TR:
        return GBXI_HTML_IN_ROW;
    case GBXI_HTML_TAG_TBODY:
    case GBXI_HTML_TAG_THEAD:
    case GBXI_HTML_TAG_TFOOT:
        return GBXI_HTML_IN_TABLE_BODY;
    case GBXI_HTML_TAG_CAPTION:
        return GBXI_HTML_IN_CAPTION;
    case GBXI_HTML_TAG_COLGROUP:
        return GBXI_HTML_IN_COLUMN_GROUP;
    case GBXI_HTML_TAG_TABLE:
        return GBXI_HTML_IN_TABLE;
    case GBXI_HTML_TAG_TEMPLATE:
        return html->template_count > 0 ? html->template_modes[html->template_count - 1] : GBXI_HTML_IN_TEMPLATE;
    case GBXI_HTML_TAG_HEAD:
        return GBXI_HTML_IN_HEAD;
    case GBXI_HTML_TAG_BODY:
        return GBXI_HTML_IN_BODY;
    case GBXI_HTML_TAG_FRAMESET:
        return GBXI_HTML_IN_FRAMESET;
    default:
        return html->head == GBXI_HTML_NONE ? GBXI_HTML_BEFORE_HEAD : GBXI_HTML_AFTER_HEAD;
    }
}

void gbxi_html_reset_mode(gbxi_html *html)
{
    static const uint8_t deciding[] = {
        GBXI_HTML_TAG_SELECT,   GBXI_HTML_TAG_TD,    GBXI_HTML_TAG_TH,      GBXI_HTML_TAG_TR,       GBXI_HTML_TAG_TBODY,
        GBXI_HTML_TAG_THEAD,    GBXI_HTML_TAG_TFOOT, GBXI_HTML_TAG_CAPTION, GBXI_HTML_TAG_COLGROUP, GBXI_HTML_TAG_TABLE,
        GBXI_HTML_TAG_TEMPLATE, GBXI_HTML_TAG_HEAD,  GBXI_HTML_TAG_BODY,    GBXI_HTML_TAG_FRAMESET, GBXI_HTML_TAG_HTML};
    uint32_t innermost = 0, name = GBXI_HTML_TAG_HTML;

    for (size_t i = 0; i < sizeof(deciding); i++) {
        if (html->innermost[deciding[i]] <= innermost)
            continue;
        innermost = html->innermost[deciding[i]];
        name = deciding[i];
    }
    html->mode = mode_inside(html, name);
}
