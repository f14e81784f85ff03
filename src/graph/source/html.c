/* SPDX-License-Identifier: MIT */
/* Owns the source `html`: a page becomes the graph of its elements, attributes and texts. */
#include "graph/fields.h"
#include "graph/registry.h"
#include "graph/source/page.h"
#include <glassbox/span.h>
#include <stdlib.h>
#include <string.h>

enum { SECTIONS_MAX = 256, NAME_BYTES_MAX = 64 };

static gbx_err read_html(gbx_json_value graph_data, gbx_json_string *html, gbx_error *error)
{
    static const char *const known[] = {"html", NULL};
    gbx_json_pointer at = gbx__pointer_to(NULL, "graph_data");
    gbx_json_value value = gbx_json_member(graph_data, "html");
    gbx_err err = gbx__fields_check(graph_data, &at, known, error);

    if (err != GBX_ERR_OK)
        return err;
    at = gbx__pointer_to(&at, "html");
    if (gbx_json_typeof(value) == GBX_JSON_ABSENT)
        return gbx_error_set(error, GBX_ERR_MISSING, at.text, "html is missing: the page as a string");
    if (!gbx_json_str(value, html))
        return gbx_error_set(error, GBX_ERR_TYPE, at.text, "html is a string, not %s",
                             gbx_json_type_name(gbx_json_typeof(value)));
    return GBX_ERR_OK;
}

static gbx_err parse(gbx_json_value graph_data, void **parsed, gbx_error *error)
{
    gbx_json_string html;
    gbx__page *page;
    gbx_err err;
    GBX_SPAN_NAMED("graph.parse.html");

    if ((err = read_html(graph_data, &html, error)) != GBX_ERR_OK)
        return err;
    if ((page = calloc(1, sizeof(*page))) == NULL)
        return GBX_ERR_NO_MEMORY;
    *parsed = page;
    gbx_note_int("bytes", (int64_t)html.length);
    err = gbx__page_parse(page, html.at, html.length, error);
    gbx_note_int("records", (int64_t)page->count);
    if (err == GBX_ERR_LIMIT && error != NULL)
        strcpy(error->pointer, "/graph_data/html");
    return err;
}

/* Records and nodes have the same numbers, so a record's parent is its node's. */
static gbx_err add_records(const gbx__page *page, size_t begin, size_t end, gbx__graph *graph)
{
    gbx_err err = GBX_ERR_OK;

    for (size_t i = begin; err == GBX_ERR_OK && i < end; ++i) {
        const gbx__page_record *record = &page->records[i];

        err = gbx__graph_add_node(graph, (gbx__node){.name = record->name,
                                                     .value = record->value,
                                                     .origin = (uint32_t)i,
                                                     .kind = (uint8_t)record->kind});
        if (err == GBX_ERR_OK && record->parent != GBX__GRAPH_NONE)
            err = gbx__graph_add_edge(
                graph, (gbx__edge){.source = record->parent, .target = (uint32_t)i, .origin = GBX__GRAPH_NONE});
    }
    return err;
}

static gbx_err build_batch(const gbx__page *page, size_t begin, size_t end, gbx__graph *graph)
{
    GBX_SPAN_NAMED("graph.build.batch");

    gbx_note_int("first", (int64_t)begin);
    gbx_note_int("count", (int64_t)(end - begin));
    return add_records(page, begin, end, graph);
}

static gbx_err build_batches(const gbx__page *page, size_t begin, size_t end, gbx__graph *graph)
{
    size_t batch = gbx__graph_batch(page->count);
    gbx_err err = GBX_ERR_OK;

    if (end - begin <= batch)
        return add_records(page, begin, end, graph);
    for (; err == GBX_ERR_OK && begin < end; begin += batch)
        err = build_batch(page, begin, end - begin < batch ? end : begin + batch, graph);
    return err;
}

/* Bytes of a text that fit a name, whole code points only. */
static int fitting(const gbx__page *page, gbx__text text)
{
    const char *bytes = gbx__texts_at(&page->texts, text);
    uint32_t length = text.length;

    if (length <= NAME_BYTES_MAX)
        return (int)length;
    for (length = NAME_BYTES_MAX; length > 0 && ((unsigned char)bytes[length] & 0xc0) == 0x80;)
        --length;
    return (int)length;
}

typedef struct section_name {
    char text[2 * NAME_BYTES_MAX + 16];
} section_name;

/* section(tag), or section(tag#id): where a trace's reader finds the page again. */
static const char *name_section(const gbx__page *page, size_t element, section_name *name)
{
    const gbx__page_record *records = page->records;
    gbx__text tag = records[element].name, id = {0};

    for (size_t i = element + 1; i < records[element].end && records[i].kind == GBX__NODE_ATTRIBUTE; ++i)
        if (records[i].name.length == 2 && memcmp(gbx__texts_at(&page->texts, records[i].name), "id", 2) == 0)
            id = records[i].value;
    snprintf(name->text, sizeof(name->text), "section(%.*s%s%.*s)", fitting(page, tag),
             gbx__texts_at(&page->texts, tag), id.length > 0 ? "#" : "", fitting(page, id),
             gbx__texts_at(&page->texts, id));
    return name->text;
}

static gbx_err build_section(const gbx__page *page, size_t element, gbx__graph *graph)
{
    section_name name;
    GBX_SPAN_FMT("%s", name_section(page, element, &name));

    gbx_note_int("nodes", (int64_t)(page->records[element].end - element));
    return build_batches(page, element, page->records[element].end, graph);
}

/* Head and what else is beside the body, and each element directly in the body. */
static bool is_section(const gbx__page *page, size_t i)
{
    const gbx__page_record *record = &page->records[i];

    if (record->kind != GBX__NODE_ELEMENT || record->parent == GBX__GRAPH_NONE)
        return false;
    return record->parent == page->body || (record->parent == page->root && i != page->body);
}

static gbx_err build(void *parsed, gbx__graph *graph, gbx_error *error)
{
    gbx__page *page = parsed;
    size_t i = 0, sections = 0;
    gbx_err err = gbx__graph_reserve(graph, page->count, page->count);

    (void)error;
    graph->is_page = true;
    while (err == GBX_ERR_OK && i < page->count && sections < SECTIONS_MAX) {
        bool section = is_section(page, i);
        size_t end = section ? page->records[i].end : i + 1;

        err = section ? build_section(page, i, graph) : add_records(page, i, end, graph);
        sections += section;
        i = end;
    }
    if (err == GBX_ERR_OK)
        err = build_batches(page, i, page->count, graph);
    graph->texts = page->texts; /* the graph's names and values are the page's: the block changes hands */
    page->texts = (gbx__texts){0};
    return err;
}

static void free_page(void *parsed)
{
    if (parsed != NULL)
        gbx__page_fini(parsed);
    free(parsed);
}

const gbx__source gbx__source_html = {
    {"html", "HTML page", "The elements, attributes and texts of a page: graph_data is {\"html\": \"...\"}.", NULL},
    parse,
    build,
    free_page,
};
