/* SPDX-License-Identifier: MIT */
/* Lends the server's workers to the middleware, which reads large bodies on them. */
#ifndef GBX_SERVER_LEND_H
#define GBX_SERVER_LEND_H

#include "runtime/worker_pool.h"
#include <glassbox/h2o.h>

/* An executor that uses the workers. `*workers` is read for each task, so the pool may be opened later, but before the
 * first request. Thread: any, for the executor. */
gbx_h2o_executor gbxi_lend_executor(gbxi_worker_pool **workers);

/* The inline_body_bytes of a gbx_h2o_config for the server's option of that name, where SIZE_MAX stands for none. */
size_t gbxi_lend_above(size_t inline_body_bytes);

#endif
