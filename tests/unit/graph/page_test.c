/* SPDX-License-Identifier: MIT */
/* The parts of a page that become nodes, in any notation. */
#define _GNU_SOURCE
#include "graph/source/page.h"
#include "sketch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void elements_attributes_and_texts_count(void **state)
{
    static const sketch_case cases[] = {
        {SKETCH_TEXT(
             "<!DOCTYPE html><html><head><title>T</title></head><body class=c><p id=a>x<b>y</b>z</p></body></html>"),
         "html(head(title(\"T\")) body(@class=c p(@id=a \"x\" b(\"y\") \"z\")))"},
        {SKETCH_TEXT("<html>\n<body>\n  <p>\n</p> \t\r\n</body></html>\n"), "html(head body(p))"},
        {SKETCH_TEXT("<html><body><p>&nbsp;</p></body></html>"), "html(head body(p(\"\xc2\xa0\")))"},
        {SKETCH_TEXT("<html><body><p a b=\"\" c='1 2' d=3>x</body></html>"),
         "html(head body(p(@a= @b= @c=1 2 @d=3 \"x\")))"},
        {SKETCH_TEXT("<html><body><p a=1 A=2>x</body></html>"), "html(head body(p(@a=1 \"x\")))"},
        {SKETCH_TEXT("<html><body><p>a<!-- c -->b</p></body></html>"), "html(head body(p(\"a\" \"b\")))"},
        {SKETCH_TEXT("<html><body><p>a &lt; b &amp; c &#65; &copy;</p></body></html>"),
         "html(head body(p(\"a < b & c A \xc2\xa9\")))"},
        {SKETCH_TEXT("<html><body><script>if (a < b) c('</p>');</script></body></html>"),
         "html(head body(script(\"if (a < b) c('</p>');\")))"},
        {SKETCH_TEXT("<html><body>a<br>b<br/>c</body></html>"), "html(head body(\"a\" br \"b\" br \"c\"))"},
        {SKETCH_TEXT("<html><body><ul><li>a<li>b</ul></body></html>"), "html(head body(ul(li(\"a\") li(\"b\"))))"},
    };

    (void)state;
    sketch_check(cases, sizeof(cases) / sizeof(cases[0]));
}

static void broken_pages_are_read_as_far_as_they_make_sense(void **state)
{
    static const sketch_case cases[] = {
        {SKETCH_TEXT(""), "html(head body)"},
        {SKETCH_TEXT(" \n"), "html(head body)"},
        {SKETCH_TEXT("x"), "html(head body(\"x\"))"},
        {SKETCH_TEXT("<p>one<p>two"), "html(head body(p(\"one\") p(\"two\")))"},
        {SKETCH_TEXT("x<p"), "html(head body(\"x\"))"},
        {SKETCH_TEXT("x<p id='a"), "html(head body(\"x\"))"},
        {SKETCH_TEXT("<b><i>x</b>y</i>"), "html(head body(b(i(\"x\")) i(\"y\")))"},
        {SKETCH_TEXT("</p></div>"), "html(head body)"},
        {SKETCH_TEXT("<html><body><p>a</p></body></html>tail<i>b</i>"), "html(head body(p(\"a\") \"tail\" i(\"b\")))"},
        {SKETCH_TEXT("<html><body>a</body></html><!-- end -->\n"), "html(head body(\"a\n\"))"},
        {SKETCH_TEXT("<html><body><p>a\0b<i x='\0'>c</i></p></body></html>"),
         "html(head body(p(\"ab\" i(@x=\xef\xbf\xbd \"c\"))))"},
        {SKETCH_TEXT("<html><body>&#0;&#xd800;&#x110000;a</body></html>"),
         "html(head body(\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\x61\"))"},
        {SKETCH_TEXT("<title>only head</title>"), "html(head(title(\"only head\")) body)"},
    };

    (void)state;
    sketch_check(cases, sizeof(cases) / sizeof(cases[0]));
}

static void the_page_is_utf8_whatever_its_meta_says(void **state)
{
    static const sketch_case cases[] = {
        {SKETCH_TEXT(
             "<html><head><meta charset=iso-8859-1></head><body>Gr\xc3\xbc\xc3\x9f\x65 \xf0\x9f\x98\x80</body></html>"),
         "html(head(meta(@charset=iso-8859-1)) body(\"Gr\xc3\xbc\xc3\x9f\x65 \xf0\x9f\x98\x80\"))"},
        {SKETCH_TEXT("<html><head><meta http-equiv=content-type content='text/html; charset=utf-16'></head>"
                     "<body title='\xe2\x82\xac'></body></html>"),
         "html(head(meta(@http-equiv=content-type @content=text/html; charset=utf-16)) body(@title=\xe2\x82\xac))"},
        {SKETCH_TEXT("\xef\xbb\xbf<p>\xc3\xa9"), "html(head body(p(\"\xc3\xa9\")))"},
    };

    (void)state;
    sketch_check(cases, sizeof(cases) / sizeof(cases[0]));
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
        assert_int_equal(page.count, 3 + 6 * UNITS);
        for (size_t i = 3; i < page.count; i += 6) {
            assert_memory_equal(gbxi_texts_at(&page.texts, page.records[i + 1].value), "\xf0\x9f\x98\x80", 4);
            assert_memory_equal(gbxi_texts_at(&page.texts, page.records[i + 2].value), "c/d", 3);
            assert_memory_equal(gbxi_texts_at(&page.texts, page.records[i + 3].value), "\xc3\xa9\xe2\x82\xac & ", 8);
        }
        gbxi_page_fini(&page);
    }
}

/* Of a parser that reads a page in parts, a reference at the end of one is the hardest to read. */
static void a_reference_reads_the_same_wherever_it_stands(void **state)
{
    static const char before[] = "<p>", after[] = "&#39;&#x27;&amp;&notin;&not<p t='&#39;&quot;&times;'>x";
    enum { DOTS = 4200 };
    static char html[DOTS + sizeof(before) + sizeof(after)];

    (void)state;
    memcpy(html, before, sizeof(before) - 1);
    for (size_t dots = 0; dots < DOTS; dots += dots < 3900 ? 37 : 1) {
        gbxi_page page;
        gbx_error error;

        memset(html + sizeof(before) - 1, '.', dots);
        memcpy(html + sizeof(before) - 1 + dots, after, sizeof(after));
        assert_int_equal(gbxi_page_parse(&page, html, strlen(html), &error), GBX_ERR_OK);
        assert_int_equal(page.count, 8);
        assert_int_equal(page.records[4].value.length, dots + 3 + 3 + 2);
        assert_memory_equal(gbxi_texts_at(&page.texts, page.records[4].value) + dots, "''&\xe2\x88\x89\xc2\xac", 8);
        assert_int_equal(page.records[6].value.length, 4);
        assert_memory_equal(gbxi_texts_at(&page.texts, page.records[6].value), "'\"\xc3\x97", 4);
        gbxi_page_fini(&page);
    }
}

static void the_same_tag_is_the_same_text(void **state)
{
    gbxi_page page;
    gbx_error error;

    (void)state;
    assert_int_equal(gbxi_page_parse(&page, SKETCH_TEXT("<html><body><p a=1><P A=1></body></html>"), &error),
                     GBX_ERR_OK);
    assert_int_equal(page.count, 7);
    assert_int_equal(page.records[3].name.at, page.records[5].name.at);
    assert_int_equal(page.records[4].name.at, page.records[6].name.at);
    gbxi_page_fini(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_attributes_and_texts_count),
        cmocka_unit_test(broken_pages_are_read_as_far_as_they_make_sense),
        cmocka_unit_test(the_page_is_utf8_whatever_its_meta_says),
        cmocka_unit_test(it_does_not_matter_where_the_parsers_blocks_end),
        cmocka_unit_test(a_reference_reads_the_same_wherever_it_stands),
        cmocka_unit_test(the_same_tag_is_the_same_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
