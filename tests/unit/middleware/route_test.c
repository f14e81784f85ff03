/* SPDX-License-Identifier: MIT */
/* Which paths are mirrored, and the paths without their suffix. */
#define _GNU_SOURCE
#include "middleware/route.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct row {
    const char *mounted; /* NULL: the fallback configuration */
    const char *path;
    const char *left; /* NULL: not mirrored */
    gbx_format format;
} row;

static h2o_pathconf_t mounted_at;
static h2o_req_t req;

static void make_request(const char *mounted, const char *method, const char *path)
{
    memset(&req, 0, sizeof(req));
    h2o_mem_init_pool(&req.pool);
    mounted_at.path = h2o_iovec_init(mounted, mounted != NULL ? strlen(mounted) : 0);
    req.pathconf = &mounted_at;
    req.method = h2o_iovec_init(method, strlen(method));
    req.path = h2o_iovec_init(path, strlen(path));
    req.path_normalized =
        h2o_url_normalize_path(&req.pool, req.path.base, req.path.len, &req.query_at, &req.norm_indexes);
}

/* What libh2o itself would make of the path that is left. */
static void assert_consistent(void)
{
    size_t query_at, *norm_indexes;
    h2o_iovec_t normalized = h2o_url_normalize_path(&req.pool, req.path.base, req.path.len, &query_at, &norm_indexes);

    assert_int_equal(normalized.len, req.path_normalized.len);
    assert_memory_equal(normalized.base, req.path_normalized.base, normalized.len);
    assert_true(query_at == req.query_at);
    assert_true(normalized.len >= mounted_at.path.len);
}

static const row rows[] = {
    {"/graph", "/graph/from/html/full", "/graph/from/html", GBX_FORMAT_FULL},
    {"/graph", "/graph/from/html/summary", "/graph/from/html", GBX_FORMAT_SUMMARY},
    {"/graph", "/graph/from/html/speedscope", "/graph/from/html", GBX_FORMAT_SPEEDSCOPE},
    {"/graph", "/graph/full", "/graph", GBX_FORMAT_FULL},
    {"/graph", "/graph/full?a=1&b=/full", "/graph?a=1&b=/full", GBX_FORMAT_FULL},
    {"/graph", "/graph/full?", "/graph?", GBX_FORMAT_FULL},
    {"/graph", "/graph/full/full", "/graph/full", GBX_FORMAT_FULL},
    {"/graph", "/graph//full", "/graph/", GBX_FORMAT_FULL},
    {"/files/", "/files/full", "/files/", GBX_FORMAT_FULL},
    {"/files/", "/files/full?q", "/files/?q", GBX_FORMAT_FULL},
    {"/files/", "/files/a.html/full", "/files/a.html", GBX_FORMAT_FULL},
    {"/", "/full", "/", GBX_FORMAT_FULL},
    {"/", "/full?x=1", "/?x=1", GBX_FORMAT_FULL},
    {NULL, "/full", "/", GBX_FORMAT_FULL},
    {NULL, "/a/full", "/a", GBX_FORMAT_FULL},
    {"/graph", "/graph/%66ull", "/graph", GBX_FORMAT_FULL},
    {"/graph", "/graph%2Ffull", "/graph", GBX_FORMAT_FULL},
    {"/graph", "/graph/a%20b/full?c%20d", "/graph/a%20b?c%20d", GBX_FORMAT_FULL},
    {"/graph", "/%67raph/a/full", "/%67raph/a", GBX_FORMAT_FULL},
    {"/graph", "/graph/./full", "/graph", GBX_FORMAT_FULL},
    {"/graph", "/graph/a/../full?q", "/graph?q", GBX_FORMAT_FULL},
    {"/graph", "/graph/a/../b/full", "/graph/a/../b", GBX_FORMAT_FULL},
    {"/graph/", "/graph/a/../full", "/graph/", GBX_FORMAT_FULL},
    {"/graph", "/../graph/full", "/../graph", GBX_FORMAT_FULL},
    {"/", "/a/../full", "/", GBX_FORMAT_FULL},
    {"/a/full", "/a/full/full", "/a/full", GBX_FORMAT_FULL},
    {"/a/full", "/a/full", NULL, 0},
    {"/full", "/full", NULL, 0},
    {"/graph", "/graph/full/", NULL, 0},
    {"/graph", "/graph/full/.", NULL, 0},
    {"/graph", "/graph/Full", NULL, 0},
    {"/graph", "/graph/afull", NULL, 0},
    {"/graph", "/graphfull", NULL, 0},
    {"/graph", "/graph/fulll", NULL, 0},
    {"/graph", "/graph/ful", NULL, 0},
    {"/graph", "/graph?/full", NULL, 0},
    {"/graph", "/graph/full%2F", NULL, 0},
    {"/", "/", NULL, 0},
    {"/", "", NULL, 0},
    {"/", "full", "", GBX_FORMAT_FULL}, /* libh2o reads it as /full */
};

static void strips_the_suffix_and_nothing_else(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        gbxi_route route;

        print_message("%s under %s\n", rows[i].path, rows[i].mounted != NULL ? rows[i].mounted : "(fallback)");
        make_request(rows[i].mounted, "POST", rows[i].path);
        assert_int_equal(gbxi_route_match(&req, &route), rows[i].left != NULL);
        assert_true(rows[i].left == NULL || gbxi_route_may_match(&req));
        if (rows[i].left != NULL) {
            assert_int_equal(route.format, rows[i].format);
            gbxi_route_strip(&req, &route);
            assert_int_equal(req.path.len, strlen(rows[i].left));
            assert_memory_equal(req.path.base, rows[i].left, req.path.len);
            assert_consistent();
        }
        h2o_mem_clear_pool(&req.pool);
    }
}

static void mirrors_every_method(void **state)
{
    static const char *const methods[] = {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "p"};
    gbxi_route route;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        make_request("/graph", methods[i], "/graph/full");
        assert_true(gbxi_route_match(&req, &route));
        h2o_mem_clear_pool(&req.pool);
    }
}

static void turns_most_paths_away_by_their_last_letter(void **state)
{
    static const char *const paths[] = {"/", "/graph", "/graph/default", "/index.html", "/a/7", "/style.css", "/e"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        make_request("/", "POST", paths[i]);
        assert_int_equal(gbxi_route_may_match(&req),
                         strcmp(paths[i], "/index.html") == 0 || strcmp(paths[i], "/e") == 0);
        h2o_mem_clear_pool(&req.pool);
    }
}

static void leaves_the_clients_own_path_alone(void **state)
{
    char path[] = "/graph/full?query";
    gbxi_route route;

    (void)state;
    make_request("/graph", "POST", path);
    assert_true(gbxi_route_match(&req, &route));
    gbxi_route_strip(&req, &route);
    assert_string_equal(path, "/graph/full?query");
    h2o_mem_clear_pool(&req.pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strips_the_suffix_and_nothing_else),
        cmocka_unit_test(mirrors_every_method),
        cmocka_unit_test(turns_most_paths_away_by_their_last_letter),
        cmocka_unit_test(leaves_the_clients_own_path_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
