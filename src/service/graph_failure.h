/* SPDX-License-Identifier: MIT */
/* Why a graph request failed, and the answer that says so: the errors of its body, and those of the memory for work. */
#ifndef GBX_SERVICE_GRAPH_FAILURE_H
#define GBX_SERVICE_GRAPH_FAILURE_H

#include "base/account.h"
#include <glassbox/error.h>
#include <h2o.h>

/* A zeroed struct is no failure. */
typedef struct gbxi_graph_failure {
    gbx_error error;
    int status; /* of the answer */
} gbxi_graph_failure;

/* Completes a failure whose error is filled: the status of `error` or, if the account was refused memory, 503 or, if it
 * can never have that much, 413. Thread: any. */
void gbxi_graph_failure_settle(gbxi_graph_failure *failure, const gbxi_account *account);

/* Takes `bytes` of the memory for work. False with the failure, as above, if there is too little. Thread: any. */
__attribute__((warn_unused_result)) bool gbxi_graph_failure_take(gbxi_graph_failure *failure, size_t bytes,
                                                                 gbxi_work_size size);

/* Answers with the failure; a client that gets 503 is told to try again. Thread: the request's event loop. */
void gbxi_graph_failure_send(h2o_req_t *req, const gbxi_graph_failure *failure);

#endif
