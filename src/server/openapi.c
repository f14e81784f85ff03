/* SPDX-License-Identifier: MIT */
/* Puts the OpenAPI document together. */
#define _GNU_SOURCE
#include "server/openapi.h"
#include "server/embedded.h"
#include "json/reader.h"
#include <string.h>

#define DEFS "#/$defs/"
#define URN "urn:glassbox:schemas:"
#define COMPONENTS "#/components/schemas/"

static bool is(gbx_json_string text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.at, word, text.length) == 0;
}

/* Takes `start` off the front of `text`. */
static bool skip(gbx_json_string *text, const char *start)
{
    size_t length = strlen(start);

    if (text->length < length || memcmp(text->at, start, length) != 0)
        return false;
    text->at += length;
    text->length -= length;
    return true;
}

/* NULL when memory is short, which the writer then knows: that the files are well-formed is tested. */
static gbx_json_document *parse(gbx_json_writer *out, const gbx__embedded *file)
{
    gbx_json_document *document = NULL;
    gbx_err result = gbx_json_parse(file->bytes, file->length, &document, NULL);

    if (result != GBX_ERR_OK && out->error == GBX_ERR_OK)
        out->error = result;
    return document;
}

/* Where a reference in `schema` leads inside the OpenAPI document. */
static void write_reference(gbx_json_writer *out, gbx_json_string target, const char *schema)
{
    gbx_json_text text;

    if (schema == NULL) {
        gbx_json_string_n(out, target.at, target.length);
        return;
    }
    gbx_json_text_begin(out, &text);
    if (skip(&target, DEFS)) {
        gbx_json_text_add(out, &text, COMPONENTS, strlen(COMPONENTS));
        gbx_json_text_add(out, &text, schema, strlen(schema));
        gbx_json_text_add(out, &text, "_", 1);
    } else if (skip(&target, URN)) {
        gbx_json_text_add(out, &text, COMPONENTS, strlen(COMPONENTS));
    }
    gbx_json_text_add(out, &text, target.at, target.length);
    gbx_json_text_end(out, &text);
}

static void copy(gbx_json_writer *out, gbx_json_value value, const char *schema);

static void copy_object(gbx_json_writer *out, gbx_json_value object, const char *schema)
{
    gbx_json_iterator each = gbx_json_each(object);
    gbx_json_string target;

    gbx_json_object_begin(out);
    while (gbx_json_next(&each)) {
        gbx_json_key_n(out, each.key.at, each.key.length);
        if (is(each.key, "$ref") && gbx_json_str(each.value, &target))
            write_reference(out, target, schema);
        else
            copy(out, each.value, schema);
    }
    gbx_json_object_end(out);
}

static void copy_array(gbx_json_writer *out, gbx_json_value array, const char *schema)
{
    gbx_json_iterator each = gbx_json_each(array);

    gbx_json_array_begin(out);
    while (gbx_json_next(&each))
        copy(out, each.value, schema);
    gbx_json_array_end(out);
}

/* `schema` is the name of the schema that the value is from; NULL where references lead to the right place already. */
static void copy(gbx_json_writer *out, gbx_json_value value, const char *schema)
{
    gbx_json_string text = {"", 0};
    bool truth = false;
    int64_t integer = 0;
    double number = 0;

    switch (gbx_json_typeof(value)) {
    case GBX_JSON_OBJECT:
        copy_object(out, value, schema);
        break;
    case GBX_JSON_ARRAY:
        copy_array(out, value, schema);
        break;
    case GBX_JSON_STRING:
        gbx_json_str(value, &text);
        gbx_json_string_n(out, text.at, text.length);
        break;
    case GBX_JSON_BOOL:
        gbx_json_bool(value, &truth);
        gbx_json_boolean(out, truth);
        break;
    case GBX_JSON_INTEGER:
        gbx_json_int64(value, &integer);
        gbx_json_int(out, integer);
        break;
    case GBX_JSON_DOUBLE:
        gbx_json_double(value, &number);
        gbx_json_real(out, number);
        break;
    default:
        gbx_json_null(out);
    }
}

/* The definitions inside a schema, each as a component of its own. */
static void write_definitions(gbx_json_writer *out, gbx_json_value definitions, const char *schema)
{
    gbx_json_iterator each = gbx_json_each(definitions);
    char name[128];

    while (gbx_json_next(&each)) {
        int length = snprintf(name, sizeof(name), "%s_%.*s", schema, (int)each.key.length, each.key.at);

        gbx_json_key_n(out, name, (size_t)length < sizeof(name) ? (size_t)length : sizeof(name) - 1);
        copy(out, each.value, schema);
    }
}

static void write_schema(gbx_json_writer *out, const gbx__embedded *file)
{
    gbx_json_document *document = parse(out, file);
    gbx_json_value root = document != NULL ? gbx_json_root(document) : (gbx_json_value){0};
    gbx_json_iterator each = gbx_json_each(root);

    gbx_json_key_n(out, file->name, strlen(file->name));
    gbx_json_object_begin(out);
    while (gbx_json_next(&each)) {
        if (is(each.key, "$schema") || is(each.key, "$id") || is(each.key, "$defs"))
            continue;
        gbx_json_key_n(out, each.key.at, each.key.length);
        copy(out, each.value, file->name);
    }
    gbx_json_object_end(out);
    write_definitions(out, gbx_json_member(root, "$defs"), file->name);
    gbx_json_free(document);
}

static void write_info(gbx_json_writer *out, gbx_json_value info)
{
    gbx_json_iterator each = gbx_json_each(info);

    gbx_json_object_begin(out);
    while (gbx_json_next(&each)) {
        gbx_json_key_n(out, each.key.at, each.key.length);
        if (is(each.key, "version"))
            gbx_json_string_z(out, GBX_VERSION);
        else
            copy(out, each.value, NULL);
    }
    gbx_json_object_end(out);
}

static void write_components(gbx_json_writer *out, gbx_json_value components)
{
    gbx_json_iterator each = gbx_json_each(components);

    gbx_json_object_begin(out);
    while (gbx_json_next(&each)) {
        gbx_json_key_n(out, each.key.at, each.key.length);
        copy(out, each.value, NULL);
    }
    gbx_json_key(out, "schemas");
    gbx_json_object_begin(out);
    for (const gbx__embedded *schema = gbx__embedded_schemas; schema->name != NULL; ++schema)
        write_schema(out, schema);
    gbx_json_object_end(out);
    gbx_json_object_end(out);
}

void gbx__openapi_write(gbx_json_writer *out)
{
    gbx_json_document *document = parse(out, gbx__embedded_openapi);
    gbx_json_iterator each = gbx_json_each(document != NULL ? gbx_json_root(document) : (gbx_json_value){0});

    gbx_json_object_begin(out);
    while (gbx_json_next(&each)) {
        gbx_json_key_n(out, each.key.at, each.key.length);
        if (is(each.key, "info"))
            write_info(out, each.value);
        else if (is(each.key, "components"))
            write_components(out, each.value);
        else
            copy(out, each.value, NULL);
    }
    gbx_json_object_end(out);
    gbx_json_free(document);
}

static void write_list_item(gbx_json_writer *out, const gbx__embedded *schema)
{
    gbx_json_document *document = parse(out, schema);
    gbx_json_value root = document != NULL ? gbx_json_root(document) : (gbx_json_value){0};
    char path[96];

    snprintf(path, sizeof(path), "/schemas/%s", schema->name);
    gbx_json_object_begin(out);
    gbx_json_key(out, "name");
    gbx_json_string_z(out, schema->name);
    gbx_json_key(out, "id");
    copy(out, gbx_json_member(root, "$id"), NULL);
    gbx_json_key(out, "title");
    copy(out, gbx_json_member(root, "title"), NULL);
    gbx_json_key(out, "path");
    gbx_json_string_z(out, path);
    gbx_json_object_end(out);
    gbx_json_free(document);
}

void gbx__schema_list_write(gbx_json_writer *out)
{
    gbx_json_object_begin(out);
    gbx_json_key(out, "schemas");
    gbx_json_array_begin(out);
    for (const gbx__embedded *schema = gbx__embedded_schemas; schema->name != NULL; ++schema)
        write_list_item(out, schema);
    gbx_json_array_end(out);
    gbx_json_object_end(out);
}
