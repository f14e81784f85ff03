/* SPDX-License-Identifier: MIT */
/* Routes by path, then by method. Others get 404, or 405 with all methods of the path. */
#define _GNU_SOURCE
#include "http/router.h"
#include "http/send.h"
#include "reply.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void answer_with(h2o_req_t *req, const char *text)
{
    req->res.status = 200;
    req->res.reason = "OK";
    gbxi_send_body(req, h2o_iovec_init(text, strlen(text)));
}

static void answer_list(h2o_req_t *req)
{
    answer_with(req, "list");
}

static void answer_made(h2o_req_t *req)
{
    answer_with(req, "made");
}

static void answer_gone(h2o_req_t *req)
{
    answer_with(req, "gone");
}

static void answer_item(h2o_req_t *req)
{
    answer_with(req, "item");
}

static void answer_root(h2o_req_t *req)
{
    answer_with(req, "root");
}

static bool has_item(const char *path, size_t length)
{
    return length > 7 && memcmp(path, "/items/", 7) == 0 && memchr(path + 7, '/', length - 7) == NULL;
}

static const gbxi_endpoint endpoints[] = {
    {"GET", "/items", NULL, NULL, false, answer_list, ""},
    {"POST", "/items", NULL, NULL, true, answer_made, ""},
    {"DELETE", "/items", NULL, NULL, false, answer_gone, ""},
    {"GET", "/items/{name}", "/items", has_item, false, answer_item, ""},
    {"POST", "/only", NULL, NULL, false, answer_made, ""},
    {"GET", "/", NULL, NULL, false, answer_root, ""},
};
static const gbxi_router router = {.endpoints = endpoints, .count = 6, .advice = "look at /"};

/* What was prepared, in order; one of them can fail. */
static const gbxi_endpoint *prepared[8];
static size_t prepared_count, prepare_fails_at = SIZE_MAX;

static gbx_err prepare(h2o_pathconf_t *path, const gbxi_endpoint *first, void *context)
{
    assert_non_null(path);
    assert_ptr_equal(context, prepared);
    if (prepared_count == prepare_fails_at)
        return GBX_ERR_ARGUMENT;
    prepared[prepared_count++] = first;
    return GBX_ERR_OK;
}

static int set_up(void **state)
{
    (void)state;
    return gbxi_router_register(reply_host(), &router, prepare, prepared) != GBX_ERR_OK;
}

static void each_prefix_is_prepared_once_with_its_first_endpoint(void **state)
{
    (void)state;
    assert_int_equal(prepared_count, 3);
    assert_ptr_equal(prepared[0], &endpoints[0]);
    assert_ptr_equal(prepared[1], &endpoints[4]);
    assert_ptr_equal(prepared[2], &endpoints[5]);
}

static void a_path_and_its_method_find_the_endpoint(void **state)
{
    static const char *const cases[][3] = {
        {"GET", "/items", "list"},     {"POST", "/items", "made"}, {"DELETE", "/items", "gone"},
        {"GET", "/items/x", "item"},   {"POST", "/only", "made"},  {"GET", "/", "root"},
        {"GET", "/items?q=1", "list"}, {"HEAD", "/items", ""},     {"HEAD", "/", ""},
    };
    reply answer;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        reply_to(cases[i][0], cases[i][1], &answer);
        assert_int_equal(answer.status, 200);
        assert_string_equal(answer.body, cases[i][2]);
        assert_string_equal(answer.allow, "");
    }
}

static void another_method_is_told_all_that_the_path_takes(void **state)
{
    static const char *const cases[][4] = {
        {"PUT", "/items", "GET, HEAD, POST, DELETE", "\"the methods here are GET, POST, DELETE\""},
        {"POST", "/items/x", "GET, HEAD", "\"the method here is GET\""},
        {"GET", "/only", "POST", "\"the method here is POST\""},
        {"HEAD", "/only", "POST", ""},
        {"get", "/only", "POST", "\"the method here is POST\""},
        {"OPTIONS", "/", "GET, HEAD", "\"the method here is GET\""},
    };
    reply answer;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        reply_to(cases[i][0], cases[i][1], &answer);
        assert_int_equal(answer.status, 405);
        assert_string_equal(answer.allow, cases[i][2]);
        assert_string_equal(answer.type, "application/problem+json");
        assert_non_null(strstr(answer.body, cases[i][3]));
    }
}

static void the_server_itself_has_options(void **state)
{
    reply answer;

    (void)state;
    reply_to("OPTIONS", "*", &answer);
    assert_int_equal(answer.status, 204);
    assert_string_equal(answer.allow, "GET, HEAD, POST, DELETE, OPTIONS");
    assert_string_equal(answer.body, "");
    reply_to("OPTIONS", "/*", &answer);
    assert_int_equal(answer.status, 404);
}

static void another_path_is_told_where_to_look(void **state)
{
    static const char *const paths[] = {"/nothing", "/items/x/y", "/items/", "/only/x", "/itemsx"};
    char longest[600] = "/items/";
    reply answer;

    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        char detail[128];

        reply_to("GET", paths[i], &answer);
        assert_int_equal(answer.status, 404);
        assert_string_equal(answer.allow, "");
        snprintf(detail, sizeof(detail), "\"there is nothing at %s; look at /\"", paths[i]);
        assert_non_null(strstr(answer.body, detail));
    }
    for (size_t at = strlen(longest); at < sizeof(longest) - 1; at += 2)
        memcpy(longest + at, "a/", 2);
    reply_to("GET", longest, &answer);
    assert_int_equal(answer.status, 404);
    assert_non_null(strstr(answer.body, "/a/a...; look at /\"")); /* cut after 40 bytes */
}

static void what_cannot_be_prepared_is_no_router(void **state)
{
    h2o_globalconf_t other;

    (void)state;
    h2o_config_init(&other);
    prepared_count = 0;
    prepare_fails_at = 1;
    assert_int_equal(gbxi_router_register(h2o_config_register_host(&other, h2o_iovec_init(H2O_STRLIT("x")), 1), &router,
                                          prepare, prepared),
                     GBX_ERR_ARGUMENT);
    assert_int_equal(prepared_count, 1);
    h2o_config_dispose(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_prefix_is_prepared_once_with_its_first_endpoint),
        cmocka_unit_test(a_path_and_its_method_find_the_endpoint),
        cmocka_unit_test(another_method_is_told_all_that_the_path_takes),
        cmocka_unit_test(the_server_itself_has_options),
        cmocka_unit_test(another_path_is_told_where_to_look),
        cmocka_unit_test(what_cannot_be_prepared_is_no_router),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
