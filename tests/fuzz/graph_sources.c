/* SPDX-License-Identifier: MIT */
/* Any page and any graph, through each transformation to each engine: what is answered is JSON and adds up, what is
 * refused says why and where.
 *
 * An input's first byte says what the rest is: '0', '2', '4' a page for dot, mermaid, tree; '1', '3', '5' a request
 * body of the source json for the same. Its length says which transformation it goes through, after default: as many
 * rows down the registry as it is over a multiple of their number. */
#include "fuzz.h"
#include "graph/page.h"
#include "graph/pipeline.h"
#include "graph/registry.h"
#include "json/reader.h"

static const char *const engines[] = {"dot", "mermaid", "tree"};
#define TRANSFORMATION_ROW(name) &gbx__transformation_##name.part,
static const gbx__part *const transformations[] = {GBX__TRANSFORMATIONS(TRANSFORMATION_ROW) NULL};
static const char *const sizes[] = {"dot_size", "mermaid_size", NULL};

/* A page's records: parents come first, ends enclose, and only elements have something below them. */
static void check_page(const char *html, size_t length)
{
    gbx__page page;
    gbx_error error;
    gbx_err err = gbx__page_parse(&page, html, length, &error);

    FUZZ_CHECK(err == GBX_ERR_OK || err == GBX_ERR_LIMIT);
    for (size_t i = 0; err == GBX_ERR_OK && i < page.count; ++i) {
        const gbx__page_record *record = &page.records[i], *parent;

        FUZZ_CHECK(record->end > i && record->end <= page.count);
        FUZZ_CHECK((uint64_t)record->name.at + record->name.length <= page.texts.used);
        FUZZ_CHECK((uint64_t)record->value.at + record->value.length <= page.texts.used);
        FUZZ_CHECK((record->name.length > 0) == (record->kind != GBX__NODE_TEXT));
        if (record->parent == GBX__GRAPH_NONE)
            continue;
        parent = &page.records[record->parent];
        FUZZ_CHECK(record->parent < i && parent->kind == GBX__NODE_ELEMENT && parent->end >= record->end);
    }
    gbx__page_fini(&page);
}

static uint64_t member_uint(gbx_json_value root, const char *key)
{
    uint64_t value = 0;

    FUZZ_CHECK(gbx_json_uint64(gbx_json_member(root, key), &value));
    return value;
}

static size_t count_lines(gbx_json_string text)
{
    size_t lines = 0;

    for (size_t i = 0; i < text.length; ++i)
        lines += text.at[i] == '\n';
    return lines;
}

/* Texts have a line for each node and each edge; an id's own line breaks, which dot keeps, may add some. */
static void check_answer(const gbx_json_buffer *buffer, size_t engine)
{
    gbx_json_document *document = NULL;
    gbx_json_value root;
    gbx_json_string text;
    uint64_t nodes, edges;

    FUZZ_CHECK(gbx_json_parse(buffer->bytes, buffer->length, &document, NULL) == GBX_ERR_OK);
    root = gbx_json_root(document);
    nodes = member_uint(root, "node_count");
    edges = member_uint(root, "edge_count");
    FUZZ_CHECK(gbx_json_str(gbx_json_member(root, engines[engine]), &text));
    if (sizes[engine] != NULL)
        FUZZ_CHECK(member_uint(root, sizes[engine]) == text.length);
    if (engine == 0)
        FUZZ_CHECK(count_lines(text) >= nodes + edges + 2);
    else if (engine == 1)
        FUZZ_CHECK(count_lines(text) == nodes + edges + 1);
    else
        FUZZ_CHECK(count_lines(text) >= nodes && count_lines(text) <= nodes + edges);
    gbx_json_free(document);
}

static void check_error(const gbx_error *error, gbx_err code)
{
    FUZZ_CHECK(error->code == code && code != GBX_ERR_NO_MEMORY && code != GBX_ERR_STATE);
    FUZZ_CHECK(memchr(error->text, '\0', sizeof(error->text)) != NULL && error->text[0] != '\0');
    FUZZ_CHECK(memchr(error->pointer, '\0', sizeof(error->pointer)) != NULL);
    FUZZ_CHECK(error->pointer[0] == '/' || code == GBX_ERR_SYNTAX || code == GBX_ERR_LIMIT);
}

static void run_through(const char *transformation, const char *source, size_t engine, const char *body, size_t length)
{
    gbx_graph_route route = {source,         strlen(source),        engines[engine], strlen(engines[engine]),
                             transformation, strlen(transformation)};
    gbx_json_buffer answer = {0};
    gbx_json_writer writer;
    gbx_error error;
    gbx_err err;

    gbx_json_writer_init_buffer(&writer, &answer);
    err = gbx_graph_run(&route, body, length, &writer, &error);
    if (err != GBX_ERR_OK) {
        check_error(&error, err);
    } else {
        FUZZ_CHECK(gbx_json_writer_finish(&writer) == GBX_ERR_OK);
        check_answer(&answer, engine);
    }
    gbx_json_buffer_fini(&answer);
}

/* The plain graph first, then one transformation: all of them for every input would leave time for few inputs. */
static void run(const char *source, size_t engine, size_t transformation, const char *body, size_t length)
{
    run_through(transformations[0]->name, source, engine, body, length);
    run_through(transformations[transformation]->name, source, engine, body, length);
}

static void run_page(size_t engine, size_t transformation, const char *html, size_t length)
{
    gbx_json_buffer body = {0};
    gbx_json_writer writer;

    gbx_json_writer_init_buffer(&writer, &body);
    gbx_json_object_begin(&writer);
    gbx_json_key(&writer, "graph_data");
    gbx_json_object_begin(&writer);
    gbx_json_key(&writer, "html");
    gbx_json_string_n(&writer, html, length);
    gbx_json_object_end(&writer);
    gbx_json_object_end(&writer);
    FUZZ_CHECK(gbx_json_writer_finish(&writer) == GBX_ERR_OK);
    run("html", engine, transformation, body.bytes, body.length);
    gbx_json_buffer_fini(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *rest = (const char *)data + 1;
    size_t engine, transformation = size % (sizeof(transformations) / sizeof(transformations[0]) - 1);

    if (size == 0)
        return 0;
    engine = (data[0] / 2) % (sizeof(engines) / sizeof(engines[0]));
    if (data[0] % 2 != 0) {
        run("json", engine, transformation, rest, size - 1);
        return 0;
    }
    check_page(rest, size - 1);
    run_page(engine, transformation, rest, size - 1);
    return 0;
}
