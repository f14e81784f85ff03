/* SPDX-License-Identifier: MIT */
/* Values are written as they were read. */
#include "json/copy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static gbxi_json_buffer copied(const char *text)
{
    gbxi_json_document *document = NULL;
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    assert_int_equal(gbxi_json_parse(text, strlen(text), &document, NULL), GBX_ERR_OK);
    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_copy(&writer, gbxi_json_root(document));
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    gbxi_json_free(document);
    return buffer;
}

static void every_kind_of_value_comes_out_as_it_went_in(void **state)
{
    static const char *const texts[] = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "18446744073709551615",
        "-9223372036854775808",
        "18446744073709551616",
        "-340282366920938463463374607431768211456",
        "[1,100000000000000000000,\"100000000000000000000\",{\"100000000000000000000\":-100000000000000000000}]",
        "1.5",
        "1e+300",
        "\"\"",
        "\"a\\\"b\\\\c\\u0000d\xc3\xa4\"",
        "[]",
        "{}",
        "[1,[2,[3,{}]],\"x\"]",
        "{\"a\":1,\"a\":2,\"b\":{\"c\":[null,true]},\"\":0}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        gbxi_json_buffer buffer = copied(texts[i]);

        assert_int_equal(buffer.length, strlen(texts[i]));
        assert_memory_equal(buffer.bytes, texts[i], buffer.length);
        gbxi_json_buffer_fini(&buffer);
    }
}

static void the_deepest_document_that_reads_is_written(void **state)
{
    enum { LEVELS = 1024 };
    static char text[2 * LEVELS + 1];
    gbxi_json_buffer buffer;

    (void)state;
    memset(text, '[', LEVELS);
    memset(text + LEVELS, ']', LEVELS);
    buffer = copied(text);
    assert_int_equal(buffer.length, strlen(text));
    assert_memory_equal(buffer.bytes, text, buffer.length);
    gbxi_json_buffer_fini(&buffer);
}

static void members_can_be_left_out_by_name(void **state)
{
    static const char *const but[] = {"id", "", NULL};
    static const char text[] = "{\"id\":1,\"name\":2,\"\":3,\"i\":4,\"id\":5,\"idx\":6}";
    gbxi_json_document *document = NULL;
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    (void)state;
    assert_int_equal(gbxi_json_parse(text, strlen(text), &document, NULL), GBX_ERR_OK);
    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_object_begin(&writer);
    gbxi_json_copy_members(&writer, gbxi_json_root(document), but);
    gbxi_json_object_end(&writer);
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    assert_int_equal(buffer.length, strlen("{\"name\":2,\"i\":4,\"idx\":6}"));
    assert_memory_equal(buffer.bytes, "{\"name\":2,\"i\":4,\"idx\":6}", buffer.length);
    gbxi_json_buffer_fini(&buffer);
    gbxi_json_free(document);
}

static void what_is_absent_is_null(void **state)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    (void)state;
    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_copy(&writer, (gbxi_json_value){0});
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    assert_memory_equal(buffer.bytes, "null", 4);
    gbxi_json_buffer_fini(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value_comes_out_as_it_went_in),
        cmocka_unit_test(the_deepest_document_that_reads_is_written),
        cmocka_unit_test(members_can_be_left_out_by_name),
        cmocka_unit_test(what_is_absent_is_null),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
