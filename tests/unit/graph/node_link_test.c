/* SPDX-License-Identifier: MIT */
/* Node-link JSON as networkx writes it: its members are taken, passed on and respected by every engine. */
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LISTS                                                                                                          \
    "\"nodes\":[{\"size\":1,\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\"}],\"links\":["                                  \
    "{\"weight\":3,\"source\":\"a\",\"target\":\"b\",\"key\":0},{\"source\":\"c\",\"target\":\"b\",\"label\":\"x\","   \
    "\"key\":1},{\"source\":\"c\",\"target\":\"c\",\"key\":0},{\"source\":\"c\",\"target\":\"a\",\"key\":0}]"

static const char undirected[] =
    "{\"directed\":false,\"multigraph\":true,\"graph\":{\"name\":\"g\",\"n\":18446744073709551617}," LISTS "}";
static const char directed[] = "{\"directed\":true,\"multigraph\":false,\"graph\":{}," LISTS "}";
static const char plain[] = "{" LISTS "}";

typedef struct part_case {
    const char *engine;
    const char *part; /* of the answer */
} part_case;

static void check_parts(const char *data, const part_case *cases, size_t count, bool wanted)
{
    for (size_t i = 0; i < count; i++) {
        request_answer answer = request_send_data("json", cases[i].engine, data, strlen(data));

        assert_int_equal(answer.err, GBX_ERR_OK);
        assert_int_equal(request_uint(&answer, "edge_count"), 4);
        if (request_has(&answer, cases[i].part) != wanted)
            fail_msg("%s: %s: %.*s", cases[i].engine, cases[i].part, (int)answer.text.length, answer.text.bytes);
        request_forget(&answer);
    }
}

static const part_case arrows[] = {
    {"dot", "\"digraph G {"},
    {"dot", "\\\"a\\\" -> \\\"b\\\";"},
    {"mermaid", "n0 --> n1\\n    n2 -->|\\\"x\\\"| n1"},
    {"cytoscape", "\"target-arrow-shape\":\"triangle\""},
    {"visjs", "\"arrows\":{\"to\":{\"enabled\":true"},
    {"tree", "x → b"},
};
static const part_case lines[] = {
    {"dot", "\"graph G {"},
    {"dot", "\\\"a\\\" -- \\\"b\\\";"},
    {"mermaid", "n0 --- n1\\n    n2 ---|\\\"x\\\"| n1"},
    {"cytoscape", "\"target-arrow-shape\":\"none\""},
    {"cytoscape", "\"directed\":false,\"randomize\""},
    {"visjs", "\"arrows\":{\"to\":{\"enabled\":false"},
    {"tree", "x — c"},
};
enum { ARROWS = sizeof(arrows) / sizeof(arrows[0]), LINES = sizeof(lines) / sizeof(lines[0]) };

static void an_undirected_graph_has_no_arrows(void **state)
{
    (void)state;
    check_parts(undirected, lines, LINES, true);
    check_parts(undirected, arrows, ARROWS, false);
}

static void a_directed_graph_and_one_that_does_not_say_have_arrows(void **state)
{
    (void)state;
    check_parts(directed, arrows, ARROWS, true);
    check_parts(directed, lines, LINES, false);
    check_parts(plain, arrows, ARROWS, true);
    check_parts(plain, lines, LINES, false);
}

static void what_is_said_about_the_graph_is_passed_on(void **state)
{
    static const part_case said[] = {
        {"d3",
         "\"directed\":false,\"multigraph\":true,\"graph\":{\"name\":\"g\",\"n\":18446744073709551617},\"nodes\""},
        {"visjs",
         "\"directed\":false,\"multigraph\":true,\"graph\":{\"name\":\"g\",\"n\":18446744073709551617},\"nodes\""},
        {"cytoscape", "\"directed\":false,\"multigraph\":true,\"graph\":{\"name\":\"g\",\"n\":18446744073709551617},"},
        {"d3", "{\"source\":\"a\",\"target\":\"b\",\"weight\":3,\"key\":0}"},
    };
    static const part_case unsaid[] = {
        {"d3", "\"multigraph\""}, {"visjs", "\"multigraph\""}, {"cytoscape", "\"graph\""}};

    (void)state;
    check_parts(undirected, said, sizeof(said) / sizeof(said[0]), true);
    check_parts(plain, unsaid, sizeof(unsaid) / sizeof(unsaid[0]), false);
}

static void an_option_wins_over_the_lack_of_a_direction(void **state)
{
    request_answer answer =
        request_send_options("json", "visjs", undirected, "{\"edges\":{\"arrows\":{\"to\":{\"enabled\":true}}}}");

    (void)state;
    assert_true(request_has(&answer, "\"arrows\":{\"to\":{\"enabled\":true"));
    request_forget(&answer);
    answer =
        request_send_options("json", "cytoscape", undirected,
                             "{\"style\":{\"edge\":{\"target-arrow-shape\":\"vee\"}},\"layout\":{\"directed\":true}}");
    assert_true(request_has(&answer, "\"target-arrow-shape\":\"vee\""));
    assert_true(request_has(&answer, "\"directed\":true,\"randomize\""));
    request_forget(&answer);
}

/* Each edge is followed from both of its ends, a loop once. */
static void an_undirected_tree_begins_at_the_first_node_of_each_component(void **state)
{
    request_answer answer = request_send_data("json", "tree", undirected, sizeof(undirected) - 1);
    static const char deep[] = "{\"directed\":false,\"nodes\":[{\"id\":1},{\"id\":2},{\"id\":3},{\"id\":4}],"
                               "\"edges\":[{\"source\":2,\"target\":1},{\"source\":3,\"target\":2}]}";

    (void)state;
    request_text_is(&answer, "tree",
                    "a\n"
                    "├── b\n"
                    "│   └── x — c\n"
                    "│       ├── c (cycle)\n"
                    "│       └── a (cycle)\n"
                    "└── c (shown above)\n");
    request_forget(&answer);
    answer = request_send_options("json", "tree", deep, "{}");
    request_text_is(&answer, "tree", "1\n└── 2\n    └── 3\n4\n");
    request_forget(&answer);
    answer = request_send_options("json", "tree", deep, "{\"max_depth\":1}");
    request_text_is(&answer, "tree", "1\n└── 2 …\n4\n");
    request_forget(&answer);
    answer = request_send_options("json", "tree", deep, "{\"max_depth\":2}");
    request_text_is(&answer, "tree", "1\n└── 2\n    └── 3\n4\n");
    request_forget(&answer);
}

static void wrong_types_are_told_with_their_place(void **state)
{
    static const struct {
        const char *data;
        const char *pointer;
        const char *part;
    } cases[] = {
        {"{\"nodes\":[],\"directed\":\"no\"}", "/graph_data/directed", "directed must be a boolean, not string"},
        {"{\"nodes\":[],\"directed\":null}", "/graph_data/directed", "directed must be a boolean, not null"},
        {"{\"nodes\":[],\"multigraph\":0}", "/graph_data/multigraph", "multigraph must be a boolean, not integer"},
        {"{\"nodes\":[],\"graph\":[]}", "/graph_data/graph", "graph must be an object, not array"},
        {"{\"nodes\":[],\"directed\":true,\"directed\":true}", "/graph_data/directed", "given twice"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        request_answer answer = request_send_data("json", "dot", cases[i].data, strlen(cases[i].data));

        assert_int_not_equal(answer.err, GBX_ERR_OK);
        assert_string_equal(answer.error.pointer, cases[i].pointer);
        assert_non_null(strstr(answer.error.text, cases[i].part));
        request_forget(&answer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_undirected_graph_has_no_arrows),
        cmocka_unit_test(a_directed_graph_and_one_that_does_not_say_have_arrows),
        cmocka_unit_test(what_is_said_about_the_graph_is_passed_on),
        cmocka_unit_test(an_option_wins_over_the_lack_of_a_direction),
        cmocka_unit_test(an_undirected_tree_begins_at_the_first_node_of_each_component),
        cmocka_unit_test(wrong_types_are_told_with_their_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
