/* SPDX-License-Identifier: MIT */
/* A response that one thread writes and the request's event loop sends, with bounded memory between the two. The stream
 * does not interpret the bytes.
 *
 *     1. gbxi_stream_init(&job->stream, &owner, req, patience_ms); // on the loop, before it hands the job over
 *     2. gbxi_stream_next(&job->stream, 0, &piece, &size);         // on the writing thread: gets memory to fill
 *     3. gbxi_stream_next(&job->stream, written, &piece, &size);   // gets more memory; may wait for the client
 *     4. gbxi_stream_end(&job->stream, written, error);
 *     5. gbxi_stream_release(&job->stream);                        // drops the writing thread's reference
 *
 * The loop's reference is dropped when the request ends. Status and headers are sent with the first 64 KiB, or with the
 * whole response if it is smaller. Until then the owner answers errors. After that an error aborts the response, so
 * that the client does not take it for a complete one. The request is only used on its loop's thread. If it ends early,
 * because the client has left, gbxi_stream_next fails. A client that leaves is noticed at once (http/hangup.h). */
#ifndef GBX_RUNTIME_STREAM_H
#define GBX_RUNTIME_STREAM_H

#include "runtime/loop.h"
#include <h2o.h>

/* At most 4 MiB can be written and not yet received by the client; then the writing thread waits. Most responses are
 * smaller, so a slow client does not occupy a worker. */
enum { GBXI_STREAM_CHUNK_BYTES = 64 * 1024, GBXI_STREAM_CHUNKS_MAX = 64 };

struct gbxi_stream_chunk;
struct gbxi_stream;

/* The callbacks of a stream's owner. Immutable. */
typedef struct gbxi_stream_owner {
    /* Sets status and headers of the response. `content_length` is SIZE_MAX if the length is not known. Thread: the
     * request's loop. */
    void (*set_head)(struct gbxi_stream *stream, h2o_req_t *req, size_t content_length);
    /* Answers with an error when nothing has been sent yet. Thread: the request's loop. */
    void (*send_error)(struct gbxi_stream *stream, h2o_req_t *req, const gbx_error *error);
    /* Called once, when the client has left or the request has ended, answered or not, while the loop still holds its
     * reference. Thread: the request's loop. */
    void (*on_gone)(struct gbxi_stream *stream);
    /* Called when the writing thread begins to wait for the client and when it continues. The call may delay it.
     * Thread: the writing one. */
    void (*on_wait)(struct gbxi_stream *stream, bool waiting);
    /* Frees the object that contains the stream, when the last reference is dropped. Thread: any. */
    void (*free)(struct gbxi_stream *stream);
} gbxi_stream_owner;

typedef struct gbxi_chunk_list {
    struct gbxi_stream_chunk *first;
    struct gbxi_stream_chunk *last;
} gbxi_chunk_list;

/* The first member of the job whose response it is. Caller's memory, on the heap, because two threads share it. */
typedef struct gbxi_stream {
    const gbxi_stream_owner *owner;
    _Atomic(unsigned) references; /* writer: any thread */

    /* Used by the loop. */
    h2o_generator_t generator;
    h2o_req_t *req;
    gbxi_loop *loop;
    gbxi_hangup_watch watch;
    bool started;          /* status and headers are sent */
    bool refused;          /* the owner has answered with an error */
    gbxi_chunk_list taken; /* what libh2o is sending */

    /* Used by the writing thread. */
    struct gbxi_stream_chunk *filling;
    uint64_t patience_ns; /* the waiting time that is left */

    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t room;  /* a chunk has become free, or `gone` */
    gbxi_loop_task task;
    unsigned chunk_count; /* all chunks, in any list */
    gbxi_chunk_list ready;
    gbxi_chunk_list spare;
    bool sending;    /* libh2o will call proceed; otherwise the loop waits for a task */
    bool gone;       /* the client has left, or the request has ended */
    bool ended;      /* the writing has ended */
    gbx_error error; /* of the writing */
} gbxi_stream;

/* Makes `stream` the response of `req`, with one reference for each of the two threads. The writing thread waits for
 * the client for at most `patience_ms` in total. Thread: the request's loop. */
void gbxi_stream_init(gbxi_stream *stream, const gbxi_stream_owner *owner, h2o_req_t *req, uint32_t patience_ms);

/* Hands over the first `written` bytes of the previous piece (0 in the first call) and gets an empty piece. Errors: IO
 * if the request has ended or the client is too slow, NO_MEMORY; then there is no piece. Thread: the writing one. */
GBX_MUST_USE gbx_err gbxi_stream_next(gbxi_stream *stream, size_t written, char **piece, size_t *size);

/* Ends the response with `error`, or, if `error` is NULL, with the first `written` bytes of the last piece, which must
 * exist. Thread: the writing one, outside of any capture, because the last byte ends the capture. */
void gbxi_stream_end(gbxi_stream *stream, size_t written, const gbx_error *error);

/* Prevents the request from ending until gbxi_stream_let_go; its loop waits for that if necessary. Returns false if the
 * request has already ended. Thread: any but the loop's. */
GBX_MUST_USE bool gbxi_stream_hold(gbxi_stream *stream);
void gbxi_stream_let_go(gbxi_stream *stream);

/* Drops the writing thread's reference. */
void gbxi_stream_release(gbxi_stream *stream);

#endif
