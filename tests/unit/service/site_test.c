/* SPDX-License-Identifier: MIT */
/* A server that was built without npm packages: the page works, missing parts are reported, and all other routes
 * work. */
#define _GNU_SOURCE
#include "client.h"
#include "service/contents.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* These stand in the way of the library's own, which then stay out of the program. */
const gbxi_embedded gbxi_embedded_docs[] = {{NULL, NULL, NULL, 0, NULL, NULL, 0}};
const char gbxi_embedded_docs_etag[] = "";
const gbxi_embedded gbxi_embedded_speedscope[] = {{NULL, NULL, NULL, 0, NULL, NULL, 0}};
const char gbxi_embedded_speedscope_etag[] = "";

static int open_server(void **state)
{
    *state = client_open_server((gbxi_server_options){.threads = 1});
    return 0;
}

static int close_server(void **state)
{
    gbxi_server_close(*state);
    return 0;
}

static void ask(const gbxi_server *server, const char *request_line, client_answer *answer)
{
    char request[256];
    int fd = client_connect(server);

    snprintf(request, sizeof(request), "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", request_line);
    client_send(fd, request);
    client_read_to_end(fd, answer);
}

static void says_what_it_was_built_without(void **state)
{
    static const struct {
        const char *request_line;
        const char *said;
    } cases[] = {
        {"GET /docs", "built without the API page"},
        {"GET /docs/docs.js", "built without the API page"},
        {"GET /docs/page.js", "built without the API page"},
        {"HEAD /docs", ""},
        {"GET /speedscope/", "built without speedscope"},
        {"GET /speedscope/index.html", "built without speedscope"},
        {"HEAD /speedscope/", ""},
    };
    client_answer answer;

    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        ask(*state, cases[i].request_line, &answer);
        assert_non_null(strstr(answer.text, "HTTP/1.1 501 "));
        assert_non_null(strstr(answer.text, "application/problem+json"));
        assert_non_null(strstr(answer.text, cases[i].said));
    }
}

static void has_its_page_all_the_same(void **state)
{
    static const struct {
        const char *request_line;
        const char *status;
        const char *said;
    } cases[] = {
        {"GET /", "200", "<!doctype html>"},
        {"GET /", "200", "content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"},
        {"GET /", "200", "referrer-policy: no-referrer"},
        {"HEAD /", "200", "content-type: text/html"},
        {"GET /ui/page.js", "200", "text/javascript"},
        {"GET /ui/page.js", "200", "x-content-type-options: nosniff"},
        {"GET /ui/page.js?v=1", "200", "SPDX"},
        {"GET /ui/nothing.js", "404", "the page has no file of that name; it is at /"},
        {"GET /ui/docs.js", "404", "the page has no file of that name"},
        {"GET /ui/", "404", "there is nothing at /ui/"},
        {"GET /ui/a/page.js", "404", "there is nothing at /ui/a/page.js"},
        {"GET /index.html", "404", "there is nothing at /index.html"},
        {"POST /ui/page.js", "405", "allow: GET, HEAD"},
    };
    client_answer answer;

    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        ask(*state, cases[i].request_line, &answer);
        if (strncmp(answer.text + strlen("HTTP/1.1 "), cases[i].status, 3) != 0 ||
            strcasestr(answer.text, cases[i].said) == NULL)
            fail_msg("%s: %.400s", cases[i].request_line, answer.text);
    }
}

static void leads_to_a_page_in_its_folder(void **state)
{
    client_answer answer;

    ask(*state, "GET /speedscope", &answer);
    assert_non_null(strstr(answer.text, "HTTP/1.1 308 "));
    assert_non_null(strcasestr(answer.text, "location: /speedscope/\r\n"));
    ask(*state, "GET /speedscopes", &answer);
    assert_non_null(strstr(answer.text, "HTTP/1.1 404 "));
}

static void lists_its_routes_for_who_prefers_json(void **state)
{
    client_answer answer;

    ask(*state, "GET / HTTP/1.1\r\nAccept: application/json\r\nX:", &answer);
    assert_non_null(strstr(answer.text, "\"service\":\"glassbox\""));
    assert_non_null(strcasestr(answer.text, "vary: accept\r\n"));
    assert_null(strcasestr(answer.text, "content-security-policy"));
    ask(*state, "GET / HTTP/1.1\r\nAccept: */*\r\nX:", &answer);
    assert_non_null(strcasestr(answer.text, "vary: accept\r\n"));
    assert_non_null(strstr(answer.text, "<!doctype html>"));
}

static void serves_the_rest(void **state)
{
    client_answer answer;

    ask(*state, "GET /openapi.json", &answer);
    assert_non_null(strstr(answer.text, "HTTP/1.1 200 "));
    assert_non_null(strstr(answer.text, "\"/docs\""));
    ask(*state, "GET /schemas/problem", &answer);
    assert_non_null(strstr(answer.text, "application/schema+json"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_it_was_built_without),
        cmocka_unit_test(has_its_page_all_the_same),
        cmocka_unit_test(leads_to_a_page_in_its_folder),
        cmocka_unit_test(lists_its_routes_for_who_prefers_json),
        cmocka_unit_test(serves_the_rest),
    };

    return cmocka_run_group_tests(tests, open_server, close_server);
}
