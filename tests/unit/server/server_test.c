/* SPDX-License-Identifier: MIT */
/* The whole server in this process: opening, refusing to open, and the responses of its routes. */
#define _GNU_SOURCE
#include "capture/pool.h"
#include "client.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What the server answers to one request on a connection of its own. */
static void ask(const gbxi_server *server, const char *request_line, const char *headers, const char *body,
                client_answer *answer)
{
    char request[1024];
    int fd = client_connect(server);

    snprintf(request, sizeof(request),
             "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n%s", request_line,
             headers, strlen(body), body);
    client_send(fd, request);
    client_read_to_end(fd, answer);
    assert_false(answer->reset);
}

static void expect(const client_answer *answer, const char *part)
{
    if (strstr(answer->text, part) == NULL)
        fail_msg("no \"%s\" in: %s", part, answer->text);
}

static int open_server(void **state)
{
    *state = client_open_server((gbxi_server_options){.threads = 2});
    return 0;
}

/* What only the first trace of a process does is done before the first request. */
static void is_warm_when_it_opens(void **state)
{
    (void)state;
    assert_int_not_equal(gbxi_pool_idle_count(), 0);
    assert_int_equal(gbx_capture_live_count(), 0);
}

/* Capturing may be switched on later. */
static int open_server_with_capturing_off(void **state)
{
    gbx_capture_switch(false);
    open_server(state);
    gbx_capture_switch(true);
    return 0;
}

static int close_server(void **state)
{
    gbxi_server_close(*state);
    return 0;
}

static void answers_every_route_of_its_index(void **state)
{
    static const struct {
        const char *request_line, *part;
    } cases[] = {
        {"GET /", "\"/graph/from/{source}/to/{engine}/{transformation}\""},
        {"GET /?q=1", "\"routes\""},
        {"GET /healthz", "{\"status\":\"ok\",\"live_captures\":0,\"capture\":{\"on\":true,\"under_way\":0,"},
        {"GET /healthz", "\"captures_per_second\":null,\"max_capture_ms\":60000,\"max_memory_bytes\":1073741824}},"
                         "\"workers\":{\"count\":"},
        {"GET /graph/engines", "\"dot\""},
        {"GET /graph/transformations", "\"default\""},
    };
    client_answer answer;

    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        ask(*state, cases[i].request_line, "Accept: application/json\r\n", "", &answer);
        expect(&answer, "HTTP/1.1 200 OK\r\n");
        expect(&answer, "content-type: application/json\r\n");
        expect(&answer, cases[i].part);
    }
}

static void runs_a_graph_request_plain_and_traced(void **state)
{
    static const char body[] = "{\"graph_data\":{\"html\":\"<p>hi</p>\"},\"trace_config\":{\"capture_traces\":true}}";
    client_answer answer;

    ask(*state, "POST /graph/from/html/to/dot/default", "Content-Type: application/json\r\n", body, &answer);
    expect(&answer, "HTTP/1.1 200 OK\r\n");
    expect(&answer, "\"node_count\":");
    assert_null(strstr(answer.text, "traces"));
    ask(*state, "POST /graph/from/html/to/dot/default/full", "Content-Type: application/json\r\n", body, &answer);
    expect(&answer, "HTTP/1.1 200 OK\r\n");
    expect(&answer, "{\"graph_output\":{");
    expect(&answer, "\"traces\":{");
    expect(&answer, "\"graph.request\"");
}

static void refuses_what_it_does_not_serve_with_a_problem(void **state)
{
    static const struct {
        const char *request_line, *headers, *body, *status, *part;
    } cases[] = {
        {"GET /nothing", "", "", "404 ", "/nothing"},
        {"GET /graph/engines/", "", "", "404 ", "/graph/engines/"},
        {"POST /graph/engines/full", "", "", "404 ", "/graph/engines/full"},
        {"POST /graph/from/html/to/dot", "", "", "404 ", "/graph/from/html/to/dot;"},
        {"POST /healthz", "", "", "405 ", "\r\nallow: GET, HEAD\r\n"},
        {"DELETE /", "", "", "405 ", "\r\nallow: GET, HEAD\r\n"},
        {"GET /graph/from/html/to/dot/default", "", "", "405 ", "\r\nallow: POST\r\n"},
        {"GET /graph/from/html/to/dot/default/full", "", "", "405 ", "\r\nallow: POST\r\n"},
        {"POST /graph/from/html/to/gif/default", "", "", "404 ", "mermaid"},
        {"POST /graph/from/html/to/dot/default", "", "{}", "415 ", "application/json"},
        {"POST /graph/from/html/to/dot/default", "Content-Type: text/html\r\n", "{}", "415 ", "application/json"},
        {"POST /graph/from/html/to/dot/default", "Content-Type: application/json\r\nContent-Encoding: br\r\n", "{}",
         "415 ", "\r\naccept-encoding: gzip\r\n"},
        {"POST /graph/from/html/to/dot/default", "Content-Type: application/json\r\n", "", "400 ", "empty"},
        {"POST /graph/from/html/to/dot/default", "Content-Type: application/json\r\n", "{", "400 ", "\"detail\""},
        {"POST /graph/from/html/to/dot/default", "Content-Type: Application/JSON;charset=utf-8\r\n", "{}", "422 ",
         "\"pointer\":\"/graph_data\""},
        {"POST /", "Transfer-Encoding: gzip\r\n", "", "400 ", "unknown transfer-encoding"},
        {"POST /", "Expect: wonders\r\n", "x", "417 ", "unknown expectation"},
    };
    client_answer answer;

    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        ask(*state, cases[i].request_line, cases[i].headers, cases[i].body, &answer);
        if (strncmp(answer.text + strlen("HTTP/1.1 "), cases[i].status, strlen(cases[i].status)) != 0)
            fail_msg("%s was answered with %s", cases[i].request_line, answer.text);
        expect(&answer, "content-type: application/problem+json\r\n");
        expect(&answer, cases[i].part);
    }
}

static void tells_a_head_request_the_length_alone(void **state)
{
    static const char field[] = "Content-Length: ";
    client_answer answer;
    char length[32] = "";

    ask(*state, "GET /healthz", "", "", &answer);
    expect(&answer, field);
    sscanf(strstr(answer.text, field), "%31[^\r]", length);
    ask(*state, "HEAD /healthz", "", "", &answer);
    expect(&answer, "HTTP/1.1 200 OK\r\n");
    expect(&answer, length);
    assert_string_equal(answer.text + answer.length - 4, "\r\n\r\n");
}

static void refuses_to_open_and_says_why(void **state)
{
    static const struct {
        gbxi_server_options options;
        gbx_err code;
        const char *text;
    } cases[] = {
        {{.cert_file = "a.pem"}, GBX_ERR_ARGUMENT, "TLS needs both a certificate and a key"},
        {{.key_file = "a.pem"}, GBX_ERR_ARGUMENT, "TLS needs both a certificate and a key"},
        {{.cert_file = "/no/a.pem", .key_file = "/no/b.pem"},
         GBX_ERR_IO,
         "certificate /no/a.pem: No such file or directory"},
        {{.cert_file = "/dev/null", .key_file = "/no/b.pem"},
         GBX_ERR_STATE,
         "certificate /dev/null: not a regular file"},
        {{.threads = GBXI_SERVER_THREADS_MAX + 1}, GBX_ERR_ARGUMENT, "at most 256 threads are allowed"},
        {{.token_key_file = "/no/keys"}, GBX_ERR_IO, "key file /no/keys: No such file or directory"},
        {{.token_key_file = "/dev/null"}, GBX_ERR_STATE, "key file /dev/null: not a regular file"},
    };

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        gbxi_server *server = NULL;
        gbx_error error;
        assert_int_equal(gbxi_server_open(&cases[i].options, &server, &error), cases[i].code);
        assert_string_equal(error.text, cases[i].text);
        assert_null(server);
    }
}

static void refuses_a_port_that_another_server_has(void **state)
{
    gbxi_server_options options = {.threads = 2, .port = client_port(*state)};
    gbxi_server *second = NULL;
    gbx_error error;

    assert_int_equal(gbxi_server_open(&options, &second, &error), GBX_ERR_IO);
    assert_non_null(strstr(error.text, "Address already in use"));
    assert_null(second);
}

static void captures_for_everyone_only_at_home_or_when_told(void **state)
{
    gbxi_server_options options = {.host = "0.0.0.0", .threads = 1};
    gbxi_server *server = NULL;
    gbx_error error;

    (void)state;
    assert_int_equal(gbxi_server_open(&options, &server, &error), GBX_ERR_ARGUMENT);
    assert_non_null(strstr(error.text, "anyone could capture"));
    assert_null(server);
    options.allow_open_capture = true;
    server = client_open_server(options);
    assert_int_equal(gbxi_server_reload(server, &error), GBX_ERR_OK);
    gbxi_server_close(server);
}

static void closing_nothing_is_allowed(void **state)
{
    (void)state;
    gbxi_server_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* The first test, because the process stays warm. */
        cmocka_unit_test_setup_teardown(is_warm_when_it_opens, open_server_with_capturing_off, close_server),
        cmocka_unit_test_setup_teardown(answers_every_route_of_its_index, open_server, close_server),
        cmocka_unit_test_setup_teardown(runs_a_graph_request_plain_and_traced, open_server, close_server),
        cmocka_unit_test_setup_teardown(refuses_what_it_does_not_serve_with_a_problem, open_server, close_server),
        cmocka_unit_test_setup_teardown(tells_a_head_request_the_length_alone, open_server, close_server),
        cmocka_unit_test(refuses_to_open_and_says_why),
        cmocka_unit_test_setup_teardown(refuses_a_port_that_another_server_has, open_server, close_server),
        cmocka_unit_test(captures_for_everyone_only_at_home_or_when_told),
        cmocka_unit_test(closing_nothing_is_allowed),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
