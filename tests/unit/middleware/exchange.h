/* SPDX-License-Identifier: MIT */
/* One request through libh2o's own request processing and the middleware, without a socket: the test plays the handler
 * at one end and the connection at the other, and decides when what was sent has left.
 *
 * Usage: exchange_begin, then exchange_step until it says false or exchange_finish, then exchange_end. One at a time.
 */
#ifndef GBX_TESTS_UNIT_MIDDLEWARE_EXCHANGE_H
#define GBX_TESTS_UNIT_MIDDLEWARE_EXCHANGE_H

#include <glassbox/h2o.h>

enum { EXCHANGE_SENDS_MAX = 4096, EXCHANGE_INLINE_BYTES = 80 };

/* One call of the connection's send. */
typedef struct exchange_send {
    size_t at; /* of its bytes, in `body` */
    size_t length;
    h2o_send_state_t state;
} exchange_send;

typedef struct exchange {
    h2o_req_t req;
    bool gone;  /* the request has been disposed of */
    int status; /* and headers, as they were at the first send */
    h2o_header_t headers[32];
    size_t header_count;
    char *body;
    size_t length;
    size_t capacity;
    exchange_send sends[EXCHANGE_SENDS_MAX];
    size_t send_count;
    const char *first_buffer;    /* where the last buffer of the first send was */
    bool dispose_on_error;       /* as HTTP/1 does when the response breaks off */
    size_t preferred_chunk_size; /* of the next request; 0: no preference */
    int version;                 /* of the next request; 0: HTTP/2 */
    size_t body_length;          /* of the next request; 0: that of the text */
} exchange;

/* What the test's handler does. The handler behind the middleware at every path below. */
extern int (*exchange_handler)(h2o_handler_t *self, h2o_req_t *req);

/* Who may capture at /guarded and /lent; NULL: everyone. */
extern gbx_h2o_permit *exchange_permit;
/* What becomes of a permission that was not used at /lent; NULL: nothing. */
extern gbx_h2o_give_back *exchange_give_back;
/* Who reads bodies of more than EXCHANGE_INLINE_BYTES at /lent. */
extern gbx_h2o_executor exchange_executor;
/* The clock of captures at /clocked; 7 s at first. */
extern uint64_t exchange_now_ns;
/* The recorder of /recorded, and of /recorded_host, which claims on request, /recorded_secret, with a redaction, and
 * /recorded_lent, which is as /lent; NULL when the configuration is opened: they are not there. */
extern gbx_recorder *exchange_recorder;
/* The gates of /gated0 and /gated1, there after exchange_open, which every exchange begins with. */
extern gbx_gate *exchange_gates[2];
void exchange_open(void);
/* Disposes of libh2o's context and configuration; the next exchange opens them again. */
void exchange_close(void);

/* Paths: /plain (defaults), /get (handler_method GET), /small (max_body_bytes 64), /keyed (output_key "graph_output"),
 * /guarded (exchange_permit is asked), /lent (as /guarded, with exchange_executor), /asked (as /lent, claims on
 * request), /kept (keeps the trace_config), /clocked (its clock is exchange_now_ns), /rooted (source_root
 * "middleware/"). Content type and body may be NULL. Headers: name, value, ..., NULL. */
void exchange_begin(exchange *x, const char *method, const char *path, const char *content_type, const char *body,
                    const char *const *headers);
/* POST with a JSON body to a mirrored route. */
void exchange_post(exchange *x, const char *path, const char *body);

/* What was sent has left: asks for more, or runs what the request has put off. False when the response is over. */
bool exchange_step(exchange *x);
void exchange_finish(exchange *x);
/* Runs what other threads have sent to the event loop. */
void exchange_receive(void);
/* Disposes of the request, over or not. */
void exchange_end(exchange *x);

/* The value of a response header as a string in the request's pool; NULL when there is none. */
const char *exchange_header(exchange *x, const char *name);
/* True when what was sent has `text` in it. */
bool exchange_has(const exchange *x, const char *text);

#endif
