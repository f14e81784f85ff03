/* SPDX-License-Identifier: MIT */
/* Owns the source `html`, which turns a page into a graph of its elements, attributes and texts. */
#include "base/account.h"
#include "base/cut.h"
#include "graph/fields.h"
#include "graph/registry.h"
#include "graph/source/page.h"
#include <glassbox/span.h>
#include <string.h>

enum { SECTIONS_MAX = 256, NAME_BYTES_MAX = 64 };

static gbx_err read_html(gbxi_json_value graph_data, gbxi_json_string *html, gbx_error *error)
{
    static const char *const known[] = {"html", NULL};
    gbxi_json_pointer at = gbxi_pointer_to(NULL, "graph_data");
    gbxi_json_value value = gbxi_json_member(graph_data, "html");
    gbx_err err = gbxi_fields_check(graph_data, &at, known, error);

    if (err != GBX_ERR_OK)
        return err;
    at = gbxi_pointer_to(&at, "html");
    if (gbxi_json_typeof(value) == GBXI_JSON_ABSENT)
        return gbx_error_set(error, GBX_ERR_MISSING, at.text, "html is missing; it must be the page as a string");
    if (!gbxi_json_str(value, html))
        return gbx_error_set(error, GBX_ERR_TYPE, at.text, "html must be a string, not %s",
                             gbxi_json_type_name(gbxi_json_typeof(value)));
    return GBX_ERR_OK;
}

/* A page that is too much for the parser is a value that a request may not have. */
static gbx_err refuse_page(gbx_error *error)
{
    if (error != NULL) {
        error->code = GBX_ERR_RANGE;
        strcpy(error->pointer, "/graph_data/html");
    }
    return GBX_ERR_RANGE;
}

static gbx_err html_source_parse(gbxi_json_value graph_data, void **parsed, gbx_error *error)
{
    gbxi_json_string html;
    gbxi_page *page;
    gbx_err err;
    GBX_SPAN_NAMED("graph.parse.html");

    if ((err = read_html(graph_data, &html, error)) != GBX_ERR_OK)
        return err;
    if ((page = gbxi_account_calloc(1, sizeof(*page))) == NULL)
        return GBX_ERR_NO_MEMORY;
    *parsed = page;
    gbx_note_int("bytes", (int64_t)html.length);
    err = gbxi_page_parse(page, html.at, html.length, error);
    gbx_note_int("records", (int64_t)page->count);
    return err == GBX_ERR_LIMIT ? refuse_page(error) : err;
}

/* Records and nodes have the same numbers, so a record's parent is also its node's parent. */
static gbx_err add_records(const gbxi_page *page, size_t begin, size_t end, gbxi_graph *graph)
{
    gbx_err err = GBX_ERR_OK;

    for (size_t i = begin; err == GBX_ERR_OK && i < end; i++) {
        const gbxi_page_record *record = &page->records[i];

        if (!gbxi_account_goes_on(i))
            return GBX_ERR_IO;

        err = gbxi_graph_add_node(graph, (gbxi_node){.name = record->name,
                                                     .value = record->value,
                                                     .origin = (uint32_t)i,
                                                     .kind = (uint8_t)record->kind});
        if (err == GBX_ERR_OK && record->parent != GBXI_GRAPH_NONE)
            err = gbxi_graph_add_edge(
                graph, (gbxi_edge){.source = record->parent, .target = (uint32_t)i, .origin = GBXI_GRAPH_NONE});
    }
    return err;
}

static gbx_err html_source_build_batch(const gbxi_page *page, size_t begin, size_t end, gbxi_graph *graph)
{
    GBX_SPAN_NAMED("graph.build.batch");

    gbx_note_int("first", (int64_t)begin);
    gbx_note_int("count", (int64_t)(end - begin));
    return add_records(page, begin, end, graph);
}

static gbx_err build_batches(const gbxi_page *page, size_t begin, size_t end, gbxi_graph *graph)
{
    size_t batch = gbxi_graph_batch(page->count);
    gbx_err err = GBX_ERR_OK;

    if (end - begin <= batch)
        return add_records(page, begin, end, graph);
    for (; err == GBX_ERR_OK && begin < end; begin += batch)
        err = html_source_build_batch(page, begin, end - begin < batch ? end : begin + batch, graph);
    return err;
}

/* The number of bytes of a text that fit into a name. */
static int fitting_bytes(const gbxi_page *page, gbxi_text text)
{
    return (int)gbxi_cut(gbxi_texts_at(&page->texts, text), text.length, NAME_BYTES_MAX);
}

/* Puts what fits of a text, and returns its end. */
static inline char *put_fitting(char *at, const gbxi_page *page, gbxi_text text)
{
    size_t length = (size_t)fitting_bytes(page, text);

    memcpy(at, gbxi_texts_at(&page->texts, text), length);
    return at + length;
}

typedef struct section_name {
    char text[2 * NAME_BYTES_MAX + 16];
} section_name;

/* Names a span "section tag" or "section tag#id", so that a reader of the trace recognises the part of the page. It is
 * no argument, which brackets would say: many sections have the same. A page has a span for each section, and a format
 * with precisions would cost several times as much. */
static const char *name_section(const gbxi_page *page, size_t element, section_name *name)
{
    static const char begin[] = "section ";
    const gbxi_page_record *records = page->records;
    gbxi_text id = {0};
    char *at = name->text;

    for (size_t i = element + 1; i < records[element].end && records[i].kind == GBXI_NODE_ATTRIBUTE; i++)
        if (records[i].name.length == 2 && memcmp(gbxi_texts_at(&page->texts, records[i].name), "id", 2) == 0)
            id = records[i].value;
    memcpy(at, begin, sizeof(begin) - 1);
    at = put_fitting(at + sizeof(begin) - 1, page, records[element].name);
    if (id.length > 0) {
        *at++ = '#';
        at = put_fitting(at, page, id);
    }
    *at = '\0';
    return name->text;
}

/* The name is made only while the thread is captured. */
static gbx_err build_section(const gbxi_page *page, size_t element, gbxi_graph *graph)
{
    section_name name;
    GBX_SPAN_FMT("%s", name_section(page, element, &name));

    gbx_note_int("nodes", (int64_t)(page->records[element].end - element));
    return build_batches(page, element, page->records[element].end, graph);
}

/* Sections are the head and any other siblings of the body, and each element directly in the body. */
static bool is_section(const gbxi_page *page, size_t i)
{
    const gbxi_page_record *record = &page->records[i];

    if (record->kind != GBXI_NODE_ELEMENT || record->parent == GBXI_GRAPH_NONE)
        return false;
    return record->parent == page->body || (record->parent == page->root && i != page->body);
}

static gbx_err html_source_build(void *parsed, gbxi_graph *graph, gbx_error *error)
{
    gbxi_page *page = parsed;
    size_t i = 0, sections = 0;
    gbx_err err = gbxi_graph_reserve(graph, page->count, page->count);

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
    graph->texts = page->texts; /* the graph's names and values refer to the page's block, so the graph takes it over */
    page->texts = (gbxi_texts){0};
    return err;
}

static void free_page(void *parsed)
{
    if (parsed != NULL)
        gbxi_page_fini(parsed);
    gbxi_account_free(parsed);
}

const gbxi_source gbxi_source_html = {
    {"html", "HTML page", "The elements, attributes and texts of a page. graph_data is {\"html\": \"...\"}.", NULL},
    html_source_parse,
    html_source_build,
    free_page,
};
