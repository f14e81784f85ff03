/* SPDX-License-Identifier: MIT */
/* The assembled OpenAPI document: it is complete or refused, and every reference has a target. */
#define _GNU_SOURCE
#include "schemas/format.h"
#include "service/contents.h"
#include "service/openapi.h"
#include "json/reader.h"
#include <glassbox/version.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Allocations that still succeed; negative: all. */
static int allowed = -1;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_realloc(void *at, size_t size);
void *__wrap_realloc(void *at, size_t size);
/* C++'s new that returns NULL, of one thing and of many, by their mangled names. */
void *__real__ZnwmRKSt9nothrow_t(size_t size, const void *tag);
void *__wrap__ZnwmRKSt9nothrow_t(size_t size, const void *tag);
void *__real__ZnamRKSt9nothrow_t(size_t size, const void *tag);
void *__wrap__ZnamRKSt9nothrow_t(size_t size, const void *tag);

static bool is_due(void)
{
    if (allowed < 0)
        return false;
    if (allowed == 0)
        return true;
    --allowed;
    return false;
}

void *__wrap_malloc(size_t size)
{
    return is_due() ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *at, size_t size)
{
    return is_due() ? NULL : __real_realloc(at, size);
}

void *__wrap__ZnwmRKSt9nothrow_t(size_t size, const void *tag)
{
    return is_due() ? NULL : __real__ZnwmRKSt9nothrow_t(size, tag);
}

void *__wrap__ZnamRKSt9nothrow_t(size_t size, const void *tag)
{
    return is_due() ? NULL : __real__ZnamRKSt9nothrow_t(size, tag);
}

static gbx_err written(void (*write)(gbxi_json_writer *out), gbxi_json_buffer *buffer)
{
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, buffer);
    write(&writer);
    return gbxi_json_writer_finish(&writer);
}

static gbxi_json_document *parsed(void (*write)(gbxi_json_writer *out))
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_document *document = NULL;

    assert_int_equal(written(write, &buffer), GBX_ERR_OK);
    assert_int_equal(gbxi_json_parse(buffer.bytes, buffer.length, &document, NULL), GBX_ERR_OK);
    gbxi_json_buffer_fini(&buffer);
    return document;
}

static bool is_text(gbxi_json_value value, const char *expected)
{
    gbxi_json_string text;

    return gbxi_json_str(value, &text) && text.length == strlen(expected) &&
           memcmp(text.at, expected, text.length) == 0;
}

/* What a reference of the form "#/a/b" leads to; a part may hold ~1 for /, which none of ours does. */
static gbxi_json_value follow(gbxi_json_value root, gbxi_json_string target)
{
    gbxi_json_value value = root;
    char part[128];

    assert_in_range(target.length, 3, 200);
    assert_memory_equal(target.at, "#/", 2);
    for (size_t at = 2, length; at < target.length; at += length + 1) {
        const char *slash = memchr(target.at + at, '/', target.length - at);

        length = slash != NULL ? (size_t)(slash - target.at) - at : target.length - at;
        assert_in_range(length, 1, sizeof(part) - 1);
        snprintf(part, sizeof(part), "%.*s", (int)length, target.at + at);
        value = gbxi_json_member(value, part);
    }
    return value;
}

static size_t check_references(gbxi_json_value value, gbxi_json_value root)
{
    gbxi_json_value reference = gbxi_json_member(value, "$ref");
    gbxi_json_iterator each = gbxi_json_each(value);
    gbxi_json_string target;
    size_t count = 0;

    if (gbxi_json_str(reference, &target)) {
        if (gbxi_json_typeof(follow(root, target)) != GBXI_JSON_OBJECT)
            fail_msg("$ref to %.*s leads nowhere", (int)target.length, target.at);
        ++count;
    }
    while (gbxi_json_next(&each))
        count += check_references(each.value, root);
    return count;
}

static void every_reference_leads_somewhere(void **state)
{
    gbxi_json_document *document = parsed(gbxi_openapi_write);
    gbxi_json_value root = gbxi_json_root(document);

    (void)state;
    assert_true(is_text(gbxi_json_member(root, "openapi"), "3.1.0"));
    assert_true(is_text(gbxi_json_member(gbxi_json_member(root, "info"), "version"), GBX_VERSION));
    assert_in_range(check_references(root, root), 100, 1000);
    gbxi_json_free(document);
}

/* The number of schemas that only the OpenAPI document has: those of its file, each once for every format. */
static size_t count_own_schemas(gbxi_json_value components)
{
    gbxi_json_document *file = NULL;
    gbxi_json_value own;
    size_t formats = 0, count;

    for (gbx_format format = 0; gbx_format_name(format) != NULL; format++)
        formats += gbxi_format_is_routed(format);
    assert_int_equal(gbxi_json_parse(gbxi_embedded_openapi->bytes, gbxi_embedded_openapi->length, &file, NULL),
                     GBX_ERR_OK);
    own = gbxi_json_member(gbxi_json_member(gbxi_json_root(file), "components"), "schemas");
    count = gbxi_json_count(own) * formats;
    assert_in_range(count, 1, 100);
    for (gbxi_json_iterator each = gbxi_json_each(own); gbxi_json_next(&each);)
        assert_non_null(memmem(each.key.at, each.key.length, "{format}", strlen("{format}")));
    for (gbx_format format = 0; gbx_format_name(format) != NULL; format++) {
        char name[64];

        snprintf(name, sizeof(name), "traced_%s", gbx_format_name(format));
        assert_int_equal(gbxi_json_typeof(gbxi_json_member(components, name)),
                         gbxi_format_is_routed(format) ? GBXI_JSON_OBJECT : GBXI_JSON_ABSENT);
    }
    gbxi_json_free(file);
    return count;
}

static void every_schema_and_definition_is_a_component(void **state)
{
    gbxi_json_document *document = parsed(gbxi_openapi_write);
    gbxi_json_value components = gbxi_json_member(gbxi_json_member(gbxi_json_root(document), "components"), "schemas");
    size_t count = count_own_schemas(components);

    (void)state;
    for (const gbxi_embedded *schema = gbxi_embedded_schemas; schema->name != NULL; ++schema) {
        gbxi_json_document *own = NULL;
        gbxi_json_value component = gbxi_json_member(components, schema->name);
        gbxi_json_value definitions;

        /* The envelopes of the document's own routes replace the one of all hosts. */
        if (strcmp(schema->name, "traced_response") == 0) {
            assert_int_equal(gbxi_json_typeof(component), GBXI_JSON_ABSENT);
            continue;
        }
        ++count;

        assert_int_equal(gbxi_json_parse(schema->bytes, schema->length, &own, NULL), GBX_ERR_OK);
        definitions = gbxi_json_member(gbxi_json_root(own), "$defs");
        /* Less $schema, $id and, where there is one, $defs. */
        assert_int_equal(gbxi_json_count(component) + 2 + (gbxi_json_typeof(definitions) != GBXI_JSON_ABSENT),
                         gbxi_json_count(gbxi_json_root(own)));
        count += gbxi_json_count(definitions);
        gbxi_json_free(own);
    }
    assert_int_equal(gbxi_json_count(components), count);
    for (gbxi_json_iterator each = gbxi_json_each(components); gbxi_json_next(&each);)
        for (gbxi_json_iterator other = each; gbxi_json_next(&other);)
            if (other.key.length == each.key.length && memcmp(other.key.at, each.key.at, each.key.length) == 0)
                fail_msg("two components are called %.*s", (int)each.key.length, each.key.at);
    gbxi_json_free(document);
}

static void lists_every_schema_under_its_path(void **state)
{
    gbxi_json_document *document = parsed(gbxi_schema_list_write);
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(gbxi_json_root(document), "schemas"));
    char text[128];

    (void)state;
    for (const gbxi_embedded *schema = gbxi_embedded_schemas; schema->name != NULL; ++schema) {
        assert_true(gbxi_json_next(&each));
        assert_true(is_text(gbxi_json_member(each.value, "name"), schema->name));
        snprintf(text, sizeof(text), "urn:glassbox:schemas:%s", schema->name);
        assert_true(is_text(gbxi_json_member(each.value, "id"), text));
        snprintf(text, sizeof(text), "/schemas/%s", schema->name);
        assert_true(is_text(gbxi_json_member(each.value, "path"), text));
        assert_int_equal(gbxi_json_typeof(gbxi_json_member(each.value, "title")), GBXI_JSON_STRING);
    }
    assert_false(gbxi_json_next(&each));
    gbxi_json_free(document);
}

static void check_scarcity(void (*write)(gbxi_json_writer *out))
{
    gbx_err result = GBX_ERR_NO_MEMORY;
    int tried = 0;

    for (; result != GBX_ERR_OK; ++tried) {
        gbxi_json_buffer buffer = {0};

        assert_in_range(tried, 0, 10000);
        allowed = tried;
        result = written(write, &buffer);
        allowed = -1;
        if (result != GBX_ERR_OK)
            assert_int_equal(result, GBX_ERR_NO_MEMORY);
        gbxi_json_buffer_fini(&buffer);
    }
    assert_in_range(tried, 5, 10000);
}

static void is_refused_when_any_allocation_fails(void **state)
{
    (void)state;
    check_scarcity(gbxi_openapi_write);
    check_scarcity(gbxi_schema_list_write);
}

static void embedded_files_are_the_files(void **state)
{
    (void)state;
    for (const gbxi_embedded *schema = gbxi_embedded_schemas; schema->name != NULL; ++schema) {
        static char text[1 << 16];
        char path[96];
        size_t length;
        FILE *file;

        snprintf(path, sizeof(path), "schemas/%s.schema.json", schema->name);
        file = fopen(path, "rb");
        assert_non_null(file);
        length = fread(text, 1, sizeof(text), file);
        fclose(file);
        assert_int_equal(schema->length, length);
        assert_memory_equal(schema->bytes, text, length);
        assert_string_equal(schema->type, "application/schema+json");
        assert_int_equal(strlen(schema->etag), 16);
        assert_true(schema->gzip == NULL || schema->gzip_length < schema->length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reference_leads_somewhere),
        cmocka_unit_test(every_schema_and_definition_is_a_component),
        cmocka_unit_test(lists_every_schema_under_its_path),
        cmocka_unit_test(is_refused_when_any_allocation_fails),
        cmocka_unit_test(embedded_files_are_the_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
