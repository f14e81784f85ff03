/* SPDX-License-Identifier: MIT */
/* A response that one thread writes and the request's event loop sends, with bounded memory between the two.
 *
 *     1. gbxi_stream_init(&job->stream, req, patience_ms);        // the loop, which then hands the job over
 *     2. gbxi_stream_write(&job->stream, &writer);                // the writing thread: a writer that streams,
 *     3. ... write, which waits for the client now and then ...
 *     4. gbxi_stream_end(&job->stream, &writer, error);           // and its end
 *     5. gbxi_stream_release(&job->stream);                       // the loop's own reference goes with the request
 *
 * Status and headers leave with the first 64 KiB, or with all of it when there is less. Until then an error is answered
 * with its problem document; after that the response is broken off, so that nobody takes it for a whole one. The
 * request is only ever touched on its loop's thread; when it ends early, because the client is gone, writing fails. */
#ifndef GBX_RUNTIME_STREAM_H
#define GBX_RUNTIME_STREAM_H

#include "runtime/loop.h"
#include "json/writer.h"
#include <h2o.h>

/* As much as this, 4 MiB, is written and not yet taken by the client; then the writing thread waits. Most answers are
 * smaller, so that a slow client does not hold a worker for them. */
enum { GBXI_STREAM_CHUNK_BYTES = 64 * 1024, GBXI_STREAM_CHUNKS_MAX = 64 };

struct gbxi_stream_chunk;

typedef struct gbxi_chunk_list {
    struct gbxi_stream_chunk *first;
    struct gbxi_stream_chunk *last;
} gbxi_chunk_list;

/* The first member of what it is the response of. Caller's memory, on the heap: two threads share it. */
typedef struct gbxi_stream {
    /* The caller's to set before init. `on_gone` (NULL: none) tells that the request is over, answered or not, while
     * the loop still holds its reference. `dispose` frees the whole when nobody refers to it any more. `on_wait` (NULL:
     * none) tells when the writing thread begins to wait for the client, and when it goes on, which it may put off.
     * Threads: the loop's; any; the writing one. */
    void (*on_gone)(struct gbxi_stream *stream);
    void (*dispose)(struct gbxi_stream *stream);
    void (*on_wait)(struct gbxi_stream *stream, bool waiting);

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
void gbxi_stream_init(gbxi_stream *stream, h2o_req_t *req, uint32_t patience_ms);

/* Starts `writer`. Its error is IO when the request is gone or the client too slow, NO_MEMORY when that is short.
 * Thread: the writing one. */
void gbxi_stream_write(gbxi_stream *stream, gbxi_json_writer *writer);

/* Ends the response: with `error`, or, when that is NULL, with what was written since; the writer must be finished.
 * Thread: the writing one, no longer in a capture, which the last byte ends. */
void gbxi_stream_end(gbxi_stream *stream, const gbxi_json_writer *writer, const gbx_error *error);

/* Keeps the request, if it is not gone, from ending before it is let go: its loop would wait. Thread: any but the
 * loop's. */
GBX_MUST_USE bool gbxi_stream_hold(gbxi_stream *stream);
void gbxi_stream_let_go(gbxi_stream *stream);

/* Gives the writing thread's reference back. */
void gbxi_stream_release(gbxi_stream *stream);

#endif
