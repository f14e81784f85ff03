/* SPDX-License-Identifier: MIT */
/* Which writes are taken for answers to refused heads, and that a write which fails ends the connection at once. */
#define _GNU_SOURCE
#include "http/early_error.h"
#include "http/head_refusal.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LIBH2OS "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"

static const char *written_error;

static void on_written(h2o_socket_t *socket, const char *error)
{
    assert_non_null(socket);
    written_error = error;
}

static void expect_other(const char *text, size_t count)
{
    const h2o_iovec_t buffers[] = {{(char *)text, strlen(text)}, {NULL, 0}};
    gbx_error error;

    gbxi_early_error_explain(400, "of somebody else");
    assert_null(gbxi_head_refusal_new(NULL, buffers, count, on_written));
    assert_int_equal(gbxi_early_error_take(&error), 400);
}

/* Somebody has been refused silently, and meanwhile others are answered. */
static void an_answer_to_a_request_is_no_refusal(void **state)
{
    (void)state;
    expect_other("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nok", 1);
    expect_other(LIBH2OS "Content-Length: 2\r\n\r\nok", 2);
    expect_other(LIBH2OS, 1);
    expect_other("", 1);
    expect_other("", 0);
}

static void without_an_explanation_libh2o_answers(void **state)
{
    const h2o_iovec_t buffer = {H2O_STRLIT(LIBH2OS "\r\nx")};

    (void)state;
    gbxi_early_error_forget();
    assert_null(gbxi_head_refusal_new(NULL, &buffer, 1, on_written));
}

static void a_write_that_fails_is_over_at_once(void **state)
{
    const h2o_iovec_t buffer = {H2O_STRLIT(LIBH2OS "\r\nx")};
    h2o_globalconf_t config;
    h2o_context_t context;
    h2o_conn_t connection = {.ctx = &context};
    h2o_socket_t socket = {.data = &connection};
    gbxi_head_refusal *refusal;
    h2o_multithread_queue_t *queue;
    h2o_loop_t *loop;

    (void)state;
    h2o_config_init(&config);
    h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    h2o_context_init(&context, h2o_evloop_create(), &config);
    gbxi_early_error_explain(400, "because");
    refusal = gbxi_head_refusal_new(&socket, &buffer, 1, on_written);
    assert_non_null(refusal);
    written_error = NULL;
    gbxi_head_refusal_on_written(refusal, "reset");
    assert_string_equal(written_error, "reset");
    gbxi_head_refusal_free(refusal);
    loop = context.loop;
    queue = context.queue;
    h2o_context_dispose(&context);
    h2o_evloop_destroy(loop);
    free(queue); /* which libh2o only closes */
    h2o_config_dispose(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_to_a_request_is_no_refusal),
        cmocka_unit_test(without_an_explanation_libh2o_answers),
        cmocka_unit_test(a_write_that_fails_is_over_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
