/* SPDX-License-Identifier: MIT */
/* Owns running a request through the four phases: parse, build, transform, render. */
#define _GNU_SOURCE
#include "graph/pipeline.h"
#include "base/time.h"
#include "graph/fields.h"
#include "graph/registry.h"
#include "graph/stop.h"
#include <glassbox/span.h>

/* A request in progress. */
typedef struct run {
    const gbxi_source *source;
    const gbxi_transformation *transformation;
    const gbxi_engine *engine;
    gbxi_json_document *document;
    gbxi_json_value graph_data;
    gbxi_json_value transform_config;
    gbxi_json_value engine_options;
    void *parsed;
    gbxi_graph graph;
    gbxi_json_writer *out;
    uint64_t begin_ns;
    gbx_error *error;
} run;

static gbx_err find_parts(run *r, const gbxi_graph_route *route)
{
    gbx_err err = gbxi_source_find(route->source, route->source_length, &r->source, r->error);

    if (err == GBX_ERR_OK)
        err = gbxi_engine_find(route->engine, route->engine_length, &r->engine, r->error);
    if (err == GBX_ERR_OK)
        err =
            gbxi_transformation_find(route->transformation, route->transformation_length, &r->transformation, r->error);
    return err;
}

gbx_err gbxi_graph_route_check(const gbxi_graph_route *route, gbx_error *error)
{
    run r = {.error = error};

    return find_parts(&r, route);
}

/* Gives an error without a message the standard text of its code, so that every error has a message. */
static gbx_err explain_error(run *r, gbx_err err)
{
    if (err == GBX_ERR_OK)
        return err;
    if (r->error->code != err)
        gbx_error_set(r->error, err, NULL, "%s", gbx_err_text(err));
    gbx_span_fail(r->error->text);
    return err;
}

/* The result of a phase: work that was stopped has ended early, whatever it returns. */
static gbx_err or_stopped(gbx_err err)
{
    return err == GBX_ERR_OK ? gbxi_stop_check() : err;
}

/* Reads transform_config: the transformation's options and, in the member "options", the engine's. */
static gbx_err read_config(run *r, gbxi_json_value body)
{
    gbxi_json_pointer here = gbxi_pointer_to(NULL, "transform_config");
    gbxi_option rows[GBXI_OPTION_ROWS_MAX + 1] = {0};
    size_t count = 0;

    for (const gbxi_option *row = r->transformation->part.options; row != NULL && row->name != NULL; row++)
        rows[count++] = *row;
    rows[count] = (gbxi_option)GBXI_OPTION_GROUP("options", r->engine->part.options, "");
    r->transform_config = gbxi_json_member(body, "transform_config");
    r->engine_options = gbxi_json_member(r->transform_config, "options");
    return gbxi_options_check(rows, r->transform_config, &here, r->error);
}

/* Checks the top level of the body: known members and required members. */
static gbx_err read_body(run *r, const char *body, size_t body_length)
{
    static const char *const known[] = {"graph_data", "transform_config", "trace_config", NULL};
    static const gbxi_json_pointer here = {0};
    gbxi_json_value root;
    gbx_err err;
    GBX_SPAN_NAMED("graph.parse.body");

    gbx_note_int("bytes", (int64_t)body_length);
    if ((err = gbxi_json_parse(body, body_length, &r->document, r->error)) != GBX_ERR_OK)
        return err;
    root = gbxi_json_root(r->document);
    if (gbxi_json_typeof(root) != GBXI_JSON_OBJECT)
        return gbx_error_set(r->error, GBX_ERR_SYNTAX, NULL, "the body must be a JSON object, not %s",
                             gbxi_json_type_name(gbxi_json_typeof(root)));
    if ((err = gbxi_fields_check(root, &here, known, r->error)) != GBX_ERR_OK)
        return err;
    r->graph_data = gbxi_json_member(root, "graph_data");
    if (gbxi_json_typeof(r->graph_data) == GBXI_JSON_ABSENT)
        return gbx_error_set(r->error, GBX_ERR_MISSING, "/graph_data", "graph_data is missing");
    return read_config(r, root);
}

static gbx_err parse_request(run *r, const char *body, size_t body_length)
{
    gbx_err err;
    GBX_SPAN_NAMED("graph.parse");

    gbx_note_str("source", r->source->part.name);
    if ((err = read_body(r, body, body_length)) == GBX_ERR_OK)
        err = r->source->parse(r->graph_data, &r->parsed, r->error);
    return explain_error(r, or_stopped(err));
}

static gbx_err build_graph(run *r)
{
    gbx_err err;
    GBX_SPAN_NAMED("graph.build");

    err = r->source->build(r->parsed, &r->graph, r->error);
    gbx_note_int("nodes", (int64_t)r->graph.node_count);
    gbx_note_int("edges", (int64_t)r->graph.edge_count);
    return explain_error(r, or_stopped(err));
}

static gbx_err transform_graph(run *r)
{
    GBX_SPAN_NAMED("graph.transform");

    gbx_note_str("transformation", r->transformation->part.name);
    return explain_error(r, or_stopped(r->transformation->apply(&r->graph, r->transform_config, r->error)));
}

/* The duration is written last because it is known only then. */
static gbx_err render_graph(run *r)
{
    gbx_err err;
    GBX_SPAN_NAMED("graph.render");

    gbx_note_str("engine", r->engine->part.name);
    gbxi_json_object_begin(r->out);
    gbxi_json_key(r->out, "transformation");
    gbxi_json_string_z(r->out, r->transformation->part.name);
    gbxi_json_key(r->out, "engine");
    gbxi_json_string_z(r->out, r->engine->part.name);
    gbxi_json_key(r->out, "node_count");
    gbxi_json_uint(r->out, r->graph.node_count);
    gbxi_json_key(r->out, "edge_count");
    gbxi_json_uint(r->out, r->graph.edge_count);
    err = r->engine->render(&r->graph, r->engine_options, r->out);
    err = or_stopped(err);
    gbxi_json_key(r->out, "duration");
    gbxi_json_real(r->out, (double)(gbxi_monotonic_ns() - r->begin_ns) / 1e9);
    gbxi_json_object_end(r->out);
    return explain_error(r, err != GBX_ERR_OK ? err : r->out->error);
}

static void release_run(run *r)
{
    GBX_SPAN_NAMED("graph.release");

    if (r->source != NULL)
        r->source->free(r->parsed);
    gbxi_graph_fini(&r->graph);
    gbxi_json_free(r->document);
}

gbx_err gbxi_graph_run(const gbxi_graph_route *route, const char *body, size_t body_length, gbxi_json_writer *out,
                       gbx_error *error)
{
    gbx_error unasked;
    run r = {.out = out, .begin_ns = gbxi_monotonic_ns(), .error = error != NULL ? error : &unasked};
    gbx_err err;
    GBX_SPAN_NAMED("graph.run");

    *r.error = (gbx_error){0};
    if ((err = explain_error(&r, find_parts(&r, route))) != GBX_ERR_OK)
        goto Exit;
    if ((err = parse_request(&r, body, body_length)) != GBX_ERR_OK)
        goto Exit;
    if ((err = build_graph(&r)) != GBX_ERR_OK)
        goto Exit;
    if ((err = transform_graph(&r)) != GBX_ERR_OK)
        goto Exit;
    err = render_graph(&r);
Exit:
    release_run(&r);
    return err;
}
