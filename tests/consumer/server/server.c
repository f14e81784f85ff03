/* SPDX-License-Identifier: MIT */
/* A complete libh2o server with one handler of its own behind Glassbox. Usage: server PORT (0: any free port). */
#include <arpa/inet.h>
#include <glassbox/h2o.h>
#include <glassbox/span.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static h2o_accept_ctx_t accept_context;

static unsigned fibonacci(unsigned n)
{
    GBX_SPAN_FMT("fibonacci(%u)", n);
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static int on_hello(h2o_handler_t *handler, h2o_req_t *req)
{
    GBX_SPAN();
    (void)handler;
    gbx_note_int("fibonacci", fibonacci(8));
    req->res.status = 200;
    req->res.reason = "OK";
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("text/plain"));
    h2o_send_inline(req, H2O_STRLIT("hello\n"));
    return 0;
}

static void on_accept(h2o_socket_t *listener, const char *error)
{
    h2o_socket_t *connection = error == NULL ? h2o_evloop_socket_accept(listener) : NULL;

    if (connection != NULL)
        h2o_accept(&accept_context, connection);
}

static int listen_on(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd == -1 || bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, SOMAXCONN) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        return -1;
    printf("listening on http://127.0.0.1:%u\n", (unsigned)ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

int main(int argc, char **argv)
{
    static h2o_globalconf_t config;
    static h2o_context_t context;
    int fd = listen_on((uint16_t)(argc > 1 ? atoi(argv[1]) : 8080));

    if (fd == -1)
        return EXIT_FAILURE;
    signal(SIGPIPE, SIG_IGN);
    h2o_config_init(&config);
    h2o_hostconf_t *host = h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    h2o_pathconf_t *path = h2o_config_register_path(host, "/hello", 0);

    /* Glassbox: before the handlers that it is to watch. */
    if (gbx_h2o_register(path, NULL) != GBX_ERR_OK)
        return EXIT_FAILURE;
    h2o_create_handler(path, sizeof(h2o_handler_t))->on_req = on_hello;

    h2o_context_init(&context, h2o_evloop_create(), &config);
    accept_context = (h2o_accept_ctx_t){.ctx = &context, .hosts = config.hosts};
    h2o_socket_read_start(h2o_evloop_socket_create(context.loop, fd, H2O_SOCKET_FLAG_DONT_READ), on_accept);
    while (h2o_evloop_run(context.loop, INT32_MAX) == 0)
        ;
    return EXIT_FAILURE;
}
