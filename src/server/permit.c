/* SPDX-License-Identifier: MIT */
/* Passes a request to src/permission and translates the verdict. */
#define _GNU_SOURCE
#include "server/permit.h"
#include "http/headers.h"
#include "permission/permission.h"
#include <string.h>

static_assert(sizeof(gbxi_permission_use) <= GBX_H2O_RECEIPT_BYTES, "a grant has room for the receipt of a use");

gbx_h2o_verdict gbxi_permit(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error)
{
    gbxi_permission_grant granted = {0};
    h2o_iovec_t value;

    if (gbxi_header_find(&req->headers, "authorization", &value) > 1) {
        gbx_error_set(error, GBX_ERR_CONFLICT, NULL, "the request has more than one Authorization header");
        return GBX_H2O_REFUSED;
    }
    switch (gbxi_permission_judge(context, GBXI_PURPOSE_CAPTURE, value.base, value.len, req->path_normalized.base,
                                  req->path_normalized.len, &granted, error)) {
    case GBXI_PERMISSION_GRANTED:
        grant->max_spans = granted.max_spans;
        memcpy(grant->receipt, &granted.use, sizeof(granted.use));
        return GBX_H2O_GRANTED;
    case GBXI_PERMISSION_MISSING:
        return GBX_H2O_MISSING;
    case GBXI_PERMISSION_REFUSED:
        break;
    }
    return GBX_H2O_REFUSED;
}

void gbxi_permit_give_back(void *context, const gbx_h2o_grant *grant)
{
    gbxi_permission_use use;

    memcpy(&use, grant->receipt, sizeof(use));
    gbxi_permission_give_back(context, &use);
}
