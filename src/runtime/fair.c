/* SPDX-License-Identifier: MIT */
/* The handler that makes requests wait for their turn. */
#define _GNU_SOURCE
#include "runtime/fair.h"
#include "runtime/connection.h"

typedef struct fair_wait {
    gbxi_turn turn;
    h2o_handler_t *handler;
    h2o_req_t *req;
} fair_wait;

static void fair_on_turn(gbxi_turn *turn)
{
    fair_wait *wait = H2O_STRUCT_FROM_MEMBER(fair_wait, turn, turn);
    gbxi_connection *connection = gbxi_connection_of(wait->req);

    connection->turn = connection->turns->number;
    h2o_delegate_request(wait->req, wait->handler);
}

/* The request may end while it waits. */
static void fair_on_request_end(void *memory)
{
    gbxi_turn_cancel(&((fair_wait *)memory)->turn);
}

static int fair_on_request(h2o_handler_t *handler, h2o_req_t *req)
{
    gbxi_connection *connection = gbxi_connection_of(req);
    fair_wait *wait;

    if (connection->turn != connection->turns->number) {
        connection->turn = connection->turns->number;
        return -1;
    }
    wait = h2o_mem_alloc_shared(&req->pool, sizeof(*wait), fair_on_request_end);
    *wait = (fair_wait){.turn = {.run = fair_on_turn}, .handler = handler, .req = req};
    gbxi_turns_wait(connection->turns, &wait->turn);
    return 0;
}

void gbxi_fair_register(h2o_pathconf_t *path)
{
    h2o_create_handler(path, sizeof(h2o_handler_t))->on_req = fair_on_request;
}
