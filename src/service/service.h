/* SPDX-License-Identifier: MIT */
/* What the service's handlers work with: the opaque pointer of the loops that run them. */
#ifndef GBX_SERVICE_SERVICE_H
#define GBX_SERVICE_SERVICE_H

#include "http/router.h"
#include "runtime/worker_pool.h"
#include <h2o.h>

/* Immutable while a loop runs. */
typedef struct gbxi_service {
    const gbxi_router *router; /* what the index lists */
    gbxi_worker_pool *workers; /* requests that take long go there */
    size_t inline_body_bytes;  /* those with larger bodies do; SIZE_MAX: all graph requests */
    uint32_t patience_ms;      /* how long, in all, a worker waits for its client */
} gbxi_service;

/* The service whose request it is. Thread: the request's event loop. */
const gbxi_service *gbxi_service_of(const h2o_req_t *req);

#endif
