/* SPDX-License-Identifier: MIT */
/* Owns the watching of HTTP/1 connections whose request is being worked on. */
#define _GNU_SOURCE
#include "http/hangup.h"
#include "http/break_off.h"
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS_MAX = 64 }; /* per call, so that the loop can serve requests in between */

struct gbxi_hangup {
    int fd; /* an epoll instance of its own, since libh2o's has the same connections with other events */
    h2o_socket_t *events;
};

/* The watches of this thread whose interim response is being written. libh2o's callback has nothing but the socket. */
static _Thread_local gbxi_hangup_watch *asking_watches;

static void watch_stop(gbxi_hangup_watch *watch)
{
    (void)epoll_ctl(watch->hangup->fd, EPOLL_CTL_DEL, h2o_socket_get_fd(watch->socket), NULL);
    watch->hangup = NULL;
}

static void watch_report(gbxi_hangup_watch *watch)
{
    watch_stop(watch);
    watch->on_left(watch);
}

/* Removes the watch of a socket from the watches that are asking; NULL if there is none. */
static gbxi_hangup_watch *asking_take(const h2o_socket_t *socket)
{
    gbxi_hangup_watch **link = &asking_watches, *watch;

    while (*link != NULL && (*link)->socket != socket)
        link = &(*link)->next_asking;
    if ((watch = *link) != NULL) {
        *link = watch->next_asking;
        watch->asking = false;
    }
    return watch;
}

static void watch_on_asked(h2o_socket_t *socket, const char *error)
{
    gbxi_hangup_watch *watch = asking_take(socket);

    if (watch == NULL)
        return;
    if (error != NULL || watch->left)
        watch_report(watch);
    else
        watch->on_ready(watch);
}

/* Whether an interim response may be sent. What libh2o is writing, for example the interim response of another watcher,
 * asks as well. A connection that is upgraded is no longer HTTP. */
static bool watch_may_ask(const gbxi_hangup_watch *watch)
{
    return watch->req->version == 0x101 && watch->req->upgrade.base == NULL && !watch->answering &&
           !h2o_socket_is_writing(watch->socket);
}

static void watch_ask(gbxi_hangup_watch *watch)
{
    h2o_iovec_t interim = {H2O_STRLIT("HTTP/1.1 102 Processing\r\n\r\n")};

    watch->asking = true;
    watch->next_asking = asking_watches;
    asking_watches = watch;
    h2o_socket_write(watch->socket, &interim, 1, watch_on_asked);
}

/* While libh2o writes the interim response, nobody may end the request; watch_on_asked follows soon. */
static void watch_on_event(gbxi_hangup_watch *watch, uint32_t events)
{
    if ((events & EPOLLHUP) != 0)
        watch->left = true;
    if (watch->asking)
        return;
    if (watch->left)
        watch_report(watch);
    else if (watch_may_ask(watch))
        watch_ask(watch);
}

/* Takes one event at a time, because a callback may end other watches. */
static void hangup_on_events(h2o_socket_t *socket, const char *error)
{
    gbxi_hangup *hangup = socket->data;
    struct epoll_event event;

    (void)error;
    for (int i = 0; i < EVENTS_MAX && epoll_wait(hangup->fd, &event, 1, 0) == 1; i++)
        watch_on_event(event.data.ptr, event.events);
}

gbx_err gbxi_hangup_open(h2o_context_t *context, gbxi_hangup **hangup)
{
    gbxi_hangup *opened = malloc(sizeof(*opened));

    *hangup = NULL;
    if (opened == NULL)
        return GBX_ERR_NO_MEMORY;
    if ((opened->fd = epoll_create1(EPOLL_CLOEXEC)) == -1) {
        free(opened);
        return GBX_ERR_NO_MEMORY;
    }
    opened->events = h2o_evloop_socket_create(context->loop, opened->fd, H2O_SOCKET_FLAG_DONT_READ);
    opened->events->data = opened;
    h2o_socket_read_start(opened->events, hangup_on_events);
    *hangup = opened;
    return GBX_ERR_OK;
}

void gbxi_hangup_close(gbxi_hangup *hangup)
{
    if (hangup == NULL)
        return;
    h2o_socket_close(hangup->events); /* closes the descriptor too */
    free(hangup);
}

void gbxi_hangup_begin(gbxi_hangup_watch *watch, gbxi_hangup *hangup, h2o_req_t *req)
{
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET, .data.ptr = watch};

    watch->req = req;
    watch->socket = gbxi_http1_socket(req);
    if (hangup != NULL && watch->socket != NULL &&
        epoll_ctl(hangup->fd, EPOLL_CTL_ADD, h2o_socket_get_fd(watch->socket), &event) == 0)
        watch->hangup = hangup;
}

bool gbxi_hangup_may_answer(gbxi_hangup_watch *watch)
{
    if (!watch->asking)
        watch->answering = true;
    return !watch->asking;
}

void gbxi_hangup_end(gbxi_hangup_watch *watch)
{
    if (watch->asking)
        asking_take(watch->socket);
    if (watch->hangup != NULL)
        watch_stop(watch);
}
