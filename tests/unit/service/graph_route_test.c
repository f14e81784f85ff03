/* SPDX-License-Identifier: MIT */
/* Which paths are graph requests, and their names. */
#include "service/graph_route.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect_name(const char *name, size_t length, const char *expected)
{
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(name, expected, length);
}

static void splits_a_path_into_its_names(void **state)
{
    static const struct {
        const char *path, *source, *engine, *transformation;
    } cases[] = {
        {"/graph/from/html/to/dot/default", "html", "dot", "default"},
        {"/graph/from/json/to/default/full-document", "json", "default", "full-document"},
        {"/graph/from/a/to/b/c", "a", "b", "c"},
        {"/graph/from/to/to/to/to", "to", "to", "to"},
        {"/graph/from/h%20l/to/d\xC3\xB6t/x y", "h%20l", "d\xC3\xB6t", "x y"},
    };

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        gbxi_graph_route route;
        assert_true(gbxi_graph_route_parse(cases[i].path, strlen(cases[i].path), &route));
        expect_name(route.source, route.source_length, cases[i].source);
        expect_name(route.engine, route.engine_length, cases[i].engine);
        expect_name(route.transformation, route.transformation_length, cases[i].transformation);
    }
}

static void refuses_every_other_path_and_leaves_the_route_alone(void **state)
{
    static const char *const paths[] = {
        "",
        "/",
        "/graph",
        "/graph/",
        "/graph/from",
        "/graph/from/",
        "/graph/from//to/dot/default",
        "/graph/from/html",
        "/graph/from/html/",
        "/graph/from/html/to",
        "/graph/from/html/to/",
        "/graph/from/html/to/dot",
        "/graph/from/html/to/dot/",
        "/graph/from/html/to//default",
        "/graph/from/html/to/dot/default/",
        "/graph/from/html/to/dot/default/more",
        "/graph/from/html/into/dot/default",
        "/graph/From/html/to/dot/default",
        "graph/from/html/to/dot/default",
        "/graphs/from/html/to/dot/default",
    };

    (void)state;
    for (size_t i = 0; i != sizeof(paths) / sizeof(paths[0]); ++i) {
        gbxi_graph_route route = {.source = "kept"};
        if (gbxi_graph_route_parse(paths[i], strlen(paths[i]), &route))
            fail_msg("accepted %s", paths[i]);
        assert_string_equal(route.source, "kept");
    }
}

static void reads_no_further_than_the_length(void **state)
{
    static const char path[] = "/graph/from/html/to/dot/default";
    gbxi_graph_route route;

    (void)state;
    assert_true(gbxi_graph_route_parse(path, sizeof(path) - 3, &route));
    expect_name(route.transformation, route.transformation_length, "defau");
    for (size_t length = 0; length != sizeof("/graph/from/html/to/dot/") - 1; ++length)
        assert_false(gbxi_graph_route_parse(path, length, &route));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_a_path_into_its_names),
        cmocka_unit_test(refuses_every_other_path_and_leaves_the_route_alone),
        cmocka_unit_test(reads_no_further_than_the_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
