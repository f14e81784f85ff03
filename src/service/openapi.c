/* SPDX-License-Identifier: MIT */
/* Assembles the OpenAPI document. */
#define _GNU_SOURCE
#include "service/openapi.h"
#include "graph/catalog.h"
#include "schemas/format.h"
#include "service/contents.h"
#include "json/copy.h"
#include <glassbox/version.h>
#include <stdio.h>
#include <string.h>

/* The longest key, and the longest text that contains {format}. A test checks openapi.paths.json for longer ones. */
enum { OPENAPI_TEXT_MAX = 1023 };

#define DEFS "#/$defs/"
#define URN "urn:glassbox:schemas:"
#define COMPONENTS "#/components/schemas/"

/* The schema of the envelopes of all routes of all hosts. The routes of the graph service have narrower ones, which
 * openapi.paths.json states, so that the OpenAPI document does not contain this one. */
#define ENVELOPE "traced_response"

/* NULL if memory is short; the writer then has that error. Tests ensure that the files are well-formed. */
static gbxi_json_document *openapi_parse(gbxi_json_writer *out, const gbxi_embedded *file)
{
    gbxi_json_document *document = NULL;
    gbx_err err = gbxi_json_parse(file->bytes, file->length, &document, NULL);

    if (err != GBX_ERR_OK && out->error == GBX_ERR_OK)
        out->error = err;
    return document;
}

/* Where a value is copied from: the name of its schema, or NULL if its references need no change, and the format that
 * replaces {format} in its texts, or NULL. */
typedef struct openapi_origin {
    const char *schema;
    const char *format;
} openapi_origin;

/* Writes a reference of a schema as a reference inside the OpenAPI document. */
static void openapi_write_reference(gbxi_json_writer *out, gbxi_json_string target, const char *schema)
{
    gbxi_json_text text;

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

/* If `*text` begins with {format} or {Format}, skips that and sets `name` to the format's name, for {Format} with a
 * capital letter. Otherwise returns false. */
static bool openapi_fill_format(gbxi_json_string *text, const char *format, char *name, size_t size)
{
    bool capital;

    if (format == NULL || !((capital = gbxi_view_skip(text, "{Format}")) || gbxi_view_skip(text, "{format}")))
        return false;
    snprintf(name, size, "%s", format);
    if (capital && name[0] >= 'a' && name[0] <= 'z')
        name[0] = (char)(name[0] - 'a' + 'A');
    return true;
}

/* Copies `text` with the format filled in. `filled` has room for OPENAPI_TEXT_MAX bytes and a terminator. */
static void openapi_fill_text(gbxi_json_string text, const char *format, char *filled)
{
    size_t length = 0;

    while (text.length > 0 && length < OPENAPI_TEXT_MAX) {
        if (openapi_fill_format(&text, format, filled + length, OPENAPI_TEXT_MAX + 1 - length)) {
            length += strlen(filled + length);
        } else {
            filled[length++] = text.at[0];
            text = gbxi_view_after(text, 1);
        }
    }
    filled[length] = '\0';
}

static void openapi_copy(gbxi_json_writer *out, gbxi_json_value value, openapi_origin origin);

static void openapi_copy_text(gbxi_json_writer *out, gbxi_json_value value, openapi_origin origin)
{
    char filled[OPENAPI_TEXT_MAX + 1];
    gbxi_json_string text;

    if (origin.format == NULL || !gbxi_json_str(value, &text)) {
        gbxi_json_copy(out, value);
        return;
    }
    openapi_fill_text(text, origin.format, filled);
    gbxi_json_string_z(out, filled);
}

static void openapi_copy_member(gbxi_json_writer *out, gbxi_json_string key, gbxi_json_value value,
                                openapi_origin origin)
{
    char filled[OPENAPI_TEXT_MAX + 1];
    gbxi_json_string text;

    if (origin.format != NULL) {
        openapi_fill_text(key, origin.format, filled);
        gbxi_json_key(out, filled);
    } else {
        gbxi_json_key_n(out, key.at, key.length);
    }
    if (origin.schema != NULL && gbxi_view_is(key, "$ref") && gbxi_json_str(value, &text))
        openapi_write_reference(out, text, origin.schema);
    else if (!gbxi_view_is(key, "enum") || !gbxi_json_str(value, &text) || !gbxi_graph_write_names(text, out))
        openapi_copy(out, value, origin);
    /* A text in place of an enumeration stands for the names that this part of the graph's routes may have. */
}

static bool openapi_names_format(gbxi_json_string key)
{
    return memmem(key.at, key.length, "{format}", strlen("{format}")) != NULL;
}

/* A member with {format} in its key is written once for every format. */
static void openapi_copy_members(gbxi_json_writer *out, gbxi_json_value object, openapi_origin origin)
{
    gbxi_json_iterator each = gbxi_json_each(object);
    const char *format;

    while (gbxi_json_next(&each)) {
        if (!openapi_names_format(each.key)) {
            openapi_copy_member(out, each.key, each.value, origin);
            continue;
        }
        for (int i = 0; (format = gbx_format_name((gbx_format)i)) != NULL; i++)
            if (gbxi_format_is_routed((gbx_format)i))
                openapi_copy_member(out, each.key, each.value, (openapi_origin){origin.schema, format});
    }
}

static void openapi_copy_object(gbxi_json_writer *out, gbxi_json_value object, openapi_origin origin)
{
    gbxi_json_object_begin(out);
    openapi_copy_members(out, object, origin);
    gbxi_json_object_end(out);
}

static void openapi_copy_array(gbxi_json_writer *out, gbxi_json_value array, openapi_origin origin)
{
    gbxi_json_iterator each = gbxi_json_each(array);

    gbxi_json_array_begin(out);
    while (gbxi_json_next(&each))
        openapi_copy(out, each.value, origin);
    gbxi_json_array_end(out);
}

static void openapi_copy(gbxi_json_writer *out, gbxi_json_value value, openapi_origin origin)
{
    switch (gbxi_json_typeof(value)) {
    case GBXI_JSON_OBJECT:
        openapi_copy_object(out, value, origin);
        break;
    case GBXI_JSON_ARRAY:
        openapi_copy_array(out, value, origin);
        break;
    default:
        openapi_copy_text(out, value, origin);
    }
}

/* Writes each definition inside a schema as a separate component. */
static void openapi_write_definitions(gbxi_json_writer *out, gbxi_json_value definitions, const char *schema)
{
    gbxi_json_iterator each = gbxi_json_each(definitions);
    char name[128];

    while (gbxi_json_next(&each)) {
        int length = snprintf(name, sizeof(name), "%s_%.*s", schema, (int)each.key.length, each.key.at);

        gbxi_json_key_n(out, name, (size_t)length < sizeof(name) ? (size_t)length : sizeof(name) - 1);
        openapi_copy(out, each.value, (openapi_origin){schema, NULL});
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
        openapi_copy(out, each.value, (openapi_origin){file->name, NULL});
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
            openapi_copy(out, each.value, (openapi_origin){0});
    }
    gbxi_json_object_end(out);
}

/* Writes `own`, the schemas that only the OpenAPI document has, and those that are files. */
static void openapi_write_schemas(gbxi_json_writer *out, gbxi_json_value own)
{
    gbxi_json_object_begin(out);
    openapi_copy_members(out, own, (openapi_origin){0});
    for (const gbxi_embedded *schema = gbxi_embedded_schemas; schema->name != NULL; schema++)
        if (strcmp(schema->name, ENVELOPE) != 0)
            openapi_write_schema(out, schema);
    gbxi_json_object_end(out);
}

static void openapi_write_components(gbxi_json_writer *out, gbxi_json_value components)
{
    gbxi_json_iterator each = gbxi_json_each(components);

    gbxi_json_object_begin(out);
    while (gbxi_json_next(&each)) {
        gbxi_json_key_n(out, each.key.at, each.key.length);
        if (gbxi_view_is(each.key, "schemas"))
            openapi_write_schemas(out, each.value);
        else
            openapi_copy(out, each.value, (openapi_origin){0});
    }
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
            openapi_copy(out, each.value, (openapi_origin){0});
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
    gbxi_json_copy(out, gbxi_json_member(root, "$id"));
    gbxi_json_key(out, "title");
    gbxi_json_copy(out, gbxi_json_member(root, "title"));
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
