/* SPDX-License-Identifier: MIT */
/* Notices that the client of an HTTP/1 request has left while the request is being worked on. libh2o 2.2 does not look
 * at an HTTP/1 connection during that time.
 *
 *     1. gbxi_hangup_open(context, &hangup)      // once for each event loop, at the first request
 *     2. gbxi_hangup_begin(&watch, hangup, req)  // `watch` has its callbacks
 *     3. gbxi_hangup_may_answer(&watch)          // before the first bytes of the response; false: wait for on_ready
 *     4. gbxi_hangup_end(&watch)                 // when the request ends
 *     5. gbxi_hangup_close(hangup)               // before the event loop is freed
 *
 * A reset tells that the client has left. The end of its data alone (FIN) does not: a client may shut down its sending
 * side and still wait for the response. A client that has closed its socket answers any further data with a reset, so
 * an interim response (102) is sent to find out; RFC 9110 (15.2) requires that a client accepts any number of them. It
 * is sent over HTTP/1.1 only, and before the response has begun. Otherwise the end of the data changes nothing.
 *
 * Thread: the request's event loop, for all functions and callbacks. */
#ifndef GBX_HTTP_HANGUP_H
#define GBX_HTTP_HANGUP_H

#include <glassbox/error.h>
#include <h2o.h>
#include <stdbool.h>

/* The watched connections of one event loop. */
typedef struct gbxi_hangup gbxi_hangup;

/* One watched request. Caller's memory, at a fixed address until gbxi_hangup_end. All members but the callbacks are
 * zero before gbxi_hangup_begin. */
typedef struct gbxi_hangup_watch {
    /* The client has left. Called at most once, and no other callback follows. The request still exists; the callback
     * may end it. */
    void (*on_left)(struct gbxi_hangup_watch *watch);
    /* The response may begin now, after gbxi_hangup_may_answer has returned false. The callback may end the request. */
    void (*on_ready)(struct gbxi_hangup_watch *watch);
    h2o_req_t *req;

    /* Private. */
    gbxi_hangup *hangup; /* NULL: not watched */
    h2o_socket_t *socket;
    struct gbxi_hangup_watch *next_asking;
    bool answering; /* the response has begun */
    bool asking;    /* libh2o is writing the interim response */
    bool left;      /* the client left meanwhile */
} gbxi_hangup_watch;

/* Creates the watcher of a context's event loop. Owns: the caller, until gbxi_hangup_close. Errors: NO_MEMORY, also if
 * there is no free descriptor. */
GBX_MUST_USE gbx_err gbxi_hangup_open(h2o_context_t *context, gbxi_hangup **hangup);

/* Frees the watcher, which no longer watches a request. NULL is allowed. */
void gbxi_hangup_close(gbxi_hangup *hangup);

/* Watches the client of `req`; that it has left already is reported too. Has no effect if `hangup` is NULL, if the
 * request did not come over HTTP/1, or if the kernel has no memory. A watch begins once. */
void gbxi_hangup_begin(gbxi_hangup_watch *watch, gbxi_hangup *hangup, h2o_req_t *req);

static inline bool gbxi_hangup_is_begun(const gbxi_hangup_watch *watch)
{
    return watch->req != NULL;
}

/* Whether the response may begin. If it may, it begins, and no interim response is sent any more. If not, an interim
 * response is being written, and on_ready or on_left follows. */
GBX_MUST_USE bool gbxi_hangup_may_answer(gbxi_hangup_watch *watch);

/* Ends the watching. Call it while the connection is still open, from the disposal of the request's pool. A zeroed
 * watch is allowed, and calling twice has no effect. */
void gbxi_hangup_end(gbxi_hangup_watch *watch);

#endif
