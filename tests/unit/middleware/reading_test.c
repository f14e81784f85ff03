/* SPDX-License-Identifier: MIT */
/* Large bodies: permission comes before any work, the executor reads the body, and whatever happens meanwhile, the
 * permission is used once or given back. */
#define _GNU_SOURCE
#include "exchange.h"
#include "played.h"
#include <glassbox/limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SPACES "                                                                                "
#define CAPTURE "{\"trace_config\":{\"capture_traces\":true}}"
#define LARGE_CAPTURE CAPTURE SPACES
#define LARGE_PLAIN "{\"trace_config\":{\"capture_traces\":false}}" SPACES
#define LARGE_WRONG "{\"trace_config\":{\"capture_traces\":1}}" SPACES
#define LARGE_BROKEN "{\"trace_config\":{" SPACES

enum { HTTP_1_0 = 0x100, HTTP_2 = 0x200 };

static exchange x;
static unsigned asked, given_back, handled;
static char seen_path[64];
static gbx_h2o_verdict answer;
static void (*when_asked)(void);

static int handle(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    handled++;
    snprintf(seen_path, sizeof(seen_path), "%.*s", (int)req->path.len, req->path.base);
    req->res.status = 200;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    h2o_send_inline(req, "{}", 2);
    return 0;
}

static gbx_h2o_verdict permit(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error)
{
    (void)req, (void)context, (void)error;
    asked++;
    snprintf((char *)grant->receipt, sizeof(grant->receipt), "receipt %u", asked);
    if (when_asked != NULL)
        when_asked();
    return answer;
}

static void give_back(void *context, const gbx_h2o_grant *grant)
{
    char expected[GBX_H2O_RECEIPT_BYTES];

    (void)context;
    snprintf(expected, sizeof(expected), "receipt %u", asked);
    assert_string_equal((const char *)grant->receipt, expected);
    given_back++;
}

static int set_up(void **state)
{
    (void)state;
    played_reset();
    asked = given_back = handled = 0;
    answer = GBX_H2O_GRANTED;
    when_asked = NULL;
    exchange_handler = handle;
    exchange_permit = permit;
    exchange_give_back = give_back;
    x.version = HTTP_2;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return played_end(&x);
}

static void post_large(const char *body)
{
    handled = 0;
    exchange_post(&x, "/lent/a/b/full?c", body);
}

static void finish(int status)
{
    played_work();
    assert_int_equal(x.send_count, 0);
    exchange_receive();
    exchange_finish(&x);
    assert_int_equal(x.status, status);
    assert_int_equal(handled, status == 200);
}

static void the_executor_reads_large_bodies_and_the_loop_small_ones(void **state)
{
    (void)state;
    exchange_post(&x, "/lent/full", CAPTURE);
    exchange_finish(&x);
    assert_int_equal(x.status, 200);
    assert_int_equal(played.submitted, 0);
    exchange_end(&x);
    for (int i = 0; i < 2; i++) {
        x.version = i == 0 ? HTTP_1_0 : HTTP_2;
        post_large(LARGE_CAPTURE);
        assert_int_equal(handled, 0);
        finish(200);
        assert_string_equal(exchange_header(&x, "glassbox-capture"), "captured");
        assert_string_equal(seen_path, "/lent/a/b?c");
        exchange_end(&x);
    }
    assert_int_equal(played.submitted, 2);
    assert_int_equal(given_back, 0);
}

static void only_a_body_beyond_the_limit_is_large(void **state)
{
    char body[EXCHANGE_INLINE_BYTES + 2];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        snprintf(body, sizeof(body), "%-*s", EXCHANGE_INLINE_BYTES + (int)i, "{}");
        post_large(body);
        assert_int_equal(played.submitted, i);
        if (i == 1)
            played_work();
        exchange_receive();
        exchange_finish(&x);
        assert_int_equal(x.status, 200);
        exchange_end(&x);
    }
}

static void with_the_header_the_executor_reads_only_what_may_have_a_config_too(void **state)
{
    static const struct {
        const char *type, *body, *coding;
        unsigned submitted;
        int status;
    } cases[] = {{"text/csv", LARGE_PLAIN, "identity", 0, 200},
                 {"application/json", LARGE_PLAIN, "zstd", 0, 200},
                 {"application/json", "[]" SPACES, "identity", 1, 200},
                 {"application/json", LARGE_BROKEN, "identity", 2, 200},
                 {"application/json", LARGE_PLAIN, "identity", 3, 422}};
    const char *headers[] = {"glassbox-trace-config", "{\"capture_traces\":true}", "content-encoding", NULL, NULL};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        handled = 0;
        headers[3] = cases[i].coding;
        exchange_begin(&x, "PUT", "/lent/full", cases[i].type, cases[i].body, headers);
        assert_int_equal(played.submitted, cases[i].submitted);
        assert_int_equal(asked, i + 1);
        if (played.queued != NULL)
            finish(cases[i].status);
        exchange_finish(&x);
        assert_int_equal(x.status, cases[i].status);
        exchange_end(&x);
    }
    assert_int_equal(given_back, 1);
    answer = GBX_H2O_MISSING;
    exchange_begin(&x, "PUT", "/lent/full", "application/json", LARGE_PLAIN, headers);
    assert_int_equal(x.status, 401);
    assert_int_equal(played.submitted, 3);
}

/* Reading is work, for which permission is needed. The limits are for captures. */
static void with_a_header_that_asks_for_no_capture_a_large_body_needs_permission_alone(void **state)
{
    static const char *const headers[] = {"glassbox-trace-config", "{\"capture_traces\":false}", NULL};
    const gbx_limits one_a_second = {.size = sizeof(one_a_second), .captures_per_second = 1};

    (void)state;
    assert_int_equal(gbx_limits_set(&one_a_second), GBX_ERR_OK);
    exchange_post(&x, "/plain/full", CAPTURE);
    exchange_end(&x);
    exchange_begin(&x, "PUT", "/lent/full", "application/json", LARGE_BROKEN, headers);
    assert_int_equal(played.submitted, 1);
    handled = 0;
    finish(200);
    assert_int_equal(given_back, 1);
    exchange_end(&x);
    answer = GBX_H2O_MISSING;
    exchange_begin(&x, "PUT", "/lent/full", "application/json", LARGE_BROKEN, headers);
    assert_int_equal(x.status, 401);
    assert_int_equal(played.submitted, 1);
    exchange_end(&x);
    exchange_begin(&x, "PUT", "/lent/full", "text/csv", LARGE_BROKEN, headers); /* of which nothing is read */
    exchange_finish(&x);
    assert_int_equal(x.status, 200);
    assert_int_equal(asked, 2);
    assert_int_equal(gbx_limits_set(NULL), GBX_ERR_OK);
}

static void without_permission_nothing_of_a_large_body_is_read(void **state)
{
    static const char *const bodies[] = {LARGE_CAPTURE, LARGE_PLAIN, LARGE_WRONG, LARGE_BROKEN};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(bodies) / sizeof(bodies[0]); i++) {
        answer = i % 2 != 0 ? GBX_H2O_REFUSED : GBX_H2O_MISSING;
        post_large(bodies[i / 2]);
        assert_int_equal(x.status, i % 2 != 0 ? 403 : 401);
        exchange_end(&x);
    }
    assert_int_equal(played.submitted, 0);
    assert_int_equal(handled, 0);
    assert_int_equal(given_back, 0);
}

static void a_permission_for_a_body_without_a_capture_is_given_back(void **state)
{
    static const struct {
        const char *body;
        int status;
    } cases[] = {{LARGE_PLAIN, 200}, {"{}" SPACES, 200}, {LARGE_WRONG, 422}, {LARGE_BROKEN, 400}, {"[]" SPACES, 400}};

    (void)state;
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        post_large(cases[i].body);
        assert_int_equal(given_back, i);
        finish(cases[i].status);
        assert_int_equal(given_back, i + 1);
        exchange_end(&x);
        assert_int_equal(given_back, i + 1);
    }
}

static void limits_are_checked_after_the_permission_and_again_before_the_capture(void **state)
{
    const gbx_limits one_a_second = {.size = sizeof(one_a_second), .captures_per_second = 1};

    (void)state;
    assert_int_equal(gbx_limits_set(&one_a_second), GBX_ERR_OK);
    exchange_post(&x, "/plain/full", CAPTURE);
    exchange_end(&x);
    post_large(LARGE_BROKEN);
    assert_int_equal(x.status, 429);
    assert_int_equal(played.submitted, 0);
    assert_int_equal(given_back, 1);
    exchange_end(&x);
    assert_int_equal(gbx_limits_set(NULL), GBX_ERR_OK);
    post_large(LARGE_CAPTURE);
    assert_int_equal(gbx_limits_set(&one_a_second), GBX_ERR_OK); /* and the one of this second is gone */
    finish(429);
    assert_int_equal(given_back, 2);
    assert_int_equal(gbx_limits_set(NULL), GBX_ERR_OK);
}

static void switch_off(void)
{
    gbx_capture_switch(false);
}

static void a_switch_that_goes_off_meanwhile_gives_the_permission_back(void **state)
{
    (void)state;
    when_asked = switch_off;
    exchange_post(&x, "/guarded/full", CAPTURE);
    exchange_finish(&x);
    assert_int_equal(given_back, 1);
    exchange_end(&x);
    gbx_capture_switch(true);
    post_large(LARGE_CAPTURE);
    gbx_capture_switch(false);
    finish(200);
    gbx_capture_switch(true);
    assert_string_equal(exchange_header(&x, "glassbox-capture"), "off");
    assert_int_equal(given_back, 2);
}

static void an_executor_that_is_full_means_later(void **state)
{
    (void)state;
    played.takes = false;
    post_large(LARGE_CAPTURE);
    assert_int_equal(x.status, 503);
    assert_string_equal(exchange_header(&x, "retry-after"), "1");
    assert_true(exchange_has(&x, "busy"));
    exchange_end(&x);
    assert_int_equal(played.withdrawn, 0);
    assert_int_equal(given_back, 1);
    assert_int_equal(handled, 0);
}

static void a_client_that_leaves_takes_its_task_along(void **state)
{
    (void)state;
    x.version = HTTP_1_0;
    post_large(LARGE_CAPTURE);
    exchange_end(&x);
    assert_int_equal(played.withdrawn, 1);
    assert_int_equal(given_back, 1);
}

static void a_task_whose_client_has_left_ends_without_it(void **state)
{
    char body[] = LARGE_CAPTURE;

    (void)state;
    played.lets_go = false;
    for (unsigned i = 0; i < 2; i++) {
        x.version = i == 0 ? HTTP_1_0 : HTTP_2;
        post_large(body);
        exchange_end(&x);
        memset(body, '!', sizeof(body) - 1); /* the body has gone with its request */
        played_work();
        exchange_receive();
        assert_int_equal(given_back, i + 1);
        assert_int_equal(handled, 0);
        memcpy(body, LARGE_CAPTURE, sizeof(body));
    }
}

static void a_client_may_leave_when_its_body_has_been_read(void **state)
{
    (void)state;
    post_large(LARGE_CAPTURE);
    played_work();
    exchange_end(&x);
    assert_int_equal(played.withdrawn, 0);
    assert_int_equal(given_back, 1);
    exchange_receive();
    assert_int_equal(given_back, 1);
    assert_int_equal(handled, 0);
}

static void a_loop_may_end_before_it_receives_the_last_message(void **state)
{
    (void)state;
    post_large(LARGE_CAPTURE);
    played_work();
    exchange_end(&x);
    exchange_close();
    assert_int_equal(given_back, 1);
    post_large(LARGE_CAPTURE);
    finish(200);
}

static void over_http_1_the_body_is_copied_on_the_executor(void **state)
{
    char body[] = LARGE_CAPTURE;

    (void)state;
    x.version = HTTP_1_0;
    post_large(body);
    body[0] = '!';
    finish(400);
    exchange_end(&x);
    body[0] = '{';
    x.version = HTTP_2;
    post_large(body);
    body[0] = '!';
    finish(200);
}

static void an_executor_that_cannot_take_tasks_is_refused(void **state)
{
    const gbx_h2o_executor idle = {.size = sizeof(idle)}, sizeless = {.submit = exchange_executor.submit};
    gbx_h2o_config config = {.size = sizeof(config), .executor = &idle};
    h2o_globalconf_t global;
    h2o_hostconf_t *host;

    (void)state;
    h2o_config_init(&global);
    host = h2o_config_register_host(&global, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    assert_int_equal(gbx_h2o_register(&host->fallback_path, &config), GBX_ERR_ARGUMENT);
    config.executor = &sizeless;
    assert_int_equal(gbx_h2o_register(&host->fallback_path, &config), GBX_ERR_ARGUMENT);
    h2o_config_dispose(&global);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_executor_reads_large_bodies_and_the_loop_small_ones),
        TEST(only_a_body_beyond_the_limit_is_large),
        TEST(with_the_header_the_executor_reads_only_what_may_have_a_config_too),
        TEST(with_a_header_that_asks_for_no_capture_a_large_body_needs_permission_alone),
        TEST(without_permission_nothing_of_a_large_body_is_read),
        TEST(a_permission_for_a_body_without_a_capture_is_given_back),
        TEST(limits_are_checked_after_the_permission_and_again_before_the_capture),
        TEST(a_switch_that_goes_off_meanwhile_gives_the_permission_back),
        TEST(an_executor_that_is_full_means_later),
        TEST(a_client_that_leaves_takes_its_task_along),
        TEST(a_task_whose_client_has_left_ends_without_it),
        TEST(a_client_may_leave_when_its_body_has_been_read),
        TEST(a_loop_may_end_before_it_receives_the_last_message),
        TEST(over_http_1_the_body_is_copied_on_the_executor),
        TEST(an_executor_that_cannot_take_tasks_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
