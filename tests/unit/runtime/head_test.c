/* SPDX-License-Identifier: MIT */
/* What is made of a head that the parser has read: targets, hosts, white space, and HTTP/1.0. */
#define _GNU_SOURCE
#include "runtime/libh2o/head.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { HEADERS_MAX = 3, TEXT_BYTES = 256 };

/* A head with its texts in memory that may be written to. */
typedef struct settled {
    char method[16], target[TEXT_BYTES], names[HEADERS_MAX][32], values[HEADERS_MAX][64];
    struct phr_header headers[HEADERS_MAX];
    gbxi_head head;
    const char *text;
    int status;
} settled;

/* `headers`: name, value, ..., NULL. */
static void settle(settled *out, const char *method, const char *target, int minor, bool tls,
                   const char *const *headers)
{
    *out = (settled){.head = {.minor_version = minor, .max = HEADERS_MAX}};
    snprintf(out->method, sizeof(out->method), "%s", method);
    snprintf(out->target, sizeof(out->target), "%s", target);
    for (size_t i = 0; headers[2 * i] != NULL; i++) {
        snprintf(out->names[i], sizeof(out->names[i]), "%s", headers[2 * i]);
        snprintf(out->values[i], sizeof(out->values[i]), "%s", headers[2 * i + 1]);
        out->headers[out->head.count++] =
            (struct phr_header){out->names[i], strlen(out->names[i]), out->values[i], strlen(out->values[i])};
    }
    out->head.method = out->method;
    out->head.method_length = strlen(method);
    out->head.target = out->target;
    out->head.target_length = strlen(target);
    out->head.headers = out->headers;
    out->status = gbxi_head_settle(&out->head, tls, &out->text);
}

static const char *const hosted[] = {"Host", "own", NULL};
static const char *const bare[] = {NULL};

static void assert_text(const char *text, size_t length, const char *expected)
{
    char copy[TEXT_BYTES];

    snprintf(copy, sizeof(copy), "%.*s", (int)length, text);
    assert_string_equal(copy, expected);
}

static void targets_that_are_no_urls_stay(void **state)
{
    static const char *const targets[][2] = {{"GET", "/"},         {"GET", "//a/b"},   {"GET", "/http://a/"},
                                             {"OPTIONS", "*"},     {"CONNECT", "a:1"}, {"CONNECT", "http://a"},
                                             {"POST", "/?http://"}};
    settled out;

    (void)state;
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        settle(&out, targets[i][0], targets[i][1], 1, false, hosted);
        assert_int_equal(out.status, 0);
        assert_text(out.head.target, out.head.target_length, targets[i][1]);
        assert_text(out.headers[0].value, out.headers[0].value_len, "own");
    }
}

static void a_url_becomes_its_path_and_its_authority_the_host(void **state)
{
    static const struct {
        const char *method, *url, *path, *host;
    } cases[] = {
        {"POST", "http://127.0.0.1:8000/a/full", "/a/full", "127.0.0.1:8000"},
        {"GET", "HTTP://Example.Org/", "/", "Example.Org"},
        {"GET", "hTTp://[::1]:80/a?b=http://c/d", "/a?b=http://c/d", "[::1]:80"},
        {"GET", "http://a//b", "//b", "a"},
        {"GET", "http://a:/b", "/b", "a:"},
        {"GET", "http://a", "/", "a"},
        {"GET", "http://a?b/c", "/?b/c", "a"},
        {"GET", "http://abc.example:81?", "/?", "abc.example:81"},
        {"OPTIONS", "http://a:1", "*", "a:1"},
        {"OPTIONS", "http://a:1/", "/", "a:1"},
        {"OPTIONS", "http://a?b", "/?b", "a"},
    };
    settled out;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        settle(&out, cases[i].method, cases[i].url, 1, i % 2 == 0, hosted);
        assert_int_equal(out.status, 0);
        assert_text(out.head.target, out.head.target_length, cases[i].path);
        assert_int_equal(out.head.count, 1);
        assert_text(out.headers[0].value, out.headers[0].value_len, cases[i].host);
    }
}

/* HTTP/1.0 does not know Host, but libh2o finds the authority there alone. */
static void a_url_without_a_host_header_gets_one(void **state)
{
    static const char *const full[] = {"a", "b", "c", "d", "e", "f", NULL};
    settled out;

    (void)state;
    settle(&out, "GET", "http://other/x", 0, false, bare);
    assert_int_equal(out.status, 0);
    assert_int_equal(out.head.count, 1);
    assert_text(out.headers[0].name, out.headers[0].name_len, "host");
    assert_text(out.headers[0].value, out.headers[0].value_len, "other");
    ((char *)out.headers[0].name)[0] = 'h'; /* as libh2o writes it */
    settle(&out, "GET", "http://other/x", 0, false, full);
    assert_int_equal(out.status, 431);
}

static void an_https_url_needs_an_encrypted_connection(void **state)
{
    settled out;

    (void)state;
    settle(&out, "GET", "HTTPS://a/b", 1, false, hosted);
    assert_int_equal(out.status, 421);
    assert_string_equal(out.text, "the target is an https URL, but the connection is not encrypted");
    settle(&out, "GET", "HTTPS://a/b", 1, true, hosted);
    assert_int_equal(out.status, 0);
    assert_text(out.head.target, out.head.target_length, "/b");
}

#define NO_TARGET "the target of the request begins neither with / nor with a scheme"
#define NO_HOST_IN_URL "the target is a URL without a valid host"
#define OTHER_SCHEME "the scheme of the target is neither http nor https"

static void other_targets_are_refused(void **state)
{
    static const char *const cases[][3] = {
        {"GET", "healthz", NO_TARGET},
        {"GET", "*", NO_TARGET},
        {"GET", "?a", NO_TARGET},
        {"GET", "a:b", NO_TARGET},
        {"GET", "://x", NO_TARGET},
        {"GET", "a_b://x", NO_TARGET},
        {"options", "*", NO_TARGET},
        {"OPTIONS", "x", NO_TARGET},
        {"OPTIONS", "*/", NO_TARGET},
        {"CONNECX", "a:1", NO_TARGET},
        {"GET", "", NO_TARGET},
        {"GET", "http:/a", NO_TARGET},
        {"GET", "ftp://a/b", OTHER_SCHEME},
        {"GET", "httpx://a/b", OTHER_SCHEME},
        {"GET", "x+1.2-y://", OTHER_SCHEME},
        {"GET", "http://", NO_HOST_IN_URL},
        {"GET", "http:///a", NO_HOST_IN_URL},
        {"GET", "http://?a", NO_HOST_IN_URL},
        {"GET", "http://a@b/", NO_HOST_IN_URL},
        {"GET", "http://a\\b/", NO_HOST_IN_URL},
    };
    settled out;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        settle(&out, cases[i][0], cases[i][1], 1, false, hosted);
        assert_int_equal(out.status, 400);
        assert_string_equal(out.text, cases[i][2]);
    }
}

#define NO_HOST "a request of HTTP/1.1 needs a Host header"
#define TWO_HOSTS "the Host header is given more than once"
#define BAD_HOST "the Host header is not a host"

/* Also with a URL, whose authority counts. */
static void a_request_has_one_host(void **state)
{
    static const struct {
        const char *headers[7];
        int minor;
        const char *refusal;
    } cases[] = {
        {{NULL}, 1, NO_HOST},
        {{NULL}, 0, NULL},
        {{"Hosts", "a", NULL}, 1, NO_HOST},
        {{"hOST", "a", NULL}, 1, NULL},
        {{"Host", "", NULL}, 1, NULL},
        {{"Host", " \t", NULL}, 1, NULL},
        {{"Host", "[::1]:8000 ", NULL}, 1, NULL},
        {{"Host", "a", "x", "y", "host", "a", NULL}, 1, TWO_HOSTS},
        {{"Host", "a", "HOST", "", NULL}, 0, TWO_HOSTS},
        {{"Host", "a b", NULL}, 1, BAD_HOST},
        {{"Host", "a/b", NULL}, 1, BAD_HOST},
        {{"Host", "u@a", NULL}, 0, BAD_HOST},
    };
    settled out;

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
        settle(&out, "GET", i % 2 == 0 ? "/" : "http://a/", cases[i / 2].minor, false, cases[i / 2].headers);
        assert_int_equal(out.status, cases[i / 2].refusal != NULL ? 400 : 0);
        if (cases[i / 2].refusal != NULL)
            assert_string_equal(out.text, cases[i / 2].refusal);
    }
}

static void values_end_before_the_white_space_behind_them(void **state)
{
    static const char *const headers[] = {"Host", "own\t", "a", "b c \t ", "d", " \t ", NULL};
    settled out;

    (void)state;
    settle(&out, "GET", "/", 1, false, headers);
    assert_int_equal(out.status, 0);
    assert_text(out.headers[0].value, out.headers[0].value_len, "own");
    assert_text(out.headers[1].value, out.headers[1].value_len, "b c");
    assert_text(out.headers[2].value, out.headers[2].value_len, "");
}

static void http_1_0_expects_nothing(void **state)
{
    static const char *const headers[] = {"EXPECT", "100-continue", "Host", "a", "expect", "x", NULL};
    settled out;

    (void)state;
    settle(&out, "POST", "/", 1, false, headers);
    assert_int_equal(out.status, 0);
    assert_int_equal(out.head.count, 3);
    settle(&out, "POST", "/", 0, false, headers);
    assert_int_equal(out.status, 0);
    assert_int_equal(out.head.count, 1);
    assert_text(out.headers[0].name, out.headers[0].name_len, "Host");
}

static void http_1_0_has_no_transfer_coding(void **state)
{
    static const char *const coded[] = {"Host", "a", "Transfer-encoding", "chunked", NULL};
    static const char *const others[][3] = {{"Transfer-encoding-2", "chunked", NULL},
                                            {"Transfer-encodin_", "chunked", NULL}};
    settled out;

    (void)state;
    settle(&out, "POST", "/", 1, false, coded);
    assert_int_equal(out.status, 0);
    settle(&out, "POST", "/", 0, false, coded);
    assert_int_equal(out.status, 400);
    assert_string_equal(out.text, "a request of HTTP/1.0 cannot have a Transfer-Encoding");
    for (size_t i = 0; i < 2; i++) {
        settle(&out, "POST", "/", 0, false, others[i]);
        assert_int_equal(out.status, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_that_are_no_urls_stay),
        cmocka_unit_test(a_url_becomes_its_path_and_its_authority_the_host),
        cmocka_unit_test(a_url_without_a_host_header_gets_one),
        cmocka_unit_test(an_https_url_needs_an_encrypted_connection),
        cmocka_unit_test(other_targets_are_refused),
        cmocka_unit_test(a_request_has_one_host),
        cmocka_unit_test(values_end_before_the_white_space_behind_them),
        cmocka_unit_test(http_1_0_expects_nothing),
        cmocka_unit_test(http_1_0_has_no_transfer_coding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
