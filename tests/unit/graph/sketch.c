/* SPDX-License-Identifier: MIT */
/* Owns drawing a page as a line. */
#include "sketch.h"
#include "graph/source/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct sketch_line {
    char text[4096];
    size_t used;
} sketch_line;

static void draw(sketch_line *s, const char *bytes, size_t length)
{
    assert_true(s->used + length < sizeof(s->text));
    memcpy(s->text + s->used, bytes, length);
    s->used += length;
    s->text[s->used] = '\0';
}

static void draw_record(sketch_line *s, const gbxi_page *page, const gbxi_page_record *record)
{
    const char *name = gbxi_texts_at(&page->texts, record->name), *value = gbxi_texts_at(&page->texts, record->value);

    if (record->kind == GBXI_NODE_ATTRIBUTE)
        draw(s, "@", 1);
    draw(s, name, record->name.length);
    if (record->kind == GBXI_NODE_ATTRIBUTE)
        draw(s, "=", 1);
    if (record->kind == GBXI_NODE_TEXT)
        draw(s, "\"", 1);
    draw(s, value, record->value.length);
    if (record->kind == GBXI_NODE_TEXT)
        draw(s, "\"", 1);
}

/* Parents tell how many elements end before a record. */
static void draw_page(sketch_line *s, const gbxi_page *page)
{
    uint32_t open[64];
    size_t depth = 0;

    for (size_t i = 0; i < page->count; i++) {
        const gbxi_page_record *record = &page->records[i];
        size_t before = depth;

        while (depth > 0 && open[depth - 1] != record->parent)
            --depth;
        for (size_t j = depth; j + 1 < before; j++)
            draw(s, ")", 1);
        if (i > 0)
            draw(s, depth == before && open[depth - 1] == i - 1 ? "(" : " ", 1);
        draw_record(s, page, record);
        assert_true(depth < 63);
        open[depth++] = (uint32_t)i;
    }
    while (depth-- > 1)
        draw(s, ")", 1);
}

static void check_one(const char *html, size_t length, const char *expected)
{
    static sketch_line s;
    gbxi_page page;
    gbx_error error;

    s.used = 0;
    s.text[0] = '\0';
    assert_int_equal(gbxi_page_parse(&page, html, length, &error), GBX_ERR_OK);
    draw_page(&s, &page);
    if (strcmp(s.text, expected) != 0)
        fail_msg("%s\nreads as  %s\nand not   %s", html, s.text, expected);
    gbxi_page_fini(&page);
}

void sketch_check(const sketch_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_one(cases[i].html, cases[i].length, cases[i].reads);
}
