/* SPDX-License-Identifier: MIT */
/* The health document: state of the server and its workers, and capture usage, counters and limits. */
#ifndef GBX_SERVICE_HEALTH_H
#define GBX_SERVICE_HEALTH_H

#include <h2o.h>

/* Answers GET /healthz. */
void gbxi_health_answer(h2o_req_t *req);

#endif
