/* SPDX-License-Identifier: MIT */
/* Requests that the middleware refuses or passes through, and the request that the handler sees. */
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
static unsigned calls;
static char seen_method[16], seen_path[64];
static h2o_iovec_t seen_body;
static bool seen_condition, seen_prefilter, was_captured;
static int answer_status;
static const char *answer_headers[8];

static int remember(h2o_handler_t *self, h2o_req_t *req)
{
    size_t i;

    (void)self;
    calls++;
    snprintf(seen_method, sizeof(seen_method), "%.*s", (int)req->method.len, req->method.base);
    snprintf(seen_path, sizeof(seen_path), "%.*s", (int)req->path.len, req->path.base);
    seen_body = req->entity;
    seen_prefilter = req->prefilters != NULL;
    was_captured = gbx_capture_current() != NULL;
    seen_condition = h2o_find_header(&req->headers, H2O_TOKEN_RANGE, -1) != -1 ||
                     h2o_find_header(&req->headers, H2O_TOKEN_IF_NONE_MATCH, -1) != -1;
    req->res.status = answer_status;
    req->res.content_length = 2;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    for (i = 0; answer_headers[i] != NULL; i += 2)
        h2o_add_header_by_str(&req->pool, &req->res.headers, answer_headers[i], strlen(answer_headers[i]),
                              (int)i % 4 == 0, NULL, answer_headers[i + 1], strlen(answer_headers[i + 1]));
    h2o_send_inline(req, "{}", 2);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    calls = 0;
    answer_status = 200;
    memset(answer_headers, 0, sizeof(answer_headers));
    exchange_handler = remember;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    exchange_end(&x);
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

static void lets_what_is_not_mirrored_through_untouched(void **state)
{
    static const struct {
        const char *method;
        const char *path;
    } others[] = {{"POST", "/plain/a"}, {"GET", "/plain/a/fulle"}, {"PUT", "/plain/xfull"}, {"POST", "/plain/full/b"}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        exchange_begin(&x, others[i].method, others[i].path, NULL, "not JSON", NULL);
        exchange_finish(&x);
        assert_int_equal(calls, i + 1);
        assert_string_equal(seen_path, others[i].path);
        assert_false(seen_prefilter);
        assert_false(was_captured);
        assert_int_equal(x.length, 2);
        assert_null(exchange_header(&x, "glassbox-capture"));
        exchange_end(&x);
    }
}

static void refuses_what_it_cannot_use_before_the_handler_runs(void **state)
{
    static const struct {
        const char *path;
        const char *type;
        const char *body;
        int status;
        const char *pointer;
    } bad[] = {
        {"/plain/full", NULL, CAPTURE, 415, NULL},
        {"/plain/full", "text/plain", CAPTURE, 415, NULL},
        {"/plain/full", "application/json; charset=utf-16", CAPTURE, 415, NULL},
        {"/plain/full", "application/json", NULL, 400, NULL},
        {"/plain/full", "application/json", "", 400, NULL},
        {"/plain/full", "application/json", "{\"trace_config\":", 400, NULL},
        {"/plain/full", "application/json", "[]", 400, NULL},
        {"/plain/full", "application/json", "null", 400, NULL},
        {"/plain/full", "application/json", "\"{}\"", 400, NULL},
        {"/plain/full", "application/json", "{\"trace_config\":[]}", 422, "/trace_config"},
        {"/plain/full", "application/json", "{\"trace_config\":{\"capture\":true}}", 422, "/trace_config/capture"},
        {"/plain/full", "application/json", "{\"trace_config\":{\"trace_format\":\"summary\"}}", 422,
         "/trace_config/trace_format"},
        {"/plain/full", "application/json", "{\"trace_config\":{\"max_spans\":0}}", 422, "/trace_config/max_spans"},
        {"/small/full", "application/json",
         "{\"trace_config\":{\"capture_traces\":true},\"padding\":\"1234567890123456\"}", 413, NULL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        print_message("%s %s\n", bad[i].type != NULL ? bad[i].type : "(no type)",
                      bad[i].body != NULL ? bad[i].body : "");
        exchange_begin(&x, "POST", bad[i].path, bad[i].type, bad[i].body, NULL);
        exchange_finish(&x);
        assert_int_equal(calls, 0);
        assert_int_equal(x.status, bad[i].status);
        assert_string_equal(exchange_header(&x, "content-type"), "application/problem+json");
        assert_int_equal(x.req.res.content_length, x.length);
        assert_true(exchange_has(&x, "\"type\":\"about:blank\",\"title\":\""));
        assert_int_equal(exchange_has(&x, "\"pointer\":"), bad[i].pointer != NULL);
        if (bad[i].pointer != NULL)
            assert_true(exchange_has(&x, bad[i].pointer));
        exchange_end(&x);
    }
}

static void takes_a_body_of_exactly_the_limit(void **state)
{
    (void)state;
    exchange_post(&x, "/small/full", "{\"padding\":\"12345678901234567890123456789012345678901234567890\"}");
    assert_int_equal(x.req.entity.len, 64);
    assert_int_equal(x.status, 200);
}

static void shows_the_handler_its_own_path_and_body(void **state)
{
    (void)state;
    exchange_post(&x, "/plain/a/speedscope?b=c", CAPTURE);
    assert_int_equal(calls, 1);
    assert_string_equal(seen_method, "POST");
    assert_string_equal(seen_path, "/plain/a?b=c");
    assert_int_equal(seen_body.len, 2);
    assert_memory_equal(seen_body.base, "{}", seen_body.len);
    assert_true(was_captured);
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"name\":\"POST /plain/a: ")); /* the query may be secret */
}

static void cuts_the_name_of_a_capture_at_a_whole_character(void **state)
{
    enum { CHARACTERS = 57, PATH_CHARACTERS = 80 }; /* of two bytes: 57 end in the last but one of 128 bytes */
    char path[sizeof("/plain/a/full") + 2 * PATH_CHARACTERS] = "/plain/a", name[160] = "\"name\":\"POST /plain/a";

    (void)state;
    for (size_t i = 0; i < PATH_CHARACTERS; i++)
        strcat(path, "\xc3\xa9");
    for (size_t i = 0; i < CHARACTERS; i++)
        strcat(name, "\xc3\xa9");
    exchange_post(&x, strcat(path, "/full"), CAPTURE);
    exchange_finish(&x);
    assert_true(exchange_has(&x, strcat(name, "\"")));
}

static void shows_the_method_it_is_configured_for(void **state)
{
    (void)state;
    exchange_post(&x, "/get/a/full", CAPTURE);
    assert_string_equal(seen_method, "GET");
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"name\":\"GET /get/a\""));
    exchange_end(&x);
    exchange_begin(&x, "POST", "/get/a", NULL, NULL, NULL);
    assert_string_equal(seen_method, "POST");
}

static void shows_what_asks_for_less_than_the_whole_body(void **state)
{
    static const char *const headers[] = {"range", "bytes=0-0", "if-none-match", "*", NULL};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        exchange_begin(&x, "POST", i == 0 ? "/plain/full" : "/plain", "application/json", "{}", headers);
        assert_true(seen_condition);
        exchange_end(&x);
    }
}

static void a_part_of_a_body_is_told_beside_the_envelope(void **state)
{
    static const int statuses[] = {206, 416};

    (void)state;
    answer_headers[0] = "content-range";
    for (size_t i = 0; i < 2; i++) {
        answer_status = statuses[i];
        answer_headers[1] = i == 0 ? "bytes 0-1/9" : "bytes */9";
        exchange_post(&x, "/plain/full", CAPTURE);
        assert_int_equal(x.status, i == 0 ? 200 : 416);
        assert_int_equal(exchange_header(&x, "glassbox-output-status") != NULL, i == 0);
        assert_null(exchange_header(&x, "content-range"));
        assert_string_equal(exchange_header(&x, "glassbox-output-content-range"), answer_headers[1]);
        exchange_end(&x);
    }
}

static void runs_the_handler_uncaptured_unless_asked(void **state)
{
    static const char *const bodies[] = {"{}", "{\"trace_config\":{}}",
                                         "{\"trace_config\":{\"capture_traces\":false}}"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        exchange_post(&x, "/keyed/full", bodies[i]);
        assert_false(was_captured);
        exchange_finish(&x);
        assert_int_equal(x.length, strlen("{\"graph_output\":{},\"traces\":null}"));
        assert_memory_equal(x.body, "{\"graph_output\":{},\"traces\":null}", x.length);
        assert_string_equal(exchange_header(&x, "glassbox-capture"), "off");
        assert_null(exchange_header(&x, "glassbox-trace-id"));
        exchange_end(&x);
    }
}

static void names_the_capture_and_its_trace_id(void **state)
{
    static const char *const headers[] = {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                          NULL};
    static const char *const blanks[] = {"traceparent", " \t00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\t ",
                                         NULL};
    static const char *const twice[] = {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                        "traceparent", "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", NULL};

    (void)state;
    exchange_begin(&x, "POST", "/plain/full", "application/json", CAPTURE, headers);
    exchange_finish(&x);
    assert_string_equal(exchange_header(&x, "glassbox-capture"), "captured");
    assert_string_equal(exchange_header(&x, "glassbox-trace-id"), "0af7651916cd43dd8448eb211c80319c");
    assert_true(exchange_has(&x, "\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\""));
    exchange_end(&x);
    exchange_begin(&x, "POST", "/plain/full", "application/json", CAPTURE, blanks);
    assert_string_equal(exchange_header(&x, "glassbox-trace-id"), "0af7651916cd43dd8448eb211c80319c");
    exchange_end(&x);
    exchange_begin(&x, "POST", "/plain/full", "application/json", CAPTURE, twice);
    assert_string_not_equal(exchange_header(&x, "glassbox-trace-id"), "0af7651916cd43dd8448eb211c80319c");
}

static void replaces_the_headers_that_describe_the_body(void **state)
{
    static const char *const gone[] = {"etag", "last-modified", "content-encoding", "content-md5"};
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        answer_headers[0] = gone[i];
        answer_headers[1] = "value";
        answer_headers[2] = "Cache-Control"; /* as a handler may spell it */
        answer_headers[3] = "public";
        answer_headers[4] = "x-own";
        answer_headers[5] = "stays";
        exchange_post(&x, "/plain/full", CAPTURE);
        assert_null(exchange_header(&x, gone[i]));
        assert_null(exchange_header(&x, "Cache-Control"));
        assert_string_equal(exchange_header(&x, "cache-control"), "no-store");
        assert_string_equal(exchange_header(&x, "content-type"), "application/json");
        assert_string_equal(exchange_header(&x, "x-own"), "stays");
        assert_true(x.req.res.content_length == SIZE_MAX);
        exchange_end(&x);
    }
}

static void carries_a_compressed_body_in_base64_and_says_so(void **state)
{
    (void)state;
    answer_headers[0] = "content-encoding";
    answer_headers[1] = "gzip";
    exchange_post(&x, "/plain/full", "{}");
    exchange_finish(&x);
    assert_memory_equal(x.body, "{\"output\":\"e30=\",\"output_encoding\":\"base64\",\"traces\":null}", x.length);
    assert_string_equal(exchange_header(&x, "glassbox-output-content-encoding"), "gzip");
    assert_string_equal(exchange_header(&x, "glassbox-output-content-type"), "application/json");
}

static void checks_its_configuration(void **state)
{
    static const char *const bad_keys[] = {"", "traces", "trace_error", "output_encoding"};
    h2o_globalconf_t config;
    h2o_pathconf_t *pathconf;
    char long_key[130];
    size_t i;

    (void)state;
    h2o_config_init(&config);
    pathconf = h2o_config_register_path(h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535),
                                        "/", 0);
    for (i = 0; i < sizeof(bad_keys) / sizeof(bad_keys[0]); i++)
        assert_int_equal(
            gbx_h2o_register(pathconf, &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .output_key = bad_keys[i]}),
            GBX_ERR_ARGUMENT);
    memset(long_key, 'k', sizeof(long_key));
    long_key[129] = '\0';
    assert_int_equal(
        gbx_h2o_register(pathconf, &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .output_key = long_key}),
        GBX_ERR_ARGUMENT);
    assert_int_equal(
        gbx_h2o_register(pathconf, &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .handler_method = ""}),
        GBX_ERR_ARGUMENT);
    assert_int_equal(
        gbx_h2o_register(pathconf, &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .claim = (gbx_h2o_claim)2}),
        GBX_ERR_ARGUMENT);
    assert_int_equal(
        gbx_h2o_register(pathconf, &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .reserved = {0, 0, 1}}),
        GBX_ERR_ARGUMENT);
    assert_int_equal(gbx_h2o_register(NULL, NULL), GBX_ERR_ARGUMENT);
    assert_int_equal(pathconf->handlers.size, 0);
    long_key[128] = '\0';
    assert_int_equal(
        gbx_h2o_register(pathconf, &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .output_key = long_key}),
        GBX_ERR_OK);
    assert_int_equal(gbx_h2o_register(pathconf, NULL), GBX_ERR_OK);
    assert_int_equal(pathconf->handlers.size, 2);
    h2o_config_dispose(&config);
}

static void takes_times_from_a_copy_of_the_clock_it_was_given(void **state)
{
    (void)state;
    exchange_post(&x, "/clocked/full", CAPTURE);
    exchange_finish(&x);
    assert_int_equal(x.status, 200);
    assert_true(exchange_has(&x, "\"start_time_ns\":7000000000,\"end_time_ns\":7000000000,"));
}

/* The span around the handler is in a file of the middleware. */
static void names_files_relative_to_the_root_it_was_given(void **state)
{
    static const char *const formats[] = {"full", "summary", "speedscope"};
    char path[32];

    (void)state;
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        snprintf(path, sizeof(path), "/plain/%s", formats[i]);
        exchange_post(&x, path, CAPTURE);
        exchange_finish(&x);
        assert_true(exchange_has(&x, "\"file\":\"middleware/"));
        exchange_end(&x);
        snprintf(path, sizeof(path), "/rooted/%s", formats[i]);
        exchange_post(&x, path, CAPTURE);
        exchange_finish(&x);
        assert_true(exchange_has(&x, "\"file\":\""));
        assert_false(exchange_has(&x, "middleware/"));
        if (i + 1 < sizeof(formats) / sizeof(formats[0]))
            exchange_end(&x);
    }
}

static void writes_the_call_tree_in_the_form_that_is_asked_for(void **state)
{
    static const struct {
        const char *body;
        const char *has;
    } cases[] = {
        {"{\"trace_config\":{\"capture_traces\":true}}", "\"children\":[]"},
        {"{\"trace_config\":{\"capture_traces\":true,\"call_tree\":\"nested\"}}", "\"children\":[]"},
        {"{\"trace_config\":{\"capture_traces\":true,\"call_tree\":\"flat\"}}",
         "\"call_tree\":[{\"id\":0,\"parent\":null,\"name\":\"handler\","},
        {"{\"trace_config\":{\"capture_traces\":true,\"call_tree\":\"none\"}}", "\"call_tree\":null}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        exchange_post(&x, "/plain/full", cases[i].body);
        exchange_finish(&x);
        assert_int_equal(x.status, 200);
        assert_true(exchange_has(&x, cases[i].has));
        if (i + 1 < sizeof(cases) / sizeof(cases[0]))
            exchange_end(&x);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lets_what_is_not_mirrored_through_untouched),
        TEST(refuses_what_it_cannot_use_before_the_handler_runs),
        TEST(takes_a_body_of_exactly_the_limit),
        TEST(shows_the_handler_its_own_path_and_body),
        TEST(cuts_the_name_of_a_capture_at_a_whole_character),
        TEST(shows_the_method_it_is_configured_for),
        TEST(shows_what_asks_for_less_than_the_whole_body),
        TEST(a_part_of_a_body_is_told_beside_the_envelope),
        TEST(runs_the_handler_uncaptured_unless_asked),
        TEST(names_the_capture_and_its_trace_id),
        TEST(replaces_the_headers_that_describe_the_body),
        TEST(carries_a_compressed_body_in_base64_and_says_so),
        TEST(checks_its_configuration),
        TEST(takes_times_from_a_copy_of_the_clock_it_was_given),
        TEST(names_files_relative_to_the_root_it_was_given),
        TEST(writes_the_call_tree_in_the_form_that_is_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
