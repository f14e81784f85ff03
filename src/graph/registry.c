/* SPDX-License-Identifier: MIT */
/* Owns the tables of sources, transformations and engines: finding by name and listing. */
#include "graph/registry.h"
#include "graph/fields.h"
#include "graph/pipeline.h"
#include <string.h>

#define SOURCE_ROW(name) &gbx__source_##name.part,
#define TRANSFORMATION_ROW(name) &gbx__transformation_##name.part,
#define ENGINE_ROW(name) &gbx__engine_##name.part,

/* A part is the first member of its descriptor, so a pointer to it is one to the descriptor. */
static const gbx__part *const sources[] = {GBX__SOURCES(SOURCE_ROW) NULL};
static const gbx__part *const transformations[] = {GBX__TRANSFORMATIONS(TRANSFORMATION_ROW) NULL};
static const gbx__part *const engines[] = {GBX__ENGINES(ENGINE_ROW) NULL};

enum { PARTS_MAX = 64 };

static const char DEFAULT[] = "default";

static bool is_named(const char *name, const char *given, size_t length)
{
    return strlen(name) == length && memcmp(name, given, length) == 0;
}

static gbx_err unknown(const gbx__part *const *parts, const char *kind, const char *name, size_t length,
                       gbx_error *error)
{
    const char *names[PARTS_MAX + 1] = {NULL};
    char known[sizeof(error->text)] = "";

    for (size_t i = 0; parts[i] != NULL && i < PARTS_MAX; ++i)
        names[i] = parts[i]->name;
    gbx__names_list(names, known, sizeof(known));
    return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "there is no %s \"%.*s\"; known: %s", kind,
                         length < 40 ? (int)length : 40, name, known);
}

static gbx_err find(const gbx__part *const *parts, const char *kind, const char *name, size_t length,
                    const gbx__part **found, gbx_error *error)
{
    for (size_t i = 0; parts[i] != NULL; ++i) {
        if (is_named(parts[i]->name, name, length)) {
            *found = parts[i];
            return GBX_ERR_OK;
        }
    }
    return unknown(parts, kind, name, length, error);
}

gbx_err gbx__source_find(const char *name, size_t length, const gbx__source **found, gbx_error *error)
{
    const gbx__part *part = NULL;
    gbx_err err = find(sources, "source", name, length, &part, error);

    *found = (const gbx__source *)(const void *)part;
    return err;
}

gbx_err gbx__transformation_find(const char *name, size_t length, const gbx__transformation **found, gbx_error *error)
{
    const gbx__part *part = NULL;
    gbx_err err = find(transformations, "transformation", name, length, &part, error);

    *found = (const gbx__transformation *)(const void *)part;
    return err;
}

gbx_err gbx__engine_find(const char *name, size_t length, const gbx__engine **found, gbx_error *error)
{
    const gbx__part *part = engines[0];
    gbx_err err = GBX_ERR_OK;

    if (!is_named(DEFAULT, name, length))
        err = find(engines, "engine", name, length, &part, error);
    *found = (const gbx__engine *)(const void *)part;
    return err;
}

static void write_parts(const gbx__part *const *parts, const char *key, gbx_json_writer *out)
{
    gbx_json_object_begin(out);
    gbx_json_key(out, key);
    gbx_json_array_begin(out);
    for (size_t i = 0; parts[i] != NULL; ++i) {
        gbx_json_object_begin(out);
        gbx_json_key(out, "name");
        gbx_json_string_z(out, parts[i]->name);
        gbx_json_key(out, "label");
        gbx_json_string_z(out, parts[i]->label);
        gbx_json_key(out, "description");
        gbx_json_string_z(out, parts[i]->description);
        gbx_json_key(out, "options");
        gbx__options_describe(parts[i]->options, out);
        gbx_json_object_end(out);
    }
    gbx_json_array_end(out);
    gbx_json_key(out, DEFAULT);
    gbx_json_string_z(out, parts[0]->name);
    gbx_json_object_end(out);
}

void gbx_graph_write_engines(gbx_json_writer *out)
{
    write_parts(engines, "engines", out);
}

void gbx_graph_write_transformations(gbx_json_writer *out)
{
    write_parts(transformations, "transformations", out);
}
