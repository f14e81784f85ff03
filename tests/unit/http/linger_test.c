/* SPDX-License-Identifier: MIT */
/* Waiting for a refused client: what it sends is discarded, and how the wait ends. */
#define _GNU_SOURCE
#include "http/linger.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { SECONDS = 5 };

typedef struct waiting {
    gbxi_linger linger; /* the first member, for the cast */
    h2o_globalconf_t config;
    h2o_context_t context;
    h2o_socket_t *socket;
    int client;
    bool ended;
} waiting;

static void on_end(gbxi_linger *linger)
{
    waiting *w = (waiting *)linger;

    assert_false(w->ended);
    w->ended = true;
}

static void step(waiting *w)
{
    h2o_evloop_run(w->context.loop, INT32_MAX);
}

static bool has_unread(const waiting *w)
{
    int bytes = 0;

    assert_int_equal(ioctl(h2o_socket_get_fd(w->socket), FIONREAD, &bytes), 0);
    return bytes != 0;
}

static void begin(waiting *w)
{
    int ends[2];

    *w = (waiting){.ended = false};
    h2o_config_init(&w->config);
    h2o_config_register_host(&w->config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    h2o_context_init(&w->context, h2o_evloop_create(), &w->config);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    w->client = ends[1];
    w->socket = h2o_evloop_socket_create(w->context.loop, ends[0], 0);
    w->socket->data = &w->config;
    gbxi_linger_begin(&w->linger, &w->context, w->socket, on_end);
}

static void end(waiting *w)
{
    h2o_loop_t *loop = w->context.loop;
    h2o_multithread_queue_t *queue = w->context.queue;

    h2o_socket_close(w->socket);
    h2o_evloop_run(loop, 0);
    h2o_context_dispose(&w->context);
    h2o_evloop_destroy(loop);
    free(queue); /* which libh2o only closes */
    h2o_config_dispose(&w->config);
    close(w->client);
}

/* The socket is as it was, and nothing of the wait is left in the loop. */
static void expect_end(waiting *w)
{
    assert_true(w->ended);
    assert_ptr_equal(w->socket->data, &w->config);
    assert_false(h2o_socket_is_reading(w->socket));
    assert_false(h2o_timeout_is_linked(&w->linger.timer));
}

static void the_client_sees_the_end_and_what_it_sends_is_discarded(void **state)
{
    char bytes[1000] = "";
    waiting w;

    (void)state;
    begin(&w);
    fcntl(w.client, F_SETFL, 0);
    assert_int_equal(read(w.client, bytes, sizeof(bytes)), 0);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(write(w.client, bytes, sizeof(bytes)), sizeof(bytes));
        while (has_unread(&w))
            step(&w);
        assert_int_equal(w.socket->input->size, 0);
    }
    assert_false(w.ended);
    shutdown(w.client, SHUT_WR);
    while (!w.ended)
        step(&w);
    expect_end(&w);
    end(&w);
}

static void a_silent_client_has_several_seconds(void **state)
{
    waiting w;

    (void)state;
    begin(&w);
    while (w.linger.seconds_left == SECONDS)
        step(&w);
    assert_false(w.ended);
    w.context.shutdown_requested = 1;
    while (!w.ended)
        step(&w);
    assert_int_equal(w.linger.seconds_left, SECONDS - 2);
    expect_end(&w);
    end(&w);
}

static void a_wait_that_is_cancelled_leaves_nothing_behind(void **state)
{
    waiting w;

    (void)state;
    begin(&w);
    gbxi_linger_cancel(&w.linger);
    assert_false(h2o_timeout_is_linked(&w.linger.timer));
    assert_false(w.ended);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_client_sees_the_end_and_what_it_sends_is_discarded),
        cmocka_unit_test(a_silent_client_has_several_seconds),
        cmocka_unit_test(a_wait_that_is_cancelled_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
