/* SPDX-License-Identifier: MIT */
/* Owns the source `json`, which reads nodes and edges.
 *
 * Ids are compared by their text: 1, 1.0 and "1" are the same id. Other fields of a node or an edge are kept as
 * JSON. */
#include "base/account.h"
#include "graph/fields.h"
#include "graph/node_id.h"
#include "graph/registry.h"
#include "json/quote.h"
#include <glassbox/span.h>
#include <string.h>

enum { GROUP_EDGES = 16 };

/* The contents of graph_data. `links` is another name for `edges`. */
typedef struct lists {
    gbxi_json_value nodes;
    gbxi_json_value edges; /* may be absent */
    const char *edges_key;
    gbxi_graph_about about;
} lists;

/* The graph being built and the ids of its nodes. A node and its id have the same number. */
typedef struct builder {
    const lists *lists;
    gbxi_graph *graph;
    gbxi_text_names ids;
    gbx_error *error;
} builder;

static gbx_err need_array(gbxi_json_value value, const gbxi_json_pointer *parent, const char *key, gbx_error *error)
{
    gbxi_json_pointer at = gbxi_pointer_to(parent, key);

    if (gbxi_json_typeof(value) == GBXI_JSON_ARRAY)
        return GBX_ERR_OK;
    if (gbxi_json_typeof(value) == GBXI_JSON_ABSENT)
        return gbx_error_set(error, GBX_ERR_MISSING, at.text, "%s is missing; it must be an array", key);
    return gbx_error_set(error, GBX_ERR_TYPE, at.text, "%s must be an array, not %s", key,
                         gbxi_json_type_name(gbxi_json_typeof(value)));
}

/* A value that may be absent but must not have another type. `what` names the type in the message. */
static gbx_err need_type(gbxi_json_value value, gbxi_json_type type, const char *what, const char *key,
                         gbx_error *error)
{
    gbxi_json_pointer parent = gbxi_pointer_to(NULL, "graph_data");
    gbxi_json_pointer at = gbxi_pointer_to(&parent, key);

    if (gbxi_json_typeof(value) == type || gbxi_json_typeof(value) == GBXI_JSON_ABSENT)
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_TYPE, at.text, "%s must be %s, not %s", key, what,
                         gbxi_json_type_name(gbxi_json_typeof(value)));
}

static gbx_err find_about(gbxi_json_value graph_data, gbxi_graph_about *about, gbx_error *error)
{
    gbx_err err;

    *about = (gbxi_graph_about){gbxi_json_member(graph_data, "directed"), gbxi_json_member(graph_data, "multigraph"),
                                gbxi_json_member(graph_data, "graph")};
    if ((err = need_type(about->directed, GBXI_JSON_BOOL, "a boolean", "directed", error)) != GBX_ERR_OK ||
        (err = need_type(about->multigraph, GBXI_JSON_BOOL, "a boolean", "multigraph", error)) != GBX_ERR_OK)
        return err;
    return need_type(about->graph, GBXI_JSON_OBJECT, "an object", "graph", error);
}

static gbx_err find_lists(gbxi_json_value graph_data, lists *found, gbx_error *error)
{
    static const char *const known[] = {"nodes", "edges", "links", "directed", "multigraph", "graph", NULL};
    gbxi_json_pointer at = gbxi_pointer_to(NULL, "graph_data");
    gbxi_json_value links = gbxi_json_member(graph_data, "links");
    gbx_err err = gbxi_fields_check(graph_data, &at, known, error);

    if (err != GBX_ERR_OK)
        return err;
    *found = (lists){.nodes = gbxi_json_member(graph_data, "nodes"),
                     .edges = gbxi_json_member(graph_data, "edges"),
                     .edges_key = "edges"};
    if ((err = find_about(graph_data, &found->about, error)) != GBX_ERR_OK)
        return err;
    if ((err = need_array(found->nodes, &at, "nodes", error)) != GBX_ERR_OK)
        return err;
    if (gbxi_json_typeof(links) != GBXI_JSON_ABSENT) {
        if (gbxi_json_typeof(found->edges) != GBXI_JSON_ABSENT)
            return gbx_error_set(error, GBX_ERR_CONFLICT, "/graph_data/links",
                                 "edges and links are two names for the same list; give only one of them");
        found->edges = links;
        found->edges_key = "links";
    }
    if (gbxi_json_typeof(found->edges) == GBXI_JSON_ABSENT)
        return GBX_ERR_OK; /* a graph without edges */
    return need_array(found->edges, &at, found->edges_key, error);
}

static gbx_err json_source_parse(gbxi_json_value graph_data, void **parsed, gbx_error *error)
{
    lists *found;
    gbx_err err;
    GBX_SPAN_NAMED("graph.parse.json");

    if ((found = gbxi_account_calloc(1, sizeof(*found))) == NULL)
        return GBX_ERR_NO_MEMORY;
    *parsed = found;
    if ((err = find_lists(graph_data, found, error)) != GBX_ERR_OK)
        return err;
    gbx_note_int("nodes", (int64_t)gbxi_json_count(found->nodes));
    gbx_note_int("edges", (int64_t)gbxi_json_count(found->edges));
    return GBX_ERR_OK;
}

/* The pointer /graph_data/LIST/INDEX/FIELD, or /graph_data/LIST/INDEX if `field` is NULL. */
static gbxi_json_pointer pointer_to(const char *list, size_t index, const char *field)
{
    gbxi_json_pointer at = gbxi_pointer_to(NULL, "graph_data");

    at = gbxi_pointer_to(&at, list);
    gbxi_json_pointer_push_index(&at, index);
    return field != NULL ? gbxi_pointer_to(&at, field) : at;
}

/* Finds the members with the given names (which end with NULL) in one pass. A missing member's value is absent. */
static gbx_err pick_members(gbxi_json_value object, const char *const *names, gbxi_json_value *values, const char *list,
                            size_t index, gbx_error *error)
{
    gbxi_json_iterator each = gbxi_json_each(object);

    if (gbxi_json_typeof(object) != GBXI_JSON_OBJECT)
        return gbx_error_set(error, GBX_ERR_TYPE, pointer_to(list, index, NULL).text,
                             "each item of %s must be an object, not %s", list,
                             gbxi_json_type_name(gbxi_json_typeof(object)));
    while (gbxi_json_next(&each)) {
        for (size_t i = 0; names[i] != NULL; i++) {
            if (!gbxi_view_is(each.key, names[i]))
                continue;
            if (gbxi_json_typeof(values[i]) != GBXI_JSON_ABSENT)
                return gbx_error_set(error, GBX_ERR_CONFLICT, pointer_to(list, index, names[i]).text,
                                     "%s is given twice", names[i]);
            values[i] = each.value;
        }
    }
    return GBX_ERR_OK;
}

static gbx_err read_id(gbxi_json_value value, gbxi_id_text *id, const char *list, size_t index, const char *field,
                       gbx_error *error)
{
    if (gbxi_id_read(value, id))
        return GBX_ERR_OK;
    if (gbxi_json_typeof(value) == GBXI_JSON_ABSENT)
        return gbx_error_set(error, GBX_ERR_MISSING, pointer_to(list, index, field).text,
                             "%s is missing; it must be a string or a number", field);
    return gbx_error_set(error, GBX_ERR_TYPE, pointer_to(list, index, field).text,
                         "%s must be a string or a number, not %s", field,
                         gbxi_json_type_name(gbxi_json_typeof(value)));
}

/* Keeps a label that is a string. A label of another type stays with the other fields. */
static gbx_err keep_label(gbxi_graph *graph, gbxi_json_value value, gbxi_text *label)
{
    gbxi_json_string text;

    if (!gbxi_json_str(value, &text))
        return GBX_ERR_OK;
    return gbxi_texts_add(&graph->texts, text.at, text.length, label);
}

static gbx_err json_source_add_node(builder *b, size_t index, gbxi_json_value value)
{
    static const char *const names[] = {"id", "label", NULL};
    gbxi_json_value fields[2] = {0};
    gbxi_node node = {.kind = GBXI_NODE_ITEM};
    gbxi_id_text id;
    uint32_t number;
    bool is_new;
    gbx_err err;

    if ((err = pick_members(value, names, fields, "nodes", index, b->error)) != GBX_ERR_OK ||
        (err = read_id(fields[0], &id, "nodes", index, "id", b->error)) != GBX_ERR_OK ||
        (err = gbxi_text_names_intern(&b->ids, &b->graph->texts, id.text.at, id.text.length, &number, &is_new)) !=
            GBX_ERR_OK)
        return err;
    if (!is_new)
        return gbx_error_set(b->error, GBX_ERR_CONFLICT, pointer_to("nodes", index, "id").text,
                             "the id \"%s\" is already the id of node %u", gbxi_quoted(id.text).text, number);
    node.name = b->ids.names[number];
    if ((err = keep_label(b->graph, fields[1], &node.value)) != GBX_ERR_OK ||
        (err = gbxi_graph_add_node_value(b->graph, value, &node.origin)) != GBX_ERR_OK)
        return err;
    return gbxi_graph_add_node(b->graph, node);
}

static gbx_err json_source_add_nodes(builder *b, gbxi_json_iterator *each, size_t count, bool *more)
{
    gbx_err err = GBX_ERR_OK;

    for (size_t i = 0; err == GBX_ERR_OK && i < count && *more; i++) {
        if (!gbxi_account_goes_on(i))
            return GBX_ERR_IO;
        err = json_source_add_node(b, each->index, each->value);
        *more = gbxi_json_next(each);
    }
    return err;
}

enum { SOURCE, TARGET, LABEL };
static const char *const edge_fields[] = {"source", "target", "label", NULL};

/* An edge whose two nodes are being searched. */
typedef struct edge_ahead {
    size_t index;
    gbxi_json_value value;
    gbxi_json_value fields[3];
    gbxi_id_text ids[2];
    gbxi_text_name_search searches[2];
} edge_ahead;

static gbx_err read_edge(builder *b, size_t index, gbxi_json_value value, edge_ahead *edge)
{
    const char *list = b->lists->edges_key;
    gbx_err err;

    edge->index = index;
    edge->value = value;
    memset(edge->fields, 0, sizeof(edge->fields));
    if ((err = pick_members(value, edge_fields, edge->fields, list, index, b->error)) != GBX_ERR_OK)
        return err;
    for (int end = SOURCE; end <= TARGET; end++) {
        if ((err = read_id(edge->fields[end], &edge->ids[end], list, index, edge_fields[end], b->error)) != GBX_ERR_OK)
            return err;
        gbxi_text_names_search_begin(&b->ids, &edge->searches[end], edge->ids[end].text.at, edge->ids[end].text.length);
    }
    return GBX_ERR_OK;
}

static void search_ends_go_on(const builder *b, const edge_ahead *edge)
{
    for (int end = SOURCE; end <= TARGET; end++)
        gbxi_text_names_search_go_on(&b->ids, &b->graph->texts, &edge->searches[end]);
}

/* The node at one end of an edge. */
static gbx_err find_end(const builder *b, const edge_ahead *edge, int end, uint32_t *node)
{
    gbxi_json_string id = edge->ids[end].text;

    if (gbxi_text_names_search_end(&b->ids, &b->graph->texts, &edge->searches[end], node))
        return GBX_ERR_OK;
    return gbx_error_set(b->error, GBX_ERR_UNKNOWN, pointer_to(b->lists->edges_key, edge->index, edge_fields[end]).text,
                         "there is no node with the id \"%s\"", gbxi_quoted(id).text);
}

static gbx_err json_source_add_edge(builder *b, const edge_ahead *ahead)
{
    gbxi_edge edge = {0};
    gbx_err err;

    if ((err = find_end(b, ahead, SOURCE, &edge.source)) != GBX_ERR_OK ||
        (err = find_end(b, ahead, TARGET, &edge.target)) != GBX_ERR_OK ||
        (err = keep_label(b->graph, ahead->fields[LABEL], &edge.label)) != GBX_ERR_OK ||
        (err = gbxi_graph_add_edge_value(b->graph, ahead->value, &edge.origin)) != GBX_ERR_OK)
        return err;
    return gbxi_graph_add_edge(b->graph, edge);
}

/* Reads a few edges at a time, so that the cache misses of their searches overlap. Errors are reported in the order of
 * the edges. */
static gbx_err add_group(builder *b, gbxi_json_iterator *each, size_t count, bool *more)
{
    edge_ahead ahead[GROUP_EDGES];
    gbx_err unread = GBX_ERR_OK, err = GBX_ERR_OK;
    size_t read = 0;

    while (read < count && *more) {
        if ((unread = read_edge(b, each->index, each->value, &ahead[read])) != GBX_ERR_OK)
            break;
        ++read;
        *more = gbxi_json_next(each);
    }
    for (size_t i = 0; i < read; i++)
        search_ends_go_on(b, &ahead[i]);
    for (size_t i = 0; err == GBX_ERR_OK && i < read; i++)
        err = json_source_add_edge(b, &ahead[i]);
    return err != GBX_ERR_OK ? err : unread;
}

static gbx_err json_source_add_edges(builder *b, gbxi_json_iterator *each, size_t count, bool *more)
{
    gbx_err err = GBX_ERR_OK;

    for (size_t i = 0; err == GBX_ERR_OK && i < count && *more; i += GROUP_EDGES) {
        if (!gbxi_account_goes_on(i))
            return GBX_ERR_IO;
        err = add_group(b, each, count - i < GROUP_EDGES ? count - i : GROUP_EDGES, more);
    }
    return err;
}

/* Adds up to `count` values, starting at the iterator's position. */
typedef gbx_err (*add_function)(builder *b, gbxi_json_iterator *each, size_t count, bool *more);

static gbx_err json_source_build_batch(builder *b, add_function add, gbxi_json_iterator *each, size_t count, bool *more)
{
    GBX_SPAN_NAMED("graph.build.batch");

    gbx_note_int("first", (int64_t)each->index);
    return add(b, each, count, more);
}

static gbx_err build_list(builder *b, add_function add, gbxi_json_value list, size_t count)
{
    gbxi_json_iterator each = gbxi_json_each(list);
    bool more = gbxi_json_next(&each);
    gbx_err err = GBX_ERR_OK;

    while (err == GBX_ERR_OK && more)
        err = json_source_build_batch(b, add, &each, gbxi_graph_batch(count), &more);
    return err;
}

static gbx_err build_nodes(builder *b)
{
    size_t count = gbxi_json_count(b->lists->nodes);
    GBX_SPAN_NAMED("graph.build.nodes");

    gbx_note_int("count", (int64_t)count);
    return build_list(b, json_source_add_nodes, b->lists->nodes, count);
}

static gbx_err build_edges(builder *b)
{
    size_t count = gbxi_json_count(b->lists->edges);
    GBX_SPAN_NAMED("graph.build.edges");

    gbx_note_int("count", (int64_t)count);
    return build_list(b, json_source_add_edges, b->lists->edges, count);
}

static gbx_err json_source_build(void *parsed, gbxi_graph *graph, gbx_error *error)
{
    builder b = {.lists = parsed, .graph = graph, .error = error};
    size_t nodes = gbxi_json_count(b.lists->nodes);
    gbx_err err = gbxi_graph_reserve(graph, nodes, gbxi_json_count(b.lists->edges));
    bool directed = true;

    (void)gbxi_json_bool(b.lists->about.directed, &directed);
    graph->undirected = !directed;
    graph->about = b.lists->about;
    if (err == GBX_ERR_OK)
        err = gbxi_text_names_reserve(&b.ids, nodes);
    if (err == GBX_ERR_OK)
        err = build_nodes(&b);
    if (err == GBX_ERR_OK)
        err = build_edges(&b);
    gbxi_text_names_fini(&b.ids);
    return err;
}

const gbxi_source gbxi_source_json = {
    {"json", "Graph as JSON",
     "Nodes and edges. graph_data is {\"nodes\": [{\"id\"}], \"edges\": [{\"source\", \"target\"}]}, or the node-link "
     "JSON of networkx.",
     NULL},
    json_source_parse,
    json_source_build,
    gbxi_account_free,
};
