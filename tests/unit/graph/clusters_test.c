/* SPDX-License-Identifier: MIT */
/* Clusters in a hand-made graph: each engine draws them separately and omits unused ones. */
#include "graph/engine/clusters.h"
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const names[] = {"head", "empty", "the \"body\" <b>", NULL};

/* a -> b -> c -> d, a -> e: a in none, b and e in the third, c in the first, d in the third. */
static void make(gbxi_graph *graph)
{
    static const struct {
        const char *id;
        uint8_t cluster;
    } nodes[] = {{"a", 0}, {"b", 3}, {"c", 1}, {"d", 3}, {"e", 3}};
    static const uint32_t edges[][2] = {{0, 1}, {1, 2}, {2, 3}, {0, 4}};

    *graph = (gbxi_graph){.clusters = names};
    for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
        gbxi_node node = {.kind = GBXI_NODE_ITEM, .origin = GBXI_GRAPH_NONE, .cluster = nodes[i].cluster};

        assert_int_equal(gbxi_texts_add(&graph->texts, nodes[i].id, 1, &node.name), GBX_ERR_OK);
        assert_int_equal(gbxi_graph_add_node(graph, node), GBX_ERR_OK);
    }
    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
        gbxi_edge edge = {.source = edges[i][0], .target = edges[i][1], .origin = GBXI_GRAPH_NONE};

        assert_int_equal(gbxi_graph_add_edge(graph, edge), GBX_ERR_OK);
    }
}

static void check_text(const char *engine, const char *options, const char *expected)
{
    gbxi_graph graph;
    request_answer answer;

    make(&graph);
    answer = request_render(engine, &graph, options);
    request_text_is(&answer, engine, expected);
    request_forget(&answer);
    gbxi_graph_fini(&graph);
}

static void dot_declares_nodes_inside_their_cluster(void **state)
{
    (void)state;
    check_text("dot", NULL,
               "digraph G {\n"
               "  \"a\" [label=\"a\"];\n"
               "  subgraph cluster_1 {\n"
               "  label=\"head\";\n"
               "  \"c\" [label=\"c\"];\n"
               "  }\n"
               "  subgraph cluster_3 {\n"
               "  label=\"the \\\"body\\\" <b>\";\n"
               "  \"b\" [label=\"b\"];\n"
               "  \"d\" [label=\"d\"];\n"
               "  \"e\" [label=\"e\"];\n"
               "  }\n"
               "  \"a\" -> \"b\";\n"
               "  \"b\" -> \"c\";\n"
               "  \"c\" -> \"d\";\n"
               "  \"a\" -> \"e\";\n"
               "}\n");
}

static void mermaid_has_a_subgraph_for_each(void **state)
{
    (void)state;
    check_text("mermaid", NULL,
               "flowchart TD\n"
               "    n0[\"a\"]\n"
               "    subgraph c1[\"head\"]\n"
               "    n2[\"c\"]\n"
               "    end\n"
               "    subgraph c3[\"the &quot;body&quot; &lt;b&gt;<!--;;-->\"]\n"
               "    n1[\"b\"]\n"
               "    n3[\"d\"]\n"
               "    n4[\"e\"]\n"
               "    end\n"
               "    n0 --> n1\n"
               "    n1 --> n2\n"
               "    n2 --> n3\n"
               "    n0 --> n4\n");
}

static void a_tree_names_a_cluster_where_it_begins(void **state)
{
    (void)state;
    check_text("tree", "{\"branches\":\"ascii\"}",
               "a\n"
               "|-- b {the \"body\" <b>}\n"
               "|   `-- c {head}\n"
               "|       `-- d {the \"body\" <b>}\n"
               "`-- e {the \"body\" <b>}\n");
}

static void check_has(const char *engine, const char *const *parts)
{
    gbxi_graph graph;
    request_answer answer;

    make(&graph);
    answer = request_render(engine, &graph, NULL);
    for (; *parts != NULL; parts++)
        if (!request_has(&answer, *parts))
            fail_msg("%s is not in:\n%.*s", *parts, (int)answer.text.length, answer.text.bytes);
    assert_false(request_has(&answer, "empty"));
    request_forget(&answer);
    gbxi_graph_fini(&graph);
}

static void cytoscape_has_a_parent_for_each(void **state)
{
    static const char *const parts[] = {
        "{\"nodes\":[{\"data\":{\"id\":\"0:c1\",\"label\":\"head\"},\"classes\":\"cluster\"},"
        "{\"data\":{\"id\":\"0:c3\",\"label\":\"the \\\"body\\\" <b>\"},\"classes\":\"cluster\"},"
        "{\"data\":{\"id\":\"a\",\"label\":\"a\"}},"
        "{\"data\":{\"id\":\"b\",\"label\":\"b\",\"parent\":\"0:c3\"}},"
        "{\"data\":{\"id\":\"c\",\"label\":\"c\",\"parent\":\"0:c1\"}},",
        NULL,
    };

    (void)state;
    check_has("cytoscape", parts);
}

static void d3_and_visjs_have_a_group_for_each(void **state)
{
    static const char *const parts[] = {
        "{\"id\":\"a\",\"label\":\"a\"},{\"id\":\"b\",\"label\":\"b\",\"group\":\"the \\\"body\\\" <b>\"}",
        "{\"id\":\"c\",\"label\":\"c\",\"group\":\"head\"}",
        NULL,
    };

    (void)state;
    check_has("d3", parts);
    check_has("visjs", parts);
}

/* As many as there can be, each with its own nodes, in the graph's order. */
static void two_hundred_and_fifty_five_clusters_are_sorted(void **state)
{
    enum { NODES = 1000 };
    static const char *many[GBXI_CLUSTERS_MAX + 1];
    gbxi_graph graph = {.clusters = many};
    gbxi_clusters clusters;
    size_t seen = 0;

    (void)state;
    for (size_t i = 0; i < GBXI_CLUSTERS_MAX; i++)
        many[i] = "x";
    for (size_t i = 0; i < NODES; i++)
        assert_int_equal(gbxi_graph_add_node(&graph, (gbxi_node){.cluster = (uint8_t)(i * 7 % 256)}), GBX_ERR_OK);
    assert_int_equal(gbxi_clusters_init(&clusters, &graph), GBX_ERR_OK);
    assert_int_equal(clusters.count, GBXI_CLUSTERS_MAX);
    for (size_t c = 0; c <= clusters.count; c++) {
        for (size_t i = clusters.first[c]; i < clusters.first[c + 1]; i++, seen++) {
            assert_int_equal(graph.nodes[gbxi_clusters_node(&clusters, i)].cluster, c);
            if (i > clusters.first[c])
                assert_true(gbxi_clusters_node(&clusters, i) > gbxi_clusters_node(&clusters, i - 1));
        }
    }
    assert_int_equal(seen, NODES);
    gbxi_clusters_fini(&clusters);
    gbxi_graph_fini(&graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dot_declares_nodes_inside_their_cluster),
        cmocka_unit_test(mermaid_has_a_subgraph_for_each),
        cmocka_unit_test(a_tree_names_a_cluster_where_it_begins),
        cmocka_unit_test(cytoscape_has_a_parent_for_each),
        cmocka_unit_test(d3_and_visjs_have_a_group_for_each),
        cmocka_unit_test(two_hundred_and_fifty_five_clusters_are_sorted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
