/* SPDX-License-Identifier: MIT */
/* The parts of a page that become nodes, in any notation, and pages that are so large or deep that they could do harm.
 */
#define _GNU_SOURCE
#include "graph/source/page.h"
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(literal) literal, sizeof(literal) - 1

/* A page as a line: elements as names, attributes as @name=value, texts in quotes; parentheses around what is inside.
 */
typedef struct sketch {
    char text[4096];
    size_t used;
} sketch;

static void draw(sketch *s, const char *bytes, size_t length)
{
    assert_true(s->used + length < sizeof(s->text));
    memcpy(s->text + s->used, bytes, length);
    s->used += length;
    s->text[s->used] = '\0';
}

static void draw_record(sketch *s, const gbxi_page *page, const gbxi_page_record *record)
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
static void draw_page(sketch *s, const gbxi_page *page)
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

static void check_page(const char *html, size_t length, const char *expected)
{
    static sketch s;
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

typedef struct page_case {
    const char *html;
    size_t length;
    const char *reads;
} page_case;

static void check_pages(const page_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_page(cases[i].html, cases[i].length, cases[i].reads);
}

static void elements_attributes_and_texts_count(void **state)
{
    static const page_case cases[] = {
        {TEXT("<!DOCTYPE html><html><head><title>T</title></head><body class=c><p id=a>x<b>y</b>z</p></body></html>"),
         "html(head(title(\"T\")) body(@class=c p(@id=a \"x\" b(\"y\") \"z\")))"},
        {TEXT("<html>\n<body>\n  <p>\n</p> \t\r\n</body></html>\n"), "html(body(p))"},
        {TEXT("<html><body><p>&nbsp;</p></body></html>"), "html(body(p(\"\xc2\xa0\")))"},
        {TEXT("<html><body><p a b=\"\" c='1 2' d=3>x</body></html>"), "html(body(p(@a= @b= @c=1 2 @d=3 \"x\")))"},
        {TEXT("<html><body><p a=1 A=2>x</body></html>"), "html(body(p(@a=1 \"x\")))"},
        {TEXT("<html><body><p>a<!-- c -->b</p></body></html>"), "html(body(p(\"a\" \"b\")))"},
        {TEXT("<html><body><p>a &lt; b &amp; c &#65; &copy;</p></body></html>"),
         "html(body(p(\"a < b & c A \xc2\xa9\")))"},
        {TEXT("<html><body><script>if (a < b) c('</p>');</script></body></html>"),
         "html(body(script(\"if (a < b) c('</p>');\")))"},
        {TEXT("<html><body>a<br>b<br/>c</body></html>"), "html(body(\"a\" br \"b\" br \"c\"))"},
        {TEXT("<html><body><ul><li>a<li>b</ul></body></html>"), "html(body(ul(li(\"a\") li(\"b\"))))"},
    };

    (void)state;
    check_pages(cases, sizeof(cases) / sizeof(cases[0]));
}

static void broken_pages_are_read_as_far_as_they_make_sense(void **state)
{
    static const page_case cases[] = {
        {TEXT(""), ""},
        {TEXT(" \n"), ""},
        {TEXT("x"), "html(body(p(\"x\")))"},
        {TEXT("<p>one<p>two"), "html(body(p(\"one\") p(\"two\")))"},
        {TEXT("<p"), "html(body(p))"},
        {TEXT("<p id='a"), "html(body(p(@id=a)))"},
        {TEXT("<b><i>x</b>y</i>"), "html(body(b(i(\"x\")) \"y\"))"},
        {TEXT("</p></div>"), ""},
        {TEXT("<html><body><p>a</p></body></html>tail<i>b</i>"), "html(body(p(\"a\") p(\"tail\" i(\"b\"))))"},
        {TEXT("<html><body>a</body></html><!-- end -->\n"), "html(body(\"a\"))"},
        {TEXT("<html><body><p>a\0b<i x='\0'>c</i></p></body></html>"), "html(body(p(\"a\xef\xbf\xbd"
                                                                       "b\" i(@x=\xef\xbf\xbd \"c\"))))"},
        {TEXT("<html><body>&#0;&#xd800;&#x110000;a</body></html>"), "html(body(\"a\"))"},
        {TEXT("<title>only head</title>"), "html(head(title(\"only head\")))"},
    };

    (void)state;
    check_pages(cases, sizeof(cases) / sizeof(cases[0]));
}

static void the_page_is_utf8_whatever_its_meta_says(void **state)
{
    static const page_case cases[] = {
        {TEXT(
             "<html><head><meta charset=iso-8859-1></head><body>Gr\xc3\xbc\xc3\x9f\x65 \xf0\x9f\x98\x80</body></html>"),
         "html(head(meta(@charset=iso-8859-1)) body(\"Gr\xc3\xbc\xc3\x9f\x65 \xf0\x9f\x98\x80\"))"},
        {TEXT("<html><head><meta http-equiv=content-type content='text/html; charset=utf-16'></head>"
              "<body title='\xe2\x82\xac'></body></html>"),
         "html(head(meta(@http-equiv=content-type @content=text/html; charset=utf-16)) body(@title=\xe2\x82\xac))"},
        {TEXT("\xef\xbb\xbf<p>\xc3\xa9"), "html(body(p(\"\xc3\xa9\")))"},
    };

    (void)state;
    check_pages(cases, sizeof(cases) / sizeof(cases[0]));
}

/* The parser is given the page in blocks; whatever a block ends with, the page must read the same. */
static void it_does_not_matter_where_the_parsers_blocks_end(void **state)
{
    static const char unit[] = "<p id='\xf0\x9f\x98\x80' b=c/d>\xc3\xa9\xe2\x82\xac &amp; <br/>x</p><!-- - -->";
    enum { UNITS = 300, SHIFTS = 70 };
    static char html[SHIFTS + UNITS * sizeof(unit) + 1];
    size_t length;

    (void)state;
    for (size_t shift = 0; shift < SHIFTS; shift++) {
        gbxi_page page;
        gbx_error error;

        memset(html, ' ', shift);
        length = shift;
        for (int i = 0; i < UNITS; i++, length += sizeof(unit) - 1)
            memcpy(html + length, unit, sizeof(unit) - 1);
        assert_int_equal(gbxi_page_parse(&page, html, length, &error), GBX_ERR_OK);
        assert_int_equal(page.count, 2 + 6 * UNITS);
        for (size_t i = 2; i < page.count; i += 6) {
            assert_memory_equal(gbxi_texts_at(&page.texts, page.records[i + 1].value), "\xf0\x9f\x98\x80", 4);
            assert_memory_equal(gbxi_texts_at(&page.texts, page.records[i + 2].value), "c/d", 3);
            assert_memory_equal(gbxi_texts_at(&page.texts, page.records[i + 3].value), "\xc3\xa9\xe2\x82\xac & ", 8);
        }
        gbxi_page_fini(&page);
    }
}

/* `unit` `count` times. Owns: the caller. */
static char *repeat(const char *unit, size_t count, size_t *length)
{
    size_t size = strlen(unit);
    char *html = malloc(size * count + 1);

    assert_non_null(html);
    for (size_t i = 0; i < count; i++)
        memcpy(html + i * size, unit, size);
    html[size * count] = '\0';
    *length = size * count;
    return html;
}

static void ten_thousand_levels_are_just_a_page(void **state)
{
    static const char *const tags[] = {"<div>", "<b>", "<nav>", "<unknown x=1>"};
    enum { LEVELS = 10000 };

    (void)state;
    for (size_t t = 0; t < sizeof(tags) / sizeof(tags[0]); t++) {
        size_t length, per_level = strchr(tags[t], '=') != NULL ? 2 : 1;
        char *html = repeat(tags[t], LEVELS, &length);
        gbxi_page page;
        gbx_error error;

        assert_int_equal(gbxi_page_parse(&page, html, length, &error), GBX_ERR_OK);
        assert_int_equal(page.count, 2 + LEVELS * per_level);
        assert_int_equal(page.records[0].end, page.count);
        assert_int_equal(page.records[page.count - per_level].end, page.count);
        gbxi_page_fini(&page);
        free(html);
    }
}

static void check_refused(const char *before, size_t before_count, const char *after, size_t after_count)
{
    size_t before_length, after_length;
    char *head = repeat(before, before_count, &before_length), *tail = repeat(after, after_count, &after_length);
    char *html = malloc(before_length + after_length);
    gbxi_page page;
    gbx_error error = {0};

    assert_non_null(html);
    memcpy(html, head, before_length);
    memcpy(html + before_length, tail, after_length);
    assert_int_equal(gbxi_page_parse(&page, html, before_length + after_length, &error), GBX_ERR_LIMIT);
    assert_int_equal(error.code, GBX_ERR_LIMIT);
    assert_non_null(strstr(error.text, "too many"));
    gbxi_page_fini(&page);
    free(html);
    free(head);
    free(tail);
}

static void stray_end_tags_at_great_depth_are_refused_before_they_cost_much(void **state)
{
    (void)state;
    check_refused("<b>", 100000, "</i>", 100000);
    check_refused("<b>", 100000, "<body>", 100000);
}

/* Thousands of attributes, each with a name of its own: libxml2 would compare each with all. */
static void a_tag_with_thousands_of_attributes_is_refused_before_it_costs_much(void **state)
{
    enum { ATTRIBUTES = 400000, WIDTH = 7 };
    size_t length;
    char *html = repeat(" a00000", ATTRIBUTES, &length);
    gbxi_page page;
    gbx_error error = {0};

    (void)state;
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        size_t number = i;

        for (size_t digit = WIDTH - 1; digit > 1; digit--, number /= 26)
            html[i * WIDTH + digit] = (char)('a' + number % 26);
    }
    memcpy(html, "<p id=x", WIDTH);
    assert_int_equal(gbxi_page_parse(&page, html, length, &error), GBX_ERR_LIMIT);
    gbxi_page_fini(&page);
    free(html);
}

static void the_same_tag_is_the_same_text(void **state)
{
    gbxi_page page;
    gbx_error error;

    (void)state;
    assert_int_equal(gbxi_page_parse(&page, TEXT("<html><body><p a=1><P A=1></body></html>"), &error), GBX_ERR_OK);
    assert_int_equal(page.count, 6);
    assert_int_equal(page.records[2].name.at, page.records[4].name.at);
    assert_int_equal(page.records[3].name.at, page.records[5].name.at);
    gbxi_page_fini(&page);
}

/* Counted once with the HTML parser of another language's standard library: start tags, attributes and texts that are
 * not only whitespace. The package's version is in the page, so the numbers hold for that page alone. */
static void a_real_page_has_as_many_as_another_parser_counts(void **state)
{
    static const struct {
        const char *path;
        size_t bytes;
        size_t kinds[GBXI_NODE_KIND_COUNT];
    } real[] = {
        {"/usr/share/doc/sqlite3/requirements.html", 1852164, {0, 27967, 10493, 31395}},
        {"/usr/share/doc/sqlite3/lang_select.html", 1580545, {0, 15619, 38418, 3082}},
        {"/usr/share/doc/sqlite3/about.html", 9359, {0, 127, 104, 106}},
    };
    size_t checked = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(real) / sizeof(real[0]); i++) {
        size_t length, kinds[GBXI_NODE_KIND_COUNT] = {0};
        char *html = request_read_file(real[i].path, &length);
        gbxi_page page;
        gbx_error error;

        if (html == NULL || length != real[i].bytes) {
            free(html);
            continue;
        }
        assert_int_equal(gbxi_page_parse(&page, html, length, &error), GBX_ERR_OK);
        for (size_t j = 0; j < page.count; j++)
            ++kinds[page.records[j].kind];
        assert_memory_equal(kinds, real[i].kinds, sizeof(kinds));
        gbxi_page_fini(&page);
        free(html);
        ++checked;
    }
    if (checked == 0)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_attributes_and_texts_count),
        cmocka_unit_test(broken_pages_are_read_as_far_as_they_make_sense),
        cmocka_unit_test(the_page_is_utf8_whatever_its_meta_says),
        cmocka_unit_test(it_does_not_matter_where_the_parsers_blocks_end),
        cmocka_unit_test(ten_thousand_levels_are_just_a_page),
        cmocka_unit_test(stray_end_tags_at_great_depth_are_refused_before_they_cost_much),
        cmocka_unit_test(a_tag_with_thousands_of_attributes_is_refused_before_it_costs_much),
        cmocka_unit_test(the_same_tag_is_the_same_text),
        cmocka_unit_test(a_real_page_has_as_many_as_another_parser_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
