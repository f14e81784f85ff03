/* SPDX-License-Identifier: MIT */
/* The registry compared with the literal list in tests/support/parts.json. All other tests query the registry or the
 * service. */
#include "graph/catalog.h"
#include "graph/registry.h"
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The literal list, read. */
typedef struct literal_lists {
    gbxi_json_document *document;
    gbxi_json_value root;
} literal_lists;

static literal_lists read_lists(void)
{
    size_t length;
    char *text = request_read_file("tests/support/parts.json", &length);
    literal_lists read = {0};

    assert_non_null(text);
    assert_int_equal(gbxi_json_parse(text, length, &read.document, NULL), GBX_ERR_OK);
    read.root = gbxi_json_root(read.document);
    free(text);
    return read;
}

static void check_parts(gbxi_json_value names, gbxi_part_kind kind)
{
    gbxi_json_iterator each = gbxi_json_each(names);
    const gbxi_part *const *parts = gbxi_parts(kind);
    size_t count = 0;

    for (; gbxi_json_next(&each); count++) {
        gbxi_json_string name;

        assert_true(gbxi_json_str(each.value, &name));
        assert_non_null(parts[count]);
        if (!gbxi_view_is(name, parts[count]->name))
            fail_msg("%.*s is expected where %s is", (int)name.length, name.at, parts[count]->name);
        assert_true(strlen(parts[count]->label) > 1 && strlen(parts[count]->description) > 10);
    }
    assert_null(parts[count]);
    assert_true(count > 1);
}

static void the_parts_are_those_of_the_literal_list(void **state)
{
    literal_lists literal = read_lists();

    (void)state;
    check_parts(gbxi_json_member(literal.root, "source"), GBXI_PART_SOURCE);
    check_parts(gbxi_json_member(literal.root, "engine"), GBXI_PART_ENGINE);
    check_parts(gbxi_json_member(literal.root, "transformation"), GBXI_PART_TRANSFORMATION);
    assert_int_equal(gbxi_json_count(literal.root), GBXI_PART_KIND_COUNT);
    gbxi_json_free(literal.document);
}

static void every_part_is_found_by_its_name_and_no_other(void **state)
{
    (void)state;
    for (const gbxi_part *const *part = gbxi_parts(GBXI_PART_ENGINE); *part != NULL; part++) {
        const gbxi_engine *engine;
        gbx_error error;

        assert_int_equal(gbxi_engine_find((*part)->name, strlen((*part)->name), &engine, &error), GBX_ERR_OK);
        assert_ptr_equal(&engine->part, *part);
        assert_int_equal(gbxi_engine_find((*part)->name, strlen((*part)->name) - 1, &engine, &error), GBX_ERR_UNKNOWN);
        assert_null(engine);
    }
    for (const gbxi_part *const *part = gbxi_parts(GBXI_PART_TRANSFORMATION); *part != NULL; part++) {
        const gbxi_transformation *transformation;
        gbx_error error;

        assert_int_equal(gbxi_transformation_find((*part)->name, strlen((*part)->name), &transformation, &error),
                         GBX_ERR_OK);
        assert_ptr_equal(&transformation->part, *part);
    }
}

/* What the OpenAPI document lists for a place of a route. */
static char *names_of(const char *place, bool *known)
{
    gbxi_json_buffer text = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &text);
    *known = gbxi_graph_write_names(gbxi_view_of(place), &writer);
    gbxi_json_literal(&writer, "", 1); /* terminates the text */
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    return text.bytes;
}

static void the_names_of_a_place_are_written_and_of_no_other(void **state)
{
    bool known;
    char *text = names_of("source", &known);

    (void)state;
    assert_true(known);
    assert_string_equal(text, "[\"html\",\"json\"]");
    free(text);
    text = names_of("engine", &known);
    assert_true(known);
    assert_memory_equal(text, "[\"default\",\"dot\",", strlen("[\"default\",\"dot\","));
    free(text);
    text = names_of("sources", &known);
    assert_false(known);
    assert_string_equal(text, "");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_are_those_of_the_literal_list),
        cmocka_unit_test(every_part_is_found_by_its_name_and_no_other),
        cmocka_unit_test(the_names_of_a_place_are_written_and_of_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
