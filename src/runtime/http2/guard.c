/* SPDX-License-Identifier: MIT */
/* Holds the bytes of an HTTP/2 client back until libh2o can take them. */
#define _GNU_SOURCE
#include "runtime/http2/guard.h"
#include "runtime/http2/frame.h"
#include "runtime/libh2o/calls.h"
#include <h2o/http2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#if H2O_VERSION_MAJOR != 2 || H2O_VERSION_MINOR != 2
#error "this code was checked with libh2o 2.2 only"
#endif

enum {
    PREFACE_BYTES = 24,
    TURN_FRAMES_MAX = 32,        /* handed on in a turn of the loop */
    TURN_BYTES_MAX = 128 * 1024, /* the same in bytes; more than the largest frame */
    HELD_BYTES_MAX = 256 * 1024  /* above this, reading pauses */
};

typedef struct guard {
    gbxi_connection *connection;
    h2o_buffer_t *held;    /* what has arrived and is not handed on yet */
    h2o_socket_cb read;    /* libh2o's callback, which the guard's replaces */
    h2o_socket_cb written; /* libh2o's callback at the end of a write; NULL before its first write */
    gbxi_turn next_turn;   /* waits while there is more to hand on */
    bool begun;            /* the preface is handed on */
    bool paused;           /* reading waits until less is held */
    bool ending;           /* the connection is ending, and its input is ignored */
    bool *gone;            /* set when the connection closes; NULL while no callback of libh2o is on the stack */
} guard;

static guard *guard_of(const h2o_socket_t *socket)
{
    return gbxi_connection_of_socket(socket)->reader;
}

static void guard_on_close(gbxi_connection *connection)
{
    guard *self = connection->reader;

    if (self->gone != NULL)
        *self->gone = true;
    gbxi_turn_cancel(&self->next_turn);
    h2o_buffer_dispose(&self->held);
    free(self);
}

static void guard_on_read(h2o_socket_t *socket, const char *error);

/* Calls libh2o; false if it has closed the connection. The guard may be freed then. */
static bool guard_call(guard *self, h2o_socket_cb callback, const char *error)
{
    gbxi_connection *connection = self->connection;
    bool gone = false;

    self->gone = &gone;
    callback(connection->socket, error);
    if (gone)
        return false;
    self->gone = NULL;
    return !connection->closing;
}

static void guard_on_written(h2o_socket_t *socket, const char *error);

/* Whether libh2o's buffer is being written. While it only waits for room to write, it takes any frame. If it is, the
 * guard learns of the end. */
static bool guard_waits_for_write(const guard *self)
{
    h2o_socket_t *socket = self->connection->socket;

    if (self->written != NULL && socket->_cb.write == self->written)
        socket->_cb.write = guard_on_written;
    return socket->_cb.write == guard_on_written;
}

/* Without memory the connection ends: what follows could not be understood. */
static void guard_append(guard *self, h2o_buffer_t **buffer, const void *bytes, size_t length)
{
    char *end = h2o_buffer_reserve(buffer, length).base;

    if (end == NULL) {
        self->ending = true;
        shutdown(h2o_socket_get_fd(self->connection->socket), SHUT_RDWR);
        return;
    }
    memcpy(end, bytes, length);
    (*buffer)->size += length;
}

static void guard_hand_on(guard *self, const void *bytes, size_t length)
{
    guard_append(self, &self->connection->socket->input, bytes, length);
}

/* libh2o answers a continuation of nothing with an error and ends the connection. A frame that is too large has the
 * same effect by its head alone. */
static void guard_refuse(guard *self)
{
    static const uint8_t continuation[GBXI_HTTP2_HEAD_BYTES] = {[3] = 9, [8] = 1};
    const uint8_t *head = (const uint8_t *)self->held->bytes;
    size_t length = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];

    guard_hand_on(self, length > GBXI_HTTP2_PAYLOAD_BYTES ? head : continuation, GBXI_HTTP2_HEAD_BYTES);
    self->ending = true;
}

/* Hands the first frame on, if it is complete. Returns the number of bytes that it had, 0 if it is incomplete. */
static size_t guard_take_frame(guard *self)
{
    size_t length = 0;

    switch (gbxi_http2_judge((const uint8_t *)self->held->bytes, self->held->size, &length)) {
    case GBXI_HTTP2_INCOMPLETE:
        return 0;
    case GBXI_HTTP2_PASS:
        guard_hand_on(self, self->held->bytes, length);
        break;
    case GBXI_HTTP2_DROP:
        break;
    case GBXI_HTTP2_REFUSE:
        guard_refuse(self);
        length = self->held->size;
        break;
    }
    h2o_buffer_consume(&self->held, length);
    return length;
}

/* Moves what may be handed on in one turn to libh2o's input. Returns whether there is more. The preface goes alone,
 * because libh2o answers it with its first write. */
static bool guard_fill(guard *self)
{
    size_t bytes = 0, length;

    if (!self->begun) {
        if (self->held->size < PREFACE_BYTES)
            return false;
        guard_hand_on(self, self->held->bytes, PREFACE_BYTES);
        h2o_buffer_consume(&self->held, PREFACE_BYTES);
        self->begun = true;
        return self->held->size != 0;
    }
    for (size_t frames = 0; frames < TURN_FRAMES_MAX && bytes < TURN_BYTES_MAX; frames++) {
        if ((length = guard_take_frame(self)) == 0)
            return false;
        bytes += length;
    }
    return self->held->size != 0;
}

/* libh2o has stopped reading, because its client does not take what is written. It will start again. */
static bool guard_is_stopped(const guard *self)
{
    return !self->paused && !h2o_socket_is_reading(self->connection->socket);
}

/* Reading pauses while much is held, so that the client notices. */
static void guard_adjust_reading(guard *self)
{
    h2o_socket_t *socket = self->connection->socket;
    bool too_much = self->held->size > HELD_BYTES_MAX;

    if (too_much && !self->paused)
        h2o_socket_read_stop(socket);
    else if (!too_much && self->paused)
        gbxi_libh2o_read_start(socket, guard_on_read);
    self->paused = too_much;
}

/* Lets libh2o read what was handed on; false if that has closed the connection. What libh2o leaves is the input of a
 * connection that is ending. */
static bool guard_let_read(guard *self)
{
    h2o_socket_t *socket = self->connection->socket;

    if (socket->input->size == 0)
        return true;
    if (!guard_call(self, self->read, NULL))
        return false;
    self->ending |= socket->input->size != 0;
    h2o_buffer_consume(&socket->input, socket->input->size);
    if (self->written == NULL)
        self->written = socket->_cb.write;
    return true;
}

/* Hands on what may be handed on now. The guard may be freed when this returns. */
static void guard_pump(guard *self)
{
    bool more;

    if (gbxi_turn_is_waiting(&self->next_turn) || guard_is_stopped(self) || guard_waits_for_write(self))
        return;
    more = guard_fill(self);
    if (!guard_let_read(self))
        return;
    self->connection->has_input = more;
    if (more)
        gbxi_turns_wait(self->connection->turns, &self->next_turn);
    if (!guard_is_stopped(self))
        guard_adjust_reading(self);
}

static void guard_on_next_turn(gbxi_turn *turn)
{
    guard_pump(H2O_STRUCT_FROM_MEMBER(guard, next_turn, turn));
}

static void guard_on_written(h2o_socket_t *socket, const char *error)
{
    guard *self = guard_of(socket);

    if (guard_call(self, self->written, error))
        guard_pump(self);
}

/* Takes what has arrived out of the socket's input. */
static void guard_hold_input(guard *self)
{
    h2o_buffer_t **input = &self->connection->socket->input;
    size_t length = (*input)->size;

    if (!self->ending && length != 0)
        guard_append(self, &self->held, (*input)->bytes, length);
    h2o_buffer_consume(input, length);
}

static void guard_on_read(h2o_socket_t *socket, const char *error)
{
    guard *self = guard_of(socket);

    if (error != NULL) {
        self->ending = true;
        guard_call(self, self->read, error);
        return;
    }
    guard_hold_input(self);
    guard_adjust_reading(self);
    guard_pump(self);
}

/* libh2o begins to read, or goes on with it after a pause of its own. */
static void guard_on_read_start(gbxi_connection *connection, h2o_socket_cb callback)
{
    guard *self = connection->reader;

    self->read = callback;
    if (!self->paused)
        gbxi_libh2o_read_start(connection->socket, guard_on_read);
    if (connection->has_input && !gbxi_turn_is_waiting(&self->next_turn))
        gbxi_turns_wait(connection->turns, &self->next_turn);
}

void gbxi_http2_guard_accept(gbxi_connection *connection, h2o_accept_ctx_t *accept, struct timeval connected_at)
{
    h2o_socket_t *socket = connection->socket;
    guard *self = calloc(1, sizeof(*self));

    if (self == NULL) {
        h2o_socket_close(socket);
        return;
    }
    self->connection = connection;
    self->next_turn.run = guard_on_next_turn;
    h2o_buffer_init(&self->held, &h2o_socket_buffer_prototype);
    connection->reader = self;
    connection->on_close = guard_on_close;
    connection->on_read_start = guard_on_read_start;
    guard_hold_input(self);
    h2o_http2_accept(accept, socket, connected_at);
    guard_adjust_reading(self);
    guard_pump(self);
}
