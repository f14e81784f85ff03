/* SPDX-License-Identifier: MIT */
/* The health page: how the server is and what its workers do, and how capturing is: on or off, within which limits, and
 * what came of it. */
#ifndef GBX_SERVICE_HEALTH_H
#define GBX_SERVICE_HEALTH_H

#include <h2o.h>

/* Answers GET /healthz. */
void gbxi_health_answer(h2o_req_t *req);

#endif
