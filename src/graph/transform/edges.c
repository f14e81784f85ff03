/* SPDX-License-Identifier: MIT */
/* Owns merging parallel edges, which sorting makes adjacent. */
#include "graph/transform/edges.h"
#include "graph/stop.h"
#include "graph/transform/sort.h"
#include <glassbox/span.h>

typedef struct merging {
    gbxi_graph *graph;
    gbxi_edges_sameness sameness;
    gbxi_sort_item *items; /* the marked edges */
    size_t count;
    uint32_t *labels; /* for each edge: the number of its label; NULL: labels are ignored */
} merging;

/* Gives equal labels the same number. */
static gbx_err number_labels(merging *m)
{
    const gbxi_graph *graph = m->graph;
    gbxi_texts texts = {0};
    gbxi_text_names names = {0};
    gbx_err err = GBX_ERR_OK;
    GBX_SPAN_NAMED("graph.transform.edges.labels");

    if ((m->labels = gbxi_account_malloc((graph->edge_count + 1) * sizeof(*m->labels))) == NULL)
        return GBX_ERR_NO_MEMORY;
    for (size_t i = 0; err == GBX_ERR_OK && i < graph->edge_count && gbxi_account_goes_on(i); i++) {
        gbxi_text label = graph->edges[i].label;
        bool is_new;

        err = gbxi_text_names_intern(&names, &texts, gbxi_texts_at(&graph->texts, label), label.length, &m->labels[i],
                                     &is_new);
    }
    gbxi_text_names_fini(&names);
    gbxi_texts_fini(&texts);
    return err == GBX_ERR_OK ? gbxi_stop_check() : err;
}

static uint64_t ends_of(const merging *m, uint32_t edge)
{
    uint32_t from = m->graph->edges[edge].source, to = m->graph->edges[edge].target;

    return m->sameness.directed || from < to ? (uint64_t)from << 32 | to : (uint64_t)to << 32 | from;
}

/* Sorts stably by label and then by both ends. Edges with the same ends are then sorted by label, and edges that also
 * have the same label keep their input order. */
static gbx_err sort_by_ends(merging *m)
{
    gbx_err err = GBX_ERR_OK;
    GBX_SPAN_NAMED("graph.transform.edges.sort");

    gbx_note_int("edges", (int64_t)m->count);
    if (m->labels != NULL) {
        for (size_t i = 0; i < m->count; i++)
            m->items[i].key = m->labels[m->items[i].number];
        err = gbxi_sort(m->items, m->count);
    }
    for (size_t i = 0; i < m->count; i++)
        m->items[i].key = ends_of(m, m->items[i].number);
    return err == GBX_ERR_OK ? gbxi_sort(m->items, m->count) : err;
}

static bool are_same(const merging *m, const gbxi_sort_item *a, const gbxi_sort_item *b)
{
    return a->key == b->key && (m->labels == NULL || m->labels[a->number] == m->labels[b->number]);
}

static void merge_same(const merging *m, unsigned char *kept)
{
    const gbxi_sort_item *first = m->items;
    GBX_SPAN_NAMED("graph.transform.edges.merge");

    for (size_t i = 1; i < m->count && gbxi_account_goes_on(i); i++) {
        const gbxi_sort_item *item = &m->items[i];

        if (!are_same(m, first, item)) {
            first = item;
            continue;
        }
        kept[item->number] = 0;
        m->graph->edges[first->number].merged += 1 + m->graph->edges[item->number].merged;
    }
}

gbx_err gbxi_edges_merge(gbxi_graph *graph, gbxi_edges_sameness sameness, unsigned char *kept)
{
    merging m = {.graph = graph, .sameness = sameness};
    gbx_err err = GBX_ERR_OK;

    if ((m.items = gbxi_account_malloc((graph->edge_count + 1) * sizeof(*m.items))) == NULL)
        return GBX_ERR_NO_MEMORY;
    for (uint32_t i = 0; i < graph->edge_count; i++)
        if (kept[i])
            m.items[m.count++].number = i;
    if (sameness.by_label)
        err = number_labels(&m);
    if (err == GBX_ERR_OK)
        err = sort_by_ends(&m);
    if (err == GBX_ERR_OK)
        merge_same(&m, kept);
    gbxi_account_free(m.items);
    gbxi_account_free(m.labels);
    return err;
}
