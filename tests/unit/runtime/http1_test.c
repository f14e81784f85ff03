/* SPDX-License-Identifier: MIT */
/* Which connections read in turns. */
#define _GNU_SOURCE
#include "runtime/http1.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static bool reads_in_turns(bool tls)
{
    h2o_loop_t *loop = h2o_evloop_create();
    gbxi_connection connection = {0};
    int ends[2];
    bool turns;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    connection.socket = h2o_evloop_socket_create(loop, ends[0], 0);
    gbxi_http1_watch(&connection, tls);
    turns = connection.socket->input != &h2o_socket_buffer_prototype._initial_buf;
    h2o_socket_close(connection.socket);
    h2o_evloop_run(loop, 0);
    h2o_evloop_destroy(loop);
    close(ends[1]);
    return turns;
}

/* Over TLS it is libh2o that decrypts, and all of a read at once. */
static void a_connection_without_tls_reads_in_turns(void **state)
{
    (void)state;
    assert_true(reads_in_turns(false));
    assert_false(reads_in_turns(true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_without_tls_reads_in_turns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
