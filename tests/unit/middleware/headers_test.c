/* SPDX-License-Identifier: MIT */
/* The status and headers of the envelope, and the request line while the handler answers. */
#define _GNU_SOURCE
#include "exchange.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CAPTURE "{\"trace_config\":{\"capture_traces\":true}}"

static exchange x;
static int answer_status;
static const char *answer_headers[8];
static h2o_iovec_t seen_input;
static size_t seen_input_query_at;

static int answer_as_told(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    seen_input = req->input.path;
    seen_input_query_at = req->input.query_at;
    req->res.status = answer_status;
    req->res.content_length = 2;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    for (size_t i = 0; answer_headers[i] != NULL; i += 2)
        h2o_add_header_by_str(&req->pool, &req->res.headers, answer_headers[i], strlen(answer_headers[i]), i % 4 == 0,
                              NULL, answer_headers[i + 1], strlen(answer_headers[i + 1]));
    h2o_send_inline(req, "{}", 2);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    answer_status = 200;
    memset(answer_headers, 0, sizeof(answer_headers));
    exchange_handler = answer_as_told;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    exchange_end(&x);
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

/* Whether or not there is a trace. */
static void turns_a_status_that_hides_the_envelope_into_200(void **state)
{
    static const int statuses[] = {100, 101, 199, 204, 205, 300, 301, 302, 303, 304, 305, 307, 308, 399};
    static const char *const bodies[] = {CAPTURE, "{}"};
    char name[4];

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(statuses) / sizeof(statuses[0]); i++) {
        answer_status = statuses[i / 2];
        exchange_post(&x, "/plain/full", bodies[i % 2]);
        assert_int_equal(x.status, 200);
        snprintf(name, sizeof(name), "%d", answer_status);
        assert_string_equal(exchange_header(&x, "glassbox-output-status"), name);
        assert_null(exchange_header(&x, "glassbox-output-location"));
        exchange_end(&x);
    }
}

static void leaves_every_other_status(void **state)
{
    static const int statuses[] = {200, 201, 203, 207, 299, 400, 418, 503};

    (void)state;
    answer_headers[0] = "location";
    answer_headers[1] = "/made";
    answer_headers[2] = "glassbox-output-location";
    answer_headers[3] = "/forged";
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        answer_status = statuses[i];
        exchange_post(&x, "/plain/full", CAPTURE);
        assert_int_equal(x.status, statuses[i]);
        assert_null(exchange_header(&x, "glassbox-output-status"));
        assert_string_equal(exchange_header(&x, "location"), "/made");
        assert_null(exchange_header(&x, "glassbox-output-location"));
        exchange_end(&x);
    }
}

/* A client would leave the envelope for the other page. */
static void renames_what_leads_to_another_page(void **state)
{
    static const int statuses[] = {302, 304, 200};

    (void)state;
    answer_headers[0] = "Location";
    answer_headers[1] = "/plain/other?a=b";
    answer_headers[2] = "Refresh";
    answer_headers[3] = "0; url=/plain/other";
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        answer_status = statuses[i];
        exchange_post(&x, "/plain/full", CAPTURE);
        assert_int_equal(x.status, 200);
        assert_string_equal(exchange_header(&x, "glassbox-output-refresh"), "0; url=/plain/other");
        assert_null(exchange_header(&x, "Refresh"));
        if (i < 2) {
            assert_string_equal(exchange_header(&x, "glassbox-output-location"), "/plain/other?a=b");
            assert_null(exchange_header(&x, "Location"));
        }
        exchange_end(&x);
    }
}

static void forbids_browsers_to_guess_the_type(void **state)
{
    (void)state;
    answer_headers[0] = "X-Content-Type-Options";
    answer_headers[1] = "other";
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_string_equal(exchange_header(&x, "x-content-type-options"), "nosniff");
    assert_null(exchange_header(&x, "X-Content-Type-Options"));
    exchange_end(&x);
    exchange_post(&x, "/plain/full", "[]");
    assert_int_equal(x.status, 400);
    assert_string_equal(exchange_header(&x, "x-content-type-options"), "nosniff");
}

static void assert_input(h2o_iovec_t path, size_t query_at, const char *expected)
{
    const char *query = strchr(expected, '?');

    assert_int_equal(path.len, strlen(expected));
    assert_memory_equal(path.base, expected, path.len);
    assert_true(query_at == (query != NULL ? (size_t)(query - expected) : SIZE_MAX));
}

/* libh2o's FastCGI handler sends it as REQUEST_URI. The access log is written at the end. */
static void shows_the_handler_a_request_line_without_the_suffix(void **state)
{
    static const char *const paths[][2] = {{"/plain/a/full", "/plain/a"},
                                           {"/plain/./%61/full?b=/full", "/plain/./%61?b=/full"},
                                           {"/plain/summary?", "/plain?"}};
    static const char *const bodies[] = {CAPTURE, "{}"};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(paths) / sizeof(paths[0]); i++) {
        exchange_post(&x, paths[i / 2][0], bodies[i % 2]);
        assert_input(seen_input, seen_input_query_at, paths[i / 2][1]);
        exchange_finish(&x);
        assert_input(x.req.input.path, x.req.input.query_at, paths[i / 2][0]);
        exchange_end(&x);
    }
}

static void leaves_the_request_line_of_what_it_refuses(void **state)
{
    (void)state;
    exchange_post(&x, "/plain/a/full?b", "[]");
    assert_input(x.req.input.path, x.req.input.query_at, "/plain/a/full?b");
    exchange_end(&x);
    exchange_post(&x, "/plain/a?b", "{}");
    assert_input(seen_input, seen_input_query_at, "/plain/a?b");
}

static int redirect_then_answer(h2o_handler_t *self, h2o_req_t *req)
{
    if (!h2o_memis(req->path.base, req->path.len, H2O_STRLIT("/plain/from")))
        return answer_as_told(self, req);
    h2o_reprocess_request(req, req->method, req->scheme, req->hostconf->authority.hostport,
                          h2o_iovec_init(H2O_STRLIT("/plain/to/full")), NULL, 0);
    return 0;
}

/* An untraced request would have it as well. */
static void leaves_the_request_line_of_a_path_that_the_host_chose(void **state)
{
    (void)state;
    exchange_handler = redirect_then_answer;
    exchange_post(&x, "/plain/from", CAPTURE);
    assert_input(seen_input, seen_input_query_at, "/plain/from");
    exchange_finish(&x);
    assert_string_equal(exchange_header(&x, "glassbox-capture"), "captured");
}

/* The client leaves in the middle: libh2o writes the log before it frees the request. */
static size_t logged_length;

static void keep_logged_length(void *request)
{
    logged_length = (*(h2o_req_t **)request)->input.path.len;
}

static int begin_only(h2o_handler_t *self, h2o_req_t *req)
{
    static h2o_generator_t generator;
    h2o_req_t **watched = h2o_mem_alloc_shared(&req->pool, sizeof(*watched), keep_logged_length);

    (void)self;
    *watched = req;
    req->res.status = 200;
    h2o_start_response(req, &generator);
    return 0;
}

static void restores_the_request_line_of_a_response_that_breaks_off(void **state)
{
    (void)state;
    exchange_handler = begin_only;
    exchange_post(&x, "/plain/a/full", CAPTURE);
    assert_int_equal(x.req.input.path.len, strlen("/plain/a"));
    exchange_end(&x);
    assert_int_equal(logged_length, strlen("/plain/a/full"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(turns_a_status_that_hides_the_envelope_into_200),
        TEST(leaves_every_other_status),
        TEST(renames_what_leads_to_another_page),
        TEST(forbids_browsers_to_guess_the_type),
        TEST(shows_the_handler_a_request_line_without_the_suffix),
        TEST(leaves_the_request_line_of_what_it_refuses),
        TEST(leaves_the_request_line_of_a_path_that_the_host_chose),
        TEST(restores_the_request_line_of_a_response_that_breaks_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
