/* SPDX-License-Identifier: MIT */
/* What the service is made of: sources, transformations and engines, each a const descriptor in a file of its own.
 *
 * To add one: write its file (source/x.c, transform/x.c, engine/x.c) and a row here. */
#ifndef GBX_GRAPH_REGISTRY_H
#define GBX_GRAPH_REGISTRY_H

#include "graph/graph.h"
#include "graph/options.h"
#include "json/reader.h"
#include "json/writer.h"

/* What all three kinds have in common: how they are called and described. */
typedef struct gbx__part {
    const char *name; /* in the route */
    const char *label;
    const char *description;
    const gbx__option *options; /* what of it can be set: of a transformation the members of transform_config, of an
                                   engine those of its member "options", which no transformation can have */
} gbx__part;

/* Turns `graph_data` into a graph, in two steps, so that a trace tells reading from building. */
typedef struct gbx__source {
    gbx__part part;
    /* Reads the data; `parsed` is its own, and is freed by `free` in any case. Errors: with the pointer of the culprit.
     */
    gbx_err (*parse)(gbx_json_value graph_data, void **parsed, gbx_error *error);
    /* Fills the empty graph from it. */
    gbx_err (*build)(void *parsed, gbx__graph *graph, gbx_error *error);
    void (*free)(void *parsed); /* NULL is allowed */
} gbx__source;

/* Changes a graph in place. */
typedef struct gbx__transformation {
    gbx__part part;
    /* `config` is the request's transform_config, checked against the options. Errors: with the pointer of the culprit.
     */
    gbx_err (*apply)(gbx__graph *graph, gbx_json_value config, gbx_error *error);
} gbx__transformation;

/* Writes a graph for people to see. */
typedef struct gbx__engine {
    gbx__part part;
    /* Adds the engine's members to the object that is open in `out`; `given` are the options, checked. Errors of the
     * writer stay in the writer; NO_MEMORY is the only one of its own. */
    gbx_err (*render)(const gbx__graph *graph, gbx_json_value given, gbx_json_writer *out);
} gbx__engine;

/* One row each; the first engine and the first transformation are the defaults. */
#define GBX__SOURCES(X)                                                                                                \
    X(html)                                                                                                            \
    X(json)
#define GBX__TRANSFORMATIONS(X)                                                                                        \
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
#define GBX__ENGINES(X)                                                                                                \
    X(dot)                                                                                                             \
    X(d3)                                                                                                              \
    X(cytoscape)                                                                                                       \
    X(visjs)                                                                                                           \
    X(mermaid)                                                                                                         \
    X(tree)

#define GBX__DECLARE_SOURCE(name) extern const gbx__source gbx__source_##name;
#define GBX__DECLARE_TRANSFORMATION(name) extern const gbx__transformation gbx__transformation_##name;
#define GBX__DECLARE_ENGINE(name) extern const gbx__engine gbx__engine_##name;
GBX__SOURCES(GBX__DECLARE_SOURCE)
GBX__TRANSFORMATIONS(GBX__DECLARE_TRANSFORMATION)
GBX__ENGINES(GBX__DECLARE_ENGINE)
#undef GBX__DECLARE_SOURCE
#undef GBX__DECLARE_TRANSFORMATION
#undef GBX__DECLARE_ENGINE

/* Each finds by a route's name; UNKNOWN lists the known ones in `error`. */
GBX_MUST_USE gbx_err gbx__source_find(const char *name, size_t length, const gbx__source **found, gbx_error *error);
GBX_MUST_USE gbx_err gbx__transformation_find(const char *name, size_t length, const gbx__transformation **found,
                                              gbx_error *error);
/* The name "default" finds the first one. */
GBX_MUST_USE gbx_err gbx__engine_find(const char *name, size_t length, const gbx__engine **found, gbx_error *error);

#endif
