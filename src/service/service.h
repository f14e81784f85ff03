/* SPDX-License-Identifier: MIT */
/* The context of the service's handlers. Event loops carry it as an opaque pointer. */
#ifndef GBX_SERVICE_SERVICE_H
#define GBX_SERVICE_SERVICE_H

#include "http/router.h"
#include "runtime/worker_pool.h"
#include <h2o.h>

/* Immutable while a loop runs. */
typedef struct gbxi_service {
    const gbxi_router *router; /* the routes that the index lists */
    gbxi_worker_pool *workers; /* for requests that take long */
    size_t inline_body_bytes;  /* larger bodies go to the workers; SIZE_MAX: all graph requests do */
    uint32_t patience_ms;      /* how long a worker waits for its client in total */
} gbxi_service;

/* The service that a request belongs to. Thread: the request's event loop. */
const gbxi_service *gbxi_service_of(const h2o_req_t *req);

#endif
