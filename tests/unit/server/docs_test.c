/* SPDX-License-Identifier: MIT */
/* A server that was built without the API page: it says so, and the rest of the contract is served all the same. */
#define _GNU_SOURCE
#include "client.h"
#include "server/embedded.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* These stand in the way of the library's own, which then stay out of the program. */
const gbx__embedded gbx__embedded_docs[] = {{NULL, NULL, NULL, NULL, NULL, NULL, NULL}};
const char gbx__embedded_docs_etag[] = "";

static int open_server(void **state)
{
    *state = client_open_server((gbx_server_options){.threads = 1});
    return 0;
}

static int close_server(void **state)
{
    gbx_server_close(*state);
    return 0;
}

static void ask(const gbx_server *server, const char *request_line, client_answer *answer)
{
    char request[256];
    int fd = client_connect(server);

    snprintf(request, sizeof(request), "%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", request_line);
    client_send(fd, request);
    client_read_to_end(fd, answer);
}

static void says_that_it_has_no_page(void **state)
{
    static const char *const request_lines[] = {"GET /docs", "GET /docs/docs.js", "HEAD /docs"};
    client_answer answer;

    for (size_t i = 0; i != sizeof(request_lines) / sizeof(request_lines[0]); ++i) {
        ask(*state, request_lines[i], &answer);
        assert_non_null(strstr(answer.text, "HTTP/1.1 501 "));
        assert_non_null(strstr(answer.text, "application/problem+json"));
        if (request_lines[i][0] == 'G')
            assert_non_null(strstr(answer.text, "built without the API page"));
    }
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
        cmocka_unit_test(says_that_it_has_no_page),
        cmocka_unit_test(serves_the_rest),
    };

    return cmocka_run_group_tests(tests, open_server, close_server);
}
