/* SPDX-License-Identifier: MIT */
/* Shared ports: how they are opened, named and refused. */
#define _GNU_SOURCE
#include "runtime/listener.h"
#include "tests/support/no_names.h"
#include <netdb.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { COUNT = 4 };

static void close_all(const int *fds)
{
    for (int i = 0; i != COUNT; ++i)
        close(fds[i]);
}

static uint16_t bound_port_of(int fd)
{
    struct sockaddr_in address;
    socklen_t length = sizeof(address);

    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    return ntohs(address.sin_port);
}

static void opens_every_socket_on_the_one_free_port_it_picked(void **state)
{
    int fds[COUNT], listening;
    socklen_t length = sizeof(listening);
    uint16_t port = 0;
    gbx_error error;

    (void)state;
    assert_int_equal(gbxi_listeners_open("127.0.0.1", 0, COUNT, fds, &port, &error), GBX_ERR_OK);
    assert_int_not_equal(port, 0);
    for (int i = 0; i != COUNT; ++i) {
        assert_int_equal(bound_port_of(fds[i]), port);
        assert_int_equal(getsockopt(fds[i], SOL_SOCKET, SO_ACCEPTCONN, &listening, &length), 0);
        assert_int_equal(listening, 1);
    }
    close_all(fds);
}

static void refuses_a_port_that_others_share_and_leaves_nothing_open(void **state)
{
    int fds[COUNT], more[COUNT], probe;
    uint16_t port, ignored;
    gbx_error error;
    char expected[128];

    (void)state;
    assert_int_equal(gbxi_listeners_open("127.0.0.1", 0, COUNT, fds, &port, &error), GBX_ERR_OK);
    probe = dup(0);
    close(probe);
    assert_int_equal(gbxi_listeners_open("127.0.0.1", port, COUNT, more, &ignored, &error), GBX_ERR_IO);
    snprintf(expected, sizeof(expected), "cannot listen on 127.0.0.1:%u: Address already in use", port);
    assert_string_equal(error.text, expected);
    /* The next free descriptor is the same one: none was leaked. */
    assert_int_equal(dup(0), probe);
    close(probe);
    close_all(fds);
    assert_int_equal(gbxi_listeners_open("127.0.0.1", port, COUNT, fds, &ignored, &error), GBX_ERR_OK);
    close_all(fds);
}

static void says_which_host_it_cannot_find(void **state)
{
    int fds[COUNT];
    uint16_t port;
    gbx_error error;
    const char start[] = "cannot listen on no such host:8000: ";

    (void)state;
    assert_int_equal(gbxi_listeners_open("no such host", 8000, COUNT, fds, &port, &error), GBX_ERR_IO);
    assert_memory_equal(error.text, start, sizeof(start) - 1);
}

static void says_when_the_address_is_not_of_this_machine(void **state)
{
    int fds[COUNT];
    uint16_t port;
    gbx_error error;

    (void)state;
    /* 192.0.2.0/24 is set aside for documentation. */
    assert_int_equal(gbxi_listeners_open("192.0.2.1", 8000, COUNT, fds, &port, &error), GBX_ERR_IO);
    assert_string_equal(error.text, "cannot listen on 192.0.2.1:8000: Cannot assign requested address");
}

static void puts_ipv6_addresses_into_brackets(void **state)
{
    static const struct {
        const char *host, *url;
    } cases[] = {
        {"127.0.0.1", "http://127.0.0.1:8000"},
        {"localhost", "http://localhost:8000"},
        {"::1", "http://[::1]:8000"},
        {"[::1]", "http://[::1]:8000"},
        {"::", "http://[::]:8000"},
    };
    char url[64];

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        gbxi_listener_url(url, sizeof(url), "http", cases[i].host, 8000);
        assert_string_equal(url, cases[i].url);
    }
}

static void knows_which_addresses_only_this_machine_can_reach(void **state)
{
    static const struct {
        const char *host;
        bool loopback;
    } cases[] = {
        {"127.0.0.1", true}, {"127.255.255.254", true},  {"localhost", true},       {"0.0.0.0", false}, {"[::1]", true},
        {"::", false},       {"::ffff:127.0.0.1", true}, {"::ffff:0.0.0.0", false},
    };
    uint16_t port;
    gbx_error error;
    int fd;

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        if (gbxi_listeners_open(cases[i].host, 0, 1, &fd, &port, &error) != GBX_ERR_OK) {
            assert_non_null(strchr(cases[i].host, ':')); /* a machine without IPv6 */
            continue;
        }
        if (gbxi_listener_is_loopback(fd) != cases[i].loopback)
            fail_msg("%s", cases[i].host);
        close(fd);
    }
    assert_false(gbxi_listener_is_loopback(-1));
}

static void localhost_is_this_machine_whatever_the_resolver_knows(void **state)
{
    uint16_t port;
    gbx_error error;
    int fd;

    (void)state;
    knows_no_names = true;
    assert_int_equal(gbxi_listeners_open("LocalHost", 0, 1, &fd, &port, &error), GBX_ERR_OK);
    assert_true(gbxi_listener_is_loopback(fd));
    close(fd);
    assert_int_equal(gbxi_listeners_open("localhost.example", 0, 1, &fd, &port, &error), GBX_ERR_IO);
    knows_no_names = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_every_socket_on_the_one_free_port_it_picked),
        cmocka_unit_test(refuses_a_port_that_others_share_and_leaves_nothing_open),
        cmocka_unit_test(says_which_host_it_cannot_find),
        cmocka_unit_test(says_when_the_address_is_not_of_this_machine),
        cmocka_unit_test(puts_ipv6_addresses_into_brackets),
        cmocka_unit_test(knows_which_addresses_only_this_machine_can_reach),
        cmocka_unit_test(localhost_is_this_machine_whatever_the_resolver_knows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
