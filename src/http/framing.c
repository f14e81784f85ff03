/* SPDX-License-Identifier: MIT */
/* The handler that refuses ambiguous body lengths. */
#define _GNU_SOURCE
#include "http/framing.h"
#include "http/problem.h"
#include <stdbool.h>
#include <string.h>

static bool framing_line_starts(const char *at, const char *end, h2o_iovec_t start)
{
    return (size_t)(end - at) >= start.len && memcmp(at, start.base, start.len) == 0;
}

/* libh2o hides the two headers from its handlers. But the head of the request is still in the connection's buffer,
 * directly before the body, and libh2o has converted its header names to lower case. */
static unsigned framing_count_lengths(const char *head, const char *end)
{
    static const h2o_iovec_t content_length = {H2O_STRLIT("content-length:")};
    static const h2o_iovec_t transfer_encoding = {H2O_STRLIT("transfer-encoding:")};
    unsigned count = 0;

    while ((head = memchr(head, '\n', (size_t)(end - head))) != NULL) {
        head++;
        count += framing_line_starts(head, end, content_length) || framing_line_starts(head, end, transfer_encoding);
    }
    return count;
}

static bool framing_is_ambiguous(h2o_req_t *req)
{
    h2o_socket_t *socket;
    const char *head, *body = req->entity.base;

    if (body == NULL || req->version >= 0x200 || (socket = req->conn->callbacks->get_socket(req->conn)) == NULL)
        return false;
    head = socket->input->bytes;
    /* The body is not in this buffer if a handler inside the server created the request. */
    return body >= head && body <= head + socket->input->size && framing_count_lengths(head, body) > 1;
}

static int framing_on_request(h2o_handler_t *handler, h2o_req_t *req)
{
    gbx_error error;

    (void)handler;
    if (!framing_is_ambiguous(req))
        return -1;
    gbx_error_set(&error, GBX_ERR_SYNTAX, NULL, "the length of the body is given more than once");
    req->http1_is_persistent = 0;
    gbxi_problem_send(req, 400, &error);
    return 0;
}

void gbxi_framing_register(h2o_pathconf_t *path)
{
    h2o_create_handler(path, sizeof(h2o_handler_t))->on_req = framing_on_request;
}
