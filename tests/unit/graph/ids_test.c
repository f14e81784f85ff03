/* SPDX-License-Identifier: MIT */
/* Ids in libraries that use one namespace for nodes and other things, or that do not accept every id: no two ids
 * collide. */
#include "graph/engine/ids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct texts {
    gbxi_graph graph;
    gbxi_ids ids;
    gbxi_json_buffer buffer;
    gbxi_json_writer writer;
} texts;

static void begin(texts *t, const char *const *names, bool blank)
{
    *t = (texts){0};
    for (; *names != NULL; names++) {
        gbxi_node node = {.kind = GBXI_NODE_ITEM, .origin = GBXI_GRAPH_NONE};

        assert_int_equal(gbxi_texts_add(&t->graph.texts, *names, strlen(*names), &node.name), GBX_ERR_OK);
        assert_int_equal(gbxi_graph_add_node(&t->graph, node), GBX_ERR_OK);
    }
    gbxi_ids_init(&t->ids, &t->graph, blank);
    gbxi_json_writer_init_buffer(&t->writer, &t->buffer);
    gbxi_json_array_begin(&t->writer);
    for (size_t i = 0; i < t->graph.node_count; i++)
        gbxi_ids_write_node(&t->ids, i, &t->writer);
}

static void check(texts *t, const char *expected)
{
    gbxi_json_array_end(&t->writer);
    assert_int_equal(gbxi_json_writer_finish(&t->writer), GBX_ERR_OK);
    assert_int_equal(t->buffer.length, strlen(expected));
    assert_memory_equal(t->buffer.bytes, expected, t->buffer.length);
    gbxi_json_buffer_fini(&t->buffer);
    gbxi_graph_fini(&t->graph);
}

static void made_up_ids_begin_with_0_where_no_node_does(void **state)
{
    static const char *const names[] = {"a", "7", "0", "e0", ":e0", "x0:e0", "00", NULL};
    texts t;

    (void)state;
    begin(&t, names, false);
    gbxi_ids_write_own(&t.ids, 'e', 0, &t.writer);
    gbxi_ids_write_own(&t.ids, 'c', 4294967295u, &t.writer);
    check(&t, "[\"a\",\"7\",\"0\",\"e0\",\":e0\",\"x0:e0\",\"00\",\"0:e0\",\"0:c4294967295\"]");
}

static void made_up_ids_begin_with_what_no_node_does(void **state)
{
    static const char *const names[] = {"0:e0", "7:", "3:c1", "00000000008:x", "9", NULL};
    texts t;

    (void)state;
    begin(&t, names, false);
    gbxi_ids_write_own(&t.ids, 'e', 0, &t.writer);
    check(&t, "[\"0:e0\",\"7:\",\"3:c1\",\"00000000008:x\",\"9\",\"9:e0\"]");
}

/* The number of an id of very many digits is not looked at, because ours never has as many. */
static void the_largest_numbers_do_not_overflow(void **state)
{
    static const char *const names[] = {"999999999999999999:e0", "99999999999999999999999:e0", "1000000000000000000:c1",
                                        NULL};
    texts t;

    (void)state;
    begin(&t, names, false);
    gbxi_ids_write_own(&t.ids, 'e', 0, &t.writer);
    check(&t, "[\"999999999999999999:e0\",\"99999999999999999999999:e0\",\"1000000000000000000:c1\","
              "\"1000000000000000000:e0\"]");
}

static void names_that_every_object_has_are_set_apart(void **state)
{
    static const char *const names[] = {
        "constructor",          "__proto__", "toString", "Constructor", "constructors", "valueO", "__lookupGetter__",
        "propertyIsEnumerable", "length",    "lengths",  NULL};
    texts t;

    (void)state;
    begin(&t, names, true);
    check(&t, "[\"0:constructor\",\"0:__proto__\",\"0:toString\",\"Constructor\",\"constructors\",\"valueO\","
              "\"0:__lookupGetter__\",\"0:propertyIsEnumerable\",\"0:length\",\"lengths\"]");
}

static void blank_ids_are_set_apart_only_where_they_are_not_taken(void **state)
{
    static const char *const names[] = {"", " ", "\t\n", "\xc2\xa0\xe3\x80\x80", " a", "\xc2\xa0x", "\xc3\xa9", NULL};
    texts t;

    (void)state;
    begin(&t, names, false);
    check(&t, "[\"0:\",\"0: \",\"0:\\t\\n\",\"0:\xc2\xa0\xe3\x80\x80\",\" a\",\"\xc2\xa0x\",\"\xc3\xa9\"]");
    begin(&t, names, true);
    check(&t, "[\"\",\" \",\"\\t\\n\",\"\xc2\xa0\xe3\x80\x80\",\" a\",\"\xc2\xa0x\",\"\xc3\xa9\"]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_up_ids_begin_with_0_where_no_node_does),
        cmocka_unit_test(made_up_ids_begin_with_what_no_node_does),
        cmocka_unit_test(the_largest_numbers_do_not_overflow),
        cmocka_unit_test(names_that_every_object_has_are_set_apart),
        cmocka_unit_test(blank_ids_are_set_apart_only_where_they_are_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
