/* SPDX-License-Identifier: MIT */
/* Finds the service of a request's loop. */
#define _GNU_SOURCE
#include "service/service.h"
#include "runtime/loop.h"

const gbxi_service *gbxi_service_of(const h2o_req_t *req)
{
    return gbxi_loop_of(req->conn->ctx)->settings->service;
}
