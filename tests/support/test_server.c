/* SPDX-License-Identifier: MIT */
/* Owns the test server: a real libh2o server with the middleware in front of handlers of every kind.
 *
 *     gbx-test-server [--port N] [--threads N] [--root DIRECTORY] [--cert FILE --key FILE]
 *                     [--max-captures N] [--captures-per-second N] [--max-capture-ms N] [--capture-memory BYTES]
 *                     [--fastcgi PORT] [--proxy PORT] [--log FILE]
 *
 * The server listens on 127.0.0.1 (port 0, the default: any free port) in plain text, or with a certificate over TLS.
 * It speaks HTTP/1 and, with prior knowledge or by upgrade, HTTP/2. The first line on stdout is "listening on
 * http://127.0.0.1:PORT", or https. SIGTERM and SIGINT
 * end it with status 0, even with requests in flight. The following routes have the middleware with its defaults
 * (output key "output"). Each answers any method, on its path and on any path below, and has a span named after it:
 *
 * /echo        JSON: method, path, path_normalized, query (or null), body (or null), headers (names) as the handler
 *              sees them. ?status=N.
 * /text        text/plain of every kind of character. ?bytes=N repeats or cuts it, ?piece=N sends N bytes at a time,
 *              ?invalid is a text of ill-formed UTF-8, ?status=N.
 * /binary      application/octet-stream: bytes 0 to 255. ?bytes=N (default 256), ?piece=N, ?untyped: no Content-Type.
 * /empty       no body and no Content-Type. ?status=N (default 200).
 * /error       libh2o's own error response, text/plain "an error, as asked"; the span fails. ?status=N (default 500).
 * /big         JSON {"spans":N} after N (?spans=N, default 1000) spans named big.nested, ?depth=D deep (default 10,
 *              at most 500).
 * /busy        JSON {"sum":N} after ?steps=N (default 100) spans busy.step of about 2 us of arithmetic each.
 * /stream      JSON [0,1,...], one number a chunk, each made in the generator's proceed under the span stream.chunk.
 *              ?chunks=N (default 10).
 * /later       JSON [0,1,2], made by another thread in the request's capture (spans later.work, "later.step 0" to 2),
 *              sent by the event loop, two bytes a chunk.
 * /abort       starts with {"half": and breaks off; ?at_once: breaks off before the first byte; ?held: as soon as
 *              /release is asked. ?status=N.
 * /never       starts with {"never": and sends a blank every 100 ms until the client is gone.
 * /silent      never answers. Over HTTP/1 libh2o does not notice that the client is gone; over HTTP/2 it does.
 * /held        JSON "held", as soon as /release is asked on the same event loop. ?status=N.
 * /release     JSON: the number of requests that waited.
 * /decline     declines, so that libh2o answers 404 (text/plain "not found").
 * /reprocess   is reprocessed by libh2o as /echo/again, or with ?mirrored as /echo/again/full.
 * /careless    text/plain "done"; notes are the query ("Password"), the body ("request.body") and the header X-Secret
 *              ("secret header", and the number "pin"), a span is named after the query and fails with the body.
 * /redacted    the same, with these keys and reasons redacted, and a filter for what is left.
 * /seen        JSON: method, path, path_normalized, query_at, headers ([name, value], ...) and body (in hexadecimal, or
 *              null) of the request, every byte.
 * /asked       the same, claimed only on request.
 * /kept        the same, keeping the trace_config.
 * /got         the same; handler_method is GET.
 * /compressed  /text behind libh2o's gzip filter. ?hint: the handler asks for compression.
 * /file/       h2o_file on DIRECTORY; the handler sees GET. /zipped/ the same, sending x.gz for x to a client that
 *              accepts gzip; /unzipped/ the same, unpacking x.gz when there is no x.
 * /moved       redirects to /echo/moved?to=here with a text. ?status=N (default 302), ?refresh: with a Refresh, too.
 * /redirect    libh2o's redirect, 301, to what is below /echo/redirected. /inside: inside the server, below
 * /echo/inside. /fastcgi     libh2o's FastCGI handler, with the program at --fastcgi. /proxy: its reverse proxy, with
 * /upstream at
 *              --proxy. Both write "METHOD PATH+QUERY REQUEST-LINE STATUS" to --log.
 *
 * With GLASSBOX_STORE and GLASSBOX_KEEP (recorder.h), /recorded/echo, /recorded/busy and so on: those from /echo to
 * /decline, /busy and /reprocess, and /recorded/file/, with a recorder.
 *
 * And without the middleware: /bare and /bald, which are /echo, and /status, JSON: live_captures, under_way, and what
 * became of the requests that asked for a trace (limits.h). */
#define _GNU_SOURCE
#include "tests/support/routes.h"
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <glassbox/capture.h>
#include <glassbox/limits.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { THREADS_MAX = 64 };

typedef struct event_loop {
    pthread_t thread;
    h2o_context_t ctx;
    h2o_accept_ctx_t accept;
    h2o_multithread_receiver_t wake; /* an empty message makes the loop check `stopping` */
    int listener_fd;
    h2o_socket_t *listener;
} event_loop;

typedef struct options {
    uint16_t port;
    size_t threads;
    const char *root, *cert, *key;
    gbx_limits limits;
    size_t capture_memory_bytes;
    relays relays;
} options;

static h2o_globalconf_t config;
static SSL_CTX *tls; /* NULL: plain text */
static event_loop loops[THREADS_MAX];
static _Atomic(bool) stopping;
static pthread_barrier_t started; /* every loop can be woken */
static pthread_barrier_t stopped; /* no loop runs any more */

static int listen_on(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd != -1 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0 &&
        bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    perror("gbx-test-server: listen");
    exit(1);
}

static uint16_t port_of(int fd)
{
    struct sockaddr_in address;
    socklen_t length = sizeof(address);

    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
        perror("gbx-test-server: getsockname");
        exit(1);
    }
    return ntohs(address.sin_port);
}

static void on_accept(h2o_socket_t *listener, const char *error)
{
    event_loop *self = listener->data;
    h2o_socket_t *client;

    if (error == NULL && (client = h2o_evloop_socket_accept(listener)) != NULL)
        h2o_accept(&self->accept, client);
}

static void on_wake(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    (void)receiver;
    (void)messages;
}

/* Runs on the loop's own thread, because libh2o's buffers belong to the thread that creates them. */
static void init_loop(event_loop *self)
{
    h2o_context_init(&self->ctx, h2o_evloop_create(), &config);
    self->accept.ctx = &self->ctx;
    self->accept.hosts = config.hosts;
    self->accept.ssl_ctx = tls;
    h2o_multithread_register_receiver(self->ctx.queue, &self->wake, on_wake);
    self->listener = h2o_evloop_socket_create(self->ctx.loop, self->listener_fd, H2O_SOCKET_FLAG_DONT_READ);
    self->listener->data = self;
    h2o_socket_read_start(self->listener, on_accept);
}

/* The thread runs until the process ends, so that its memory is not reported as a leak. */
static void *run_loop(void *argument)
{
    event_loop *self = argument;

    init_loop(self);
    pthread_barrier_wait(&started);
    while (!stopping && h2o_evloop_run(self->ctx.loop, INT32_MAX) == 0)
        ;
    pthread_barrier_wait(&stopped);
    pause();
    return NULL;
}

static bool take_relay_option(relays *to, int option)
{
    if (option == 'f')
        to->fastcgi_port = (uint16_t)strtoul(optarg, NULL, 10);
    else if (option == 'x')
        to->proxy_port = (uint16_t)strtoul(optarg, NULL, 10);
    else if (option == 'l')
        to->log_file = optarg;
    else
        return false;
    return true;
}

static options parse_options(int argc, char **argv)
{
    static const struct option known[] = {{"port", required_argument, NULL, 'p'},
                                          {"threads", required_argument, NULL, 't'},
                                          {"root", required_argument, NULL, 'r'},
                                          {"cert", required_argument, NULL, 'e'},
                                          {"key", required_argument, NULL, 'k'},
                                          {"max-captures", required_argument, NULL, 'c'},
                                          {"captures-per-second", required_argument, NULL, 's'},
                                          {"max-capture-ms", required_argument, NULL, 'm'},
                                          {"capture-memory", required_argument, NULL, 'b'},
                                          {"fastcgi", required_argument, NULL, 'f'},
                                          {"proxy", required_argument, NULL, 'x'},
                                          {"log", required_argument, NULL, 'l'},
                                          {NULL, 0, NULL, 0}};
    options parsed = {.port = 0, .threads = 1, .root = NULL};
    int option;

    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'p')
            parsed.port = (uint16_t)strtoul(optarg, NULL, 10);
        else if (option == 't')
            parsed.threads = strtoul(optarg, NULL, 10);
        else if (option == 'r')
            parsed.root = optarg;
        else if (option == 'e')
            parsed.cert = optarg;
        else if (option == 'k')
            parsed.key = optarg;
        else if (option == 'c')
            parsed.limits.max_captures = (uint32_t)strtoul(optarg, NULL, 10);
        else if (option == 's')
            parsed.limits.captures_per_second = (uint32_t)strtoul(optarg, NULL, 10);
        else if (option == 'm')
            parsed.limits.max_capture_ms = (uint32_t)strtoul(optarg, NULL, 10);
        else if (option == 'b')
            parsed.capture_memory_bytes = strtoul(optarg, NULL, 10);
        else if (!take_relay_option(&parsed.relays, option))
            exit(2);
    }
    if (parsed.threads < 1 || parsed.threads > THREADS_MAX)
        exit(2);
    return parsed;
}

static void block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void start_loops(size_t threads, int listener)
{
    size_t i;

    pthread_barrier_init(&started, NULL, (unsigned)threads + 1);
    pthread_barrier_init(&stopped, NULL, (unsigned)threads + 1);
    for (i = 0; i < threads; i++) {
        loops[i].listener_fd = i == 0 ? listener : dup(listener);
        h2o_multithread_create_thread(&loops[i].thread, NULL, run_loop, &loops[i]);
    }
    pthread_barrier_wait(&started);
}

static void stop_loops(size_t threads)
{
    size_t i;

    stopping = true;
    for (i = 0; i < threads; i++)
        h2o_multithread_send_message(&loops[i].wake, NULL);
    pthread_barrier_wait(&stopped);
}

static SSL_CTX *open_tls(const char *cert, const char *key)
{
    SSL_CTX *made = SSL_CTX_new(TLS_server_method());

    if (made == NULL || SSL_CTX_use_certificate_chain_file(made, cert) != 1 ||
        SSL_CTX_use_PrivateKey_file(made, key, SSL_FILETYPE_PEM) != 1)
        abort();
    return made;
}

static gbx_recorder *open_recorder(void)
{
    gbx_recorder *recorder;
    gbx_error error = {0};

    if (gbx_recorder_open_environment(&recorder, &error) == GBX_ERR_OK)
        return recorder;
    fprintf(stderr, "%s\n", error.text);
    exit(EXIT_FAILURE);
}

int main(int argc, char **argv)
{
    options parsed = parse_options(argc, argv);
    h2o_hostconf_t *host;
    int listener = listen_on(parsed.port);
    gbx_recorder *recorder;
    sigset_t signals;
    int number;

    block_signals(&signals);
    parsed.limits.size = sizeof(parsed.limits);
    if (gbx_limits_set(&parsed.limits) != GBX_ERR_OK)
        abort();
    gbx_capture_memory_limit_set(parsed.capture_memory_bytes);
    h2o_config_init(&config);
    host = h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    register_routes(host, parsed.root);
    register_relays(host, &parsed.relays);
    if ((recorder = open_recorder()) != NULL)
        register_recorded(host, recorder, parsed.root);
    if (parsed.cert != NULL)
        tls = open_tls(parsed.cert, parsed.key);
    start_loops(parsed.threads, listener);
    printf("listening on %s://127.0.0.1:%u\n", tls != NULL ? "https" : "http", (unsigned)port_of(listener));
    fflush(stdout);
    sigwait(&signals, &number);
    stop_loops(parsed.threads);
    if (recorder != NULL)
        gbx_recorder_close(recorder, 0); /* stores what waits */
    return 0;
}
