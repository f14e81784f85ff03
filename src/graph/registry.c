/* SPDX-License-Identifier: MIT */
/* Owns the tables of sources, transformations and engines: finding by name and listing. */
#include "graph/registry.h"
#include "graph/fields.h"
#include "graph/pipeline.h"
#include <string.h>

#define SOURCE_ROW(name) &gbxi_source_##name.part,
#define TRANSFORMATION_ROW(name) &gbxi_transformation_##name.part,
#define ENGINE_ROW(name) &gbxi_engine_##name.part,

/* A part is the first member of its descriptor, so a pointer to it is one to the descriptor. */
static const gbxi_part *const sources[] = {GBXI_SOURCES(SOURCE_ROW) NULL};
static const gbxi_part *const transformations[] = {GBXI_TRANSFORMATIONS(TRANSFORMATION_ROW) NULL};
static const gbxi_part *const engines[] = {GBXI_ENGINES(ENGINE_ROW) NULL};

enum { PARTS_MAX = 64 };

static const char DEFAULT[] = "default";

static bool is_named(const char *name, const char *given, size_t length)
{
    return strlen(name) == length && memcmp(name, given, length) == 0;
}

static gbx_err refuse_unknown_part(const gbxi_part *const *parts, const char *kind, const char *name, size_t length,
                                   gbx_error *error)
{
    const char *names[PARTS_MAX + 1] = {NULL};
    char known[sizeof(error->text)] = "";

    for (size_t i = 0; parts[i] != NULL && i < PARTS_MAX; ++i)
        names[i] = parts[i]->name;
    gbxi_names_list(names, known, sizeof(known));
    return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "there is no %s \"%.*s\"; known: %s", kind,
                         length < 40 ? (int)length : 40, name, known);
}

static gbx_err find_part(const gbxi_part *const *parts, const char *kind, const char *name, size_t length,
                         const gbxi_part **found, gbx_error *error)
{
    for (size_t i = 0; parts[i] != NULL; ++i) {
        if (is_named(parts[i]->name, name, length)) {
            *found = parts[i];
            return GBX_ERR_OK;
        }
    }
    return refuse_unknown_part(parts, kind, name, length, error);
}

gbx_err gbxi_source_find(const char *name, size_t length, const gbxi_source **found, gbx_error *error)
{
    const gbxi_part *part = NULL;
    gbx_err err = find_part(sources, "source", name, length, &part, error);

    *found = (const gbxi_source *)(const void *)part;
    return err;
}

gbx_err gbxi_transformation_find(const char *name, size_t length, const gbxi_transformation **found, gbx_error *error)
{
    const gbxi_part *part = NULL;
    gbx_err err = find_part(transformations, "transformation", name, length, &part, error);

    *found = (const gbxi_transformation *)(const void *)part;
    return err;
}

gbx_err gbxi_engine_find(const char *name, size_t length, const gbxi_engine **found, gbx_error *error)
{
    const gbxi_part *part = engines[0];
    gbx_err err = GBX_ERR_OK;

    if (!is_named(DEFAULT, name, length))
        err = find_part(engines, "engine", name, length, &part, error);
    *found = (const gbxi_engine *)(const void *)part;
    return err;
}

static void write_parts(const gbxi_part *const *parts, const char *key, gbxi_json_writer *out)
{
    gbxi_json_object_begin(out);
    gbxi_json_key(out, key);
    gbxi_json_array_begin(out);
    for (size_t i = 0; parts[i] != NULL; ++i) {
        gbxi_json_object_begin(out);
        gbxi_json_key(out, "name");
        gbxi_json_string_z(out, parts[i]->name);
        gbxi_json_key(out, "label");
        gbxi_json_string_z(out, parts[i]->label);
        gbxi_json_key(out, "description");
        gbxi_json_string_z(out, parts[i]->description);
        gbxi_json_key(out, "options");
        gbxi_options_describe(parts[i]->options, out);
        gbxi_json_object_end(out);
    }
    gbxi_json_array_end(out);
    gbxi_json_key(out, DEFAULT);
    gbxi_json_string_z(out, parts[0]->name);
    gbxi_json_object_end(out);
}

void gbxi_graph_write_engines(gbxi_json_writer *out)
{
    write_parts(engines, "engines", out);
}

void gbxi_graph_write_transformations(gbxi_json_writer *out)
{
    write_parts(transformations, "transformations", out);
}
