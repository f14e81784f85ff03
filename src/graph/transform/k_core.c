/* SPDX-License-Identifier: MIT */
/* Owns the transformation `k-core`, which repeatedly removes nodes of low degree.
 *
 * The algorithm is by Batagelj and Zaversnik. The nodes are sorted by degree with a counting sort. The first node is
 * removed, its degree is its core number, and each neighbour of higher degree moves one degree down. */
#include "graph/adjacency.h"
#include "graph/registry.h"
#include "graph/stop.h"
#include <glassbox/span.h>

static const gbxi_option options[] = {
    GBXI_OPTION_INTEGER("k", NULL, 0, UINT32_MAX,
                        "Minimum number of edges per node. Default: the largest number that leaves at least one node."),
    {0},
};

typedef struct peeling {
    gbxi_graph *graph;
    gbxi_adjacency adjacency;
    uint32_t *degrees; /* finally the core numbers */
    uint32_t *order;   /* the nodes by degree */
    uint32_t *places;  /* for each node: its position in `order` */
    uint32_t *begins;  /* for each degree from 1: its first position in `order` */
    unsigned char *marks;
    uint32_t degree_max;
} peeling;

static gbx_err peeling_init(peeling *p, gbxi_graph *graph)
{
    size_t room = graph->node_count + 1;
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.k-core.index");

    *p = (peeling){.graph = graph};
    if ((err = gbxi_adjacency_init(&p->adjacency, graph, GBXI_ADJACENCY_BOTH)) != GBX_ERR_OK)
        return err;
    p->degrees = gbxi_account_calloc(room, sizeof(*p->degrees));
    p->order = gbxi_account_malloc(room * sizeof(*p->order));
    p->places = gbxi_account_malloc(room * sizeof(*p->places));
    p->marks = gbxi_account_malloc(room);
    return p->degrees != NULL && p->order != NULL && p->places != NULL && p->marks != NULL ? GBX_ERR_OK
                                                                                           : GBX_ERR_NO_MEMORY;
}

static void peeling_fini(peeling *p)
{
    gbxi_adjacency_fini(&p->adjacency);
    gbxi_account_free(p->degrees);
    gbxi_account_free(p->order);
    gbxi_account_free(p->places);
    gbxi_account_free(p->begins);
    gbxi_account_free(p->marks);
}

static void count_degrees_without_loops(peeling *p)
{
    const gbxi_graph *graph = p->graph;

    for (size_t i = 0; i < graph->edge_count && gbxi_account_goes_on(i); i++) {
        const gbxi_edge *edge = &graph->edges[i];

        if (edge->source == edge->target)
            continue;
        ++p->degrees[edge->source];
        ++p->degrees[edge->target];
    }
    for (size_t v = 0; v < graph->node_count && gbxi_account_goes_on(v); v++)
        if (p->degrees[v] > p->degree_max)
            p->degree_max = p->degrees[v];
}

/* A counting sort. Filling shifts `begins` by one; the last loop shifts it back, except for degree 0, which no node is
 * lowered from. */
static gbx_err sort_by_degree(peeling *p)
{
    size_t node_count = p->graph->node_count;
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.k-core.sort");

    count_degrees_without_loops(p);
    if ((err = gbxi_stop_check()) != GBX_ERR_OK)
        return err;
    if ((p->begins = gbxi_account_calloc((size_t)p->degree_max + 2, sizeof(*p->begins))) == NULL)
        return GBX_ERR_NO_MEMORY;
    for (size_t v = 0; v < node_count && gbxi_account_goes_on(v); v++)
        ++p->begins[p->degrees[v] + 1];
    for (size_t degree = 0; degree <= p->degree_max; degree++)
        p->begins[degree + 1] += p->begins[degree];
    for (size_t v = 0; v < node_count && gbxi_account_goes_on(v); v++) {
        p->places[v] = p->begins[p->degrees[v]]++;
        p->order[p->places[v]] = (uint32_t)v;
    }
    for (size_t degree = p->degree_max; degree > 0; degree--)
        p->begins[degree] = p->begins[degree - 1];
    return gbxi_stop_check();
}

/* Lowers a node's degree by one: the node swaps positions with the first node of its degree, whose range then begins
 * one position later. */
static void lower_degree(peeling *p, uint32_t node)
{
    uint32_t degree = p->degrees[node], place = p->begins[degree]++;
    uint32_t other = p->order[place];

    p->order[p->places[node]] = other;
    p->places[other] = p->places[node];
    p->order[place] = node;
    p->places[node] = place;
    --p->degrees[node];
}

static void peel_nodes(peeling *p)
{
    GBX_SPAN_NAMED("graph.transform.k-core.peel");

    for (size_t at = 0; at < p->graph->node_count && gbxi_account_goes_on(at); at++) {
        uint32_t node = p->order[at];

        for (uint32_t i = p->adjacency.first[node]; i < p->adjacency.first[node + 1]; i++) {
            uint32_t other = p->adjacency.edges[i].node;

            if (p->degrees[other] > p->degrees[node])
                lower_degree(p, other);
        }
    }
}

static void mark_core(peeling *p, gbxi_json_value config)
{
    size_t node_count = p->graph->node_count;
    uint64_t k = 0;
    GBX_SPAN_NAMED("graph.transform.k-core.mark");

    if (!gbxi_option_given_uint(config, "k", &k) && node_count > 0)
        k = p->degrees[p->order[node_count - 1]]; /* core numbers never decrease along `order` */
    gbx_note_int("k", (int64_t)k);
    for (size_t v = 0; v < node_count && gbxi_account_goes_on(v); v++)
        p->marks[v] = p->degrees[v] >= k;
}

static gbx_err k_core_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    peeling p;
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.k-core");

    (void)error;
    if ((err = peeling_init(&p, graph)) == GBX_ERR_OK && (err = sort_by_degree(&p)) == GBX_ERR_OK) {
        peel_nodes(&p);
        mark_core(&p, config);
        err = gbxi_graph_keep(graph, p.marks, NULL);
    }
    peeling_fini(&p);
    return err;
}

const gbxi_transformation gbxi_transformation_k_core = {
    {"k-core", "K-core",
     "Keeps the largest subgraph in which every node has at least k edges. Incoming and outgoing edges count alike, "
     "parallel edges count separately, loops do not count.",
     options},
    k_core_apply,
};
