/* SPDX-License-Identifier: MIT */
/* A blocking HTTP/1 client over loopback, for tests that run the server in their own process. */
#ifndef GBX_TESTS_UNIT_SERVER_CLIENT_H
#define GBX_TESTS_UNIT_SERVER_CLIENT_H

#include "server/server.h"
#include <stdbool.h>

enum { CLIENT_PATIENCE_MS = 60000 };

/* The head of a graph request up to its Content-Length, and a complete health request. */
#define CLIENT_POST_HEAD                                                                                               \
    "POST /graph/from/html/to/dot/default HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
#define CLIENT_GET_HEALTH "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

typedef struct client_answer {
    char text[1 << 17]; /* terminated */
    size_t length;
    bool reset; /* the connection ended with an error */
} client_answer;

/* Opens a server with these options on a free port of 127.0.0.1; the test fails if it does not open. */
gbxi_server *client_open_server(gbxi_server_options options);
/* The port in the server's URL. */
uint16_t client_port(const gbxi_server *server);
/* Connects a socket to 127.0.0.1. */
void client_connect_with(int fd, uint16_t port);
/* Connects to the server. The kernel has accepted the connection when this returns. */
int client_connect(const gbxi_server *server);
/* Bounds what the connections of the server hold for clients that do not read: they inherit the buffer of the socket
 * that listens. Without a bound, the kernel may take megabytes. */
void client_narrow_server(const gbxi_server *server);
/* Connects to the server with a small buffer. */
int client_connect_narrowly(const gbxi_server *server);
void client_send(int fd, const char *text);
/* Waits until `fd` is readable; false if it is not readable within `timeout_ms`. */
bool client_wait(int fd, int timeout_ms);
/* Reads until `text` has arrived. */
void client_read_until(int fd, client_answer *answer, const char *text);
/* Reads until the server ends the connection, and closes the socket. */
void client_read_to_end(int fd, client_answer *answer);

#endif
