/* SPDX-License-Identifier: MIT */
/* How a request asks for its trace, by header or in its body, and what the handler sees of it. */
#define _GNU_SOURCE
#include "base/work_memory.h"
#include "exchange.h"
#include "http/gzip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEADER "glassbox-trace-config"
#define ON "{\"capture_traces\":true}"
#define JSON "application/json"

static exchange x;
static unsigned calls;
static char seen_method[16], seen_path[64], seen_body[256], seen_length[24];
static size_t seen_body_length;
static bool seen_header, seen_type, seen_coding, seen_no_body, was_captured;

static void note_headers(const h2o_req_t *req)
{
    seen_header = seen_type = seen_coding = false;
    seen_length[0] = '\0';
    for (size_t i = 0; i < req->headers.size; i++) {
        const h2o_header_t *each = &req->headers.entries[i];

        seen_header = seen_header || h2o_memis(each->name->base, each->name->len, HEADER, strlen(HEADER));
        seen_type = seen_type || h2o_memis(each->name->base, each->name->len, H2O_STRLIT("content-type"));
        seen_coding = seen_coding || h2o_memis(each->name->base, each->name->len, H2O_STRLIT("content-encoding"));
        if (h2o_memis(each->name->base, each->name->len, H2O_STRLIT("content-length")))
            snprintf(seen_length, sizeof(seen_length), "%.*s", (int)each->value.len, each->value.base);
    }
}

static int note_request(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    calls++;
    snprintf(seen_method, sizeof(seen_method), "%.*s", (int)req->method.len, req->method.base);
    snprintf(seen_path, sizeof(seen_path), "%.*s", (int)req->path.len, req->path.base);
    assert_true(req->entity.len <= sizeof(seen_body));
    seen_no_body = req->entity.base == NULL;
    seen_body_length = req->entity.len;
    if (!seen_no_body)
        memcpy(seen_body, req->entity.base, req->entity.len);
    was_captured = gbx_capture_current() != NULL;
    note_headers(req);
    req->res.status = 200;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT(JSON));
    h2o_send_inline(req, "{}", 2);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    calls = 0;
    exchange_handler = note_request;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    x.body_length = 0;
    exchange_end(&x);
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

static void assert_body(const char *expected, size_t length)
{
    assert_int_equal(seen_body_length, length);
    if (length != 0)
        assert_memory_equal(seen_body, expected, length);
}

static void the_header_traces_every_method_and_every_body(void **state)
{
    static const struct {
        const char *method, *type, *body, *coding;
    } rows[] = {
        {"GET", NULL, NULL, NULL},
        {"DELETE", NULL, NULL, NULL},
        {"OPTIONS", JSON, NULL, NULL},
        {"PROPFIND", "text/xml", "<a/>", NULL},
        {"POST", NULL, NULL, NULL},
        {"POST", JSON, "", NULL},
        {"POST", JSON, "{\"a\": 1}", NULL},
        {"PUT", JSON, "[1, 2]", NULL},
        {"PUT", JSON, "\"trace_config\"", NULL},
        {"PATCH", JSON, "{\"trace_config\":", NULL}, /* ill-formed */
        {"POST", JSON, "[{\"trace_config\":{}}]", NULL},
        {"POST", JSON, "{\"a\":{\"trace_config\":{\"b\":1}}}", NULL},
        {"POST", JSON, "no gzip at all", "gzip"},
        {"POST", JSON, "packed somehow", "br"},
        {"POST", JSON, "packed twice", "gzip, gzip"},
        {"POST", "application/x-www-form-urlencoded", "a=1&trace_config=2", NULL},
        {"POST", "multipart/form-data; boundary=b", "--b\r\n\r\n{\"trace_config\":1}\r\n--b--\r\n", NULL},
        {"POST", "text/csv", "a,b\n", NULL},
        {"POST", NULL, "\x01\x02", NULL},
        {"POST", JSON "; charset=utf-16", "{\"trace_config\":{}}", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *const headers[] = {HEADER, " \t" ON " ", rows[i].coding != NULL ? "content-encoding" : "x-other",
                                       rows[i].coding != NULL ? rows[i].coding : "1", NULL};

        print_message("%s %s\n", rows[i].method, rows[i].body != NULL ? rows[i].body : "(none)");
        exchange_begin(&x, rows[i].method, "/plain/a/full?b", rows[i].type, rows[i].body, headers);
        exchange_finish(&x);
        assert_int_equal(calls, i + 1);
        assert_int_equal(x.status, 200);
        assert_string_equal(exchange_header(&x, "glassbox-capture"), "captured");
        assert_true(was_captured);
        assert_string_equal(seen_method, rows[i].method);
        assert_string_equal(seen_path, "/plain/a?b");
        assert_body(rows[i].body, rows[i].body != NULL ? strlen(rows[i].body) : 0);
        assert_int_equal(seen_no_body, rows[i].body == NULL);
        assert_int_equal(seen_type, rows[i].type != NULL);
        assert_false(seen_header);
        exchange_end(&x);
    }
}

static void assert_problem(int status, const char *text, const char *pointer)
{
    exchange_finish(&x);
    assert_int_equal(calls, 0);
    assert_int_equal(x.status, status);
    assert_string_equal(exchange_header(&x, "content-type"), "application/problem+json");
    if (!exchange_has(&x, text))
        print_message("%.*s\n", (int)x.length, x.body);
    assert_true(exchange_has(&x, text));
    assert_int_equal(exchange_has(&x, "\"pointer\":"), pointer != NULL);
    assert_true(pointer == NULL || exchange_has(&x, pointer));
    exchange_end(&x);
}

static void an_error_in_the_header_names_it(void **state)
{
    static const struct {
        const char *value;
        int status;
        const char *text, *pointer;
    } rows[] = {
        {"", 400, "header Glassbox-Trace-Config: not JSON", NULL},
        {"   ", 400, "header Glassbox-Trace-Config: not JSON", NULL},
        {"true", 400, "header Glassbox-Trace-Config: its value is not a JSON object", NULL},
        {"[]", 400, "header Glassbox-Trace-Config: its value is not a JSON object", NULL},
        {"{\"capture_traces\":true", 400, "header Glassbox-Trace-Config: not JSON", NULL},
        {ON ON, 400, "header Glassbox-Trace-Config: not JSON", NULL},
        {"{\"capture\":true}", 422, "header Glassbox-Trace-Config: trace_config has no field", "\"/capture\""},
        {"{\"trace_config\":" ON "}", 422, "header Glassbox-Trace-Config", "\"/trace_config\""},
        {"{\"top_n\":0}", 422, "header Glassbox-Trace-Config: top_n must be", "\"/top_n\""},
        {"{\"top_n\":1,\"top_n\":2}", 422, "header Glassbox-Trace-Config: top_n is given", "\"/top_n\""},
        {"{\"trace_format\":\"summary\"}", 422, "header Glassbox-Trace-Config: trace_format", "\"/trace_format\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *const headers[] = {HEADER, rows[i].value, NULL};

        exchange_begin(&x, "GET", "/plain/full", NULL, NULL, headers);
        assert_problem(rows[i].status, rows[i].text, rows[i].pointer);
    }
}

static void the_header_is_given_once_and_is_short(void **state)
{
    static char value[4110];
    const char *const twice[] = {HEADER, ON, "x-between", "1", HEADER, ON, NULL};
    const char *const headers[] = {HEADER, value, NULL};

    (void)state;
    exchange_begin(&x, "GET", "/plain/full", NULL, NULL, twice);
    assert_problem(422, "header Glassbox-Trace-Config is given more than once", NULL);
    for (int length = 4096; length <= 4097; length++) {
        memset(value, ' ', (size_t)length);
        value[length] = '\0';
        value[0] = '{';
        memcpy(value + length - strlen(ON) + 1, &ON[1], strlen(ON) - 1);
        memcpy(value + length, " \t  ", 5); /* not part of the value */
        exchange_begin(&x, "GET", "/plain/full", NULL, NULL, headers);
        if (length == 4097)
            assert_problem(422, "header Glassbox-Trace-Config has 4097 bytes; at most 4096 are allowed", NULL);
        else
            assert_int_equal(x.status, 200);
        exchange_end(&x);
        calls = 0;
    }
}

static void both_at_once_are_an_error(void **state)
{
    static const char *const bodies[] = {"{\"trace_config\":{}}", "{\"a\":1, \"trace\\u005fconfig\":null}",
                                         "{\"trace_config\":1,\"trace_config\":2}"};
    const char *const headers[] = {HEADER, ON, NULL};

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        exchange_begin(&x, "POST", "/plain/full", JSON, bodies[i], headers);
        assert_problem(422, "given twice, in the body and in the header Glassbox-Trace-Config", "\"/trace_config\"");
    }
}

static void a_body_with_a_config_reaches_the_handler_without_it(void **state)
{
    static const char *const rows[][2] = {
        {"{\"trace_config\":" ON "}", "{}"},
        {"{\"a\": [1,  2], \"trace_config\":" ON ",\n\"b\":{\"trace_config\": 3}} ",
         "{\"a\": [1,  2],\n\"b\":{\"trace_config\": 3}} "},
        {"{\"trace_confi\\u0067\":" ON " , \"a\":\"\\u00e9\"}", "{\"a\":\"\\u00e9\"}"},
        {"{\"a\":{\"trace_config\":{\"b\":1}}}", "{\"a\":{\"trace_config\":{\"b\":1}}}"},
    };
    const char *const headers[] = {"content-length", "999", NULL};
    char expected[24];

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
        const char *const *row = rows[i / 2];
        bool keeps = i % 2 != 0, same = strcmp(row[0], row[1]) == 0;
        const char *seen = keeps ? row[0] : row[1];

        exchange_begin(&x, "PUT", keeps ? "/kept/full" : "/plain/full", JSON, row[0], headers);
        assert_body(seen, strlen(seen));
        snprintf(expected, sizeof(expected), "%zu", keeps || same ? (size_t)999 : strlen(seen));
        assert_string_equal(seen_length, expected);
        exchange_end(&x);
    }
}

static void the_header_stays_if_the_host_wants_it(void **state)
{
    const char *const headers[] = {HEADER, ON, NULL};

    (void)state;
    exchange_begin(&x, "GET", "/kept/full", NULL, NULL, headers);
    assert_true(seen_header);
    assert_true(was_captured);
}

static void what_cannot_be_read_points_to_the_header(void **state)
{
    static const struct {
        const char *type, *body, *coding;
        int status;
        const char *text;
    } rows[] = {
        {"text/csv", "a,b", NULL, 415, "content type is not JSON"},
        {"multipart/form-data; boundary=b", "--b--", NULL, 415, "content type is not JSON"},
        {JSON, "[]", NULL, 400, "is not a JSON object"},
        {JSON, "3", NULL, 400, "is not a JSON object"},
        {JSON, "xx", "br", 415, "Content-Encoding"},
        {JSON, "xx", "gzip, br", 415, "Content-Encoding"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *const headers[] = {"content-encoding", rows[i].coding, NULL};

        exchange_begin(&x, "POST", "/plain/full", rows[i].type, rows[i].body, rows[i].coding != NULL ? headers : NULL);
        exchange_finish(&x);
        assert_true(exchange_has(&x, "header Glassbox-Trace-Config"));
        assert_int_equal(exchange_header(&x, "accept-encoding") != NULL, rows[i].coding != NULL);
        assert_problem(rows[i].status, rows[i].text, NULL);
    }
    exchange_begin(&x, "DELETE", "/plain/full", NULL, NULL, NULL);
    assert_int_equal(x.status, 200);
    assert_string_equal(exchange_header(&x, "glassbox-capture"), "off");
}

static void post_gzip(const char *path, const char *coding, gbxi_view packed, const char *const *more)
{
    const char *const headers[] = {"content-encoding", coding, more != NULL ? more[0] : "x-other",
                                   more != NULL ? more[1] : "1", NULL};

    x.body_length = packed.length;
    exchange_begin(&x, "POST", path, JSON, packed.at, headers);
    x.body_length = 0;
}

static gbxi_view packed(const char *text)
{
    char *bytes = NULL;
    size_t length = 0;

    assert_int_equal(gbxi_gzip_pack(gbxi_view_of(text), &bytes, &length, NULL), GBX_ERR_OK);
    return (gbxi_view){bytes, length};
}

static void assert_unpacks_to(const char *expected)
{
    char *text = NULL;
    size_t length;

    assert_int_equal(gbxi_gzip_unpack((gbxi_view){seen_body, seen_body_length}, 999, &text, &length, NULL), GBX_ERR_OK);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(text, expected, length);
    free(text);
}

static void a_gzip_body_is_unpacked_for_its_config_and_packed_again(void **state)
{
    gbxi_view with = packed("{\"a\":1, \"trace_config\":" ON "}"), without = packed("{\"a\": 1}");
    const char *const header[] = {HEADER, ON};

    (void)state;
    post_gzip("/plain/full", "gzip", with, NULL);
    assert_true(was_captured);
    assert_unpacks_to("{\"a\":1}");
    exchange_end(&x);
    post_gzip("/kept/full", "X-Gzip", with, NULL);
    assert_true(was_captured);
    assert_body(with.at, with.length);
    exchange_end(&x);
    post_gzip("/plain/full", "gzip", without, NULL);
    assert_false(was_captured);
    assert_body(without.at, without.length);
    exchange_end(&x);
    post_gzip("/plain/full", "gzip", without, header);
    assert_true(was_captured);
    assert_body(without.at, without.length);
    exchange_end(&x);
    calls = 0;
    post_gzip("/plain/full", "gzip", with, header);
    assert_problem(422, "in the body and in the header", "\"/trace_config\"");
    free((char *)with.at);
    free((char *)without.at);
}

static void a_gzip_body_that_cannot_be_unpacked_is_refused_as_such(void **state)
{
    static const char *const twice[] = {"content-encoding", "gzip"};
    char bomb[3000];
    gbxi_view much;

    (void)state;
    memset(bomb, ' ', sizeof(bomb) - 1);
    bomb[sizeof(bomb) - 1] = '\0';
    much = packed(bomb);
    post_gzip("/plain/full", "gzip", gbxi_view_of("{\"trace_config\":{}}"), NULL);
    assert_problem(400, "not gzip", NULL);
    post_gzip("/small/full", "gzip", much, NULL);
    assert_problem(413, "more than 64 bytes when it is unpacked", NULL);
    post_gzip("/plain/full", "gzip", much, NULL);
    assert_problem(400, "not JSON", NULL);
    post_gzip("/plain/full", "gzip", much, twice); /* packed twice, and no bytes of gzip inside */
    assert_problem(415, "Content-Encoding", NULL);
    free((char *)much.at);
}

static void a_handler_that_is_given_get_has_no_body(void **state)
{
    gbxi_view with = packed("{\"trace_config\":" ON "}");

    (void)state;
    exchange_post(&x, "/get/full", "{\"trace_config\":" ON ",\"a\":1}");
    assert_string_equal(seen_method, "GET");
    assert_true(was_captured);
    assert_true(seen_no_body);
    assert_false(seen_type);
    exchange_end(&x);
    exchange_begin(&x, "GET", "/plain/full", JSON, "{\"trace_config\":" ON ",\"a\":1}", NULL);
    assert_body("{\"a\":1}", 7); /* the client's own */
    exchange_end(&x);
    post_gzip("/get/full", "gzip", with, NULL);
    assert_true(was_captured);
    assert_true(seen_no_body);
    assert_false(seen_coding);
    free((char *)with.at);
}

static void a_body_that_is_copied_counts_as_memory_for_work(void **state)
{
    size_t used = gbxi_work_memory_look().used;

    (void)state;
    exchange_post(&x, "/plain/full", "{\"trace_config\":" ON ",\"a\":1}");
    assert_int_equal(gbxi_work_memory_look().used, used + 7);
    exchange_end(&x);
    assert_int_equal(gbxi_work_memory_look().used, used);
    calls = 0;
    gbxi_work_memory_limit_set(1);
    exchange_post(&x, "/plain/full", "{\"trace_config\":" ON ",\"a\":1}");
    gbxi_work_memory_limit_set(GBXI_WORK_MEMORY_UNLIMITED);
    assert_problem(503, "memory", NULL);
}

static void head_is_refused(void **state)
{
    const char *const headers[] = {HEADER, ON, NULL};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        exchange_begin(&x, "HEAD", "/plain/full", NULL, NULL, i == 0 ? NULL : headers);
        exchange_finish(&x);
        assert_int_equal(calls, 0);
        assert_int_equal(x.status, 405);
        assert_int_equal(x.length, 0);
        assert_non_null(strstr(exchange_header(&x, "allow"), "GET, POST"));
        exchange_end(&x);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_header_traces_every_method_and_every_body),
        TEST(an_error_in_the_header_names_it),
        TEST(the_header_is_given_once_and_is_short),
        TEST(both_at_once_are_an_error),
        TEST(a_body_with_a_config_reaches_the_handler_without_it),
        TEST(the_header_stays_if_the_host_wants_it),
        TEST(what_cannot_be_read_points_to_the_header),
        TEST(a_gzip_body_is_unpacked_for_its_config_and_packed_again),
        TEST(a_gzip_body_that_cannot_be_unpacked_is_refused_as_such),
        TEST(a_handler_that_is_given_get_has_no_body),
        TEST(a_body_that_is_copied_counts_as_memory_for_work),
        TEST(head_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
