/* SPDX-License-Identifier: MIT */
/* The connections of a loop, from accept to close, whatever protocol they speak: their places, who has a request in
 * flight, and who keeps the server waiting.
 *
 * Thread: the loop's, for all functions. */
#ifndef GBX_RUNTIME_CONNECTION_H
#define GBX_RUNTIME_CONNECTION_H

#include "runtime/turns.h"
#include <h2o.h>
#include <stdbool.h>

/* Borrowed by the connections. */
typedef struct gbxi_connection_limits {
    _Atomic(size_t) *open; /* connections of all loops; writer: any thread */
    size_t max;            /* when this many are open, new ones wait */
    unsigned timeout_ms;   /* for clients that keep the server waiting */
} gbxi_connection_limits;

typedef struct gbxi_connection {
    h2o_linklist_t link;
    const gbxi_connection_limits *limits;
    gbxi_turns *turns; /* of its loop */
    h2o_socket_t *socket;
    bool busy;            /* a request is in flight; only valid during a sweep */
    bool hung_up;         /* its reading end is shut down */
    bool has_input;       /* `reader` holds input that libh2o has not seen */
    uint64_t turn;        /* of the loop, in which its last request was handled */
    size_t places;        /* taken by its requests: those that handlers have, and those that wait for their turn */
    h2o_linklist_t queue; /* its requests that wait for a place */
    size_t queued;        /* their number */
    void *reader;         /* what reads in front of libh2o; NULL: nothing does */
    void (*on_close)(struct gbxi_connection *connection); /* frees `reader`; NULL: nothing to free */
    /* What `reader` does when libh2o begins to read with `callback`; NULL: libh2o does it itself. */
    void (*on_read_start)(struct gbxi_connection *connection, h2o_socket_cb callback);
    struct {
        h2o_socket_cb read;    /* libh2o's callbacks */
        h2o_socket_cb written; /* of the last write */
        size_t announced;      /* bytes of the body's chunks so far, by their sizes; no more than a body may have */
        bool has_left;         /* nothing can be written any more */
    } http1;
    /* What is done when libh2o writes `buffers`; NULL: libh2o does it itself. */
    void (*on_write)(struct gbxi_connection *connection, h2o_iovec_t *buffers, size_t count, h2o_socket_cb callback);
    bool closing; /* libh2o has closed it; over TLS the socket lives on for a while */
    struct {
        size_t handled; /* requests that handlers have, or that wait for a place; only valid during a sweep */
        uint64_t sent;  /* bytes of the answers under way, and their number; what they were at the last progress */
        uint64_t sent_before;
        uint64_t since_ms; /* the last progress, in the loop's clock; 0: none is waited for */
    } waiting;
} gbxi_connection;

/* Reserves a place for a connection; false if all are taken. */
bool gbxi_connection_reserve(const gbxi_connection_limits *limits);
/* Gives a reserved place back for which no connection came. */
void gbxi_connection_cancel(const gbxi_connection_limits *limits);

/* Puts an accepted socket into `list`, in a reserved place, until libh2o closes it; NULL if memory is short: then the
 * socket is closed and the place is given back. */
gbxi_connection *gbxi_connection_adopt(h2o_linklist_t *list, const gbxi_connection_limits *limits, gbxi_turns *turns,
                                       h2o_socket_t *socket);

/* The connection of a socket, NULL if it is none of a loop, or of a request, NULL if it has no socket yet. */
gbxi_connection *gbxi_connection_of_socket(const h2o_socket_t *socket);
gbxi_connection *gbxi_connection_of(const h2o_req_t *req);

/* The connection that the calling thread's libh2o parses now, or has parsed last; NULL if that is closed, or is none.
 */
gbxi_connection *gbxi_connection_current(void);
void gbxi_connection_make_current(gbxi_connection *connection);

/* Shuts down the reading end of every connection without a request in flight. libh2o then sees an end of file and
 * closes the connection as usual: after the last write, with GOAWAY or close_notify if the protocol has it. Responses
 * that have not begun will include Connection: close. */
void gbxi_connections_hang_up_idle(h2o_linklist_t *list, h2o_context_t *context);

/* Closes HTTP/2 connections whose clients have kept the server waiting for longer than the limit: for a request to
 * arrive, or for an answer to be taken. Called about once a second. */
void gbxi_connections_close_stalled(h2o_linklist_t *list, h2o_context_t *context);

#endif
