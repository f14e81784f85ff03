/* SPDX-License-Identifier: MIT */
/* W2: checks that the pipeline's time per node, from parsing to rendering, is the same for 200,000 nodes as for
 * 1,000, for every engine and transformation that the service lists. With SOURCE ENGINE TRANSFORMATION NODES it runs
 * that case once, for counting instructions. */
#include "bench.h"
#include "graph/catalog.h"
#include "graph/pipeline.h"
#include "json/reader.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = 200000, NODES_SMALL = 1000, SMALL_REPEATS = 20, EDGES_PER_NODE = 3, ROUNDS = 3, SINK_BYTES = 1 << 16 };

typedef struct text {
    char *bytes;
    size_t length;
} text;

typedef struct run {
    gbxi_graph_route route;
    size_t nodes;
    text large, small;
} run;

/* What is written goes nowhere, as it would to a client that takes it at once. */
static gbx_err discard(gbxi_json_writer *writer, size_t need)
{
    (void)need;
    writer->begin = writer->at = writer->sink;
    writer->end = writer->begin + SINK_BYTES;
    return GBX_ERR_OK;
}

static gbx_err work(const run *what, const text *body)
{
    static char sink[SINK_BYTES];
    gbxi_json_writer writer;
    gbx_error error;
    gbx_err result;

    gbxi_json_writer_init(&writer, discard, sink);
    result = gbxi_graph_run(&what->route, body->bytes, body->length, &writer, &error);
    return result != GBX_ERR_OK ? result : gbxi_json_writer_finish(&writer);
}

/* ns per node. */
static double measure(const run *what, const text *body, size_t nodes, int repeats)
{
    uint64_t begin = bench_now_ns();

    for (int i = 0; i != repeats; ++i)
        if (work(what, body) != GBX_ERR_OK)
            abort();
    return (double)(bench_now_ns() - begin) / (double)repeats / (double)nodes;
}

static double run_large(void *context)
{
    const run *what = context;

    return measure(what, &what->large, what->nodes, 1);
}

static double run_small(void *context)
{
    const run *what = context;

    return measure(what, &what->small, NODES_SMALL, SMALL_REPEATS);
}

static text finished(gbxi_json_writer *writer, gbxi_json_buffer *buffer)
{
    if (gbxi_json_writer_finish(writer) != GBX_ERR_OK)
        abort();
    return (text){buffer->bytes, buffer->length};
}

static void write_id(gbxi_json_writer *w, const char *key, size_t number)
{
    char id[32];

    snprintf(id, sizeof(id), "node %zu", number);
    gbxi_json_key(w, key);
    gbxi_json_string_z(w, id);
}

/* Every node has edges to nodes that look random and are always the same. */
static void write_edges(gbxi_json_writer *w, size_t nodes)
{
    uint64_t random = 1;

    for (size_t i = 0; i != nodes * EDGES_PER_NODE; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        gbxi_json_object_begin(w);
        write_id(w, "source", i % nodes);
        write_id(w, "target", (size_t)(random >> 33) % nodes);
        gbxi_json_object_end(w);
    }
}

static text make_graph(size_t nodes)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;

    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_object_begin(&w);
    gbxi_json_key(&w, "graph_data");
    gbxi_json_object_begin(&w);
    gbxi_json_key(&w, "nodes");
    gbxi_json_array_begin(&w);
    for (size_t i = 0; i != nodes; ++i) {
        gbxi_json_object_begin(&w);
        write_id(&w, "id", i);
        gbxi_json_object_end(&w);
    }
    gbxi_json_array_end(&w);
    gbxi_json_key(&w, "edges");
    gbxi_json_array_begin(&w);
    write_edges(&w, nodes);
    gbxi_json_array_end(&w);
    gbxi_json_object_end(&w);
    gbxi_json_object_end(&w);
    return finished(&w, &buffer);
}

/* Every paragraph is three nodes: itself, its attribute and its text. */
static text make_page(size_t nodes)
{
    static const char paragraph[] = "<p class=\"note\">Some text, as pages have it.</p>\n";
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;
    gbxi_json_text html;

    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_object_begin(&w);
    gbxi_json_key(&w, "graph_data");
    gbxi_json_object_begin(&w);
    gbxi_json_key(&w, "html");
    gbxi_json_text_begin(&w, &html);
    for (size_t i = 0; i < nodes; i += 3)
        gbxi_json_text_add(&w, &html, paragraph, sizeof(paragraph) - 1);
    gbxi_json_text_end(&w, &html);
    gbxi_json_object_end(&w);
    gbxi_json_object_end(&w);
    return finished(&w, &buffer);
}

/* What the service lists of a kind. Never freed: the names are used to the end. */
static gbxi_json_value list(void (*write)(gbxi_json_writer *), const char *kind)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_document *document = NULL;
    gbxi_json_writer w;
    text listed;

    gbxi_json_writer_init_buffer(&w, &buffer);
    write(&w);
    listed = finished(&w, &buffer);
    if (gbxi_json_parse(listed.bytes, listed.length, &document, NULL) != GBX_ERR_OK)
        abort();
    return gbxi_json_member(gbxi_json_root(document), kind);
}

/* A transformation that is not for this source, or that needs to be told something, has no row. */
static void compare(run *what, gbxi_json_string engine, gbxi_json_string transformation)
{
    char name[256];

    what->route.engine = engine.at;
    what->route.engine_length = engine.length;
    what->route.transformation = transformation.at;
    what->route.transformation_length = transformation.length;
    if (work(what, &what->small) != GBX_ERR_OK)
        return;
    snprintf(name, sizeof(name), "%.*s to %.*s, %.*s", (int)what->route.source_length, what->route.source,
             (int)engine.length, engine.at, (int)transformation.length, transformation.at);
    bench_compare(&(bench_row){.what = name,
                               .unit = "ns per node",
                               .subject_name = "200,000 nodes",
                               .reference_name = "1,000 nodes",
                               .subject = run_large,
                               .reference = run_small,
                               .context = what,
                               .rounds = ROUNDS,
                               .limit_of = "ratio",
                               .at_most = 2});
}

static gbxi_json_string name_of(gbxi_json_value part)
{
    gbxi_json_string name = {0};

    if (!gbxi_json_str(gbxi_json_member(part, "name"), &name))
        abort();
    return name;
}

static void compare_all(const char *source, text (*make)(size_t nodes))
{
    size_t nodes = bench_scale(NODES);
    run what = {.route = {.source = source, .source_length = strlen(source)},
                .nodes = nodes,
                .large = make(nodes),
                .small = make(NODES_SMALL)};
    gbxi_json_iterator engines = gbxi_json_each(list(gbxi_graph_write_engines, "engines"));

    while (gbxi_json_next(&engines)) {
        gbxi_json_iterator transformations = gbxi_json_each(list(gbxi_graph_write_transformations, "transformations"));

        while (gbxi_json_next(&transformations))
            compare(&what, name_of(engines.value), name_of(transformations.value));
    }
    free(what.large.bytes);
    free(what.small.bytes);
}

static int run_once(char **part)
{
    bool from_html = strcmp(part[0], "html") == 0;
    size_t nodes = strtoul(part[3], NULL, 10);
    const run what = {.route = {.source = part[0],
                                .source_length = strlen(part[0]),
                                .engine = part[1],
                                .engine_length = strlen(part[1]),
                                .transformation = part[2],
                                .transformation_length = strlen(part[2])}};
    text body = from_html ? make_page(nodes) : make_graph(nodes);
    gbx_err result = work(&what, &body);

    free(body.bytes);
    return result == GBX_ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc == 5)
        return run_once(argv + 1);
    bench_begin("W2");
    compare_all("json", make_graph);
    compare_all("html", make_page);
    return bench_end();
}
