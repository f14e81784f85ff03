/* SPDX-License-Identifier: MIT */
/* A response that one thread writes and the request's event loop sends, with bounded memory between the two. What the
 * bytes are is their owner's to know.
 *
 *     1. gbxi_stream_init(&job->stream, &owner, req, patience_ms);          // the loop, which then hands the job over
 *     2. gbxi_stream_next(&job->stream, 0, &piece, &size);                  // the writing thread: memory to fill,
 *     3. gbxi_stream_next(&job->stream, written, &piece, &size);            // more, which may wait for the client,
 *     4. gbxi_stream_end(&job->stream, written, error);                     // and the end
 *     5. gbxi_stream_release(&job->stream);                                 // the loop's reference goes with the
 * request
 *
 * Status and headers leave with the first 64 KiB, or with all of it when there is less. Until then an error is answered
 * as the owner sees fit; after that the response is broken off, so that nobody takes it for a whole one. The request is
 * only ever touched on its loop's thread; when it ends early, because the client is gone, gbxi_stream_next fails. */
#ifndef GBX_RUNTIME_STREAM_H
#define GBX_RUNTIME_STREAM_H

#include "runtime/loop.h"
#include <h2o.h>

/* As much as this, 4 MiB, is written and not yet taken by the client; then the writing thread waits. Most answers are
 * smaller, so that a slow client does not hold a worker for them. */
enum { GBXI_STREAM_CHUNK_BYTES = 64 * 1024, GBXI_STREAM_CHUNKS_MAX = 64 };

struct gbxi_stream_chunk;
struct gbxi_stream;

/* What the owner of a stream does for it. Immutable. */
typedef struct gbxi_stream_owner {
    /* Sets the status and headers of the response; SIZE_MAX: its length is not known. Thread: the request's loop. */
    void (*set_head)(struct gbxi_stream *stream, h2o_req_t *req, size_t content_length);
    /* Answers a request of which nothing was sent yet. Thread: the request's loop. */
    void (*send_error)(struct gbxi_stream *stream, h2o_req_t *req, const gbx_error *error);
    /* The request is over, answered or not, and the loop still holds its reference. Thread: the request's loop. */
    void (*on_gone)(struct gbxi_stream *stream);
    /* The writing thread begins to wait for the client, and goes on, which this may put off. Thread: the writing one.
     */
    void (*on_wait)(struct gbxi_stream *stream, bool waiting);
    /* Frees the whole: nobody refers to it any more. Thread: any. */
    void (*free)(struct gbxi_stream *stream);
} gbxi_stream_owner;

typedef struct gbxi_chunk_list {
    struct gbxi_stream_chunk *first;
    struct gbxi_stream_chunk *last;
} gbxi_chunk_list;

/* The first member of what it is the response of. Caller's memory, on the heap: two threads share it. */
typedef struct gbxi_stream {
    const gbxi_stream_owner *owner;
    _Atomic(unsigned) references; /* writer: any thread */

    /* The loop's. */
    h2o_generator_t generator;
    h2o_req_t *req;
    gbxi_loop *loop;
    bool started;          /* status and headers are sent */
    gbxi_chunk_list taken; /* what libh2o is sending */

    /* The writing thread's. */
    struct gbxi_stream_chunk *filling;
    uint64_t patience_ns; /* that is left */

    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t room;  /* a chunk has become free, or the request is gone */
    gbxi_loop_task task;
    unsigned chunk_count; /* that there are, wherever they are */
    gbxi_chunk_list ready;
    gbxi_chunk_list spare;
    bool sending;    /* libh2o will ask for more; else the loop waits to be told */
    bool gone;       /* the request */
    bool ended;      /* the writing */
    gbx_error error; /* how it ended */
} gbxi_stream;

/* Makes `stream` the response of `req`, with a reference for each of the two threads. The writing thread waits for the
 * client for `patience_ms` in all. Thread: the request's loop. */
void gbxi_stream_init(gbxi_stream *stream, const gbxi_stream_owner *owner, h2o_req_t *req, uint32_t patience_ms);

/* Hands over the first `written` bytes of the piece it gave last (0 the first time), and gives an empty one. Errors: IO
 * when the request is gone or the client too slow, NO_MEMORY; then there is no piece. Thread: the writing one. */
GBX_MUST_USE gbx_err gbxi_stream_next(gbxi_stream *stream, size_t written, char **piece, size_t *size);

/* Ends the response: with `error`, or, when that is NULL, with the first `written` bytes of the last piece, of which
 * there is one. Thread: the writing one, no longer in a capture, which the last byte ends. */
void gbxi_stream_end(gbxi_stream *stream, size_t written, const gbx_error *error);

/* Keeps the request, if it is not gone, from ending before it is let go: its loop would wait. Thread: any but the
 * loop's. */
GBX_MUST_USE bool gbxi_stream_hold(gbxi_stream *stream);
void gbxi_stream_let_go(gbxi_stream *stream);

/* Gives the writing thread's reference back. */
void gbxi_stream_release(gbxi_stream *stream);

#endif
