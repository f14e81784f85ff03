/* SPDX-License-Identifier: MIT */
/* Owns the event loop of the shop, its listener and its stop. */
#define _GNU_SOURCE
#include "shop_server.h"
#include <arpa/inet.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/signalfd.h>

static struct {
    h2o_context_t context;
    h2o_accept_ctx_t accept;
    h2o_socket_t *listener, *signals;
    bool stopped;
} server;

static void on_accept(h2o_socket_t *listener, const char *error)
{
    h2o_socket_t *connection = error == NULL ? h2o_evloop_socket_accept(listener) : NULL;

    if (connection != NULL)
        h2o_accept(&server.accept, connection);
}

static void on_stop_signal(h2o_socket_t *signals, const char *error)
{
    (void)signals;
    (void)error;
    server.stopped = true;
}

static h2o_socket_t *watch(int fd, h2o_socket_cb callback)
{
    h2o_socket_t *watched = h2o_evloop_socket_create(server.context.loop, fd, H2O_SOCKET_FLAG_DONT_READ);

    h2o_socket_read_start(watched, callback);
    return watched;
}

int shop_stop_signals(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || sigprocmask(SIG_BLOCK, &signals, NULL) != 0)
        return -1;
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int shop_listen(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd == -1 || bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, SOMAXCONN) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        return -1;
    printf("listening on http://127.0.0.1:%u\n", (unsigned)ntohs(address.sin_port));
    return fflush(stdout) == 0 ? fd : -1;
}

void shop_serve(h2o_globalconf_t *config, int listener_fd, int signals_fd)
{
    h2o_context_init(&server.context, h2o_evloop_create(), config);
    server.accept = (h2o_accept_ctx_t){.ctx = &server.context, .hosts = config->hosts};
    server.listener = watch(listener_fd, on_accept);
    server.signals = watch(signals_fd, on_stop_signal);
    while (!server.stopped && h2o_evloop_run(server.context.loop, INT32_MAX) == 0)
        ;
}
