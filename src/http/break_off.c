/* SPDX-License-Identifier: MIT */
/* Owns the reset of connections whose response breaks off. */
#define _GNU_SOURCE
#include "http/break_off.h"
#include <sys/socket.h>

h2o_socket_t *gbxi_http1_socket(const h2o_req_t *req)
{
    return req->version < 0x200 ? req->conn->callbacks->get_socket(req->conn) : NULL;
}

/* Whether the response tells its length, or ends with a last chunk. */
static bool response_tells_its_end(const h2o_req_t *req)
{
    return req->res.content_length != SIZE_MAX ||
           h2o_find_header(&req->res.headers, H2O_TOKEN_TRANSFER_ENCODING, -1) != -1;
}

/* Connecting a TCP socket to AF_UNSPEC resets its connection. */
bool gbxi_break_off(h2o_req_t *req)
{
    const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    h2o_socket_t *socket = gbxi_http1_socket(req);

    if (socket == NULL || response_tells_its_end(req))
        return false;
    return connect(h2o_socket_get_fd(socket), &nobody, sizeof(nobody)) == 0;
}
