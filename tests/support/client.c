/* SPDX-License-Identifier: MIT */
/* The client's socket calls. A call that fails makes the test fail. */
#define _GNU_SOURCE
#include "client.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { CLIENT_NARROW_BYTES = 64 * 1024 };

gbxi_server *client_open_server(gbxi_server_options options)
{
    gbxi_server *server = NULL;
    gbx_error error = {0};

    if (gbxi_server_open(&options, &server, &error) != GBX_ERR_OK)
        fail_msg("%s", error.text);
    return server;
}

uint16_t client_port(const gbxi_server *server)
{
    return (uint16_t)strtoul(strrchr(gbxi_server_url(server), ':') + 1, NULL, 10);
}

void client_connect_with(int fd, uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};

    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
}

int client_connect(const gbxi_server *server)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_not_equal(fd, -1);
    client_connect_with(fd, client_port(server));
    return fd;
}

static void client_narrow(int fd, int direction)
{
    int bytes = CLIENT_NARROW_BYTES;

    assert_int_equal(setsockopt(fd, SOL_SOCKET, direction, &bytes, sizeof(bytes)), 0);
}

static bool client_listens_on(int fd, uint16_t port)
{
    struct sockaddr_in address = {0};
    socklen_t size = sizeof(address), listening_size = sizeof(int);
    int listening = 0;

    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &listening_size) == 0 && listening != 0 &&
           getsockname(fd, (struct sockaddr *)&address, &size) == 0 && ntohs(address.sin_port) == port;
}

void client_narrow_server(const gbxi_server *server)
{
    int count = 0;

    for (int fd = 0; fd < sysconf(_SC_OPEN_MAX) && fd < 1024; fd++)
        if (client_listens_on(fd, client_port(server))) {
            client_narrow(fd, SO_SNDBUF);
            count++;
        }
    assert_true(count > 0);
}

int client_connect_narrowly(const gbxi_server *server)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_not_equal(fd, -1);
    client_narrow(fd, SO_RCVBUF);
    client_connect_with(fd, client_port(server));
    return fd;
}

void client_send(int fd, const char *text)
{
    size_t length = strlen(text);

    assert_int_equal(send(fd, text, length, MSG_NOSIGNAL), length);
}

bool client_wait(int fd, int timeout_ms)
{
    struct pollfd poller = {.fd = fd, .events = POLLIN};

    return poll(&poller, 1, timeout_ms) == 1;
}

/* Reads once; false at the end of the connection. */
static bool read_more(int fd, client_answer *answer)
{
    ssize_t count;

    assert_true(answer->length < sizeof(answer->text) - 1);
    assert_true(client_wait(fd, CLIENT_PATIENCE_MS));
    count = read(fd, answer->text + answer->length, sizeof(answer->text) - 1 - answer->length);
    answer->reset = count < 0;
    answer->length += count > 0 ? (size_t)count : 0;
    answer->text[answer->length] = '\0';
    return count > 0;
}

void client_read_until(int fd, client_answer *answer, const char *text)
{
    answer->length = 0;
    answer->text[0] = '\0';
    while (strstr(answer->text, text) == NULL)
        if (!read_more(fd, answer))
            fail_msg("the connection ended before \"%s\": %s", text, answer->text);
}

void client_read_to_end(int fd, client_answer *answer)
{
    answer->length = 0;
    while (read_more(fd, answer))
        ;
    close(fd);
}
