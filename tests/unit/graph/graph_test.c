/* SPDX-License-Identifier: MIT */
/* The graph model: room for nodes and edges, and the rest of a graph when only a part of it is kept. */
#include "graph/adjacency.h"
#include "graph/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { NODES = 5 };

/* 0->1, 1->2, 2->0, 2->2, 3->1, 3->1; node 4 alone. `origin` numbers both. */
static void make(gbxi_graph *graph)
{
    static const uint32_t ends[][2] = {{0, 1}, {1, 2}, {2, 0}, {2, 2}, {3, 1}, {3, 1}};

    *graph = (gbxi_graph){0};
    for (uint32_t i = 0; i < NODES; i++)
        assert_int_equal(gbxi_graph_add_node(graph, (gbxi_node){.origin = i}), GBX_ERR_OK);
    for (uint32_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        assert_int_equal(
            gbxi_graph_add_edge(graph, (gbxi_edge){.source = ends[i][0], .target = ends[i][1], .origin = i}),
            GBX_ERR_OK);
}

static void assert_edge(const gbxi_graph *graph, size_t edge, uint32_t source, uint32_t target, uint32_t origin)
{
    assert_int_equal(graph->edges[edge].source, source);
    assert_int_equal(graph->edges[edge].target, target);
    assert_int_equal(graph->edges[edge].origin, origin);
}

static void edges_go_with_either_of_their_ends(void **state)
{
    static const unsigned char nodes[NODES] = {0, 1, 1, 1, 0};
    gbxi_graph graph;

    (void)state;
    make(&graph);
    assert_int_equal(gbxi_graph_keep(&graph, nodes, NULL), GBX_ERR_OK);
    assert_int_equal(graph.node_count, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(graph.nodes[i].origin, i + 1);
    assert_int_equal(graph.edge_count, 4);
    assert_edge(&graph, 0, 0, 1, 1);
    assert_edge(&graph, 1, 1, 1, 3);
    assert_edge(&graph, 2, 2, 0, 4);
    assert_edge(&graph, 3, 2, 0, 5);
    gbxi_graph_fini(&graph);
}

static void edges_can_be_left_out_on_their_own(void **state)
{
    static const unsigned char nodes[NODES] = {1, 1, 1, 1, 1}, edges[] = {0, 1, 0, 0, 0, 1};
    gbxi_graph graph;

    (void)state;
    make(&graph);
    assert_int_equal(gbxi_graph_keep(&graph, nodes, edges), GBX_ERR_OK);
    assert_int_equal(graph.node_count, NODES);
    assert_int_equal(graph.edge_count, 2);
    assert_edge(&graph, 0, 1, 2, 1);
    assert_edge(&graph, 1, 3, 1, 5);
    gbxi_graph_fini(&graph);
}

static void nothing_and_everything_can_be_kept(void **state)
{
    static const unsigned char all[NODES] = {1, 1, 1, 1, 1}, none[NODES];
    gbxi_graph graph;

    (void)state;
    make(&graph);
    assert_int_equal(gbxi_graph_keep(&graph, all, NULL), GBX_ERR_OK);
    assert_int_equal(graph.node_count, NODES);
    assert_int_equal(graph.edge_count, 6);
    assert_int_equal(gbxi_graph_keep(&graph, none, NULL), GBX_ERR_OK);
    assert_int_equal(graph.node_count, 0);
    assert_int_equal(graph.edge_count, 0);
    assert_int_equal(gbxi_graph_keep(&graph, none, NULL), GBX_ERR_OK);
    gbxi_graph_fini(&graph);
}

static void room_is_reserved_for_nodes_and_edges(void **state)
{
    gbxi_graph graph = {0};

    (void)state;
    assert_int_equal(gbxi_graph_reserve(&graph, 100, 200), GBX_ERR_OK);
    assert_true(graph.node_capacity >= 100);
    assert_true(graph.edge_capacity >= 200);
    assert_int_equal(graph.node_count, 0);
    assert_int_equal(graph.edge_count, 0);
    gbxi_graph_fini(&graph);
    assert_int_not_equal(gbxi_graph_reserve(&graph, SIZE_MAX, 200), GBX_ERR_OK);
    assert_int_equal(graph.edge_capacity, 0);
    gbxi_graph_fini(&graph);
}

/* So many edges are never read, because their number alone is refused. */
static void an_adjacency_that_is_refused_can_be_freed_more_than_once(void **state)
{
    gbxi_graph graph = {.edge_count = (size_t)1 << 31};
    gbxi_adjacency adjacency;

    (void)state;
    memset(&adjacency, 0xa5, sizeof(adjacency));
    assert_int_equal(gbxi_adjacency_init(&adjacency, &graph, GBXI_ADJACENCY_BOTH), GBX_ERR_LIMIT);
    assert_null(adjacency.first);
    assert_null(adjacency.edges);
    make(&graph);
    assert_int_equal(gbxi_adjacency_init(&adjacency, &graph, GBXI_ADJACENCY_BOTH), GBX_ERR_OK);
    gbxi_adjacency_fini(&adjacency);
    assert_null(adjacency.first);
    assert_null(adjacency.edges);
    gbxi_adjacency_fini(&adjacency);
    gbxi_graph_fini(&graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_go_with_either_of_their_ends),
        cmocka_unit_test(edges_can_be_left_out_on_their_own),
        cmocka_unit_test(nothing_and_everything_can_be_kept),
        cmocka_unit_test(room_is_reserved_for_nodes_and_edges),
        cmocka_unit_test(an_adjacency_that_is_refused_can_be_freed_more_than_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
