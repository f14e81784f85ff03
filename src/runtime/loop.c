/* SPDX-License-Identifier: MIT */
/* Owns the life cycle of an event loop: accepting, counting connections, and stopping without aborting requests. */
#define _GNU_SOURCE
#include "runtime/loop.h"
#include "base/atomic.h"
#include "base/thread.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum { ACCEPT_BATCH = 32 };

/* A connection as its loop sees it, from accept to close, whatever protocol it speaks. */
struct connection {
    h2o_linklist_t link;
    gbxi_loop *loop;
    h2o_socket_t *socket;
    bool busy;    /* a request is in flight; only valid during a sweep */
    bool hung_up; /* its reading end is shut down */
};

/* Reserves one of the server's connections; false if all are taken. */
static bool loop_take_place(const gbxi_loop_settings *settings)
{
    if (gbxi_add_relaxed(settings->connections, 1) < settings->connections_max)
        return true;
    gbxi_sub_relaxed(settings->connections, 1);
    return false;
}

static void loop_give_place_back(const gbxi_loop_settings *settings)
{
    gbxi_sub_relaxed(settings->connections, 1);
}

static void connection_on_close(void *data)
{
    struct connection *connection = data;

    loop_give_place_back(connection->loop->settings);
    h2o_linklist_unlink(&connection->link);
    free(connection);
}

/* libh2o waits indefinitely for a client that does not read. The kernel can limit that time (TCP_USER_TIMEOUT). */
static void connection_bound_writes(h2o_socket_t *socket, unsigned timeout_ms)
{
    setsockopt(h2o_socket_get_fd(socket), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof(timeout_ms));
}

static void loop_adopt(gbxi_loop *loop, h2o_socket_t *socket)
{
    struct connection *connection = calloc(1, sizeof(*connection));

    if (connection == NULL) {
        loop_give_place_back(loop->settings);
        h2o_socket_close(socket);
        return;
    }
    connection_bound_writes(socket, loop->settings->timeout_ms);
    connection->loop = loop;
    connection->socket = socket;
    h2o_linklist_insert(&loop->connections, &connection->link);
    socket->on_close.cb = connection_on_close;
    socket->on_close.data = connection;
    h2o_accept(&loop->accept, socket);
}

/* While descriptors, memory or places are short, the listener stays readable, and accepting would spin. So accepting
 * pauses for 100 ms, and the kernel queues new connections. */
static void loop_pause_accepting(gbxi_loop *loop)
{
    h2o_socket_read_stop(loop->listener);
    h2o_timeout_link(loop->context.loop, &loop->context.hundred_ms_timeout, &loop->accept_again);
}

/* Accepts one connection; false if there is none or it cannot be taken. */
static bool loop_accept_one(gbxi_loop *loop)
{
    h2o_socket_t *socket = NULL;

    if (!loop_take_place(loop->settings)) {
        errno = EUSERS;
    } else if ((socket = h2o_evloop_socket_accept(loop->listener)) != NULL) {
        loop_adopt(loop, socket);
        return true;
    } else {
        loop_give_place_back(loop->settings);
    }
    switch (errno) {
    case EINTR:
    case ECONNABORTED:
        return true;
    case EAGAIN:
        return false;
    default:
        if (!loop->stopping)
            loop_pause_accepting(loop);
        return false;
    }
}

static void loop_on_accept(h2o_socket_t *listener, const char *error)
{
    gbxi_loop *loop = listener->data;

    if (error != NULL)
        return;
    for (int i = 0; i < ACCEPT_BATCH && loop_accept_one(loop); i++)
        ;
}

static void loop_on_accept_again(h2o_timeout_entry_t *entry)
{
    gbxi_loop *loop = H2O_STRUCT_FROM_MEMBER(gbxi_loop, accept_again, entry);

    h2o_socket_read_start(loop->listener, loop_on_accept);
}

/* Removes the next task from the list; NULL if there is none. */
static gbxi_loop_task *loop_take_task(gbxi_loop *loop)
{
    gbxi_loop_task *task = NULL;

    pthread_mutex_lock(&loop->lock);
    if (!h2o_linklist_is_empty(&loop->tasks)) {
        task = H2O_STRUCT_FROM_MEMBER(gbxi_loop_task, link, loop->tasks.next);
        h2o_linklist_unlink(&task->link);
    }
    pthread_mutex_unlock(&loop->lock);
    return task;
}

/* A stop sends no message; it only wakes the loop, and loop_run does the rest. Tasks run here, inside libh2o's own
 * iteration of the loop. Outside of it libh2o would handle what they have written only after the next event. */
static void loop_on_wake(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    gbxi_loop *loop = H2O_STRUCT_FROM_MEMBER(gbxi_loop, wake, receiver);
    gbxi_loop_task *task;

    pthread_mutex_lock(&loop->lock);
    while (!h2o_linklist_is_empty(messages))
        h2o_linklist_unlink(messages->next);
    loop->tasks_message_sent = false;
    pthread_mutex_unlock(&loop->lock);
    while ((task = loop_take_task(loop)) != NULL)
        task->run(task);
}

static void loop_open(gbxi_loop *loop)
{
    h2o_linklist_init_anchor(&loop->connections);
    h2o_linklist_init_anchor(&loop->tasks);
    h2o_context_init(&loop->context, h2o_evloop_create(), loop->settings->config);
    h2o_multithread_register_receiver(loop->context.queue, &loop->wake, loop_on_wake);
    loop->accept = (h2o_accept_ctx_t){
        .ctx = &loop->context, .hosts = loop->settings->config->hosts, .ssl_ctx = loop->settings->tls};
    loop->accept_again.cb = loop_on_accept_again;
    loop->listener = h2o_evloop_socket_create(loop->context.loop, loop->listener_fd, H2O_SOCKET_FLAG_DONT_READ);
    loop->listener->data = loop;
    h2o_socket_read_start(loop->listener, loop_on_accept);
}

/* A stop starts a timer of libh2o for HTTP/2 connections that stay open for more than a second. A context must have no
 * timers when it is disposed. Without connections the timer has nothing to do, so it is run out here. */
static void loop_run_timers_out(gbxi_loop *loop)
{
    h2o_timeout_run(loop->context.loop, &loop->context.one_sec_timeout, UINT64_MAX);
    h2o_timeout_run(loop->context.loop, &loop->context.http2.graceful_shutdown_timeout, UINT64_MAX);
}

static void loop_close(gbxi_loop *loop)
{
    h2o_loop_t *events = loop->context.loop;
    h2o_multithread_queue_t *queue = loop->context.queue;

    /* The thread that requested the stop may still be using the queue. */
    pthread_mutex_lock(&loop->lock);
    pthread_mutex_unlock(&loop->lock);
    loop_run_timers_out(loop);
    h2o_multithread_unregister_receiver(queue, &loop->wake);
    h2o_context_dispose(&loop->context);
    h2o_evloop_destroy(events);
#if H2O_VERSION_MAJOR == 2 && H2O_VERSION_MINOR == 2
    /* Disposing the context closes the queue, but this version of libh2o does not free it. */
    free(queue);
#endif
}

static int connection_mark_busy(h2o_req_t *req, void *context)
{
    h2o_socket_t *socket = req->conn->callbacks->get_socket(req->conn);
    /* An idle HTTP/1 connection has a blank request. So does an HTTP/2 stream that only has a priority so far. */
    bool begun = req->version >= 0x200 ? req->input.method.len != 0 : req->timestamps.request_begin_at.tv_sec != 0;

    (void)context;
    if (req->version < 0x200)
        req->http1_is_persistent = 0; /* a response that has not begun will include Connection: close */
    /* During an upgrade to HTTP/2 there is no socket yet, and the HTTP/1 request represents the connection. */
    if (begun && socket != NULL)
        ((struct connection *)socket->on_close.data)->busy = true;
    return 0;
}

static bool connection_has_unread_input(h2o_socket_t *socket)
{
    int bytes = 0;

    return ioctl(h2o_socket_get_fd(socket), FIONREAD, &bytes) == 0 && bytes > 0;
}

/* Shuts down the reading end of every connection without a request in flight. libh2o then sees an end of file and
 * closes the connection as usual: after the last write, with GOAWAY or close_notify if the protocol has it. */
static void loop_hang_up_idle(gbxi_loop *loop)
{
    h2o_globalconf_t *config = loop->context.globalconf;

    for (h2o_linklist_t *node = loop->connections.next; node != &loop->connections; node = node->next)
        H2O_STRUCT_FROM_MEMBER(struct connection, link, node)->busy = false;
    config->http1.callbacks.foreach_request(&loop->context, connection_mark_busy, NULL);
    config->http2.callbacks.foreach_request(&loop->context, connection_mark_busy, NULL);
    for (h2o_linklist_t *node = loop->connections.next; node != &loop->connections; node = node->next) {
        struct connection *connection = H2O_STRUCT_FROM_MEMBER(struct connection, link, node);
        if (connection->busy || connection->hung_up || connection_has_unread_input(connection->socket))
            continue;
        shutdown(h2o_socket_get_fd(connection->socket), SHUT_RD);
        connection->hung_up = true;
    }
}

/* Serves connections that the kernel has already accepted before closing the listener, which would reset them. */
static void loop_begin_stop(gbxi_loop *loop)
{
    loop->stopping = true;
    while (loop_accept_one(loop))
        ;
    h2o_timeout_unlink(&loop->accept_again);
    h2o_socket_close(loop->listener);
    loop->listener = NULL;
    h2o_context_request_shutdown(&loop->context);
}

static bool loop_is_stop_asked(gbxi_loop *loop)
{
    bool asked;

    pthread_mutex_lock(&loop->lock);
    asked = loop->stop_asked;
    pthread_mutex_unlock(&loop->lock);
    return asked;
}

/* A message of another thread may arrive after the request that it concerns has ended. */
static bool loop_expects_message(gbxi_loop *loop)
{
    bool expected;

    pthread_mutex_lock(&loop->lock);
    expected = loop->tasks_message_sent;
    pthread_mutex_unlock(&loop->lock);
    return expected;
}

static void *loop_run(void *data)
{
    gbxi_loop *loop = data;

    loop_open(loop);
    sem_post(&loop->ready);
    while (!loop->stopping || !h2o_linklist_is_empty(&loop->connections) || loop_expects_message(loop)) {
        h2o_evloop_run(loop->context.loop, INT32_MAX);
        if (!loop->stopping && loop_is_stop_asked(loop))
            loop_begin_stop(loop);
        if (loop->stopping)
            loop_hang_up_idle(loop);
    }
    loop_close(loop);
    loop->settings->on_end(loop->settings->on_end_context);
    return NULL;
}

gbx_err gbxi_loop_start(gbxi_loop *loop, const gbxi_loop_settings *settings, int listener_fd, const char *name)
{
    *loop = (gbxi_loop){.settings = settings, .listener_fd = listener_fd};
    sem_init(&loop->ready, 0, 0);
    pthread_mutex_init(&loop->lock, NULL);
    if (!gbxi_thread_start(&loop->thread, name, loop_run, loop)) {
        pthread_mutex_destroy(&loop->lock);
        sem_destroy(&loop->ready);
        return GBX_ERR_NO_MEMORY;
    }
    while (sem_wait(&loop->ready) != 0 && errno == EINTR)
        ;
    return GBX_ERR_OK;
}

void gbxi_loop_stop(gbxi_loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    if (!loop->stop_asked) {
        loop->stop_asked = true;
        h2o_multithread_send_message(&loop->wake, NULL);
    }
    pthread_mutex_unlock(&loop->lock);
}

gbxi_loop *gbxi_loop_of(h2o_context_t *context)
{
    return H2O_STRUCT_FROM_MEMBER(gbxi_loop, context, context);
}

void gbxi_loop_post(gbxi_loop *loop, gbxi_loop_task *task)
{
    pthread_mutex_lock(&loop->lock);
    if (!h2o_linklist_is_linked(&task->link))
        h2o_linklist_insert(&loop->tasks, &task->link);
    if (!loop->tasks_message_sent) {
        loop->tasks_message_sent = true;
        h2o_multithread_send_message(&loop->wake, &loop->tasks_message);
    }
    pthread_mutex_unlock(&loop->lock);
}

void gbxi_loop_withdraw(gbxi_loop *loop, gbxi_loop_task *task)
{
    pthread_mutex_lock(&loop->lock);
    if (h2o_linklist_is_linked(&task->link))
        h2o_linklist_unlink(&task->link);
    pthread_mutex_unlock(&loop->lock);
}

void gbxi_loop_join(gbxi_loop *loop)
{
    pthread_join(loop->thread, NULL);
    pthread_mutex_destroy(&loop->lock);
    sem_destroy(&loop->ready);
}

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define HAS_LEAK_CHECK 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define HAS_LEAK_CHECK 1
#endif
#ifdef HAS_LEAK_CHECK
/* libh2o keeps freed chunks per thread for reuse and cannot release them when the thread ends. The leak checker reads
 * these suppressions. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:h2o_mem_alloc_recycle\n";
}

__attribute__((visibility("default"))) const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
#endif
