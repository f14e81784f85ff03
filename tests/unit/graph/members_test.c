/* SPDX-License-Identifier: MIT */
/* Fields of nodes and edges in the JSON engines: additional fields are passed on, and none replaces a field of ours
 * or of the library. */
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char data[] =
    "{\"nodes\":[{\"id\":1,\"label\":\"One\",\"club\":\"x\",\"size\":3,\"data\":[1]},"
    "{\"id\":\"b\",\"label\":5,\"x\":\"left\",\"parent\":\"1\",\"group\":2,\"kind\":\"k\",\"\":null}],"
    "\"links\":[{\"source\":\"1\",\"target\":\"b\",\"label\":\"L\",\"weight\":0.5,\"id\":\"e\",\"from\":7,\"merged\":"
    "true}]}";

static void check_has(const char *engine, const char *const *parts)
{
    request_answer answer = request_send_data("json", engine, data, sizeof(data) - 1);

    assert_int_equal(answer.err, GBX_ERR_OK);
    for (; *parts != NULL; parts++)
        if (!request_has(&answer, *parts))
            fail_msg("%s is not in:\n%.*s", *parts, (int)answer.text.length, answer.text.bytes);
    request_forget(&answer);
}

static void d3_has_them_beside_ours_but_for_what_its_forces_keep(void **state)
{
    static const char *const parts[] = {
        "{\"id\":\"1\",\"label\":\"One\",\"club\":\"x\",\"size\":3,\"data\":{\"data\":[1]}}",
        "{\"id\":\"b\",\"label\":\"b\",\"parent\":\"1\",\"group\":2,\"\":null,"
        "\"data\":{\"label\":5,\"x\":\"left\",\"kind\":\"k\"}}",
        "{\"source\":\"1\",\"target\":\"b\",\"label\":\"L\",\"weight\":0.5,\"id\":\"e\",\"from\":7,"
        "\"data\":{\"merged\":true}}",
        NULL,
    };

    (void)state;
    check_has("d3", parts);
}

static void cytoscape_has_them_in_its_data_but_for_what_makes_a_parent_or_an_id(void **state)
{
    static const char *const parts[] = {
        "{\"data\":{\"id\":\"1\",\"label\":\"One\",\"club\":\"x\",\"size\":3,\"data\":{\"data\":[1]}}}",
        "{\"data\":{\"id\":\"b\",\"label\":\"b\",\"x\":\"left\",\"group\":2,\"\":null,"
        "\"data\":{\"label\":5,\"parent\":\"1\",\"kind\":\"k\"}}}",
        "{\"data\":{\"id\":\"0:e0\",\"source\":\"1\",\"target\":\"b\",\"label\":\"L\",\"weight\":0.5,\"from\":7,"
        "\"data\":{\"id\":\"e\",\"merged\":true}}}",
        NULL,
    };

    (void)state;
    check_has("cytoscape", parts);
}

static void visjs_has_them_beside_ours_but_for_what_it_would_read(void **state)
{
    static const char *const parts[] = {
        "{\"id\":\"1\",\"label\":\"One\",\"club\":\"x\",\"data\":{\"size\":3,\"data\":[1]}}",
        "{\"id\":\"b\",\"label\":\"b\",\"group\":2,\"parent\":\"1\",\"\":null,"
        "\"data\":{\"label\":5,\"x\":\"left\",\"group\":2,\"kind\":\"k\"}}",
        "{\"from\":\"1\",\"to\":\"b\",\"label\":\"L\",\"weight\":0.5,"
        "\"data\":{\"id\":\"e\",\"from\":7,\"merged\":true}}",
        NULL,
    };

    (void)state;
    check_has("visjs", parts);
}

static void the_nodes_of_a_page_say_what_they_are(void **state)
{
    static const char page[] = "<p id=x>t</p>";
    static const struct {
        const char *engine;
        const char *part;
    } cases[] = {
        {"d3", "{\"id\":\"n4\",\"label\":\"id=x\",\"kind\":\"attribute\"}"},
        {"cytoscape", "{\"data\":{\"id\":\"n3\",\"label\":\"p\",\"kind\":\"element\"},\"classes\":\"element\"}"},
        {"visjs", "{\"id\":\"n5\",\"label\":\"t\",\"kind\":\"text\",\"group\":\"text\"}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        request_answer answer = request_send_page(cases[i].engine, page, sizeof(page) - 1);

        assert_int_equal(answer.err, GBX_ERR_OK);
        if (!request_has(&answer, cases[i].part))
            fail_msg("%s is not in:\n%.*s", cases[i].part, (int)answer.text.length, answer.text.bytes);
        request_forget(&answer);
    }
}

/* What stands for others says for how many. */
static void merged_nodes_and_edges_say_how_many_they_are(void **state)
{
    static const struct {
        const char *engine;
        const char *node;
        const char *edge;
    } cases[] = {
        {"d3", "\"label\":\"a (+2)\",\"merged\":2}", "\"target\":\"a\",\"merged\":4}"},
        {"cytoscape", "\"label\":\"a (+2)\",\"merged\":2}", "\"target\":\"a\",\"merged\":4}"},
        {"visjs", "\"label\":\"a (+2)\",\"merged\":2}", "\"to\":\"a\",\"merged\":4}"},
    };
    gbxi_graph graph = {0};
    gbxi_node node = {.kind = GBXI_NODE_ITEM, .origin = GBXI_GRAPH_NONE, .merged = 2};
    gbxi_edge edge = {.origin = GBXI_GRAPH_NONE, .merged = 4};

    (void)state;
    assert_int_equal(gbxi_texts_add(&graph.texts, "a", 1, &node.name), GBX_ERR_OK);
    assert_int_equal(gbxi_graph_add_node(&graph, node), GBX_ERR_OK);
    assert_int_equal(gbxi_graph_add_edge(&graph, edge), GBX_ERR_OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        request_answer answer = request_render(cases[i].engine, &graph, NULL);

        assert_true(request_has(&answer, cases[i].node));
        assert_true(request_has(&answer, cases[i].edge));
        request_forget(&answer);
    }
    gbxi_graph_fini(&graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(d3_has_them_beside_ours_but_for_what_its_forces_keep),
        cmocka_unit_test(cytoscape_has_them_in_its_data_but_for_what_makes_a_parent_or_an_id),
        cmocka_unit_test(visjs_has_them_beside_ours_but_for_what_it_would_read),
        cmocka_unit_test(the_nodes_of_a_page_say_what_they_are),
        cmocka_unit_test(merged_nodes_and_edges_say_how_many_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
