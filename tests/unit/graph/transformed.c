/* SPDX-License-Identifier: MIT */
/* Owns the creation of graphs from short texts, their transformation, and the conversion of the result to text. */
#define _GNU_SOURCE
#include "transformed.h"
#include "graph/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROW(name) &gbxi_transformation_##name,
const gbxi_transformation *const transformed_all[] = {GBXI_TRANSFORMATIONS(ROW) NULL};

static void add_member(gbxi_json_writer *out, const char *key, const char *at, size_t length)
{
    gbxi_json_key_n(out, key, strlen(key));
    gbxi_json_string_n(out, at, length);
}

/* SOURCE>TARGET, then :LABEL or =WEIGHT. */
static void add_edge(gbxi_json_writer *out, const char *at, size_t length)
{
    size_t arrow = strcspn(at, ">"), end = arrow + 1 + strcspn(at + arrow + 1, ":= ");

    assert_true(end <= length);
    add_member(out, "source", at, arrow);
    add_member(out, "target", at + arrow + 1, end - arrow - 1);
    if (end == length)
        return;
    if (at[end] == ':') {
        add_member(out, "label", at + end + 1, length - end - 1);
    } else {
        gbxi_json_key(out, "w");
        gbxi_json_raw(out, at + end + 1, length - end - 1);
    }
}

static void add_graph(gbxi_json_writer *out, const char *graph)
{
    bool edges = false;

    gbxi_json_object_begin(out);
    gbxi_json_key(out, "nodes");
    gbxi_json_array_begin(out);
    for (const char *at = graph + strspn(graph, " "); *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");

        if (*at == '|') {
            gbxi_json_array_end(out);
            gbxi_json_key(out, "edges");
            gbxi_json_array_begin(out);
            edges = true;
        } else {
            gbxi_json_object_begin(out);
            if (edges)
                add_edge(out, at, length);
            else
                add_member(out, "id", at, length);
            gbxi_json_object_end(out);
        }
        at += length;
    }
    gbxi_json_array_end(out);
    gbxi_json_object_end(out);
}

static void add_config(gbxi_json_writer *out, const char *config)
{
    char *json;

    if (config == NULL)
        return;
    json = strdup(config);
    assert_non_null(json);
    for (char *at = json; (at = strchr(at, '\'')) != NULL;)
        *at = '"';
    gbxi_json_key(out, "transform_config");
    gbxi_json_raw(out, json, strlen(json));
    free(json);
}

static char *body_of(const char *graph, const char *html, const char *config)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer out;
    char *body;

    gbxi_json_writer_init_buffer(&out, &buffer);
    gbxi_json_object_begin(&out);
    gbxi_json_key(&out, "graph_data");
    if (graph != NULL) {
        add_graph(&out, graph);
    } else {
        gbxi_json_object_begin(&out);
        add_member(&out, "html", html, strlen(html));
        gbxi_json_object_end(&out);
    }
    add_config(&out, config);
    gbxi_json_object_end(&out);
    assert_int_equal(gbxi_json_writer_finish(&out), GBX_ERR_OK);
    body = strndup(buffer.bytes, buffer.length);
    assert_non_null(body);
    gbxi_json_buffer_fini(&buffer);
    return body;
}

char *transformed_body(const char *graph, const char *config)
{
    return body_of(graph, NULL, config);
}

char *transformed_page_body(const char *html, const char *config)
{
    return body_of(NULL, html, config);
}

char *transformed_chain(size_t count)
{
    char *bytes;
    size_t length;
    FILE *file = open_memstream(&bytes, &length);

    assert_non_null(file);
    for (size_t i = 0; i < count; i++)
        fprintf(file, "n%zu ", i);
    fprintf(file, "|");
    for (size_t i = 0; i + 1 < count; i++)
        fprintf(file, " n%zu>n%zu", i, i + 1);
    assert_int_equal(fclose(file), 0);
    return bytes;
}

static void print_text(FILE *file, const gbxi_graph *graph, gbxi_text text)
{
    fprintf(file, "%.*s", (int)text.length, gbxi_texts_at(&graph->texts, text));
}

static void print_id(FILE *file, const gbxi_graph *graph, size_t node)
{
    gbxi_id_room room;
    gbxi_json_string id = gbxi_graph_node_id(graph, node, &room);

    fprintf(file, "%.*s", (int)id.length, id.at);
}

static void print_merged(FILE *file, uint32_t merged)
{
    if (merged > 0)
        fprintf(file, "+%u", merged);
}

static void print_graph(FILE *file, const gbxi_graph *graph)
{
    for (size_t v = 0; v < graph->node_count; v++) {
        print_id(file, graph, v);
        print_merged(file, graph->nodes[v].merged);
        fprintf(file, " ");
    }
    fprintf(file, "|");
    for (size_t i = 0; i < graph->edge_count; i++) {
        const gbxi_edge *edge = &graph->edges[i];

        fprintf(file, " ");
        print_id(file, graph, edge->source);
        fprintf(file, ">");
        print_id(file, graph, edge->target);
        if (edge->label.length > 0) {
            fprintf(file, ":");
            print_text(file, graph, edge->label);
        }
        print_merged(file, edge->merged);
    }
}

static void print_page_node(FILE *file, const gbxi_graph *graph, const gbxi_node *node)
{
    static const char *const before[] = {"?", "", "@", "'"}, *const after[] = {"?", "", "=", ""};

    fprintf(file, "%s", before[node->kind]);
    print_text(file, graph, node->name);
    fprintf(file, "%s", after[node->kind]);
    print_text(file, graph, node->value);
    fprintf(file, "%s", node->kind == GBXI_NODE_TEXT ? "'" : "");
    assert_int_equal(node->merged, 0);
}

/* A page stays a forest in document order: parents before children, one edge to each. */
static void print_page(FILE *file, const gbxi_graph *graph)
{
    size_t at = 0;

    assert_true(graph->is_page);
    for (size_t v = 0; v < graph->node_count; v++) {
        fprintf(file, v > 0 ? " " : "");
        print_id(file, graph, v);
        fprintf(file, ":");
        print_page_node(file, graph, &graph->nodes[v]);
        if (at < graph->edge_count && graph->edges[at].target == v) {
            assert_true(graph->edges[at].source < v);
            assert_int_equal(graph->nodes[graph->edges[at].source].kind, GBXI_NODE_ELEMENT);
            fprintf(file, "<");
            print_id(file, graph, graph->edges[at++].source);
        }
        if (graph->nodes[v].cluster > 0) {
            assert_non_null(graph->clusters);
            fprintf(file, "#%d", graph->nodes[v].cluster);
        }
    }
    assert_int_equal(at, graph->edge_count);
}

static const gbxi_transformation *find(const char *name)
{
    const gbxi_transformation *found;

    assert_int_equal(gbxi_transformation_find(name, strlen(name), &found, NULL), GBX_ERR_OK);
    return found;
}

/* The phases of a request up to the transformation, on the parts themselves. */
static gbx_err run(const char *name, const gbxi_source *source, gbxi_json_value root, gbxi_graph *graph, void **parsed,
                   gbx_error *error)
{
    const gbxi_transformation *transformation = find(name);
    gbxi_json_value config = gbxi_json_member(root, "transform_config");
    gbxi_json_pointer at = gbxi_pointer_to(NULL, "transform_config");
    gbx_err err;

    assert_int_equal(source->parse(gbxi_json_member(root, "graph_data"), parsed, error), GBX_ERR_OK);
    assert_int_equal(source->build(*parsed, graph, error), GBX_ERR_OK);
    if ((err = gbxi_options_check(transformation->part.options, config, &at, error)) != GBX_ERR_OK)
        return err;
    return transformation->apply(graph, config, error);
}

/* Runs a body; what comes out is printed to `file`, which may be NULL. */
static gbx_err transform(const char *name, const gbxi_source *source, const char *body, FILE *file, gbx_error *error)
{
    gbxi_json_document *document;
    gbxi_graph graph = {0};
    void *parsed = NULL;
    gbx_err err;

    assert_int_equal(gbxi_json_parse(body, strlen(body), &document, error), GBX_ERR_OK);
    err = run(name, source, gbxi_json_root(document), &graph, &parsed, error);
    if (err == GBX_ERR_OK && file != NULL) {
        if (graph.is_page)
            print_page(file, &graph);
        else
            print_graph(file, &graph);
    }
    gbxi_graph_fini(&graph);
    source->free(parsed);
    gbxi_json_free(document);
    return err;
}

static void check(const char *name, const gbxi_source *source, char *body, const char *expected)
{
    char *bytes;
    size_t length;
    FILE *file = open_memstream(&bytes, &length);
    gbx_error error = {0};

    assert_non_null(file);
    if (transform(name, source, body, file, &error) != GBX_ERR_OK)
        fail_msg("%s: %s: %s at %s", name, body, error.text, error.pointer);
    assert_int_equal(fclose(file), 0);
    if (strcmp(bytes, expected) != 0)
        fail_msg("%s: %s:\n%s\nand not:\n%s", name, body, bytes, expected);
    free(bytes);
    free(body);
}

void transformed_graph_is(const char *transformation, const char *graph, const char *config, const char *expected)
{
    check(transformation, &gbxi_source_json, body_of(graph, NULL, config), expected);
}

void transformed_page_is(const char *transformation, const char *html, const char *config, const char *expected)
{
    check(transformation, &gbxi_source_html, body_of(NULL, html, config), expected);
}

void transformed_graph_fails(const char *transformation, const char *graph, const char *config, gbx_err err,
                             const char *pointer)
{
    char *body = transformed_body(graph, config);
    gbx_error error = {0};

    if (transform(transformation, &gbxi_source_json, body, NULL, &error) != err || error.code != err ||
        strcmp(error.pointer, pointer) != 0)
        fail_msg("%s: %s: %s: %s at %s", transformation, body, gbx_err_text(error.code), error.text, error.pointer);
    assert_true(strlen(error.text) > 10);
    free(body);
}
