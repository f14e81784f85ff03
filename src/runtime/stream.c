/* SPDX-License-Identifier: MIT */
/* Passes a response, chunk by chunk, from the thread that writes it to the loop that sends it. */
#define _GNU_SOURCE
#include "runtime/stream.h"
#include "base/atomic.h"
#include "base/thread.h"
#include "base/time.h"
#include "base/work_memory.h"
#include "http/break_off.h"
#include <glassbox/span.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { SEND_CHUNKS_MAX = 4 }; /* per call, so that the loop can serve other requests in between */

typedef struct gbxi_stream_chunk {
    struct gbxi_stream_chunk *next;
    size_t length;
    char bytes[GBXI_STREAM_CHUNK_BYTES];
} chunk;

static void chunk_append(gbxi_chunk_list *list, chunk *one)
{
    one->next = NULL;
    *(list->first != NULL ? &list->last->next : &list->first) = one;
    list->last = one;
}

static chunk *chunk_take_first(gbxi_chunk_list *list)
{
    chunk *first = list->first;

    if (first != NULL)
        list->first = first->next;
    return first;
}

static void chunk_free(chunk *one)
{
    if (one == NULL)
        return;
    free(one);
    gbxi_work_memory_give(sizeof(*one));
}

static void chunk_free_all(gbxi_chunk_list *list)
{
    chunk *one;

    while ((one = chunk_take_first(list)) != NULL)
        chunk_free(one);
}

static void stream_start(gbxi_stream *stream, size_t content_length)
{
    h2o_req_t *req = stream->req;

    stream->started = true;
    if (content_length == SIZE_MAX && req->version < 0x101)
        req->http1_is_persistent = 0; /* the end of the connection ends the body */
    stream->owner->set_head(stream, req, content_length);
    h2o_start_response(req, &stream->generator);
}

/* While libh2o is sending, it accepts no further call. An HTTP/1 connection belongs to this response alone, so it can
 * be shut down. An HTTP/2 stream is reset when the client has received the data that is being sent. */
static void stream_break_off(gbxi_stream *stream, bool sending)
{
    h2o_req_t *req = stream->req;
    h2o_socket_t *socket = gbxi_http1_socket(req);

    if (!gbxi_break_off(req) && sending && socket != NULL)
        shutdown(h2o_socket_get_fd(socket), SHUT_RDWR);
    if (!sending)
        h2o_send(req, NULL, 0, H2O_SEND_STATE_ERROR);
}

/* Moves ready chunks to the list that libh2o sends and returns their number. The lock is held. */
static size_t stream_take_ready(gbxi_stream *stream, h2o_iovec_t *buffers, size_t *length)
{
    size_t count = 0;
    chunk *one;

    for (*length = 0; count < SEND_CHUNKS_MAX && (one = chunk_take_first(&stream->ready)) != NULL; count++) {
        chunk_append(&stream->taken, one);
        buffers[count] = h2o_iovec_init(one->bytes, one->length);
        *length += one->length;
    }
    return count;
}

/* Whether there is something to send first, while libh2o is still writing an interim response. The lock is held. */
static bool stream_must_wait(gbxi_stream *stream)
{
    bool has_answer = stream->ready.first != NULL || (stream->ended && stream->error.code != GBX_ERR_OK);

    return !stream->started && has_answer && !gbxi_hangup_may_answer(&stream->watch);
}

/* Sends what the writing thread has made ready. The stream may be freed when this returns. */
static void stream_pump(gbxi_stream *stream)
{
    h2o_iovec_t buffers[SEND_CHUNKS_MAX];
    size_t count = 0, length = 0;
    bool failed, last, sending;

    pthread_mutex_lock(&stream->lock);
    if (stream_must_wait(stream)) {
        pthread_mutex_unlock(&stream->lock);
        return;
    }
    sending = stream->sending;
    failed = stream->ended && stream->error.code != GBX_ERR_OK;
    if (!sending && !failed)
        count = stream_take_ready(stream, buffers, &length);
    last = stream->ended && stream->ready.first == NULL;
    stream->sending = sending || count != 0;
    pthread_mutex_unlock(&stream->lock);
    if (failed && !stream->started) {
        stream->refused = true;
        stream->owner->send_error(stream, stream->req, &stream->error);
    } else if (failed) {
        stream_break_off(stream, sending);
    } else if (count != 0) {
        if (!stream->started)
            stream_start(stream, last ? length : SIZE_MAX);
        h2o_send(stream->req, buffers, count, last ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
    }
}

static void stream_on_task(gbxi_loop_task *task)
{
    stream_pump(H2O_STRUCT_FROM_MEMBER(gbxi_stream, task, task));
}

/* The lock is held, so the request cannot end in the meantime. */
static void stream_tell_loop(gbxi_stream *stream)
{
    if (!stream->gone)
        gbxi_loop_post(stream->loop, &stream->task);
}

/* libh2o has sent its data. If the client has left, the response ends here. Otherwise more is sent in the next
 * iteration of the loop; otherwise a fast client could keep the loop from all other requests. */
static void stream_proceed(h2o_generator_t *generator, h2o_req_t *req)
{
    gbxi_stream *stream = H2O_STRUCT_FROM_MEMBER(gbxi_stream, generator, generator);
    bool gone;
    chunk *one;

    (void)req;
    pthread_mutex_lock(&stream->lock);
    while ((one = chunk_take_first(&stream->taken)) != NULL)
        chunk_append(&stream->spare, one);
    stream->sending = false;
    pthread_cond_signal(&stream->room);
    if (stream->ready.first != NULL || stream->ended)
        stream_tell_loop(stream);
    gone = stream->gone;
    pthread_mutex_unlock(&stream->lock);
    if (gone)
        stream_break_off(stream, false);
}

/* Stops the writing thread. Returns whether libh2o is sending. */
static bool stream_leave(gbxi_stream *stream)
{
    bool gone, sending;

    gbxi_store_relaxed(&stream->gone_hint, true);
    pthread_mutex_lock(&stream->lock);
    gone = stream->gone;
    sending = stream->sending;
    stream->gone = true;
    pthread_cond_signal(&stream->room);
    pthread_mutex_unlock(&stream->lock);
    if (gone)
        return sending;
    gbxi_loop_withdraw(stream->loop, &stream->task);
    stream->owner->on_gone(stream);
    return sending;
}

/* Ends the response, so that libh2o closes the connection. */
static void stream_on_left(gbxi_hangup_watch *watch)
{
    gbxi_stream *stream = H2O_STRUCT_FROM_MEMBER(gbxi_stream, watch, watch);
    bool sending = stream_leave(stream);

    if (stream->refused)
        return;
    if (!stream->started)
        stream_start(stream, SIZE_MAX);
    stream_break_off(stream, sending);
}

static void stream_on_ready(gbxi_hangup_watch *watch)
{
    stream_pump(H2O_STRUCT_FROM_MEMBER(gbxi_stream, watch, watch));
}

static void stream_on_request_end(void *memory)
{
    gbxi_stream *stream = *(gbxi_stream **)memory;

    gbxi_hangup_end(&stream->watch);
    stream_leave(stream);
    gbxi_stream_release(stream);
}

static void stream_init_lock(gbxi_stream *stream)
{
    pthread_mutex_init(&stream->lock, NULL);
    gbxi_condition_init(&stream->room);
}

void gbxi_stream_init(gbxi_stream *stream, const gbxi_stream_owner *owner, h2o_req_t *req, uint32_t patience_ms)
{
    gbxi_stream **link;

    *stream = (gbxi_stream){.owner = owner,
                            .generator = {stream_proceed, NULL},
                            .req = req,
                            .loop = gbxi_loop_of(req->conn->ctx),
                            .watch = {.on_left = stream_on_left, .on_ready = stream_on_ready},
                            .patience_ns = patience_ms * GBXI_NS_PER_MS,
                            .task = {.run = stream_on_task}};
    gbxi_store_relaxed(&stream->references, 2);
    stream_init_lock(stream);
    link = h2o_mem_alloc_shared(&req->pool, sizeof(*link), stream_on_request_end);
    *link = stream;
    gbxi_hangup_begin(&stream->watch, gbxi_loop_hangup(stream->loop), req);
}

/* Makes the filled chunk ready to send. The lock is held. */
static void stream_hand_over(gbxi_stream *stream, size_t written)
{
    stream->filling->length = written;
    chunk_append(&stream->ready, stream->filling);
    stream->filling = NULL;
    if (!stream->sending)
        stream_tell_loop(stream);
}

/* The lock is held, except while waiting. */
static void stream_wait_for_room(gbxi_stream *stream)
{
    uint64_t begin = gbxi_monotonic_ns(), until = begin + stream->patience_ns, waited;
    GBX_SPAN_NAMED("response.wait");

    stream->owner->on_wait(stream, true);
    while (stream->spare.first == NULL && !stream->gone && gbxi_condition_wait(&stream->room, &stream->lock, until))
        ;
    waited = gbxi_monotonic_ns() - begin;
    stream->patience_ns -= waited < stream->patience_ns ? waited : stream->patience_ns;
    pthread_mutex_unlock(&stream->lock);
    stream->owner->on_wait(stream, false);
    pthread_mutex_lock(&stream->lock);
}

/* Whether the memory for work has room for one more chunk. Any answer may begin; the rest of it leaves the reserve to
 * small work. */
static bool stream_may_grow(const gbxi_stream *stream)
{
    return stream->chunk_count < GBXI_STREAM_CHUNKS_MAX &&
           gbxi_work_memory_take(sizeof(chunk), stream->chunk_count == 0 ? GBXI_WORK_SMALL : GBXI_WORK_LARGE);
}

/* The lock is held. */
static chunk *stream_new_chunk(gbxi_stream *stream)
{
    chunk *made = malloc(sizeof(*made));

    if (made != NULL)
        stream->chunk_count++;
    else
        gbxi_work_memory_give(sizeof(*made));
    return made;
}

/* Returns an empty chunk to fill; on failure NULL, with the reason in `err`. The lock is held. */
static chunk *stream_take_empty(gbxi_stream *stream, gbx_err *err)
{
    *err = GBX_ERR_IO;
    if (stream->gone)
        return NULL;
    if (stream->spare.first == NULL && stream_may_grow(stream)) {
        *err = GBX_ERR_NO_MEMORY;
        return stream_new_chunk(stream);
    }
    if (stream->spare.first == NULL && stream->chunk_count == 0) {
        stream->without_memory = true;
        *err = GBX_ERR_NO_MEMORY;
        return NULL;
    }
    if (stream->spare.first == NULL)
        stream_wait_for_room(stream);
    return stream->gone ? NULL : chunk_take_first(&stream->spare);
}

gbx_err gbxi_stream_next(gbxi_stream *stream, size_t written, char **piece, size_t *size)
{
    gbx_err err;

    pthread_mutex_lock(&stream->lock);
    if (stream->filling != NULL)
        stream_hand_over(stream, written);
    stream->filling = stream_take_empty(stream, &err);
    pthread_mutex_unlock(&stream->lock);
    if (stream->filling == NULL)
        return err;
    *piece = stream->filling->bytes;
    *size = sizeof(stream->filling->bytes);
    return GBX_ERR_OK;
}

void gbxi_stream_end(gbxi_stream *stream, size_t written, const gbx_error *error)
{
    pthread_mutex_lock(&stream->lock);
    stream->ended = true;
    if (error != NULL) {
        stream->error = *error;
        stream_tell_loop(stream);
    } else {
        stream_hand_over(stream, written);
    }
    pthread_mutex_unlock(&stream->lock);
}

bool gbxi_stream_hold(gbxi_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    if (!stream->gone)
        return true;
    pthread_mutex_unlock(&stream->lock);
    return false;
}

void gbxi_stream_let_go(gbxi_stream *stream)
{
    pthread_mutex_unlock(&stream->lock);
}

void gbxi_stream_release(gbxi_stream *stream)
{
    if (gbxi_sub_acq_rel(&stream->references, 1) != 1)
        return;
    chunk_free_all(&stream->taken);
    chunk_free_all(&stream->ready);
    chunk_free_all(&stream->spare);
    chunk_free(stream->filling);
    pthread_cond_destroy(&stream->room);
    pthread_mutex_destroy(&stream->lock);
    stream->owner->free(stream);
}
