/* SPDX-License-Identifier: MIT */
/* Sends bodies. */
#define _GNU_SOURCE
#include "http/send.h"
#include "http/headers.h"

void gbxi_send_body(h2o_req_t *req, h2o_iovec_t body)
{
    static h2o_generator_t generator;

    h2o_start_response(req, &generator);
    h2o_send(req, &body, gbxi_request_is_head(req) ? 0 : 1, H2O_SEND_STATE_FINAL);
}
