/* SPDX-License-Identifier: MIT */
/* Puts the OpenAPI document together. */
#define _GNU_SOURCE
#include "service/openapi.h"
#include "graph/catalog.h"
#include "service/contents.h"
#include "json/copy.h"
#include <glassbox/version.h>
#include <stdio.h>
#include <string.h>

#define DEFS "#/$defs/"
#define URN "urn:glassbox:schemas:"
#define COMPONENTS "#/components/schemas/"

/* NULL when memory is short, which the writer then knows: that the files are well-formed is tested. */
static gbxi_json_document *openapi_parse(gbxi_json_writer *out, const gbxi_embedded *file)
{
    gbxi_json_document *document = NULL;
    gbx_err err = gbxi_json_parse(file->bytes, file->length, &document, NULL);

    if (err != GBX_ERR_OK && out->error == GBX_ERR_OK)
        out->error = err;
    return document;
}

/* Where a reference in `schema` leads inside the OpenAPI document. */
static void openapi_write_reference(gbxi_json_writer *out, gbxi_json_string target, const char *schema)
{
    gbxi_json_text text;

    if (schema == NULL) {
        gbxi_json_string_n(out, target.at, target.length);
        return;
    }
    gbxi_json_text_begin(out, &text);
    if (gbxi_view_skip(&target, DEFS)) {
        gbxi_json_text_add(out, &text, COMPONENTS, strlen(COMPONENTS));
        gbxi_json_text_add(out, &text, schema, strlen(schema));
        gbxi_json_text_add(out, &text, "_", 1);
    } else if (gbxi_view_skip(&target, URN)) {
        gbxi_json_text_add(out, &text, COMPONENTS, strlen(COMPONENTS));
    }
    gbxi_json_text_add(out, &text, target.at, target.length);
    gbxi_json_text_end(out, &text);
}

static void openapi_copy(gbxi_json_writer *out, gbxi_json_value value, const char *schema);

static void openapi_copy_object(gbxi_json_writer *out, gbxi_json_value object, const char *schema)
{
    gbxi_json_iterator each = gbxi_json_each(object);
    gbxi_json_string target;

    gbxi_json_object_begin(out);
    while (gbxi_json_next(&each)) {
        gbxi_json_key_n(out, each.key.at, each.key.length);
        if (gbxi_view_is(each.key, "$ref") && gbxi_json_str(each.value, &target))
            openapi_write_reference(out, target, schema);
        else if (gbxi_view_is(each.key, "enum") && gbxi_json_str(each.value, &target) &&
                 gbxi_graph_write_names(target, out))
            continue; /* in the place of a list of names: those that a part of the graph's routes may have */
        else
            openapi_copy(out, each.value, schema);
    }
    gbxi_json_object_end(out);
}

static void openapi_copy_array(gbxi_json_writer *out, gbxi_json_value array, const char *schema)
{
    gbxi_json_iterator each = gbxi_json_each(array);

    gbxi_json_array_begin(out);
    while (gbxi_json_next(&each))
        openapi_copy(out, each.value, schema);
    gbxi_json_array_end(out);
}

/* `schema` is the name of the schema that the value is from; NULL where references lead to the right place already. */
static void openapi_copy(gbxi_json_writer *out, gbxi_json_value value, const char *schema)
{
    switch (gbxi_json_typeof(value)) {
    case GBXI_JSON_OBJECT:
        openapi_copy_object(out, value, schema);
        break;
    case GBXI_JSON_ARRAY:
        openapi_copy_array(out, value, schema);
        break;
    default:
        gbxi_json_copy(out, value);
    }
}

/* The definitions inside a schema, each as a component of its own. */
static void openapi_write_definitions(gbxi_json_writer *out, gbxi_json_value definitions, const char *schema)
{
    gbxi_json_iterator each = gbxi_json_each(definitions);
    char name[128];

    while (gbxi_json_next(&each)) {
        int length = snprintf(name, sizeof(name), "%s_%.*s", schema, (int)each.key.length, each.key.at);

        gbxi_json_key_n(out, name, (size_t)length < sizeof(name) ? (size_t)length : sizeof(name) - 1);
        openapi_copy(out, each.value, schema);
    }
}

static void openapi_write_schema(gbxi_json_writer *out, const gbxi_embedded *file)
{
    gbxi_json_document *document = openapi_parse(out, file);
    gbxi_json_value root = document != NULL ? gbxi_json_root(document) : (gbxi_json_value){0};
    gbxi_json_iterator each = gbxi_json_each(root);

    gbxi_json_key_n(out, file->name, strlen(file->name));
    gbxi_json_object_begin(out);
    while (gbxi_json_next(&each)) {
        if (gbxi_view_is(each.key, "$schema") || gbxi_view_is(each.key, "$id") || gbxi_view_is(each.key, "$defs"))
            continue;
        gbxi_json_key_n(out, each.key.at, each.key.length);
        openapi_copy(out, each.value, file->name);
    }
    gbxi_json_object_end(out);
    openapi_write_definitions(out, gbxi_json_member(root, "$defs"), file->name);
    gbxi_json_free(document);
}

static void openapi_write_info(gbxi_json_writer *out, gbxi_json_value info)
{
    gbxi_json_iterator each = gbxi_json_each(info);

    gbxi_json_object_begin(out);
    while (gbxi_json_next(&each)) {
        gbxi_json_key_n(out, each.key.at, each.key.length);
        if (gbxi_view_is(each.key, "version"))
            gbxi_json_string_z(out, GBX_VERSION);
        else
            openapi_copy(out, each.value, NULL);
    }
    gbxi_json_object_end(out);
}

static void openapi_write_components(gbxi_json_writer *out, gbxi_json_value components)
{
    gbxi_json_iterator each = gbxi_json_each(components);

    gbxi_json_object_begin(out);
    while (gbxi_json_next(&each)) {
        gbxi_json_key_n(out, each.key.at, each.key.length);
        openapi_copy(out, each.value, NULL);
    }
    gbxi_json_key(out, "schemas");
    gbxi_json_object_begin(out);
    for (const gbxi_embedded *schema = gbxi_embedded_schemas; schema->name != NULL; schema++)
        openapi_write_schema(out, schema);
    gbxi_json_object_end(out);
    gbxi_json_object_end(out);
}

void gbxi_openapi_write(gbxi_json_writer *out)
{
    gbxi_json_document *document = openapi_parse(out, gbxi_embedded_openapi);
    gbxi_json_iterator each = gbxi_json_each(document != NULL ? gbxi_json_root(document) : (gbxi_json_value){0});

    gbxi_json_object_begin(out);
    while (gbxi_json_next(&each)) {
        gbxi_json_key_n(out, each.key.at, each.key.length);
        if (gbxi_view_is(each.key, "info"))
            openapi_write_info(out, each.value);
        else if (gbxi_view_is(each.key, "components"))
            openapi_write_components(out, each.value);
        else
            openapi_copy(out, each.value, NULL);
    }
    gbxi_json_object_end(out);
    gbxi_json_free(document);
}

static void schema_list_write_item(gbxi_json_writer *out, const gbxi_embedded *schema)
{
    gbxi_json_document *document = openapi_parse(out, schema);
    gbxi_json_value root = document != NULL ? gbxi_json_root(document) : (gbxi_json_value){0};
    char path[96];

    snprintf(path, sizeof(path), "/schemas/%s", schema->name);
    gbxi_json_object_begin(out);
    gbxi_json_key(out, "name");
    gbxi_json_string_z(out, schema->name);
    gbxi_json_key(out, "id");
    openapi_copy(out, gbxi_json_member(root, "$id"), NULL);
    gbxi_json_key(out, "title");
    openapi_copy(out, gbxi_json_member(root, "title"), NULL);
    gbxi_json_key(out, "path");
    gbxi_json_string_z(out, path);
    gbxi_json_object_end(out);
    gbxi_json_free(document);
}

void gbxi_schema_list_write(gbxi_json_writer *out)
{
    gbxi_json_object_begin(out);
    gbxi_json_key(out, "schemas");
    gbxi_json_array_begin(out);
    for (const gbxi_embedded *schema = gbxi_embedded_schemas; schema->name != NULL; schema++)
        schema_list_write_item(out, schema);
    gbxi_json_array_end(out);
    gbxi_json_object_end(out);
}
