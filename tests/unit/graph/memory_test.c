/* SPDX-License-Identifier: MIT */
/* Memory that runs out at every allocation in turn: the result is an error, and nothing leaks. */
#include "graph/registry.h"
#include "request.h"
#include "scarce_memory.h"
#include "transformed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char page_body[] =
    "{\"graph_data\":{\"html\":\"<html><head><title>t</title></head><body class='a b'><p id=x>some <b>text</b> &amp; "
    "more</p><ul><li>one<li>two</ul><p>\xc3\xa9</p><script>1</script><B X=1><x-y><table>a<tr><svg viewbox=1></b>c"
    "<template><td><i><p>d</i>e</template></body></html>\"}}";
static const char graph_body[] =
    "{\"graph_data\":{\"nodes\":[{\"id\":\"a\",\"label\":\"A\"},{\"id\":2},{\"id\":0.5}],"
    "\"edges\":[{\"source\":\"a\",\"target\":2,\"label\":\"l\"},{\"source\":2,\"target\":\"a\"}]}}";

static gbx_err run(const gbxi_graph_route *route, const char *body, size_t length, gbx_error *error)
{
    gbxi_json_buffer text = {0};
    gbxi_json_writer writer;
    gbx_err err;

    gbxi_json_writer_init_buffer(&writer, &text);
    err = gbxi_graph_run(route, body, length, &writer, error);
    if (err == GBX_ERR_OK)
        err = gbxi_json_writer_finish(&writer);
    gbxi_json_buffer_fini(&text);
    return err;
}

static void check_error(gbx_err err, const gbx_error *error)
{
    assert_int_equal(err, GBX_ERR_NO_MEMORY);
    assert_int_equal(error->code, GBX_ERR_NO_MEMORY);
    assert_string_equal(error->pointer, "");
}

static void check_through(const char *source, const char *engine, const char *transformation, const char *body,
                          size_t length)
{
    gbxi_graph_route route = request_route(source, engine, transformation);
    gbx_error error;
    size_t grants = 0;
    bool refused = true;

    assert_int_equal(run(&route, body, length, &error), GBX_ERR_OK); /* what is made once is made */
    for (; refused; grants++) {
        long before = scarce_memory_blocks();
        gbx_err err;

        scarce_memory_begin(grants);
        err = run(&route, body, length, &error);
        refused = scarce_memory_end();
        if (refused)
            check_error(err, &error);
        else
            assert_int_equal(err, GBX_ERR_OK);
        assert_int_equal(scarce_memory_blocks(), before);
    }
    assert_true(grants > 5);
}

static void check_route(const char *source, const char *engine, const char *body, size_t length)
{
    check_through(source, engine, "default", body, length);
}

static void a_page_that_finds_no_memory_is_an_error_and_leaves_nothing(void **state)
{
    (void)state;
    check_route("html", "dot", page_body, sizeof(page_body) - 1);
    check_route("html", "tree", page_body, sizeof(page_body) - 1);
    check_route("html", "d3", page_body, sizeof(page_body) - 1);
}

static void a_graph_that_finds_no_memory_is_an_error_and_leaves_nothing(void **state)
{
    (void)state;
    for (const gbxi_part *const *engine = gbxi_parts(GBXI_PART_ENGINE); *engine != NULL; engine++)
        check_route("json", (*engine)->name, graph_body, sizeof(graph_body) - 1);
}

static gbx_err render(const gbxi_engine *engine, const gbxi_graph *graph)
{
    gbxi_json_buffer text = {0};
    gbxi_json_writer writer;
    gbx_err err, written;

    gbxi_json_writer_init_buffer(&writer, &text);
    gbxi_json_object_begin(&writer);
    err = engine->render(graph, (gbxi_json_value){0}, &writer);
    gbxi_json_object_end(&writer);
    written = gbxi_json_writer_finish(&writer);
    gbxi_json_buffer_fini(&text);
    return err != GBX_ERR_OK ? err : written;
}

/* Only a graph with clusters is sorted by them. */
static void clusters_that_find_no_memory_are_an_error_and_leave_nothing(void **state)
{
    static const char *const clusters[] = {"c", NULL};
    const gbxi_part *const *engines = gbxi_parts(GBXI_PART_ENGINE);
    gbxi_graph graph = {.clusters = clusters};

    (void)state;
    assert_int_equal(gbxi_graph_add_node(&graph, (gbxi_node){.cluster = 1, .kind = GBXI_NODE_TEXT}), GBX_ERR_OK);
    for (size_t i = 0; engines[i] != NULL; i++) {
        bool refused = true;
        size_t grants = 0;

        for (; refused; grants++) {
            long before = scarce_memory_blocks();
            gbx_err err;

            scarce_memory_begin(grants);
            err = render((const gbxi_engine *)(const void *)engines[i], &graph);
            refused = scarce_memory_end();
            assert_int_equal(err, refused ? GBX_ERR_NO_MEMORY : GBX_ERR_OK);
            assert_int_equal(scarce_memory_blocks(), before);
        }
        assert_true(grants > 1);
    }
    gbxi_graph_fini(&graph);
}

/* The config in which a transformation allocates most. */
static const char *config_of(const char *transformation)
{
    static const char *const configs[][2] = {
        {"attributes", "{'names':['ID','class']}"},
        {"scripts", "{'handlers':true}"},
        {"spanning-tree", "{'weight':'w'}"},
        {"reachable", "{'roots':['a','d']}"},
        {"dedupe", "{'by_label':true}"},
        {"largest-component", "{'strong':true}"},
    };

    for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++)
        if (strcmp(configs[i][0], transformation) == 0)
            return configs[i][1];
    return NULL;
}

static void a_transformation_that_finds_no_memory_is_an_error_and_leaves_nothing(void **state)
{
    static const char graph[] = "a b c d | a>b=1 b>c=2 c>a=1 a>b=3 d>d=1";
    static const char page[] = "<html><body class='a b' onload=x><p id=x>y</p><script>1</script></body></html>";

    (void)state;
    for (size_t i = 0; transformed_all[i] != NULL; i++) {
        const char *name = transformed_all[i]->part.name;
        bool for_pages = transformed_all[i]->apply(&(gbxi_graph){0}, (gbxi_json_value){0}, NULL) == GBX_ERR_CONFLICT;
        char *body =
            for_pages ? transformed_page_body(page, config_of(name)) : transformed_body(graph, config_of(name));

        check_through(for_pages ? "html" : "json", "dot", name, body, strlen(body));
        free(body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_that_finds_no_memory_is_an_error_and_leaves_nothing),
        cmocka_unit_test(a_graph_that_finds_no_memory_is_an_error_and_leaves_nothing),
        cmocka_unit_test(a_transformation_that_finds_no_memory_is_an_error_and_leaves_nothing),
        cmocka_unit_test(clusters_that_find_no_memory_are_an_error_and_leave_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
