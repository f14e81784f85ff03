/* SPDX-License-Identifier: MIT */
/* The OpenAPI document as it is put together: complete, with every reference leading somewhere, and whole or refused.
 */
#include "server/embedded.h"
#include "server/openapi.h"
#include "json/reader.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

static gbx_err written(void (*write)(gbx_json_writer *out), gbx_json_buffer *buffer)
{
    gbx_json_writer writer;

    gbx_json_writer_init_buffer(&writer, buffer);
    write(&writer);
    return gbx_json_writer_finish(&writer);
}

static gbx_json_document *parsed(void (*write)(gbx_json_writer *out))
{
    gbx_json_buffer buffer = {0};
    gbx_json_document *document = NULL;

    assert_int_equal(written(write, &buffer), GBX_ERR_OK);
    assert_int_equal(gbx_json_parse(buffer.bytes, buffer.length, &document, NULL), GBX_ERR_OK);
    gbx_json_buffer_fini(&buffer);
    return document;
}

static bool is_text(gbx_json_value value, const char *expected)
{
    gbx_json_string text;

    return gbx_json_str(value, &text) && text.length == strlen(expected) && memcmp(text.at, expected, text.length) == 0;
}

/* What a reference of the form "#/a/b" leads to; a part may hold ~1 for /, which none of ours does. */
static gbx_json_value follow(gbx_json_value root, gbx_json_string target)
{
    gbx_json_value value = root;
    char part[128];

    assert_in_range(target.length, 3, 200);
    assert_memory_equal(target.at, "#/", 2);
    for (size_t at = 2, length; at < target.length; at += length + 1) {
        const char *slash = memchr(target.at + at, '/', target.length - at);

        length = slash != NULL ? (size_t)(slash - target.at) - at : target.length - at;
        assert_in_range(length, 1, sizeof(part) - 1);
        snprintf(part, sizeof(part), "%.*s", (int)length, target.at + at);
        value = gbx_json_member(value, part);
    }
    return value;
}

static size_t check_references(gbx_json_value value, gbx_json_value root)
{
    gbx_json_value reference = gbx_json_member(value, "$ref");
    gbx_json_iterator each = gbx_json_each(value);
    gbx_json_string target;
    size_t count = 0;

    if (gbx_json_str(reference, &target)) {
        if (gbx_json_typeof(follow(root, target)) != GBX_JSON_OBJECT)
            fail_msg("$ref to %.*s leads nowhere", (int)target.length, target.at);
        ++count;
    }
    while (gbx_json_next(&each))
        count += check_references(each.value, root);
    return count;
}

static void every_reference_leads_somewhere(void **state)
{
    gbx_json_document *document = parsed(gbx__openapi_write);
    gbx_json_value root = gbx_json_root(document);

    (void)state;
    assert_true(is_text(gbx_json_member(root, "openapi"), "3.1.0"));
    assert_true(is_text(gbx_json_member(gbx_json_member(root, "info"), "version"), GBX_VERSION));
    assert_in_range(check_references(root, root), 100, 1000);
    gbx_json_free(document);
}

static void every_schema_and_definition_is_a_component(void **state)
{
    gbx_json_document *document = parsed(gbx__openapi_write);
    gbx_json_value components = gbx_json_member(gbx_json_member(gbx_json_root(document), "components"), "schemas");
    size_t count = 0;

    (void)state;
    for (const gbx__embedded *schema = gbx__embedded_schemas; schema->name != NULL; ++schema, ++count) {
        gbx_json_document *own = NULL;
        gbx_json_value component = gbx_json_member(components, schema->name);
        gbx_json_value definitions;

        assert_int_equal(gbx_json_parse(schema->bytes, schema->length, &own, NULL), GBX_ERR_OK);
        definitions = gbx_json_member(gbx_json_root(own), "$defs");
        /* Less $schema, $id and, where there is one, $defs. */
        assert_int_equal(gbx_json_count(component) + 2 + (gbx_json_typeof(definitions) != GBX_JSON_ABSENT),
                         gbx_json_count(gbx_json_root(own)));
        count += gbx_json_count(definitions);
        gbx_json_free(own);
    }
    assert_int_equal(gbx_json_count(components), count);
    for (gbx_json_iterator each = gbx_json_each(components); gbx_json_next(&each);)
        for (gbx_json_iterator other = each; gbx_json_next(&other);)
            if (other.key.length == each.key.length && memcmp(other.key.at, each.key.at, each.key.length) == 0)
                fail_msg("two components are called %.*s", (int)each.key.length, each.key.at);
    gbx_json_free(document);
}

static void lists_every_schema_under_its_path(void **state)
{
    gbx_json_document *document = parsed(gbx__schema_list_write);
    gbx_json_iterator each = gbx_json_each(gbx_json_member(gbx_json_root(document), "schemas"));
    char text[128];

    (void)state;
    for (const gbx__embedded *schema = gbx__embedded_schemas; schema->name != NULL; ++schema) {
        assert_true(gbx_json_next(&each));
        assert_true(is_text(gbx_json_member(each.value, "name"), schema->name));
        snprintf(text, sizeof(text), "urn:glassbox:schemas:%s", schema->name);
        assert_true(is_text(gbx_json_member(each.value, "id"), text));
        snprintf(text, sizeof(text), "/schemas/%s", schema->name);
        assert_true(is_text(gbx_json_member(each.value, "path"), text));
        assert_int_equal(gbx_json_typeof(gbx_json_member(each.value, "title")), GBX_JSON_STRING);
    }
    assert_false(gbx_json_next(&each));
    gbx_json_free(document);
}

static void check_scarcity(void (*write)(gbx_json_writer *out))
{
    gbx_err result = GBX_ERR_NO_MEMORY;
    int tried = 0;

    for (; result != GBX_ERR_OK; ++tried) {
        gbx_json_buffer buffer = {0};

        assert_in_range(tried, 0, 10000);
        allowed = tried;
        result = written(write, &buffer);
        allowed = -1;
        if (result != GBX_ERR_OK)
            assert_int_equal(result, GBX_ERR_NO_MEMORY);
        gbx_json_buffer_fini(&buffer);
    }
    assert_in_range(tried, 5, 10000);
}

static void is_refused_when_any_allocation_fails(void **state)
{
    (void)state;
    check_scarcity(gbx__openapi_write);
    check_scarcity(gbx__schema_list_write);
}

static void embedded_files_are_the_files(void **state)
{
    (void)state;
    for (const gbx__embedded *schema = gbx__embedded_schemas; schema->name != NULL; ++schema) {
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
