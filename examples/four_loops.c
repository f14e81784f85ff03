/* SPDX-License-Identifier: MIT */
/* A libh2o server with four event loops, two worker pools, an answer that comes later, and a stop that loses none.
 * Usage: four_loops [PORT]. /later?N answers later (later.c), /status says what goes on; SIGTERM and SIGINT stop. */
#define _GNU_SOURCE
#include "later.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glassbox/h2o.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LOOPS = 4, WORKERS = 2, QUEUE_MAX = 1024, IDLE_MS = 1000, GOAWAY_MS = 1000 };

/* One event loop and its thread. Thread: that one, but for the semaphores, `stop` and the queue that `wake` is at. */
typedef struct loop {
    pthread_t thread;
    char name[16];
    struct service *service;
    int listener_fd;
    sem_t reached; /* posted when the loop is open, and again when it has nothing left to do */
    sem_t release; /* posted when no other thread will send it a message any more */
    h2o_context_t context;
    h2o_accept_ctx_t accept;
    h2o_socket_t *listener; /* NULL once it is closed */
    h2o_multithread_receiver_t wake;
    size_t connections;
    uint64_t stopped_at_ms;
    _Atomic(bool) stop;
} loop;

typedef struct service {
    h2o_globalconf_t config;
    worker_pool *first, *second;
    h2o_handler_t *later;
    loop loops[LOOPS];
} service;

typedef struct status_handler {
    h2o_handler_t super;
    h2o_handler_t *later;
} status_handler;

static int on_status(h2o_handler_t *super, h2o_req_t *req)
{
    status_handler *handler = (status_handler *)super;
    char text[128];
    int length = snprintf(text, sizeof(text), "live_captures %zu\nabandoned %zu\n", gbx_capture_live_count(),
                          later_abandoned(handler->later));

    req->res.status = 200;
    req->res.reason = "OK";
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("text/plain"));
    h2o_send_inline(req, text, (size_t)length);
    return 0;
}

static void on_close(void *data)
{
    loop *self = data;

    self->connections--;
}

static void on_accept(h2o_socket_t *listener, const char *error)
{
    loop *self = listener->data;
    h2o_socket_t *connection = error == NULL ? h2o_evloop_socket_accept(listener) : NULL;

    if (connection == NULL)
        return; /* another loop was faster */
    self->connections++;
    connection->on_close.cb = on_close;
    connection->on_close.data = self;
    h2o_accept(&self->accept, connection);
}

/* Messages are for their wake-up alone. */
static void on_wake(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    (void)receiver;
    (void)messages;
}

/* What is under way goes on; each connection is closed behind its answer, or when it has been idle for IDLE_MS. */
static void stop_accepting(loop *self)
{
    h2o_socket_close(self->listener);
    self->listener = NULL;
    self->stopped_at_ms = h2o_now(self->context.loop);
    h2o_context_request_shutdown(&self->context);
}

/* A job whose client has left comes home all the same, so the loop waits for jobs as well as for connections; and for
 * libh2o, which tells HTTP/2 clients of the shutdown at once and again after GOAWAY_MS. */
static bool is_over(loop *self)
{
    return self->listener == NULL && self->connections == 0 &&
           later_pending(self->service->later, &self->context) == 0 &&
           h2o_now(self->context.loop) - self->stopped_at_ms >= GOAWAY_MS;
}

/* In the loop's own thread, as the end is: libh2o 2.2 keeps buffers for reuse in memory of the thread that made the
 * context, and does not lock it. */
static void open_here(loop *self)
{
    h2o_globalconf_t *config = &self->service->config;

    h2o_context_init(&self->context, h2o_evloop_create(), config);
    h2o_multithread_register_receiver(self->context.queue, &self->wake, on_wake);
    self->accept = (h2o_accept_ctx_t){.ctx = &self->context, .hosts = config->hosts};
    self->listener = h2o_evloop_socket_create(self->context.loop, self->listener_fd, H2O_SOCKET_FLAG_DONT_READ);
    self->listener->data = self;
    h2o_socket_read_start(self->listener, on_accept);
}

static void close_here(loop *self)
{
    h2o_multithread_queue_t *queue = self->context.queue;
    h2o_loop_t *events = self->context.loop;

    h2o_multithread_unregister_receiver(queue, &self->wake);
    h2o_context_dispose(&self->context);
    h2o_evloop_destroy(events);
    free(queue); /* which libh2o 2.2 forgets to do */
}

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0 && errno == EINTR)
        ;
}

static void *run(void *argument)
{
    loop *self = argument;

    pthread_setname_np(pthread_self(), self->name); /* before the first capture sees this thread */
    open_here(self);
    sem_post(&self->reached);
    while (!is_over(self)) {
        h2o_evloop_run(self->context.loop, self->listener != NULL ? INT32_MAX : GOAWAY_MS);
        if (atomic_load(&self->stop) && self->listener != NULL)
            stop_accepting(self);
    }
    sem_post(&self->reached);
    wait_for(&self->release); /* a worker whose message is here may still be inside h2o_multithread_send_message */
    close_here(self);
    return NULL;
}

static int listen_on(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd == -1)
        return -1;
    if (bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, SOMAXCONN) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
        close(fd);
        return -1;
    }
    printf("listening on http://127.0.0.1:%u\n", (unsigned)ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static int configure(service *self)
{
    h2o_hostconf_t *host;
    h2o_pathconf_t *path;
    status_handler *status;

    h2o_config_init(&self->config);
    self->config.http1.req_timeout = IDLE_MS; /* for the stop: see stop_accepting */
    self->config.http2.idle_timeout = IDLE_MS;
    host = h2o_config_register_host(&self->config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    path = h2o_config_register_path(host, "/later", 0);
    if (gbx_h2o_register(path, NULL) != GBX_ERR_OK) /* before the handler that it traces */
        return -1;
    self->later = later_register(path, self->first, self->second);
    path = h2o_config_register_path(host, "/status", 0);
    status = (status_handler *)h2o_create_handler(path, sizeof(*status));
    status->super.on_req = on_status;
    status->later = self->later;
    return 0;
}

/* Every loop has a duplicate of the listener's descriptor, and accepts what it gets. */
static int start_loop(service *self, loop *started, int listener_fd)
{
    started->service = self;
    started->listener_fd = fcntl(listener_fd, F_DUPFD_CLOEXEC, 0);
    if (started->listener_fd == -1)
        return -1;
    snprintf(started->name, sizeof(started->name), "loop-%u", (unsigned)(started - self->loops) % 1000);
    sem_init(&started->reached, 0, 0);
    sem_init(&started->release, 0, 0);
    if (pthread_create(&started->thread, NULL, run, started) != 0) {
        close(started->listener_fd);
        return -1;
    }
    wait_for(&started->reached);
    return 0;
}

/* Returns how many there are then. */
static size_t start_loops(service *self, int listener_fd)
{
    size_t started = 0;

    while (started < LOOPS && start_loop(self, &self->loops[started], listener_fd) == 0)
        started++;
    return started;
}

/* The loops finish what they have begun, for which they need the workers; then the workers end; then the loops. */
static void stop(service *self, size_t started)
{
    for (size_t i = 0; i != started; i++) {
        atomic_store(&self->loops[i].stop, true);
        h2o_multithread_send_message(&self->loops[i].wake, NULL);
    }
    for (size_t i = 0; i != started; i++)
        wait_for(&self->loops[i].reached);
    worker_pool_close(self->first); /* the first hands on to the second */
    worker_pool_close(self->second);
    for (size_t i = 0; i != started; i++)
        sem_post(&self->loops[i].release);
    for (size_t i = 0; i != started; i++)
        pthread_join(self->loops[i].thread, NULL);
    h2o_config_dispose(&self->config);
}

/* Serves until a signal of `stop_signals` comes; they are blocked in all threads. */
static int serve(service *self, int listener_fd, const sigset_t *stop_signals)
{
    size_t started = start_loops(self, listener_fd);
    int signal_number;

    close(listener_fd);
    if (started == LOOPS)
        sigwait(stop_signals, &signal_number);
    stop(self, started);
    return started == LOOPS ? 0 : -1;
}

/* Before any thread is started, because threads inherit it. */
static int block_signals(sigset_t *stop_signals)
{
    sigemptyset(stop_signals);
    sigaddset(stop_signals, SIGTERM);
    sigaddset(stop_signals, SIGINT);
    return signal(SIGPIPE, SIG_IGN) == SIG_ERR ? -1 : pthread_sigmask(SIG_BLOCK, stop_signals, NULL);
}

static int fail(const char *what)
{
    fprintf(stderr, "four_loops: %s failed\n", what);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static service self; /* zeroed, and too large for some stacks */
    sigset_t stop_signals;
    int listener_fd;

    if (block_signals(&stop_signals) != 0)
        return fail("blocking signals");
    self.first = worker_pool_open("worker", WORKERS, QUEUE_MAX);
    self.second = worker_pool_open("writer", 1, QUEUE_MAX);
    if (self.first == NULL || self.second == NULL)
        return fail("starting workers");
    if (configure(&self) != 0)
        return fail("the configuration");
    if ((listener_fd = listen_on((uint16_t)(argc > 1 ? atoi(argv[1]) : 8080))) == -1)
        return fail("listening");
    return serve(&self, listener_fd, &stop_signals) == 0 ? EXIT_SUCCESS : fail("starting loops");
}
