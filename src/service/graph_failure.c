/* SPDX-License-Identifier: MIT */
/* Owns the statuses and texts of failed graph requests. */
#define _GNU_SOURCE
#include "service/graph_failure.h"
#include "http/problem.h"
#include "http/respond.h"

static void failure_refuse(gbxi_graph_failure *failure, bool never)
{
    failure->status = never ? 413 : 503;
    gbxi_work_memory_explain(never, &failure->error);
}

void gbxi_graph_failure_settle(gbxi_graph_failure *failure, const gbxi_account *account)
{
    if (failure->error.code == GBX_ERR_NO_MEMORY && account->refused)
        failure_refuse(failure, account->never);
    else
        failure->status = gbxi_status_of(&failure->error);
}

bool gbxi_graph_failure_take(gbxi_graph_failure *failure, size_t bytes, gbxi_work_size size)
{
    if (gbxi_work_memory_take(bytes, size))
        return true;
    failure_refuse(failure, bytes > gbxi_work_memory_limit_for(size));
    return false;
}

void gbxi_graph_failure_send(h2o_req_t *req, const gbxi_graph_failure *failure)
{
    if (failure->status == 503)
        gbxi_problem_retry_after(req, GBXI_RETRY_SOON_S);
    gbxi_problem_send(req, failure->status, &failure->error);
}
