/* SPDX-License-Identifier: MIT */
/* The middleware's permit callback (glassbox/h2o.h), implemented with src/permission. */
#ifndef GBX_SERVER_PERMIT_H
#define GBX_SERVER_PERMIT_H

#include <glassbox/h2o.h>

/* A gbx_h2o_permit; `context` is the gbxi_permission. Thread: any. */
gbx_h2o_verdict gbxi_permit(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error);

/* A gbx_h2o_give_back for the same context. */
void gbxi_permit_give_back(void *context, const gbx_h2o_grant *grant);

#endif
