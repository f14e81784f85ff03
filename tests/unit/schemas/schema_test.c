/* SPDX-License-Identifier: MIT */
/* The JSON Schema files compared with the C code: trace_config field by field, and the members that all files share. */
#include "schemas/format.h"
#include "schemas/trace_config.h"
#include "schemas/trace_config_fields.h"
#include "json/reader.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const schema_names[] = {"trace_config",
                                           "traced_response",
                                           "full",
                                           "summary",
                                           "speedscope",
                                           "problem",
                                           "graph_request",
                                           "graph_output",
                                           "graph_engines",
                                           "service",
                                           "graph_transformations",
                                           "schema_list",
                                           "health"};

enum { SCHEMA_COUNT = sizeof(schema_names) / sizeof(*schema_names), FILE_BYTES_MAX = 1 << 16 };

static gbxi_json_document *load(const char *name)
{
    static char text[FILE_BYTES_MAX];
    gbxi_json_document *document = NULL;
    gbx_error error;
    char path[64];
    size_t length;
    FILE *file;

    snprintf(path, sizeof(path), "schemas/%s.schema.json", name);
    file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s cannot be opened", path);
    length = fread(text, 1, sizeof(text), file);
    fclose(file);
    assert_in_range(length, 1, sizeof(text) - 1);
    if (gbxi_json_parse(text, length, &document, &error) != GBX_ERR_OK)
        fail_msg("%s: %s", path, error.text);
    return document;
}

static void assert_str(gbxi_json_value value, const char *expected)
{
    gbxi_json_string text;

    assert_true(gbxi_json_str(value, &text));
    if (text.length != strlen(expected) || memcmp(text.at, expected, text.length) != 0)
        fail_msg("\"%.*s\" instead of \"%s\"", (int)text.length, text.at, expected);
}

static void assert_absent(gbxi_json_value schema, const char *keyword)
{
    if (gbxi_json_typeof(gbxi_json_member(schema, keyword)) != GBXI_JSON_ABSENT)
        fail_msg("\"%s\" where none belongs", keyword);
}

static void assert_uint(gbxi_json_value schema, const char *keyword, uint64_t expected)
{
    uint64_t number;

    if (!gbxi_json_uint64(gbxi_json_member(schema, keyword), &number) || number != expected)
        fail_msg("\"%s\" is not %llu", keyword, (unsigned long long)expected);
}

static void assert_limits(gbxi_json_value schema, const gbxi_field *field, const char *low, const char *high)
{
    assert_uint(schema, low, field->min);
    if (field->max == UINT64_MAX)
        assert_absent(schema, high);
    else
        assert_uint(schema, high, field->max);
}

static void assert_enum(gbxi_json_value schema, const char *const *names)
{
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(schema, "enum"));
    size_t count = 0;

    for (; gbxi_json_next(&each); count++) {
        assert_non_null(names[count]);
        assert_str(each.value, names[count]);
    }
    assert_null(names[count]);
}

static void assert_field(gbxi_json_value schema, const gbxi_field *field)
{
    static const char *const types[] = {
        [GBXI_FIELD_BOOL] = "boolean",  [GBXI_FIELD_UINT32] = "integer", [GBXI_FIELD_UINT64] = "integer",
        [GBXI_FIELD_NUMBER] = "number", [GBXI_FIELD_STRING] = "string",  [GBXI_FIELD_NAME] = "string",
    };
    bool truth = true;

    assert_str(gbxi_json_member(schema, "type"), types[field->kind]);
    switch (field->kind) {
    case GBXI_FIELD_BOOL:
        assert_true(gbxi_json_bool(gbxi_json_member(schema, "default"), &truth));
        assert_int_equal(truth, field->fallback);
        break;
    case GBXI_FIELD_UINT32:
    case GBXI_FIELD_UINT64:
    case GBXI_FIELD_NUMBER:
        assert_limits(schema, field, "minimum", "maximum");
        assert_uint(schema, "default", field->fallback);
        break;
    case GBXI_FIELD_STRING:
        assert_limits(schema, field, "minLength", "maxLength");
        assert_absent(schema, "default");
        break;
    case GBXI_FIELD_NAME:
        assert_enum(schema, field->names);
        if (strcmp(field->name, "trace_format") == 0)
            assert_absent(schema, "default"); /* it is the route's suffix */
        else
            assert_str(gbxi_json_member(schema, "default"), field->names[field->fallback]);
        break;
    }
}

static void trace_config_says_what_the_table_says(void **state)
{
    gbxi_json_document *document = load("trace_config");
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(gbxi_json_root(document), "properties"));

    (void)state;
    for (size_t i = 0; i < GBXI_TRACE_CONFIG_FIELD_COUNT; i++) {
        const gbxi_field *field = &gbxi_trace_config_fields[i];

        assert_true(gbxi_json_next(&each));
        assert_int_equal(each.key.length, strlen(field->name));
        assert_memory_equal(each.key.at, field->name, each.key.length);
        assert_field(each.value, field);
        assert_int_equal(gbxi_json_typeof(gbxi_json_member(each.value, "description")), GBXI_JSON_STRING);
    }
    assert_false(gbxi_json_next(&each));
    gbxi_json_free(document);
}

static void the_decoder_takes_the_schema_s_own_defaults(void **state)
{
    gbxi_trace_config config;
    gbxi_json_document *document = NULL;

    (void)state;
    assert_int_equal(gbxi_json_parse("{}", 2, &document, NULL), GBX_ERR_OK);
    assert_int_equal(gbxi_trace_config_decode(gbxi_json_root(document), GBX_FORMAT_FULL, &config, NULL), GBX_ERR_OK);
    gbxi_json_free(document);
    for (size_t i = 0; i < GBXI_TRACE_CONFIG_FIELD_COUNT; i++) {
        const gbxi_field *field = &gbxi_trace_config_fields[i];
        const char *at = (const char *)&config + field->offset;
        uint32_t narrow;
        uint64_t wide;

        if (field->kind == GBXI_FIELD_UINT32) {
            memcpy(&narrow, at, sizeof(narrow));
            assert_int_equal(narrow, field->fallback);
        } else if (field->kind == GBXI_FIELD_UINT64) {
            memcpy(&wide, at, sizeof(wide));
            assert_int_equal(wide, field->fallback);
        }
    }
}

static bool is_closed(gbxi_json_value schema)
{
    bool open = true;

    return gbxi_json_bool(gbxi_json_member(schema, "additionalProperties"), &open) && !open;
}

/* Whether a schema, or each of those that it chooses from, allows no other members than its own. */
static bool are_all_closed(gbxi_json_value root)
{
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(root, "oneOf"));
    gbxi_json_value definitions = gbxi_json_member(root, "$defs");
    size_t count = 0;

    for (; gbxi_json_next(&each); count++) {
        char path[64];
        gbxi_json_string reference;

        if (!gbxi_json_str(gbxi_json_member(each.value, "$ref"), &reference))
            return false;
        snprintf(path, sizeof(path), "%.*s", (int)reference.length, reference.at);
        if (!is_closed(gbxi_json_member(definitions, path + strlen("#/$defs/"))))
            return false;
    }
    return count > 0 || is_closed(root);
}

static void every_file_says_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < SCHEMA_COUNT; i++) {
        gbxi_json_document *document = load(schema_names[i]);
        gbxi_json_value root = gbxi_json_root(document);
        char id[64];

        snprintf(id, sizeof(id), "urn:glassbox:schemas:%s", schema_names[i]);
        assert_str(gbxi_json_member(root, "$schema"), "https://json-schema.org/draft/2020-12/schema");
        assert_str(gbxi_json_member(root, "$id"), id);
        assert_int_equal(gbxi_json_typeof(gbxi_json_member(root, "title")), GBXI_JSON_STRING);
        assert_int_equal(gbxi_json_typeof(gbxi_json_member(root, "description")), GBXI_JSON_STRING);
        assert_str(gbxi_json_member(root, "type"), "object");
        assert_true(are_all_closed(root));
        gbxi_json_free(document);
    }
}

/* Calls `check` for every object in the tree. */
static void for_each_object(gbxi_json_value value, void (*check)(gbxi_json_value object, gbxi_json_value root),
                            gbxi_json_value root)
{
    gbxi_json_iterator each = gbxi_json_each(value);

    if (gbxi_json_typeof(value) == GBXI_JSON_OBJECT)
        check(value, root);
    while (gbxi_json_next(&each))
        for_each_object(each.value, check, root);
}

static bool is_string(gbxi_json_value value, const char *start, gbxi_json_string *rest)
{
    size_t length = strlen(start);

    if (!gbxi_json_str(value, rest) || rest->length < length || memcmp(rest->at, start, length) != 0)
        return false;
    rest->at += length;
    rest->length -= length;
    return true;
}

static void check_reference(gbxi_json_value object, gbxi_json_value root)
{
    gbxi_json_value reference = gbxi_json_member(object, "$ref");
    gbxi_json_string name;
    char text[64];
    bool found = false;

    if (gbxi_json_typeof(reference) != GBXI_JSON_STRING)
        return;
    if (is_string(reference, "#/$defs/", &name)) {
        snprintf(text, sizeof(text), "%.*s", (int)name.length, name.at);
        found = gbxi_json_typeof(gbxi_json_member(gbxi_json_member(root, "$defs"), text)) == GBXI_JSON_OBJECT;
    } else if (is_string(reference, "urn:glassbox:schemas:", &name)) {
        for (size_t i = 0; i < SCHEMA_COUNT; i++)
            found =
                found || (strlen(schema_names[i]) == name.length && memcmp(schema_names[i], name.at, name.length) == 0);
    }
    if (!found)
        fail_msg("$ref to %.*s leads nowhere", (int)name.length, name.at);
}

/* A required name that is not among the properties could never be given where the object is closed. */
static void check_required(gbxi_json_value object, gbxi_json_value root)
{
    gbxi_json_value properties = gbxi_json_member(object, "properties");
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(object, "required"));
    gbxi_json_string name;
    char text[64];

    (void)root;
    while (gbxi_json_typeof(properties) == GBXI_JSON_OBJECT && gbxi_json_next(&each)) {
        assert_true(gbxi_json_str(each.value, &name));
        snprintf(text, sizeof(text), "%.*s", (int)name.length, name.at);
        if (gbxi_json_typeof(gbxi_json_member(properties, text)) == GBXI_JSON_ABSENT)
            fail_msg("\"%s\" is required and not described", text);
    }
}

static void every_reference_and_required_name_exists(void **state)
{
    (void)state;
    for (size_t i = 0; i < SCHEMA_COUNT; i++) {
        gbxi_json_document *document = load(schema_names[i]);
        gbxi_json_value root = gbxi_json_root(document);

        for_each_object(root, check_reference, root);
        for_each_object(root, check_required, root);
        gbxi_json_free(document);
    }
}

static void the_envelope_carries_every_format(void **state)
{
    gbxi_json_document *document = load("traced_response");
    gbxi_json_value traces = gbxi_json_member(gbxi_json_member(gbxi_json_root(document), "properties"), "traces");
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(traces, "anyOf"));

    (void)state;
    assert_true(gbxi_json_next(&each));
    assert_str(gbxi_json_member(each.value, "type"), "null");
    for (gbx_format format = 0; gbx_format_name(format) != NULL; format++) {
        char id[64];

        if (!gbxi_format_is_routed(format))
            continue;
        snprintf(id, sizeof(id), "urn:glassbox:schemas:%s", gbx_format_name(format));
        assert_true(gbxi_json_next(&each));
        assert_str(gbxi_json_member(each.value, "$ref"), id);
    }
    assert_false(gbxi_json_next(&each));
    gbxi_json_free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trace_config_says_what_the_table_says),
        cmocka_unit_test(the_decoder_takes_the_schema_s_own_defaults),
        cmocka_unit_test(every_file_says_what_it_is),
        cmocka_unit_test(every_reference_and_required_name_exists),
        cmocka_unit_test(the_envelope_carries_every_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
