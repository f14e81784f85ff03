/* SPDX-License-Identifier: MIT */
/* Owns the tables of sources, transformations and engines: finding a part by name and listing parts. */
#include "graph/registry.h"
#include "graph/catalog.h"
#include "graph/fields.h"
#include "json/quote.h"
#include <string.h>

#define SOURCE_ROW(name) &gbxi_source_##name.part,
#define TRANSFORMATION_ROW(name) &gbxi_transformation_##name.part,
#define ENGINE_ROW(name) &gbxi_engine_##name.part,

static const gbxi_part *const sources[] = {GBXI_SOURCES(SOURCE_ROW) NULL};
static const gbxi_part *const transformations[] = {GBXI_TRANSFORMATIONS(TRANSFORMATION_ROW) NULL};
static const gbxi_part *const engines[] = {GBXI_ENGINES(ENGINE_ROW) NULL};

/* A kind of part: its name and its list. */
typedef struct part_list {
    const char *kind;
    const gbxi_part *const *parts;
} part_list;

static const part_list lists[GBXI_PART_KIND_COUNT] = {
    [GBXI_PART_SOURCE] = {"source", sources},
    [GBXI_PART_ENGINE] = {"engine", engines},
    [GBXI_PART_TRANSFORMATION] = {"transformation", transformations},
};

enum { PARTS_MAX = 64 };

/* The name that means the first engine. */
static const char DEFAULT[] = "default";

const gbxi_part *const *gbxi_parts(gbxi_part_kind kind)
{
    return lists[kind].parts;
}

static gbx_err refuse_unknown_part(const part_list *list, gbxi_json_string name, gbx_error *error)
{
    const char *names[PARTS_MAX + 1] = {NULL};
    char known[sizeof(error->text)] = "";

    for (size_t i = 0; list->parts[i] != NULL && i < PARTS_MAX; i++)
        names[i] = list->parts[i]->name;
    gbxi_fields_list_names(names, known, sizeof(known));
    return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "there is no %s \"%s\"; known: %s", list->kind,
                         gbxi_quoted(name).text, known);
}

static gbx_err find_part(gbxi_part_kind kind, gbxi_json_string name, const gbxi_part **found, gbx_error *error)
{
    const part_list *list = &lists[kind];

    *found = kind == GBXI_PART_ENGINE && gbxi_view_is(name, DEFAULT) ? list->parts[0] : NULL;
    for (size_t i = 0; *found == NULL && list->parts[i] != NULL; i++)
        if (gbxi_view_is(name, list->parts[i]->name))
            *found = list->parts[i];
    return *found != NULL ? GBX_ERR_OK : refuse_unknown_part(list, name, error);
}

gbx_err gbxi_source_find(const char *name, size_t length, const gbxi_source **found, gbx_error *error)
{
    const gbxi_part *part;
    gbx_err err = find_part(GBXI_PART_SOURCE, (gbxi_json_string){name, length}, &part, error);

    *found = (const gbxi_source *)(const void *)part;
    return err;
}

gbx_err gbxi_transformation_find(const char *name, size_t length, const gbxi_transformation **found, gbx_error *error)
{
    const gbxi_part *part;
    gbx_err err = find_part(GBXI_PART_TRANSFORMATION, (gbxi_json_string){name, length}, &part, error);

    *found = (const gbxi_transformation *)(const void *)part;
    return err;
}

gbx_err gbxi_engine_find(const char *name, size_t length, const gbxi_engine **found, gbx_error *error)
{
    const gbxi_part *part;
    gbx_err err = find_part(GBXI_PART_ENGINE, (gbxi_json_string){name, length}, &part, error);

    *found = (const gbxi_engine *)(const void *)part;
    return err;
}

static void write_parts(gbxi_part_kind kind, const char *key, gbxi_json_writer *out)
{
    const gbxi_part *const *parts = gbxi_parts(kind);

    gbxi_json_object_begin(out);
    gbxi_json_key(out, key);
    gbxi_json_array_begin(out);
    for (size_t i = 0; parts[i] != NULL; i++) {
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
    write_parts(GBXI_PART_ENGINE, "engines", out);
}

void gbxi_graph_write_transformations(gbxi_json_writer *out)
{
    write_parts(GBXI_PART_TRANSFORMATION, "transformations", out);
}

static void write_names(gbxi_part_kind kind, gbxi_json_writer *out)
{
    const gbxi_part *const *parts = gbxi_parts(kind);

    gbxi_json_array_begin(out);
    if (kind == GBXI_PART_ENGINE)
        gbxi_json_string_z(out, DEFAULT);
    for (size_t i = 0; parts[i] != NULL; i++)
        gbxi_json_string_z(out, parts[i]->name);
    gbxi_json_array_end(out);
}

bool gbxi_graph_write_names(gbxi_json_string place, gbxi_json_writer *out)
{
    for (size_t i = 0; i < GBXI_PART_KIND_COUNT; i++) {
        if (!gbxi_view_is(place, lists[i].kind))
            continue;
        write_names((gbxi_part_kind)i, out);
        return true;
    }
    return false;
}
