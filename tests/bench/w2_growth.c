/* SPDX-License-Identifier: MIT */
/* W2: the pipeline's time per node, parsing to rendering, is the same for 200,000 nodes as for 1,000, for every engine
 * and transformation that the service lists. With SOURCE ENGINE TRANSFORMATION NODES it runs that once, to be counted.
 */
#include "bench.h"
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
    gbx_graph_route route;
    size_t nodes;
    text large, small;
} run;

/* What is written goes nowhere, as it would to a client that takes it at once. */
static gbx_err discard(gbx_json_writer *writer, size_t need)
{
    (void)need;
    writer->begin = writer->at = writer->sink;
    writer->end = writer->begin + SINK_BYTES;
    return GBX_ERR_OK;
}

static gbx_err work(const run *what, const text *body)
{
    static char sink[SINK_BYTES];
    gbx_json_writer writer;
    gbx_error error;
    gbx_err result;

    gbx_json_writer_init(&writer, discard, sink);
    result = gbx_graph_run(&what->route, body->bytes, body->length, &writer, &error);
    return result != GBX_ERR_OK ? result : gbx_json_writer_finish(&writer);
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

static text finished(gbx_json_writer *writer, gbx_json_buffer *buffer)
{
    if (gbx_json_writer_finish(writer) != GBX_ERR_OK)
        abort();
    return (text){buffer->bytes, buffer->length};
}

static void write_id(gbx_json_writer *w, const char *key, size_t number)
{
    char id[32];

    snprintf(id, sizeof(id), "node %zu", number);
    gbx_json_key(w, key);
    gbx_json_string_z(w, id);
}

/* Every node has edges to nodes that look random and are always the same. */
static void write_edges(gbx_json_writer *w, size_t nodes)
{
    uint64_t random = 1;

    for (size_t i = 0; i != nodes * EDGES_PER_NODE; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        gbx_json_object_begin(w);
        write_id(w, "source", i % nodes);
        write_id(w, "target", (size_t)(random >> 33) % nodes);
        gbx_json_object_end(w);
    }
}

static text make_graph(size_t nodes)
{
    gbx_json_buffer buffer = {0};
    gbx_json_writer w;

    gbx_json_writer_init_buffer(&w, &buffer);
    gbx_json_object_begin(&w);
    gbx_json_key(&w, "graph_data");
    gbx_json_object_begin(&w);
    gbx_json_key(&w, "nodes");
    gbx_json_array_begin(&w);
    for (size_t i = 0; i != nodes; ++i) {
        gbx_json_object_begin(&w);
        write_id(&w, "id", i);
        gbx_json_object_end(&w);
    }
    gbx_json_array_end(&w);
    gbx_json_key(&w, "edges");
    gbx_json_array_begin(&w);
    write_edges(&w, nodes);
    gbx_json_array_end(&w);
    gbx_json_object_end(&w);
    gbx_json_object_end(&w);
    return finished(&w, &buffer);
}

/* Every paragraph is three nodes: itself, its attribute and its text. */
static text make_page(size_t nodes)
{
    static const char paragraph[] = "<p class=\"note\">Some text, as pages have it.</p>\n";
    gbx_json_buffer buffer = {0};
    gbx_json_writer w;
    gbx_json_text html;

    gbx_json_writer_init_buffer(&w, &buffer);
    gbx_json_object_begin(&w);
    gbx_json_key(&w, "graph_data");
    gbx_json_object_begin(&w);
    gbx_json_key(&w, "html");
    gbx_json_text_begin(&w, &html);
    for (size_t i = 0; i < nodes; i += 3)
        gbx_json_text_add(&w, &html, paragraph, sizeof(paragraph) - 1);
    gbx_json_text_end(&w, &html);
    gbx_json_object_end(&w);
    gbx_json_object_end(&w);
    return finished(&w, &buffer);
}

/* What the service lists of a kind. Never freed: the names are used to the end. */
static gbx_json_value list(void (*write)(gbx_json_writer *), const char *kind)
{
    gbx_json_buffer buffer = {0};
    gbx_json_document *document = NULL;
    gbx_json_writer w;
    text listed;

    gbx_json_writer_init_buffer(&w, &buffer);
    write(&w);
    listed = finished(&w, &buffer);
    if (gbx_json_parse(listed.bytes, listed.length, &document, NULL) != GBX_ERR_OK)
        abort();
    return gbx_json_member(gbx_json_root(document), kind);
}

/* A transformation that is not for this source, or that needs to be told something, has no row. */
static void compare(run *what, gbx_json_string engine, gbx_json_string transformation)
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

static gbx_json_string name_of(gbx_json_value part)
{
    gbx_json_string name = {0};

    if (!gbx_json_str(gbx_json_member(part, "name"), &name))
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
    gbx_json_iterator engines = gbx_json_each(list(gbx_graph_write_engines, "engines"));

    while (gbx_json_next(&engines)) {
        gbx_json_iterator transformations = gbx_json_each(list(gbx_graph_write_transformations, "transformations"));

        while (gbx_json_next(&transformations))
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
