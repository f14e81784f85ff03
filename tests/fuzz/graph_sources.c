/* SPDX-License-Identifier: MIT */
/* Any page and any graph, through each transformation to each engine: what is answered is JSON and adds up, what is
 * refused says why and where.
 *
 * An input's first byte says what the rest is: an even one a page, an odd one a request body of the source json, and
 * half of it, counted from '0', for which engine of the registry, in its order and round again. Its length says which
 * transformation it goes through, after default: as many rows down the registry as it is over a multiple of their
 * number. */
#include "fuzz.h"
#include "graph/pipeline.h"
#include "graph/registry.h"
#include "graph/source/page.h"
#include "json/reader.h"
#include <string.h>

static const gbxi_engine *const engines[] = {
#define ENGINE_ROW(name) &gbxi_engine_##name,
    GBXI_ENGINES(ENGINE_ROW)
#undef ENGINE_ROW
};
enum { ENGINES = sizeof(engines) / sizeof(engines[0]) };
static const gbxi_part *const transformations[] = {
#define TRANSFORMATION_ROW(name) &gbxi_transformation_##name.part,
    GBXI_TRANSFORMATIONS(TRANSFORMATION_ROW) NULL
#undef TRANSFORMATION_ROW
};

/* A page's records: parents come first, ends enclose, and only elements have something below them. */
static void check_page(const char *html, size_t length)
{
    gbxi_page page;
    gbx_error error;
    gbx_err err = gbxi_page_parse(&page, html, length, &error);

    FUZZ_CHECK(err == GBX_ERR_OK || err == GBX_ERR_LIMIT);
    for (size_t i = 0; err == GBX_ERR_OK && i < page.count; ++i) {
        const gbxi_page_record *record = &page.records[i], *parent;

        FUZZ_CHECK(record->end > i && record->end <= page.count);
        FUZZ_CHECK((uint64_t)record->name.at + record->name.length <= page.texts.used);
        FUZZ_CHECK((uint64_t)record->value.at + record->value.length <= page.texts.used);
        FUZZ_CHECK((record->name.length > 0) == (record->kind != GBXI_NODE_TEXT));
        if (record->parent == GBXI_GRAPH_NONE)
            continue;
        parent = &page.records[record->parent];
        FUZZ_CHECK(record->parent < i && parent->kind == GBXI_NODE_ELEMENT && parent->end >= record->end);
    }
    gbxi_page_fini(&page);
}

static uint64_t member_uint(gbxi_json_value root, const char *key)
{
    uint64_t value = 0;

    FUZZ_CHECK(gbxi_json_uint64(gbxi_json_member(root, key), &value));
    return value;
}

static size_t count_lines(gbxi_json_string text)
{
    size_t lines = 0;

    for (size_t i = 0; i < text.length; ++i)
        lines += text.at[i] == '\n';
    return lines;
}

/* The one of an engine's members that is its text; false for engines that write arrays. */
static bool find_text(gbxi_json_value root, const char *engine, gbxi_json_string *text)
{
    return gbxi_json_str(gbxi_json_member(root, engine), text);
}

/* Texts have a line for each node and each edge; an id's own line breaks, which dot keeps, and options add some, and a
 * tree's depth may leave some out. */
static void check_text(gbxi_json_string text, const gbxi_engine *engine, uint64_t nodes, uint64_t edges)
{
    if (engine == &gbxi_engine_dot)
        FUZZ_CHECK(count_lines(text) >= nodes + edges + 2);
    else if (engine == &gbxi_engine_mermaid)
        FUZZ_CHECK(count_lines(text) >= nodes + edges + 1);
    else if (engine == &gbxi_engine_tree)
        FUZZ_CHECK(count_lines(text) <= nodes + edges);
    else
        FUZZ_CHECK(false);
}

/* Without the boxes of Cytoscape, which stand among its nodes. */
static uint64_t count_nodes(gbxi_json_value list)
{
    gbxi_json_iterator each = gbxi_json_each(list);
    uint64_t nodes = 0;

    while (gbxi_json_next(&each)) {
        gbxi_json_string classes = {"", 0};

        gbxi_json_str(gbxi_json_member(each.value, "classes"), &classes);
        nodes += classes.length != 7 || memcmp(classes.at, "cluster", 7) != 0;
    }
    return nodes;
}

/* The arrays are as long as is said. */
static void check_arrays(gbxi_json_value root, uint64_t nodes, uint64_t edges)
{
    gbxi_json_value elements = gbxi_json_member(root, "elements");
    gbxi_json_value parts = gbxi_json_typeof(elements) == GBXI_JSON_ABSENT ? root : elements;
    gbxi_json_value edge_list = gbxi_json_member(parts, "edges");

    if (gbxi_json_typeof(edge_list) == GBXI_JSON_ABSENT)
        edge_list = gbxi_json_member(parts, "links");
    FUZZ_CHECK(count_nodes(gbxi_json_member(parts, "nodes")) == nodes);
    FUZZ_CHECK(gbxi_json_typeof(edge_list) == GBXI_JSON_ARRAY && gbxi_json_count(edge_list) == edges);
}

static void check_answer(const gbxi_json_buffer *buffer, const gbxi_engine *engine)
{
    gbxi_json_document *document = NULL;
    gbxi_json_value root;
    gbxi_json_string text;
    uint64_t nodes, edges;
    gbx_err err = gbxi_json_parse(buffer->bytes, buffer->length, &document, NULL);

    if (err == GBX_ERR_LIMIT) /* a field that was as deep as a request may be is two levels deeper here */
        return;
    FUZZ_CHECK(err == GBX_ERR_OK);
    root = gbxi_json_root(document);
    nodes = member_uint(root, "node_count");
    edges = member_uint(root, "edge_count");
    if (find_text(root, engine->part.name, &text))
        check_text(text, engine, nodes, edges);
    else
        check_arrays(root, nodes, edges);
    gbxi_json_free(document);
}

static void check_error(const gbx_error *error, gbx_err code)
{
    FUZZ_CHECK(error->code == code && code != GBX_ERR_NO_MEMORY && code != GBX_ERR_STATE);
    FUZZ_CHECK(memchr(error->text, '\0', sizeof(error->text)) != NULL && error->text[0] != '\0');
    FUZZ_CHECK(memchr(error->pointer, '\0', sizeof(error->pointer)) != NULL);
    FUZZ_CHECK(error->pointer[0] == '/' || code == GBX_ERR_SYNTAX || code == GBX_ERR_LIMIT);
}

static void run_through(const char *transformation, const char *source, const gbxi_engine *engine, const char *body,
                        size_t length)
{
    const char *name = engine->part.name;
    gbxi_graph_route route = {source, strlen(source), name, strlen(name), transformation, strlen(transformation)};
    gbxi_json_buffer answer = {0};
    gbxi_json_writer writer;
    gbx_error error;
    gbx_err err;

    gbxi_json_writer_init_buffer(&writer, &answer);
    err = gbxi_graph_run(&route, body, length, &writer, &error);
    if (err != GBX_ERR_OK) {
        check_error(&error, err);
    } else {
        FUZZ_CHECK(gbxi_json_writer_finish(&writer) == GBX_ERR_OK);
        check_answer(&answer, engine);
    }
    gbxi_json_buffer_fini(&answer);
}

/* The plain graph first, then one transformation: all of them for every input would leave time for few inputs. */
static void run(const char *source, const gbxi_engine *engine, size_t transformation, const char *body, size_t length)
{
    run_through(transformations[0]->name, source, engine, body, length);
    run_through(transformations[transformation]->name, source, engine, body, length);
}

static void run_page(const gbxi_engine *engine, size_t transformation, const char *html, size_t length)
{
    gbxi_json_buffer body = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &body);
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "graph_data");
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "html");
    gbxi_json_string_n(&writer, html, length);
    gbxi_json_object_end(&writer);
    gbxi_json_object_end(&writer);
    FUZZ_CHECK(gbxi_json_writer_finish(&writer) == GBX_ERR_OK);
    run("html", engine, transformation, body.bytes, body.length);
    gbxi_json_buffer_fini(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *rest = (const char *)data + 1;
    size_t transformation = size % (sizeof(transformations) / sizeof(transformations[0]) - 1);
    const gbxi_engine *engine;

    if (size == 0)
        return 0;
    engine = engines[(uint8_t)(data[0] - '0') / 2 % ENGINES];
    if (data[0] % 2 != 0) {
        run("json", engine, transformation, rest, size - 1);
        return 0;
    }
    check_page(rest, size - 1);
    run_page(engine, transformation, rest, size - 1);
    return 0;
}
