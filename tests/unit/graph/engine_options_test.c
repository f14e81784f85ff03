/* SPDX-License-Identifier: MIT */
/* The options of engines: each option has its effect on the output, and nothing else changes. */
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char graph_data[] =
    "{\"nodes\":[{\"id\":\"a\",\"label\":\"A\"},{\"id\":\"b\"},{\"id\":\"c\"}],"
    "\"edges\":[{\"source\":\"a\",\"target\":\"b\",\"label\":\"to\"},{\"source\":\"b\",\"target\":\"c\"},"
    "{\"source\":\"c\",\"target\":\"a\"},{\"source\":\"b\",\"target\":\"b\"}]}";

static request_answer ask(const char *engine, const char *options)
{
    return request_send_options("json", engine, graph_data, options);
}

static void check_text(const char *engine, const char *options, const char *expected)
{
    request_answer answer = ask(engine, options);

    assert_int_equal(answer.err, GBX_ERR_OK);
    request_text_is(&answer, engine, expected);
    request_forget(&answer);
}

static void check_has(const char *engine, const char *options, const char *part)
{
    request_answer answer = ask(engine, options);

    assert_int_equal(answer.err, GBX_ERR_OK);
    if (!request_has(&answer, part))
        fail_msg("%s is not in:\n%.*s", part, (int)answer.text.length, answer.text.bytes);
    request_forget(&answer);
}

static void check_refused(const char *engine, const char *options, const char *pointer)
{
    request_answer answer = ask(engine, options);

    assert_int_not_equal(answer.err, GBX_ERR_OK);
    assert_string_equal(answer.error.pointer, pointer);
    request_forget(&answer);
}

#define DOT_REST                                                                                                       \
    "  \"a\" [label=\"A\"];\n  \"b\" [label=\"b\"];\n  \"c\" [label=\"c\"];\n  \"a\" -> \"b\" [label=\"to\"];\n"       \
    "  \"b\" -> \"c\";\n  \"c\" -> \"a\";\n  \"b\" -> \"b\";\n}\n"

static void dot_writes_what_is_given_as_attributes(void **state)
{
    (void)state;
    check_text("dot", "{}", "digraph G {\n" DOT_REST);
    check_text("dot", "{\"rankdir\":\"LR\",\"nodesep\":0.5,\"concentrate\":false}",
               "digraph G {\n  graph [rankdir=\"LR\", nodesep=\"0.5\", concentrate=false];\n" DOT_REST);
    check_text("dot", "{\"node\":{\"fontname\":\"a \\\"b\\\" \\\\\",\"fontsize\":9},\"edge\":{\"color\":\"#ff0000\"}}",
               "digraph G {\n  node [fontname=\"a \\\"b\\\" \\\\\", fontsize=\"9\"];\n"
               "  edge [color=\"#ff0000\"];\n" DOT_REST);
    check_refused("dot", "{\"node\":{\"shape\":\"record\"}}", "/transform_config/options/node/shape");
    check_refused("dot", "{\"rankdir\":\"UP\"}", "/transform_config/options/rankdir");
}

/* The shapes of a page's nodes stand at the nodes, where they would win over a given one. */
static void dot_leaves_a_page_its_shapes_unless_one_is_given(void **state)
{
    static const char page[] = "{\"html\":\"<p>x\"}";
    request_answer answer = request_send_options("html", "dot", page, "{\"node\":{\"shape\":\"hexagon\"}}");

    (void)state;
    assert_false(request_text_has(&answer, "dot", "shape=box"));
    assert_true(request_text_has(&answer, "dot", "node [shape=\"hexagon\"]"));
    request_forget(&answer);
    answer = request_send_options("html", "dot", page, "{\"node\":{\"fontsize\":9}}");
    assert_true(request_text_has(&answer, "dot", "shape=box"));
    request_forget(&answer);
}

#define MERMAID_REST                                                                                                   \
    "    n0[\"A\"]\n    n1[\"b\"]\n    n2[\"c\"]\n    n0 -->|\"to\"| n1\n    n1 --> n2\n    n2 --> n0\n    n1 --> "    \
    "n1\n"

static void mermaid_has_its_direction_and_its_front_matter(void **state)
{
    (void)state;
    check_text("mermaid", "{}", "flowchart TD\n" MERMAID_REST);
    check_text("mermaid", "{\"direction\":\"RL\"}", "flowchart RL\n" MERMAID_REST);
    check_text("mermaid", "{\"flowchart\":{\"nodeSpacing\":20,\"curve\":\"step\"},\"theme\":\"dark\"}",
               "---\nconfig:\n  theme: dark\n  flowchart:\n    curve: step\n    nodeSpacing: 20\n---\n"
               "flowchart TD\n" MERMAID_REST);
    check_refused("mermaid", "{\"securityLevel\":\"loose\"}", "/transform_config/options/securityLevel");
}

static void a_tree_has_its_branches_its_ids_and_its_depth(void **state)
{
    (void)state;
    check_text("tree", "{}", "A [a]\n└── to → b\n    ├── c\n    │   └── A [a] (cycle)\n    └── b (cycle)\n");
    check_text("tree", "{\"branches\":\"ascii\",\"ids\":false}",
               "A\n`-- to -> b\n    |-- c\n    |   `-- A (cycle)\n    `-- b (cycle)\n");
    check_text("tree", "{\"max_depth\":1}", "A [a]\n└── to → b …\n");
    check_text("tree", "{\"max_depth\":2}", "A [a]\n└── to → b\n    ├── c …\n    └── b (cycle)\n");
    check_refused("tree", "{\"max_depth\":1.5}", "/transform_config/options/max_depth");
}

/* A node that was met too deep the first time is no root later, and is not called shown. */
static void a_node_left_out_by_its_depth_says_so_where_it_is_met_again(void **state)
{
    static const char graph[] =
        "{\"nodes\":[{\"id\":\"r\"},{\"id\":\"p\"},{\"id\":\"q\"},{\"id\":\"s\"}],"
        "\"edges\":[{\"source\":\"r\",\"target\":\"p\"},{\"source\":\"p\",\"target\":\"q\"},"
        "{\"source\":\"q\",\"target\":\"s\"},{\"source\":\"r\",\"target\":\"q\"},{\"source\":\"r\",\"target\":\"s\"}]}";
    request_answer answer = request_send_options("json", "tree", graph, "{\"max_depth\":1}");

    (void)state;
    assert_int_equal(answer.err, GBX_ERR_OK);
    request_text_is(&answer, "tree", "r\n├── p …\n├── q …\n└── s\n");
    request_forget(&answer);
}

static void d3_has_the_forces_settings(void **state)
{
    (void)state;
    check_has("d3", "{}", "\"charge\":{\"strength\":-180,\"theta\":0.9,\"distanceMin\":1,\"distanceMax\":600}");
    check_has("d3", "{\"charge\":{\"strength\":-30},\"width\":500}",
              "\"config\":{\"width\":500,\"height\":600,\"alpha\":1,");
    check_has("d3", "{\"charge\":{\"strength\":-30}}", "\"charge\":{\"strength\":-30,\"theta\":0.9,");
    check_refused("d3", "{\"charge\":{\"power\":1}}", "/transform_config/options/charge/power");
}

static void cytoscape_has_layout_and_style(void **state)
{
    (void)state;
    check_has("cytoscape", "{}", "\"layout\":{\"name\":\"cose\",\"fit\":true,");
    check_has("cytoscape", "{\"layout\":{\"name\":\"circle\",\"radius\":50}}", "\"layout\":{\"name\":\"circle\",");
    check_has("cytoscape", "{\"layout\":{\"name\":\"circle\",\"radius\":50}}", "\"radius\":50,");
    check_has("cytoscape", "{\"style\":{\"node\":{\"shape\":\"star\"}}}",
              "{\"selector\":\"node\",\"style\":{\"label\":\"data(label)\",\"shape\":\"star\",\"width\":24,");
    check_refused("cytoscape", "{\"style\":{\"node\":{\"label\":\"x\"}}}",
                  "/transform_config/options/style/node/label");
}

static void cytoscape_has_a_layout_for_what_it_is(void **state)
{
    static const char page[] = "<p>x";
    gbxi_graph graph = {0};
    request_answer answer = request_send_page("cytoscape", page, sizeof(page) - 1);

    (void)state;
    assert_true(request_has(&answer, "\"layout\":{\"name\":\"breadthfirst\","));
    assert_true(request_has(&answer, "{\"selector\":\".attribute\",\"style\":{\"background-color\":"));
    request_forget(&answer);
    for (size_t i = 0; i < 1001; i++)
        assert_int_equal(gbxi_graph_add_node(&graph, (gbxi_node){.origin = GBXI_GRAPH_NONE}), GBX_ERR_OK);
    answer = request_render("cytoscape", &graph, NULL);
    assert_true(request_has(&answer, "\"layout\":{\"name\":\"grid\","));
    request_forget(&answer);
    gbxi_graph_fini(&graph);
}

static void visjs_has_options_of_every_module(void **state)
{
    (void)state;
    check_has("visjs", "{}", "\"options\":{\"nodes\":{\"shape\":\"box\",");
    check_has("visjs", "{\"physics\":{\"enabled\":false}}", "\"physics\":{\"enabled\":false,\"solver\":\"barnesHut\",");
    check_has("visjs", "{\"layout\":{\"hierarchical\":{\"enabled\":true,\"direction\":\"LR\"}}}",
              "\"hierarchical\":{\"enabled\":true,\"direction\":\"LR\",\"sortMethod\":\"directed\"}");
    check_refused("visjs", "{\"nodes\":{\"font\":{\"multi\":\"html\"}}}", "/transform_config/options/nodes/font/multi");
    check_refused("visjs", "{\"nodes\":{\"shape\":\"image\"}}", "/transform_config/options/nodes/shape");
}

static void check_has_not(const char *engine, const char *options, const char *part)
{
    request_answer answer = ask(engine, options);

    assert_int_equal(answer.err, GBX_ERR_OK);
    assert_false(request_has(&answer, part));
    request_forget(&answer);
}

/* White letters would be unreadable in a white outline, and a colour would override where edges inherit theirs from. */
static void defaults_for_dark_pages_give_way_to_what_is_given(void **state)
{
    static const char outline[] = "\"text-outline-color\":\"#ffffff\",\"text-outline-width\":";

    (void)state;
    check_has("cytoscape", "{}", "\"color\":\"#222222\",\"text-outline-color\":\"#ffffff\",\"text-outline-width\":2,");
    check_has("cytoscape", "{\"style\":{\"node\":{\"color\":\"#eeeeee\"}}}", "\"color\":\"#eeeeee\",\"font-size\":10,");
    check_has("cytoscape", "{\"style\":{\"node\":{\"color\":\"#eeeeee\"}}}", outline); /* still that of edges */
    check_has_not("cytoscape",
                  "{\"style\":{\"node\":{\"color\":\"#eeeeee\"},\"edge\":{\"color\":\"#eeeeee\"},"
                  "\"cluster\":{\"color\":\"#eeeeee\"}}}",
                  "text-outline");
    check_has("cytoscape", "{\"style\":{\"node\":{\"color\":\"#eeeeee\",\"text-outline-width\":1}}}",
              "\"color\":\"#eeeeee\",\"text-outline-width\":1,");
    check_has("visjs", "{}", "\"color\":{\"color\":\"#808080\",\"opacity\":1}");
    check_has("visjs", "{\"edges\":{\"color\":{\"inherit\":\"both\"}}}",
              "\"color\":{\"inherit\":\"both\",\"opacity\":1}");
    check_has_not("visjs", "{}", "strokeWidth");
    check_has_not("visjs", "{\"nodes\":{\"shape\":\"ellipse\"}}", "strokeWidth");
    check_has("visjs", "{\"nodes\":{\"shape\":\"dot\"}}",
              "\"font\":{\"strokeWidth\":3,\"strokeColor\":\"#ffffff\"},\"shape\":\"dot\"");
    check_has_not("visjs", "{\"nodes\":{\"shape\":\"dot\",\"font\":{\"color\":\"#eeeeee\"}}}", "strokeWidth");
    check_has("visjs", "{\"nodes\":{\"shape\":\"text\",\"font\":{\"strokeWidth\":1}}}",
              "\"font\":{\"strokeWidth\":1,\"strokeColor\":\"#ffffff\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_for_dark_pages_give_way_to_what_is_given),
        cmocka_unit_test(dot_writes_what_is_given_as_attributes),
        cmocka_unit_test(dot_leaves_a_page_its_shapes_unless_one_is_given),
        cmocka_unit_test(mermaid_has_its_direction_and_its_front_matter),
        cmocka_unit_test(a_tree_has_its_branches_its_ids_and_its_depth),
        cmocka_unit_test(a_node_left_out_by_its_depth_says_so_where_it_is_met_again),
        cmocka_unit_test(d3_has_the_forces_settings),
        cmocka_unit_test(cytoscape_has_layout_and_style),
        cmocka_unit_test(cytoscape_has_a_layout_for_what_it_is),
        cmocka_unit_test(visjs_has_options_of_every_module),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
