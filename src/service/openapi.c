/* SPDX-License-Identifier: MIT */
/* Puts the OpenAPI document together. */
#define _GNU_SOURCE
#include "service/openapi.h"
#include "http/embedded.h"
#include "json/reader.h"
#include <glassbox/version.h>
#include <stdio.h>
#include <string.h>

#define DEFS "#/$defs/"
#define URN "urn:glassbox:schemas:"
#define COMPONENTS "#/components/schemas/"

static bool is(gbxi_json_string text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.at, word, text.length) == 0;
}

/* Takes `start` off the front of `text`. */
static bool skip(gbxi_json_string *text, const char *start)
{
    size_t length = strlen(start);

    if (text->length < length || memcmp(text->at, start, length) != 0)
        return false;
    text->at += length;
    text->length -= length;
    return true;
}

/* NULL when memory is short, which the writer then knows: that the files are well-formed is tested. */
static gbxi_json_document *parse(gbxi_json_writer *out, const gbxi_embedded *file)
{
    gbxi_json_document *document = NULL;
    gbx_err result = gbxi_json_parse(file->bytes, file->length, &document, NULL);

    if (result != GBX_ERR_OK && out->error == GBX_ERR_OK)
        out->error = result;
    return document;
}

/* Where a reference in `schema` leads inside the OpenAPI document. */
static void write_reference(gbxi_json_writer *out, gbxi_json_string target, const char *schema)
{
    gbxi_json_text text;

    if (schema == NULL) {
        gbxi_json_string_n(out, target.at, target.length);
        return;
    }
    gbxi_json_text_begin(out, &text);
    if (skip(&target, DEFS)) {
        gbxi_json_text_add(out, &text, COMPONENTS, strlen(COMPONENTS));
        gbxi_json_text_add(out, &text, schema, strlen(schema));
        gbxi_json_text_add(out, &text, "_", 1);
    } else if (skip(&target, URN)) {
        gbxi_json_text_add(out, &text, COMPONENTS, strlen(COMPONENTS));
    }
    gbxi_json_text_add(out, &text, target.at, target.length);
    gbxi_json_text_end(out, &text);
}

static void copy(gbxi_json_writer *out, gbxi_json_value value, const char *schema);

static void copy_object(gbxi_json_writer *out, gbxi_json_value object, const char *schema)
{
    gbxi_json_iterator each = gbxi_json_each(object);
    gbxi_json_string target;

    gbxi_json_object_begin(out);
    while (gbxi_json_next(&each)) {
        gbxi_json_key_n(out, each.key.at, each.key.length);
        if (is(each.key, "$ref") && gbxi_json_str(each.value, &target))
            write_reference(out, target, schema);
        else
            copy(out, each.value, schema);
    }
    gbxi_json_object_end(out);
}

static void copy_array(gbxi_json_writer *out, gbxi_json_value array, const char *schema)
{
    gbxi_json_iterator each = gbxi_json_each(array);

    gbxi_json_array_begin(out);
    while (gbxi_json_next(&each))
        copy(out, each.value, schema);
    gbxi_json_array_end(out);
}

/* `schema` is the name of the schema that the value is from; NULL where references lead to the right place already. */
static void copy(gbxi_json_writer *out, gbxi_json_value value, const char *schema)
{
    gbxi_json_string text = {"", 0};
    bool truth = false;
    int64_t integer = 0;
    double number = 0;

    switch (gbxi_json_typeof(value)) {
    case GBXI_JSON_OBJECT:
        copy_object(out, value, schema);
        break;
    case GBXI_JSON_ARRAY:
        copy_array(out, value, schema);
        break;
    case GBXI_JSON_STRING:
        gbxi_json_str(value, &text);
        gbxi_json_string_n(out, text.at, text.length);
        break;
    case GBXI_JSON_BOOL:
        gbxi_json_bool(value, &truth);
        gbxi_json_boolean(out, truth);
        break;
    case GBXI_JSON_INTEGER:
        gbxi_json_int64(value, &integer);
        gbxi_json_int(out, integer);
        break;
    case GBXI_JSON_DOUBLE:
        gbxi_json_double(value, &number);
        gbxi_json_real(out, number);
        break;
    default:
        gbxi_json_null(out);
    }
}

/* The definitions inside a schema, each as a component of its own. */
static void write_definitions(gbxi_json_writer *out, gbxi_json_value definitions, const char *schema)
{
    gbxi_json_iterator each = gbxi_json_each(definitions);
    char name[128];

    while (gbxi_json_next(&each)) {
        int length = snprintf(name, sizeof(name), "%s_%.*s", schema, (int)each.key.length, each.key.at);

        gbxi_json_key_n(out, name, (size_t)length < sizeof(name) ? (size_t)length : sizeof(name) - 1);
        copy(out, each.value, schema);
    }
}

static void write_schema(gbxi_json_writer *out, const gbxi_embedded *file)
{
    gbxi_json_document *document = parse(out, file);
    gbxi_json_value root = document != NULL ? gbxi_json_root(document) : (gbxi_json_value){0};
    gbxi_json_iterator each = gbxi_json_each(root);

    gbxi_json_key_n(out, file->name, strlen(file->name));
    gbxi_json_object_begin(out);
    while (gbxi_json_next(&each)) {
        if (is(each.key, "$schema") || is(each.key, "$id") || is(each.key, "$defs"))
            continue;
        gbxi_json_key_n(out, each.key.at, each.key.length);
        copy(out, each.value, file->name);
    }
    gbxi_json_object_end(out);
    write_definitions(out, gbxi_json_member(root, "$defs"), file->name);
    gbxi_json_free(document);
}

static void write_info(gbxi_json_writer *out, gbxi_json_value info)
{
    gbxi_json_iterator each = gbxi_json_each(info);

    gbxi_json_object_begin(out);
    while (gbxi_json_next(&each)) {
        gbxi_json_key_n(out, each.key.at, each.key.length);
        if (is(each.key, "version"))
            gbxi_json_string_z(out, GBX_VERSION);
        else
            copy(out, each.value, NULL);
    }
    gbxi_json_object_end(out);
}

static void write_components(gbxi_json_writer *out, gbxi_json_value components)
{
    gbxi_json_iterator each = gbxi_json_each(components);

    gbxi_json_object_begin(out);
    while (gbxi_json_next(&each)) {
        gbxi_json_key_n(out, each.key.at, each.key.length);
        copy(out, each.value, NULL);
    }
    gbxi_json_key(out, "schemas");
    gbxi_json_object_begin(out);
    for (const gbxi_embedded *schema = gbxi_embedded_schemas; schema->name != NULL; ++schema)
        write_schema(out, schema);
    gbxi_json_object_end(out);
    gbxi_json_object_end(out);
}

void gbxi_openapi_write(gbxi_json_writer *out)
{
    gbxi_json_document *document = parse(out, gbxi_embedded_openapi);
    gbxi_json_iterator each = gbxi_json_each(document != NULL ? gbxi_json_root(document) : (gbxi_json_value){0});

    gbxi_json_object_begin(out);
    while (gbxi_json_next(&each)) {
        gbxi_json_key_n(out, each.key.at, each.key.length);
        if (is(each.key, "info"))
            write_info(out, each.value);
        else if (is(each.key, "components"))
            write_components(out, each.value);
        else
            copy(out, each.value, NULL);
    }
    gbxi_json_object_end(out);
    gbxi_json_free(document);
}

static void write_list_item(gbxi_json_writer *out, const gbxi_embedded *schema)
{
    gbxi_json_document *document = parse(out, schema);
    gbxi_json_value root = document != NULL ? gbxi_json_root(document) : (gbxi_json_value){0};
    char path[96];

    snprintf(path, sizeof(path), "/schemas/%s", schema->name);
    gbxi_json_object_begin(out);
    gbxi_json_key(out, "name");
    gbxi_json_string_z(out, schema->name);
    gbxi_json_key(out, "id");
    copy(out, gbxi_json_member(root, "$id"), NULL);
    gbxi_json_key(out, "title");
    copy(out, gbxi_json_member(root, "title"), NULL);
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
    for (const gbxi_embedded *schema = gbxi_embedded_schemas; schema->name != NULL; ++schema)
        write_list_item(out, schema);
    gbxi_json_array_end(out);
    gbxi_json_object_end(out);
}
