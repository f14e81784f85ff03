/* SPDX-License-Identifier: MIT */
/* Replaces and restores the path of the request line. */
#define _GNU_SOURCE
#include "middleware/input.h"

bool gbxi_input_is_path(const h2o_req_t *req)
{
    return req->input.path.base == req->path.base && req->input.path.len == req->path.len;
}

void gbxi_input_hide(gbxi_input *input, h2o_req_t *req)
{
    input->path = req->input.path;
    input->query_at = req->input.query_at;
    req->input.path = req->path;
    req->input.query_at = req->query_at;
}

void gbxi_input_show(gbxi_input *input, h2o_req_t *req)
{
    if (input->path.base == NULL)
        return;
    req->input.path = input->path;
    req->input.query_at = input->query_at;
    input->path.base = NULL;
}
