/* SPDX-License-Identifier: MIT */
/* Paths that the host keeps: only a request that carries a config is mirrored, and any other is the host's untouched,
 * whenever that is known. */
#define _GNU_SOURCE
#include "base/work_memory.h"
#include "exchange.h"
#include "played.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define HEADER "glassbox-trace-config"
#define ON "{\"capture_traces\":true}"
#define JSON "application/json"
#define SPACES "                                                                                "

static exchange x;
static unsigned calls, asked, given_back;
static gbx_h2o_verdict verdict;
static char seen_path[64], seen_body[512];
static size_t seen_length, seen_headers;
static bool was_captured;

static int note_call(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    calls++;
    snprintf(seen_path, sizeof(seen_path), "%.*s", (int)req->path.len, req->path.base);
    assert_true(req->entity.len <= sizeof(seen_body));
    seen_length = req->entity.len;
    if (req->entity.len != 0)
        memcpy(seen_body, req->entity.base, req->entity.len);
    seen_headers = req->headers.size;
    was_captured = gbx_capture_current() != NULL;
    req->res.status = 200;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT(JSON));
    h2o_send_inline(req, "{}", 2);
    return 0;
}

static gbx_h2o_verdict permit_claimed(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error)
{
    (void)context, (void)grant, (void)error;
    assert_true(h2o_memis(req->path.base, req->path.len, H2O_STRLIT("/asked/a")) ||
                h2o_memis(req->path.base, req->path.len, H2O_STRLIT("/lent/a"))); /* as the handler will see it */
    asked++;
    return verdict;
}

static void take_back(void *context, const gbx_h2o_grant *grant)
{
    (void)context, (void)grant;
    given_back++;
}

static int set_up(void **state)
{
    (void)state;
    played_reset();
    calls = asked = given_back = 0;
    verdict = GBX_H2O_GRANTED;
    exchange_handler = note_call;
    exchange_permit = permit_claimed;
    exchange_give_back = take_back;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    x.body_length = 0;
    return played_end(&x);
}

/* The executor's part, if it has one. */
static void let_it_work(void)
{
    if (played.queued != NULL) {
        assert_int_equal(calls, 0);
        played_work();
        exchange_receive();
    }
    exchange_finish(&x);
}

static void assert_hosts(const char *body, size_t length, size_t headers)
{
    assert_int_equal(calls, 1);
    assert_int_equal(asked, 0);
    assert_false(was_captured);
    assert_string_equal(seen_path, "/asked/a/full");
    assert_int_equal(seen_length, length);
    if (length != 0)
        assert_memory_equal(seen_body, body, length);
    assert_int_equal(seen_headers, headers);
    assert_int_equal(x.status, 200);
    assert_int_equal(x.length, 2);
    assert_null(exchange_header(&x, "glassbox-capture"));
    exchange_end(&x);
    calls = 0;
}

static void a_request_without_a_config_is_the_hosts(void **state)
{
    static const struct {
        const char *method, *type, *body;
    } rows[] = {
        {"GET", NULL, NULL},
        {"DELETE", JSON, NULL},
        {"OPTIONS", NULL, NULL},
        {"POST", NULL, NULL},
        {"POST", JSON, ""},
        {"POST", JSON, "{}"},
        {"POST", JSON, "{\"a\":{\"trace_config\":" ON "}}"},
        {"POST", JSON, "{\"a\":\"\\u0061\"}"},
        {"POST", JSON, "[{\"trace_config\":" ON "}]"},
        {"POST", JSON, "\"trace_config\""},
        {"POST", JSON, "{\"trace_config\":" ON},          /* ill-formed */
        {"POST", JSON, "{\"trace_config\":" ON "} more"}, /* ill-formed */
        {"PUT", JSON, "{\"a\":[" SPACES SPACES "]}"},
        {"PUT", JSON, "{\"a\":{\"trace_config\":[" SPACES SPACES "]}}"},
        {"PUT", JSON, "{\"trace_config\":[" SPACES SPACES "]"}, /* ill-formed */
        {"POST", "text/csv", "a,b\n"},
        {"POST", "multipart/form-data; boundary=b", "--b\r\n\r\n{\"trace_config\":1}\r\n--b--\r\n"},
        {"POST", "application/x-www-form-urlencoded", "trace_config=1"},
        {"POST", JSON "; charset=utf-16", "{\"trace_config\":{}}"},
    };

    (void)state;
    verdict = GBX_H2O_REFUSED;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("%s %s\n", rows[i].method, rows[i].body != NULL ? rows[i].body : "(none)");
        exchange_begin(&x, rows[i].method, "/asked/a/full", rows[i].type, rows[i].body, NULL);
        let_it_work();
        assert_hosts(rows[i].body, rows[i].body != NULL ? strlen(rows[i].body) : 0, rows[i].type != NULL);
    }
    assert_int_equal(played.submitted, 2);
}

static void head_without_a_config_is_the_hosts(void **state)
{
    static const char *const headers[] = {HEADER, ON, NULL};

    (void)state;
    exchange_begin(&x, "HEAD", "/asked/a/full", NULL, NULL, NULL);
    assert_int_equal(calls, 1);
    assert_string_equal(seen_path, "/asked/a/full");
    exchange_end(&x);
    exchange_begin(&x, "HEAD", "/asked/a/full", NULL, NULL, headers);
    assert_int_equal(x.status, 405);
}

static void a_request_with_a_config_is_mirrored(void **state)
{
    static const struct {
        const char *body, *left;
    } rows[] = {
        {"{\"trace_config\":" ON "}", "{}"},
        {"{\"trace_config\":" ON ",\"a\":\"" SPACES SPACES "\"}", "{\"a\":\"" SPACES SPACES "\"}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        exchange_begin(&x, "PUT", "/asked/a/full", JSON, rows[i].body, NULL);
        let_it_work();
        assert_int_equal(calls, 1);
        assert_int_equal(asked, i + 1);
        assert_true(was_captured);
        assert_string_equal(seen_path, "/asked/a");
        assert_int_equal(seen_length, strlen(rows[i].left));
        assert_memory_equal(seen_body, rows[i].left, seen_length);
        assert_string_equal(exchange_header(&x, "glassbox-capture"), "captured");
        exchange_end(&x);
        calls = 0;
    }
    assert_int_equal(given_back, 0);
}

static void a_header_claims_any_request(void **state)
{
    static const char *const headers[] = {HEADER, ON, NULL}, *const wrong[] = {HEADER, "on", NULL};

    (void)state;
    exchange_begin(&x, "GET", "/asked/a/full", NULL, NULL, headers);
    assert_true(was_captured);
    assert_string_equal(seen_path, "/asked/a");
    assert_int_equal(asked, 1);
    exchange_end(&x);
    exchange_begin(&x, "GET", "/asked/a/full", NULL, NULL, wrong);
    assert_int_equal(x.status, 400);
    assert_int_equal(calls, 1);
}

static void a_config_that_is_wrong_is_refused_and_needs_no_permission(void **state)
{
    static const char *const bodies[] = {"{\"trace_config\":1}", "{\"trace_config\":{\"top_n\":0}}",
                                         "{\"trace_config\":{},\"trace_config\":{}}",
                                         "{\"trace_config\":{\"x\":1},\"a\":\"" SPACES SPACES "\"}"};

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        exchange_begin(&x, "POST", "/asked/a/full", JSON, bodies[i], NULL);
        let_it_work();
        assert_int_equal(x.status, 422);
        assert_true(exchange_has(&x, "\"pointer\":\"/trace_config"));
        exchange_end(&x);
    }
    assert_int_equal(asked, 0);
    assert_int_equal(calls, 0);
}

static void permission_is_asked_when_a_large_body_turns_out_to_have_one(void **state)
{
    (void)state;
    verdict = GBX_H2O_REFUSED;
    exchange_begin(&x, "POST", "/asked/a/full", JSON, "{\"trace_config\":" ON ",\"a\":\"" SPACES "\"}", NULL);
    assert_int_equal(asked, 0);
    let_it_work();
    assert_int_equal(asked, 1);
    assert_int_equal(x.status, 403);
    assert_int_equal(calls, 0);
}

static void an_executor_that_is_full_keeps_only_those_waiting_that_may_have_one(void **state)
{
    (void)state;
    played.takes = false;
    exchange_begin(&x, "POST", "/asked/a/full", JSON, "{\"a\":\"" SPACES SPACES "\"}", NULL);
    assert_int_equal(calls, 1);
    exchange_end(&x);
    exchange_begin(&x, "POST", "/asked/a/full", JSON, "{\"trace_config\":" ON ",\"a\":\"" SPACES "\"}", NULL);
    assert_int_equal(x.status, 503);
    assert_string_equal(exchange_header(&x, "retry-after"), "1");
    assert_int_equal(calls, 1);
}

static void what_is_larger_than_may_be_read_is_the_hosts(void **state)
{
    static const char *const gzip[] = {"content-encoding", "gzip", NULL};
    static const char text[] = "{\"trace_config\":" ON "}";
    char body[66] = {0};

    (void)state;
    memset(body, ' ', sizeof(body) - 1);
    memcpy(body, text, strlen(text));
    for (size_t i = 0; i < 2; i++) {
        exchange_begin(&x, "POST", "/little/full", JSON, body, i == 0 ? NULL : gzip);
        assert_int_equal(calls, 1);
        assert_string_equal(seen_path, "/little/full");
        assert_int_equal(seen_length, 65);
        exchange_end(&x);
        calls = 0;
    }
    body[64] = '\0';
    exchange_begin(&x, "POST", "/little/full", JSON, body, NULL);
    assert_true(was_captured);
}

/* gzip without the project's own code for it. */
static size_t pack_text(const char *text, char *packed, size_t room)
{
    z_stream stream = {.next_in = (unsigned char *)text, .avail_in = (unsigned)strlen(text)};

    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_out = (unsigned char *)packed;
    stream.avail_out = (unsigned)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(deflateEnd(&stream), Z_OK);
    return room - stream.avail_out;
}

/* Neither passed to the host, which would be shown the config, nor refused for good. */
static void memory_that_is_short_while_a_body_is_read_means_later(void **state)
{
    static const char body[] = "{\"trace_config\":" ON ",\"a\":\"" SPACES "\"}";
    static const char large[] = "{\"trace_config\":" ON ",\"a\":\"" SPACES SPACES SPACES "\"}";
    static const char *const header[] = {HEADER, ON, NULL}, *const both[] = {HEADER, ON, "content-encoding", "gzip",
                                                                             NULL};
    enum { LIMIT = 1 << 20 };
    char packed[256];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        gbxi_work_memory_limit_set(LIMIT);
        assert_true(gbxi_work_memory_take(LIMIT - 16, GBXI_WORK_SMALL));
        x.body_length = i == 2 ? pack_text(large, packed, sizeof(packed)) : 0;
        exchange_begin(&x, "POST", i == 0 ? "/asked/a/full" : "/lent/a/full", JSON, i == 2 ? packed : body,
                       i == 0   ? NULL
                       : i == 1 ? header
                                : both);
        x.body_length = 0;
        played_work();
        exchange_receive();
        gbxi_work_memory_give(LIMIT - 16);
        gbxi_work_memory_limit_set(GBXI_WORK_MEMORY_UNLIMITED);
        exchange_finish(&x);
        assert_int_equal(x.status, 503);
        assert_string_equal(exchange_header(&x, "retry-after"), "1");
        assert_int_equal(calls, 0);
        exchange_end(&x);
    }
}

static void packed_bodies_are_looked_into(void **state)
{
    static const struct {
        const char *text;
        bool carries;
        unsigned submitted; /* what unpacks to more than the loop reads is the executor's */
    } rows[] = {
        {"{\"a\":1}", false, 0},
        {"{\"trace_config\":" ON "}", true, 0},
        {"{\"a\":\"" SPACES SPACES "\"}", false, 1},
        {"{\"a\":\"" SPACES SPACES "\",\"trace_config\":" ON "}", true, 2},
        {"[" SPACES SPACES "]", false, 3},
    };
    static const char *const headers[] = {"content-encoding", "gzip", NULL}, *const other[] = {"content-encoding",
                                                                                               "zstd", NULL};
    char packed[256];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t length = pack_text(rows[i].text, packed, sizeof(packed));

        x.body_length = length;
        exchange_begin(&x, "POST", "/asked/a/full", JSON, packed, headers);
        let_it_work();
        assert_int_equal(was_captured, rows[i].carries);
        if (rows[i].carries)
            assert_string_equal(seen_path, "/asked/a");
        asked = rows[i].carries ? 0 : asked;
        if (rows[i].carries)
            exchange_end(&x);
        else
            assert_hosts(packed, length, 2);
        calls = 0;
        assert_int_equal(played.submitted, rows[i].submitted);
    }
    x.body_length = 0;
    for (size_t i = 0; i < 2; i++) {
        exchange_begin(&x, "POST", "/asked/a/full", JSON, "neither of them", i == 0 ? headers : other);
        assert_hosts("neither of them", 15, 2);
    }
}

static void a_client_may_leave_while_its_body_is_looked_into(void **state)
{
    static const char *const headers[] = {"content-encoding", "gzip", NULL};
    char packed[256];

    (void)state;
    played.lets_go = false;
    x.body_length = pack_text("{\"a\":\"" SPACES SPACES "\",\"trace_config\":" ON "}", packed, sizeof(packed));
    exchange_begin(&x, "POST", "/asked/a/full", JSON, packed, headers);
    exchange_end(&x);
    played_work();
    exchange_receive();
    assert_int_equal(calls, 0);
    exchange_begin(&x, "POST", "/asked/a/full", JSON, packed, headers);
    played_work();
    exchange_end(&x);
    exchange_receive();
    assert_int_equal(calls, 0);
    assert_int_equal(asked, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_request_without_a_config_is_the_hosts),
        TEST(head_without_a_config_is_the_hosts),
        TEST(a_request_with_a_config_is_mirrored),
        TEST(a_header_claims_any_request),
        TEST(a_config_that_is_wrong_is_refused_and_needs_no_permission),
        TEST(permission_is_asked_when_a_large_body_turns_out_to_have_one),
        TEST(an_executor_that_is_full_keeps_only_those_waiting_that_may_have_one),
        TEST(what_is_larger_than_may_be_read_is_the_hosts),
        TEST(memory_that_is_short_while_a_body_is_read_means_later),
        TEST(packed_bodies_are_looked_into),
        TEST(a_client_may_leave_while_its_body_is_looked_into),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
