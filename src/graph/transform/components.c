/* SPDX-License-Identifier: MIT */
/* Owns finding components: weak ones by disjoint sets, strong ones by Tarjan's algorithm with an explicit stack instead
 * of recursion. */
#include "graph/transform/components.h"
#include "graph/adjacency.h"
#include "graph/stop.h"
#include <glassbox/span.h>

uint32_t gbxi_set_find(uint32_t *parents, uint32_t i)
{
    for (; parents[i] != i; i = parents[i])
        parents[i] = parents[parents[i]];
    return i;
}

bool gbxi_set_join(uint32_t *parents, uint32_t *sizes, uint32_t a, uint32_t b)
{
    uint32_t large = gbxi_set_find(parents, a), small = gbxi_set_find(parents, b);

    if (large == small)
        return false;
    if (sizes[large] < sizes[small]) {
        uint32_t other = large;

        large = small;
        small = other;
    }
    parents[small] = large;
    sizes[large] += sizes[small];
    return true;
}

/* Replaces each component's number by its first node. */
static gbx_err name_by_first(uint32_t *components, size_t node_count)
{
    uint32_t *first = gbxi_account_malloc((node_count + 1) * sizeof(*first));

    if (first == NULL)
        return GBX_ERR_NO_MEMORY;
    for (size_t v = node_count; v-- > 0 && gbxi_account_goes_on(v);)
        first[components[v]] = (uint32_t)v;
    for (size_t v = 0; v < node_count && gbxi_account_goes_on(v); v++)
        components[v] = first[components[v]];
    gbxi_account_free(first);
    return gbxi_stop_check();
}

gbx_err gbxi_components_weak(const gbxi_graph *graph, uint32_t *first)
{
    uint32_t *sizes = gbxi_account_malloc((graph->node_count + 1) * sizeof(*sizes));
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.components.weak");

    if (sizes == NULL)
        return GBX_ERR_NO_MEMORY;
    for (size_t v = 0; v < graph->node_count; v++) {
        first[v] = (uint32_t)v;
        sizes[v] = 1;
    }
    for (size_t i = 0; i < graph->edge_count && gbxi_account_goes_on(i); i++)
        (void)gbxi_set_join(first, sizes, graph->edges[i].source, graph->edges[i].target);
    for (size_t v = 0; v < graph->node_count; v++)
        first[v] = gbxi_set_find(first, (uint32_t)v);
    gbxi_account_free(sizes);
    err = gbxi_stop_check();
    return err == GBX_ERR_OK ? name_by_first(first, graph->node_count) : err;
}

/* A node on the path and the position in the adjacency of the edge to follow next. */
typedef struct level {
    uint32_t node;
    uint32_t next;
} level;

typedef struct search {
    const gbxi_graph *graph;
    gbxi_adjacency adjacency;
    uint32_t *numbers; /* order of discovery, from 1; 0: not discovered yet */
    uint32_t *lows;    /* lowest number of an unassigned node known to be reachable from this one */
    uint32_t *undecided;
    size_t undecided_count;
    level *path;
    size_t depth;
    uint32_t found;
    uint32_t *components; /* NONE: not assigned yet */
} search;

static gbx_err search_init(search *s, const gbxi_graph *graph, uint32_t *components)
{
    size_t room = graph->node_count + 1;
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.components.index");

    *s = (search){.graph = graph, .components = components};
    if ((err = gbxi_adjacency_init(&s->adjacency, graph, GBXI_ADJACENCY_OUT)) != GBX_ERR_OK)
        return err;
    s->numbers = gbxi_account_calloc(room, sizeof(*s->numbers));
    s->lows = gbxi_account_malloc(room * sizeof(*s->lows));
    s->undecided = gbxi_account_malloc(room * sizeof(*s->undecided));
    s->path = gbxi_account_malloc(room * sizeof(*s->path));
    for (size_t v = 0; v < graph->node_count; v++)
        components[v] = GBXI_GRAPH_NONE;
    return s->numbers != NULL && s->lows != NULL && s->undecided != NULL && s->path != NULL ? GBX_ERR_OK
                                                                                            : GBX_ERR_NO_MEMORY;
}

static void search_fini(search *s)
{
    gbxi_adjacency_fini(&s->adjacency);
    gbxi_account_free(s->numbers);
    gbxi_account_free(s->lows);
    gbxi_account_free(s->undecided);
    gbxi_account_free(s->path);
}

static void search_enter(search *s, uint32_t node)
{
    s->numbers[node] = s->lows[node] = ++s->found;
    s->undecided[s->undecided_count++] = node;
    s->path[s->depth++] = (level){node, s->adjacency.first[node]};
}

static void search_lower(search *s, uint32_t node, uint32_t low)
{
    if (low < s->lows[node])
        s->lows[node] = low;
}

/* A node that reaches no older unassigned node is the root of its component, which consists of all nodes found
 * since. */
static void search_leave(search *s, uint32_t node)
{
    uint32_t member;

    --s->depth;
    if (s->depth > 0)
        search_lower(s, s->path[s->depth - 1].node, s->lows[node]);
    if (s->lows[node] != s->numbers[node])
        return;
    do {
        member = s->undecided[--s->undecided_count];
        s->components[member] = node;
    } while (member != node);
}

static void search_from(search *s, uint32_t root)
{
    search_enter(s, root);
    for (size_t turn = 0; s->depth > 0 && gbxi_account_goes_on(turn); turn++) {
        level *at = &s->path[s->depth - 1];
        uint32_t target;

        if (at->next == s->adjacency.first[at->node + 1]) {
            search_leave(s, at->node);
            continue;
        }
        target = s->adjacency.edges[at->next++].node;
        if (s->numbers[target] == 0)
            search_enter(s, target);
        else if (s->components[target] == GBXI_GRAPH_NONE)
            search_lower(s, at->node, s->numbers[target]);
    }
}

static void search_all(search *s)
{
    GBX_SPAN_NAMED("graph.transform.components.walk");

    for (size_t v = 0; v < s->graph->node_count && gbxi_account_goes_on(v); v++)
        if (s->numbers[v] == 0)
            search_from(s, (uint32_t)v);
}

gbx_err gbxi_components_strong(const gbxi_graph *graph, uint32_t *first)
{
    search s;
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.components.strong");

    if (graph->undirected)
        return gbxi_components_weak(graph, first);
    if ((err = search_init(&s, graph, first)) == GBX_ERR_OK) {
        search_all(&s);
        if ((err = gbxi_stop_check()) == GBX_ERR_OK)
            err = name_by_first(first, graph->node_count);
    }
    search_fini(&s);
    return err;
}
