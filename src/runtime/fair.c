/* SPDX-License-Identifier: MIT */
/* The handler that makes requests wait. libh2o has a limit for the requests of an HTTP/2 connection too, but it begins
 * the waiting ones while it closes a connection whose write has failed, and that ends the process. */
#define _GNU_SOURCE
#include "runtime/fair.h"
#include "runtime/connection.h"

/* A request, from its arrival here to its end. */
typedef struct fair_request {
    gbxi_turn turn;      /* waits for its turn */
    h2o_linklist_t link; /* linked while it waits for a place */
    gbxi_connection *connection;
    h2o_handler_t *handler;
    h2o_req_t *req;
    bool has_place;
} fair_request;

static void fair_on_turn(gbxi_turn *turn)
{
    fair_request *self = H2O_STRUCT_FROM_MEMBER(fair_request, turn, turn);

    self->connection->turn = self->connection->turns->number;
    h2o_delegate_request(self->req, self->handler);
}

static void fair_take_place(fair_request *self)
{
    self->has_place = true;
    self->connection->places++;
}

static void fair_leave_queue(fair_request *self)
{
    h2o_linklist_unlink(&self->link);
    self->connection->queued--;
}

/* Gives the place to the first request that waits for one. It begins in another turn, because the whole connection may
 * be ending. */
static void fair_leave_place(fair_request *self)
{
    gbxi_connection *connection = self->connection;
    fair_request *next;

    connection->places--;
    if (connection->queued == 0)
        return;
    next = H2O_STRUCT_FROM_MEMBER(fair_request, link, connection->queue.next);
    fair_leave_queue(next);
    fair_take_place(next);
    gbxi_turns_wait(connection->turns, &next->turn);
}

static void fair_on_request_end(void *memory)
{
    fair_request *self = memory;

    gbxi_turn_cancel(&self->turn);
    if (h2o_linklist_is_linked(&self->link))
        fair_leave_queue(self);
    if (self->has_place)
        fair_leave_place(self);
}

static int fair_on_request(h2o_handler_t *handler, h2o_req_t *req)
{
    gbxi_connection *connection = gbxi_connection_of(req);
    bool is_turn_over = connection->turn == connection->turns->number;
    fair_request *self;

    connection->turn = connection->turns->number;
    /* Over HTTP/1 there is one request at a time, which needs no place. */
    if (!is_turn_over && req->version < 0x200)
        return -1;
    self = h2o_mem_alloc_shared(&req->pool, sizeof(*self), fair_on_request_end);
    *self = (fair_request){.turn = {.run = fair_on_turn}, .connection = connection, .handler = handler, .req = req};
    if (connection->places >= GBXI_FAIR_REQUESTS_MAX) {
        h2o_linklist_insert(&connection->queue, &self->link);
        connection->queued++;
        return 0;
    }
    fair_take_place(self);
    if (is_turn_over)
        gbxi_turns_wait(connection->turns, &self->turn);
    return is_turn_over ? 0 : -1;
}

void gbxi_fair_register(h2o_pathconf_t *path)
{
    h2o_create_handler(path, sizeof(h2o_handler_t))->on_req = fair_on_request;
}
