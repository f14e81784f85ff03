/* SPDX-License-Identifier: MIT */
/* Owns the source `json`: nodes and edges given as such.
 *
 * Ids are compared by their text: 1, 1.0 and "1" are one id. Fields of a node or an edge that mean nothing here travel
 * along, as JSON. */
#include "graph/fields.h"
#include "graph/node_id.h"
#include "graph/registry.h"
#include <glassbox/span.h>
#include <stdlib.h>
#include <string.h>

/* What graph_data holds; `links` is another name for `edges`. */
typedef struct lists {
    gbx_json_value nodes;
    gbx_json_value edges; /* may be absent */
    const char *edges_key;
} lists;

/* The graph being built, and the ids of its nodes; a node and its id have the same number. */
typedef struct builder {
    const lists *lists;
    gbx__graph *graph;
    gbx__names ids;
    gbx_error *error;
} builder;

static gbx_err need_array(gbx_json_value value, const gbx_json_pointer *parent, const char *key, gbx_error *error)
{
    gbx_json_pointer at = gbx__pointer_to(parent, key);

    if (gbx_json_typeof(value) == GBX_JSON_ARRAY)
        return GBX_ERR_OK;
    if (gbx_json_typeof(value) == GBX_JSON_ABSENT)
        return gbx_error_set(error, GBX_ERR_MISSING, at.text, "%s is missing: an array", key);
    return gbx_error_set(error, GBX_ERR_TYPE, at.text, "%s is an array, not %s", key,
                         gbx_json_type_name(gbx_json_typeof(value)));
}

static gbx_err find_lists(gbx_json_value graph_data, lists *found, gbx_error *error)
{
    static const char *const known[] = {"nodes", "edges", "links", NULL};
    gbx_json_pointer at = gbx__pointer_to(NULL, "graph_data");
    gbx_json_value links = gbx_json_member(graph_data, "links");
    gbx_err err = gbx__fields_check(graph_data, &at, known, error);

    if (err != GBX_ERR_OK)
        return err;
    *found = (lists){gbx_json_member(graph_data, "nodes"), gbx_json_member(graph_data, "edges"), "edges"};
    if ((err = need_array(found->nodes, &at, "nodes", error)) != GBX_ERR_OK)
        return err;
    if (gbx_json_typeof(links) != GBX_JSON_ABSENT) {
        if (gbx_json_typeof(found->edges) != GBX_JSON_ABSENT)
            return gbx_error_set(error, GBX_ERR_CONFLICT, "/graph_data/links",
                                 "edges and links are two names for one list: give one of them");
        found->edges = links;
        found->edges_key = "links";
    }
    if (gbx_json_typeof(found->edges) == GBX_JSON_ABSENT)
        return GBX_ERR_OK; /* a graph without edges */
    return need_array(found->edges, &at, found->edges_key, error);
}

static gbx_err parse(gbx_json_value graph_data, void **parsed, gbx_error *error)
{
    lists *found;
    gbx_err err;
    GBX_SPAN_NAMED("graph.parse.json");

    if ((found = calloc(1, sizeof(*found))) == NULL)
        return GBX_ERR_NO_MEMORY;
    *parsed = found;
    if ((err = find_lists(graph_data, found, error)) != GBX_ERR_OK)
        return err;
    gbx_note_int("nodes", (int64_t)gbx_json_count(found->nodes));
    gbx_note_int("edges", (int64_t)gbx_json_count(found->edges));
    return GBX_ERR_OK;
}

/* The pointer /graph_data/LIST/INDEX/FIELD; without the last part when `field` is NULL. */
static gbx_json_pointer pointer_to(const char *list, size_t index, const char *field)
{
    gbx_json_pointer at = gbx__pointer_to(NULL, "graph_data");

    at = gbx__pointer_to(&at, list);
    gbx_json_pointer_push_index(&at, index);
    return field != NULL ? gbx__pointer_to(&at, field) : at;
}

/* The members of that names (which end in NULL), in one pass; absent where there is none. */
static gbx_err pick(gbx_json_value object, const char *const *names, gbx_json_value *values, const char *list,
                    size_t index, gbx_error *error)
{
    gbx_json_iterator each = gbx_json_each(object);

    if (gbx_json_typeof(object) != GBX_JSON_OBJECT)
        return gbx_error_set(error, GBX_ERR_TYPE, pointer_to(list, index, NULL).text, "each of %s is an object, not %s",
                             list, gbx_json_type_name(gbx_json_typeof(object)));
    while (gbx_json_next(&each)) {
        for (size_t i = 0; names[i] != NULL; ++i) {
            if (strlen(names[i]) != each.key.length || memcmp(names[i], each.key.at, each.key.length) != 0)
                continue;
            if (gbx_json_typeof(values[i]) != GBX_JSON_ABSENT)
                return gbx_error_set(error, GBX_ERR_CONFLICT, pointer_to(list, index, names[i]).text,
                                     "%s is given twice", names[i]);
            values[i] = each.value;
        }
    }
    return GBX_ERR_OK;
}

static gbx_err read_id(gbx_json_value value, gbx__id_text *id, const char *list, size_t index, const char *field,
                       gbx_error *error)
{
    if (gbx__id_read(value, id))
        return GBX_ERR_OK;
    if (gbx_json_typeof(value) == GBX_JSON_ABSENT)
        return gbx_error_set(error, GBX_ERR_MISSING, pointer_to(list, index, field).text,
                             "%s is missing: a string or a number", field);
    return gbx_error_set(error, GBX_ERR_TYPE, pointer_to(list, index, field).text, "%s is a string or a number, not %s",
                         field, gbx_json_type_name(gbx_json_typeof(value)));
}

/* A label is display only: one that is no string is left to travel with the other fields. */
static gbx_err keep_label(gbx__graph *graph, gbx_json_value value, gbx__text *label)
{
    gbx_json_string text;

    if (!gbx_json_str(value, &text))
        return GBX_ERR_OK;
    return gbx__texts_add(&graph->texts, text.at, text.length, label);
}

static gbx_err add_node(builder *b, size_t index, gbx_json_value value)
{
    static const char *const names[] = {"id", "label", NULL};
    gbx_json_value fields[2] = {0};
    gbx__node node = {.kind = GBX__NODE_ITEM};
    gbx__id_text id;
    uint32_t number;
    bool is_new;
    gbx_err err;

    if ((err = pick(value, names, fields, "nodes", index, b->error)) != GBX_ERR_OK ||
        (err = read_id(fields[0], &id, "nodes", index, "id", b->error)) != GBX_ERR_OK ||
        (err = gbx__names_intern(&b->ids, &b->graph->texts, id.text.at, id.text.length, &number, &is_new)) !=
            GBX_ERR_OK)
        return err;
    if (!is_new)
        return gbx_error_set(b->error, GBX_ERR_CONFLICT, pointer_to("nodes", index, "id").text,
                             "the id \"%.*s\" is that of node %u already", gbx__id_shown(id.text), id.text.at, number);
    node.name = b->ids.names[number];
    if ((err = keep_label(b->graph, fields[1], &node.value)) != GBX_ERR_OK ||
        (err = gbx__graph_add_node_value(b->graph, value, &node.origin)) != GBX_ERR_OK)
        return err;
    return gbx__graph_add_node(b->graph, node);
}

/* The node at one end of an edge. */
static gbx_err find_end(const builder *b, size_t index, gbx_json_value value, const char *field, uint32_t *node)
{
    const char *list = b->lists->edges_key;
    gbx__id_text id;
    gbx_err err = read_id(value, &id, list, index, field, b->error);

    if (err != GBX_ERR_OK || gbx__names_find(&b->ids, &b->graph->texts, id.text.at, id.text.length, node))
        return err;
    return gbx_error_set(b->error, GBX_ERR_UNKNOWN, pointer_to(list, index, field).text,
                         "there is no node with the id \"%.*s\"", gbx__id_shown(id.text), id.text.at);
}

static gbx_err add_edge(builder *b, size_t index, gbx_json_value value)
{
    static const char *const names[] = {"source", "target", "label", NULL};
    gbx_json_value fields[3] = {0};
    gbx__edge edge = {0};
    gbx_err err;

    if ((err = pick(value, names, fields, b->lists->edges_key, index, b->error)) != GBX_ERR_OK ||
        (err = find_end(b, index, fields[0], "source", &edge.source)) != GBX_ERR_OK ||
        (err = find_end(b, index, fields[1], "target", &edge.target)) != GBX_ERR_OK ||
        (err = keep_label(b->graph, fields[2], &edge.label)) != GBX_ERR_OK ||
        (err = gbx__graph_add_edge_value(b->graph, value, &edge.origin)) != GBX_ERR_OK)
        return err;
    return gbx__graph_add_edge(b->graph, edge);
}

typedef gbx_err (*add_function)(builder *b, size_t index, gbx_json_value value);

/* One span's worth: up to `count` values from where the iterator stands. */
static gbx_err build_batch(builder *b, add_function add, gbx_json_iterator *each, size_t count, bool *more)
{
    gbx_err err = GBX_ERR_OK;
    GBX_SPAN_NAMED("graph.build.batch");

    gbx_note_int("first", (int64_t)each->index);
    for (size_t i = 0; err == GBX_ERR_OK && i < count && *more; ++i) {
        err = add(b, each->index, each->value);
        *more = gbx_json_next(each);
    }
    return err;
}

static gbx_err build_list(builder *b, add_function add, gbx_json_value list, size_t count)
{
    gbx_json_iterator each = gbx_json_each(list);
    bool more = gbx_json_next(&each);
    gbx_err err = GBX_ERR_OK;

    while (err == GBX_ERR_OK && more)
        err = build_batch(b, add, &each, gbx__graph_batch(count), &more);
    return err;
}

static gbx_err build_nodes(builder *b)
{
    size_t count = gbx_json_count(b->lists->nodes);
    GBX_SPAN_NAMED("graph.build.nodes");

    gbx_note_int("count", (int64_t)count);
    return build_list(b, add_node, b->lists->nodes, count);
}

static gbx_err build_edges(builder *b)
{
    size_t count = gbx_json_count(b->lists->edges);
    GBX_SPAN_NAMED("graph.build.edges");

    gbx_note_int("count", (int64_t)count);
    return build_list(b, add_edge, b->lists->edges, count);
}

static gbx_err build(void *parsed, gbx__graph *graph, gbx_error *error)
{
    builder b = {.lists = parsed, .graph = graph, .error = error};
    gbx_err err = gbx__graph_reserve(graph, gbx_json_count(b.lists->nodes), gbx_json_count(b.lists->edges));

    if (err == GBX_ERR_OK)
        err = build_nodes(&b);
    if (err == GBX_ERR_OK)
        err = build_edges(&b);
    gbx__names_fini(&b.ids);
    return err;
}

const gbx__source gbx__source_json = {
    {"json", "Graph as JSON",
     "Nodes and edges: graph_data is {\"nodes\": [{\"id\"}], \"edges\": [{\"source\", \"target\"}]}.", NULL},
    parse,
    build,
    free,
};
