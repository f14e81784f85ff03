/* SPDX-License-Identifier: MIT */
/* The parts of the graph service: sources, transformations and engines. Each is a const descriptor in its own file.
 *
 * Parts allocate with the functions of base/account.h, so that all memory of a request is counted.
 *
 * To add a part, write two things. First its file, engine/x.c, transform/x.c or source/x.c, which defines
 * gbxi_engine_x, gbxi_transformation_x or gbxi_source_x. Then its row, X(x), in the list of its kind below. The build
 * finds the file. Routes, refusals, GET /graph/engines, GET /graph/transformations and the OpenAPI document are
 * generated from the rows. If an engine's answer has members that no other engine has, add them to
 * schemas/graph_output.schema.json, which is the contract. */
#ifndef GBX_GRAPH_REGISTRY_H
#define GBX_GRAPH_REGISTRY_H

#include "graph/graph.h"
#include "graph/options.h"
#include "json/reader.h"
#include "json/writer.h"

/* What all three kinds have in common: their name and their description. */
typedef struct gbxi_part {
    const char *name; /* as written in the route */
    const char *label;
    const char *description;
    const gbxi_option *options; /* of a transformation: the members of transform_config; of an engine: those of its
                                   member "options", a name that no transformation may use */
} gbxi_part;

/* Turns `graph_data` into a graph. Parsing and building are separate steps, so that a trace shows the time of each. */
typedef struct gbxi_source {
    gbxi_part part;
    /* Reads the data into `parsed`, which belongs to the source. The caller passes it to `free` even after an error.
     * Errors: with the pointer of the wrong value. */
    gbx_err (*parse)(gbxi_json_value graph_data, void **parsed, gbx_error *error);
    /* Fills the empty graph from `parsed`. */
    gbx_err (*build)(void *parsed, gbxi_graph *graph, gbx_error *error);
    void (*free)(void *parsed); /* accepts NULL */
} gbxi_source;

/* Changes a graph in place. */
typedef struct gbxi_transformation {
    gbxi_part part;
    /* `config` is the request's transform_config, already checked against the options. Errors: with the pointer of the
     * wrong value. */
    gbx_err (*apply)(gbxi_graph *graph, gbxi_json_value config, gbx_error *error);
} gbxi_transformation;

/* Writes a graph in the format of a drawing library or language. */
typedef struct gbxi_engine {
    gbxi_part part;
    /* Adds the engine's members to the open object in `out`. `given` holds the options, already checked. Errors:
     * NO_MEMORY; IO if the work is stopped. Errors of the writer stay in the writer. */
    gbx_err (*render)(const gbxi_graph *graph, gbxi_json_value given, gbxi_json_writer *out);
} gbxi_engine;

/* One row for each part. The first engine and the first transformation are the defaults. */
#define GBXI_SOURCES(X)                                                                                                \
    X(html)                                                                                                            \
    X(json)
#define GBXI_TRANSFORMATIONS(X)                                                                                        \
    X(default)                                                                                                         \
    X(body_only)                                                                                                       \
    X(head_only)                                                                                                       \
    X(full_document)                                                                                                   \
    X(attributes)                                                                                                      \
    X(scripts)                                                                                                         \
    X(styles)                                                                                                          \
    X(elements_only)                                                                                                   \
    X(text_only)                                                                                                       \
    X(largest_component)                                                                                               \
    X(spanning_tree)                                                                                                   \
    X(k_core)                                                                                                          \
    X(condense)                                                                                                        \
    X(reachable)                                                                                                       \
    X(top_degree)                                                                                                      \
    X(dedupe)
#define GBXI_ENGINES(X)                                                                                                \
    X(dot)                                                                                                             \
    X(d3)                                                                                                              \
    X(cytoscape)                                                                                                       \
    X(visjs)                                                                                                           \
    X(mermaid)                                                                                                         \
    X(tree)

#define GBXI_DECLARE_SOURCE(name) extern const gbxi_source gbxi_source_##name;
#define GBXI_DECLARE_TRANSFORMATION(name) extern const gbxi_transformation gbxi_transformation_##name;
#define GBXI_DECLARE_ENGINE(name) extern const gbxi_engine gbxi_engine_##name;
GBXI_SOURCES(GBXI_DECLARE_SOURCE)
GBXI_TRANSFORMATIONS(GBXI_DECLARE_TRANSFORMATION)
GBXI_ENGINES(GBXI_DECLARE_ENGINE)
#undef GBXI_DECLARE_SOURCE
#undef GBXI_DECLARE_TRANSFORMATION
#undef GBXI_DECLARE_ENGINE

typedef enum gbxi_part_kind { GBXI_PART_SOURCE, GBXI_PART_ENGINE, GBXI_PART_TRANSFORMATION } gbxi_part_kind;
enum { GBXI_PART_KIND_COUNT = GBXI_PART_TRANSFORMATION + 1 };

/* All parts of a kind in the order of their rows, with NULL at the end. A part is the first member of its descriptor,
 * so a pointer to one can be cast to a pointer to the other. Thread: any. */
const gbxi_part *const *gbxi_parts(gbxi_part_kind kind);

/* Find a part by its name in a route. Errors: UNKNOWN, with the known names in `error`. Thread: any. */
GBX_MUST_USE gbx_err gbxi_source_find(const char *name, size_t length, const gbxi_source **found, gbx_error *error);
GBX_MUST_USE gbx_err gbxi_transformation_find(const char *name, size_t length, const gbxi_transformation **found,
                                              gbx_error *error);
/* The name "default" means the first engine. */
GBX_MUST_USE gbx_err gbxi_engine_find(const char *name, size_t length, const gbxi_engine **found, gbx_error *error);

#endif
