/* SPDX-License-Identifier: MIT */
/* Headers are found by name, however they were added. */
#define _GNU_SOURCE
#include "http/headers.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static h2o_req_t req;

static int set_up(void **state)
{
    (void)state;
    memset(&req, 0, sizeof(req));
    h2o_mem_init_pool(&req.pool);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    h2o_mem_clear_pool(&req.pool);
    return 0;
}

static void add(const char *name, const char *value, int as_token)
{
    h2o_add_header_by_str(&req.pool, &req.headers, name, strlen(name), as_token, NULL, value, strlen(value));
}

static void expect(const char *name, size_t count, const char *first)
{
    h2o_iovec_t value = h2o_iovec_init("before", 6);

    assert_int_equal(gbxi_header_find(&req.headers, name, &value), count);
    if (first == NULL)
        assert_null(value.base);
    assert_int_equal(value.len, first != NULL ? strlen(first) : 0);
    if (first != NULL)
        assert_memory_equal(value.base, first, value.len);
}

static void a_header_is_found_by_name_with_or_without_a_token(void **state)
{
    (void)state;
    expect("accept", 0, NULL);
    add("accept", "a", 1);
    add("content-type", "text/x", 0);
    add("x-own", "", 0);
    expect("accept", 1, "a");
    expect("content-type", 1, "text/x");
    expect("x-own", 1, "");
    expect("x-ow", 0, NULL);
    expect("x-owner", 0, NULL);
}

static void of_several_the_first_is_found_and_all_are_counted(void **state)
{
    (void)state;
    add("accept", "first", 1);
    add("x-own", "between", 0);
    add("Accept", "second", 0);
    expect("accept", 2, "first");
}

static void a_header_that_is_added_is_on_the_response(void **state)
{
    h2o_iovec_t value;

    (void)state;
    gbxi_header_add(&req, "x-own", "1");
    assert_int_equal(gbxi_header_find(&req.res.headers, "x-own", &value), 1);
    assert_memory_equal(value.base, "1", 1);
    expect("x-own", 0, NULL);
}

static void a_request_is_head_by_what_the_client_sent(void **state)
{
    (void)state;
    req.input.method = h2o_iovec_init(H2O_STRLIT("HEAD"));
    req.method = h2o_iovec_init(H2O_STRLIT("GET"));
    assert_true(gbxi_request_is_head(&req));
    req.input.method = h2o_iovec_init(H2O_STRLIT("GET"));
    req.method = h2o_iovec_init(H2O_STRLIT("HEAD"));
    assert_false(gbxi_request_is_head(&req));
}

static void the_body_is_what_its_type_says(void **state)
{
    (void)state;
    assert_int_equal(gbxi_request_media(&req), GBXI_MEDIA_BINARY);
    add("content-type", "application/json; charset=utf-8", 1);
    assert_int_equal(gbxi_request_media(&req), GBXI_MEDIA_JSON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_header_is_found_by_name_with_or_without_a_token, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_several_the_first_is_found_and_all_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_header_that_is_added_is_on_the_response, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_request_is_head_by_what_the_client_sent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_body_is_what_its_type_says, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
