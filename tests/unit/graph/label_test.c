/* SPDX-License-Identifier: MIT */
/* Labels: one line, a limited length, and whole code points. */
#include "graph/engine/label.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(literal) literal, sizeof(literal) - 1
#define TEN "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN
#define ELLIPSIS "\xe2\x80\xa6"

static void check_label(const char *text, size_t length, const char *expected)
{
    gbxi_graph graph = {0};
    gbxi_label label;
    gbxi_text ref;

    assert_int_equal(gbxi_texts_add(&graph.texts, text, length, &ref), GBX_ERR_OK);
    gbxi_label_of_text(&label, &graph, ref);
    assert_int_equal(label.length, strlen(expected));
    assert_memory_equal(label.bytes, expected, label.length);
    gbxi_graph_fini(&graph);
}

static void blanks_and_control_characters_become_single_spaces(void **state)
{
    (void)state;
    check_label(TEXT("plain"), "plain");
    check_label(TEXT(""), "");
    check_label(TEXT(" \n\t "), "");
    check_label(TEXT("  two \r\n\t words\n"), "two words");
    check_label(TEXT("a\0b\x01\x1f"
                     "c\x7f"
                     "d"),
                "a b c d");
}

static void sixty_code_points_fit_and_one_more_is_cut(void **state)
{
    (void)state;
    check_label(TEXT(SIXTY), SIXTY);
    check_label(TEXT(SIXTY " \n"), SIXTY);
    check_label(TEXT(SIXTY "x"), SIXTY ELLIPSIS);
    check_label(TEXT(SIXTY " x"), SIXTY ELLIPSIS);
    check_label(TEXT(TEN TEN TEN TEN TEN "01234567 xy"), TEN TEN TEN TEN TEN "01234567 x" ELLIPSIS);
}

static void code_points_are_counted_not_bytes(void **state)
{
    char text[61 * 4 + 1], expected[60 * 4 + 4];

    (void)state;
    for (size_t i = 0; i < 61; i++)
        memcpy(text + 4 * i, "\xf0\x9f\x98\x80", 4);
    memcpy(expected, text, 240);
    memcpy(expected + 240, ELLIPSIS, 4);
    check_label(text, 240, (expected[240] = '\0', expected));
    memcpy(expected + 240, ELLIPSIS, 4);
    check_label(text, 244, expected);
}

static void broken_utf8_stays_within_the_text(void **state)
{
    (void)state;
    check_label(TEXT("a\xf0"), "a\xf0");
    check_label(TEXT("\x80\x80"), "\x80\x80");
    check_label(TEXT("\xe2\x80"), "\xe2\x80");
}

static void each_kind_of_node_has_a_label(void **state)
{
    static const struct {
        gbxi_node_kind kind;
        const char *name;
        const char *value;
        const char *expected;
    } cases[] = {
        {GBXI_NODE_ITEM, "id", "", "id"},
        {GBXI_NODE_ITEM, "id", "label", "label"},
        {GBXI_NODE_ELEMENT, "div", "", "div"},
        {GBXI_NODE_ATTRIBUTE, "class", "a b", "class=a b"},
        {GBXI_NODE_ATTRIBUTE, "hidden", "", "hidden="},
        {GBXI_NODE_ATTRIBUTE, "title", " a", "title= a"},
        {GBXI_NODE_ATTRIBUTE, SIXTY, "a", SIXTY ELLIPSIS},
        {GBXI_NODE_TEXT, "", "some\ntext", "some text"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gbxi_graph graph = {0};
        gbxi_node node = {.kind = (uint8_t)cases[i].kind};
        gbxi_label label;

        assert_int_equal(gbxi_texts_add(&graph.texts, cases[i].name, strlen(cases[i].name), &node.name), GBX_ERR_OK);
        assert_int_equal(gbxi_texts_add(&graph.texts, cases[i].value, strlen(cases[i].value), &node.value), GBX_ERR_OK);
        gbxi_label_of_node(&label, &graph, &node);
        assert_int_equal(label.length, strlen(cases[i].expected));
        assert_memory_equal(label.bytes, cases[i].expected, label.length);
        gbxi_graph_fini(&graph);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_and_control_characters_become_single_spaces),
        cmocka_unit_test(sixty_code_points_fit_and_one_more_is_cut),
        cmocka_unit_test(code_points_are_counted_not_bytes),
        cmocka_unit_test(broken_utf8_stays_within_the_text),
        cmocka_unit_test(each_kind_of_node_has_a_label),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
