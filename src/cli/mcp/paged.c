/* SPDX-License-Identifier: MIT */
/* Answers with pages of documents. */
#include "cli/mcp/paged.h"
#include "cli/mcp/tool.h"
#include "json/copy.h"
#include <inttypes.h>
#include <stdlib.h>

enum { PAGE_CURSOR_DIGITS = 9 };

gbx_err gbxi_mcp_page_begin(gbxi_mcp_page *page, const char *cursor, gbx_error *error)
{
    page->first = 0;
    page->cursor = cursor;
    if (cursor == NULL)
        return GBX_ERR_OK;
    if (cursor[strspn(cursor, "0123456789")] != '\0' || strlen(cursor) > PAGE_CURSOR_DIGITS)
        return gbxi_mcp_refuse_cursor(cursor, error);
    page->first = strtoull(cursor, NULL, 10);
    return GBX_ERR_OK;
}

static bool is_on_page(const gbxi_mcp_page *page, const gbxi_json_iterator *each)
{
    gbxi_json_string text = {0};

    return each->index >= page->first &&
           (page->is == NULL ||
            (gbxi_json_str(gbxi_json_member(each->value, page->member), &text) && gbxi_view_is(text, page->is)));
}

static void answer_page_list(const gbxi_mcp_page *page, gbxi_json_value list, gbxi_mcp_answer *answer)
{
    const gbxi_mcp_trim usual = answer->trim;
    gbxi_json_iterator each = gbxi_json_each(list);

    if (page->text_bytes_max != 0)
        answer->trim.text_bytes_max = page->text_bytes_max;
    gbxi_mcp_answer_list(answer, page->list);
    while (gbxi_json_next(&each)) {
        if (!is_on_page(page, &each))
            continue;
        gbxi_json_copy(gbxi_mcp_part(answer), each.value);
        if ((page->limit != 0 && answer->item_count >= page->limit) || !gbxi_mcp_answer_item(answer)) {
            gbxi_mcp_answer_more(answer, "%zu", each.index);
            break;
        }
    }
    gbxi_mcp_answer_list_end(answer);
    answer->trim = usual;
}

/* The list comes last, for it takes all the room that is left. */
static void answer_members(const gbxi_mcp_page *page, gbxi_json_value document, gbxi_mcp_answer *answer)
{
    gbxi_json_iterator each = gbxi_json_each(document);

    while (gbxi_json_next(&each)) {
        char name[64] = "";

        if (gbxi_view_is(each.key, page->list) || each.key.length >= sizeof(name))
            continue;
        memcpy(name, each.key.at, each.key.length);
        if (page->counted != NULL && gbxi_view_is(each.key, page->counted))
            gbxi_json_uint(gbxi_mcp_part(answer), gbxi_json_count(each.value));
        else
            gbxi_json_copy(gbxi_mcp_part(answer), each.value);
        gbxi_mcp_answer_member(answer, name);
    }
    answer_page_list(page, gbxi_json_member(document, page->list), answer);
}

gbx_err gbxi_mcp_page_answer(const gbxi_mcp_page *page, const gbxi_json_buffer *document, gbxi_mcp_answer *answer,
                             gbx_error *error)
{
    gbxi_json_document *parsed = NULL;
    gbx_err err = gbxi_json_parse(document->bytes, document->length, &parsed, error);

    if (err == GBX_ERR_OK && page->cursor != NULL &&
        page->first >= gbxi_json_count(gbxi_json_member(gbxi_json_root(parsed), page->list)))
        err = gbxi_mcp_refuse_cursor(page->cursor, error);
    if (err == GBX_ERR_OK)
        answer_members(page, gbxi_json_root(parsed), answer);
    gbxi_json_free(parsed);
    return err;
}
