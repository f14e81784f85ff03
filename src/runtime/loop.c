/* SPDX-License-Identifier: MIT */
/* Owns the life cycle of an event loop: accepting, counting connections, and stopping without aborting requests. */
#define _GNU_SOURCE
#include "runtime/loop.h"
#include "base/spare_memory.h"
#include "base/thread.h"
#include "base/time.h"
#include "runtime/http1.h"
#include "runtime/http2/accept.h"
#include <errno.h>
#include <stdlib.h>

enum { ACCEPT_BATCH = 32 };

/* libh2o ends the process if it gets no memory to open a loop, so this is looked for first. It takes far less. */
enum { LOOP_OPEN_BYTES = 16 << 20 };

static void loop_adopt(gbxi_loop *loop, h2o_socket_t *socket)
{
    gbxi_connection *connection =
        gbxi_connection_adopt(&loop->connections, &loop->settings->connections, &loop->turns, socket);

    if (connection == NULL)
        return;
    if (loop->settings->http2) {
        gbxi_http2_accept(connection, &loop->accept);
    } else {
        gbxi_http1_watch(connection, loop->accept.ssl_ctx != NULL);
        h2o_accept(&loop->accept, socket);
    }
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

    if (!gbxi_connection_reserve(&loop->settings->connections)) {
        errno = EUSERS;
    } else if ((socket = h2o_evloop_socket_accept(loop->listener)) != NULL) {
        loop_adopt(loop, socket);
        return true;
    } else {
        gbxi_connection_cancel(&loop->settings->connections);
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

static void loop_on_next_turn(h2o_timeout_entry_t *entry)
{
    gbxi_turns_run(&H2O_STRUCT_FROM_MEMBER(gbxi_loop, next_turn, entry)->turns);
}

static void loop_watch(gbxi_loop *loop)
{
    h2o_timeout_link(loop->context.loop, &loop->context.one_sec_timeout, &loop->watch);
}

static void loop_on_watch(h2o_timeout_entry_t *entry)
{
    gbxi_loop *loop = H2O_STRUCT_FROM_MEMBER(gbxi_loop, watch, entry);

    gbxi_connections_close_stalled(&loop->connections, &loop->context);
    loop_watch(loop);
}

static void loop_open(gbxi_loop *loop)
{
    h2o_linklist_init_anchor(&loop->connections);
    h2o_linklist_init_anchor(&loop->tasks);
    gbxi_turns_init(&loop->turns);
    h2o_context_init(&loop->context, h2o_evloop_create(), loop->settings->config);
    h2o_multithread_register_receiver(loop->context.queue, &loop->wake, loop_on_wake);
    loop->accept = (h2o_accept_ctx_t){
        .ctx = &loop->context, .hosts = loop->settings->config->hosts, .ssl_ctx = loop->settings->tls};
    loop->accept_again.cb = loop_on_accept_again;
    loop->listener = h2o_evloop_socket_create(loop->context.loop, loop->listener_fd, H2O_SOCKET_FLAG_DONT_READ);
    loop->listener->data = loop;
    h2o_socket_read_start(loop->listener, loop_on_accept);
    loop->next_turn.cb = loop_on_next_turn;
    loop->watch.cb = loop_on_watch;
    if (loop->settings->http2)
        loop_watch(loop);
}

static void loop_close(gbxi_loop *loop)
{
    h2o_loop_t *events = loop->context.loop;
    h2o_multithread_queue_t *queue = loop->context.queue;

    /* The thread that requested the stop may still be using the queue. */
    pthread_mutex_lock(&loop->lock);
    pthread_mutex_unlock(&loop->lock);
    h2o_timeout_unlink(&loop->watch);
    h2o_multithread_unregister_receiver(queue, &loop->wake);
    gbxi_hangup_close(loop->hangup);
    h2o_context_dispose(&loop->context);
    h2o_evloop_destroy(events);
#if H2O_VERSION_MAJOR == 2 && H2O_VERSION_MINOR == 2
    /* Disposing the context closes the queue, but this version of libh2o does not free it. */
    free(queue);
#endif
}

/* HTTP/2 clients learn that they should send no more requests. After a second libh2o would ignore whatever still
 * arrives of the requests under way, so its timer for that is stopped. */
static void loop_announce_stop(h2o_context_t *context)
{
#if H2O_VERSION_MAJOR != 2 || H2O_VERSION_MINOR != 2
#error "this code was checked with libh2o 2.2 only"
#endif
    h2o_context_request_shutdown(context);
    h2o_timeout_unlink(&context->http2._graceful_shutdown_timeout);
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
    loop_announce_stop(&loop->context);
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

    if (!gbxi_memory_is_spare(LOOP_OPEN_BYTES)) {
        sem_post(&loop->ready);
        return NULL;
    }
    loop_open(loop);
    loop->open = true;
    sem_post(&loop->ready);
    while (!loop->stopping || !h2o_linklist_is_empty(&loop->connections) || loop_expects_message(loop)) {
        if (gbxi_turns_begin(&loop->turns))
            h2o_timeout_link(loop->context.loop, &loop->context.zero_timeout, &loop->next_turn);
        h2o_evloop_run(loop->context.loop, INT32_MAX);
        if (!loop->stopping && loop_is_stop_asked(loop))
            loop_begin_stop(loop);
        if (loop->stopping)
            gbxi_connections_hang_up_idle(&loop->connections, &loop->context);
    }
    loop_close(loop);
    loop->settings->on_end(loop->settings->on_end_context);
    return NULL;
}

/* Keeps errno. */
static void loop_destroy(gbxi_loop *loop)
{
    pthread_mutex_destroy(&loop->lock);
    sem_destroy(&loop->ready);
}

gbx_err gbxi_loop_start(gbxi_loop *loop, const gbxi_loop_settings *settings, int listener_fd, const char *name)
{
    *loop = (gbxi_loop){.settings = settings, .listener_fd = listener_fd};
    sem_init(&loop->ready, 0, 0);
    pthread_mutex_init(&loop->lock, NULL);
    if (!gbxi_thread_start(&loop->thread, name, loop_run, loop)) {
        loop_destroy(loop);
        return GBX_ERR_NO_MEMORY;
    }
    while (sem_wait(&loop->ready) != 0 && errno == EINTR)
        ;
    if (loop->open)
        return GBX_ERR_OK;
    gbxi_loop_join(loop);
    errno = ENOMEM;
    return GBX_ERR_NO_MEMORY;
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

gbxi_hangup *gbxi_loop_hangup(gbxi_loop *loop)
{
    if (loop->hangup == NULL && gbxi_hangup_open(&loop->context, &loop->hangup) != GBX_ERR_OK)
        return NULL;
    return loop->hangup;
}

/* The lock is held. */
static void loop_add_task(gbxi_loop *loop, gbxi_loop_task *task)
{
    if (!h2o_linklist_is_linked(&task->link))
        h2o_linklist_insert(&loop->tasks, &task->link);
    if (!loop->tasks_message_sent) {
        loop->tasks_message_sent = true;
        h2o_multithread_send_message(&loop->wake, &loop->tasks_message);
    }
}

void gbxi_loop_post(gbxi_loop *loop, gbxi_loop_task *task)
{
    pthread_mutex_lock(&loop->lock);
    loop_add_task(loop, task);
    pthread_mutex_unlock(&loop->lock);
}

static void loop_on_lag(gbxi_loop_task *task)
{
    gbxi_loop *loop = H2O_STRUCT_FROM_MEMBER(gbxi_loop, lag_task, task);

    pthread_mutex_lock(&loop->lock);
    loop->lag_ns = gbxi_monotonic_ns() - loop->lag_asked_ns;
    loop->lag_asked = false;
    pthread_mutex_unlock(&loop->lock);
}

uint64_t gbxi_loop_lag_ns(gbxi_loop *loop)
{
    uint64_t now_ns = gbxi_monotonic_ns(), lag_ns;
    bool ask;

    pthread_mutex_lock(&loop->lock);
    lag_ns = loop->lag_asked ? now_ns - loop->lag_asked_ns : loop->lag_ns;
    ask = !loop->lag_asked && !loop->stop_asked; /* a loop that is to stop may have ended */
    if (ask) {
        loop->lag_asked = true;
        loop->lag_asked_ns = now_ns;
        loop->lag_task.run = loop_on_lag;
        loop_add_task(loop, &loop->lag_task);
    }
    pthread_mutex_unlock(&loop->lock);
    return lag_ns;
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
    loop_destroy(loop);
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
