/* SPDX-License-Identifier: MIT */
/* The handler that refuses heads that others may read differently. */
#define _GNU_SOURCE
#include "http/framing.h"
#include "http/problem.h"
#include <stdbool.h>
#include <string.h>

enum framing_fault {
    FRAMING_SOUND,
    FRAMING_BARE_LF,
    FRAMING_FOLDED,
    FRAMING_TWO_LENGTHS,
};

static const char *const framing_texts[] = {
    [FRAMING_BARE_LF] = "a line of the head ends without a carriage return",
    [FRAMING_FOLDED] = "a header goes on in the next line",
    [FRAMING_TWO_LENGTHS] = "the length of the body is given more than once",
};

static bool framing_line_starts(const char *at, const char *end, h2o_iovec_t start)
{
    return (size_t)(end - at) >= start.len && memcmp(at, start.base, start.len) == 0;
}

/* Whether the line is one of the two headers that say how long the body is. libh2o has converted the names of headers
 * to lower case, in the connection's buffer. */
static bool framing_is_length(const char *line, const char *end)
{
    static const h2o_iovec_t content_length = {H2O_STRLIT("content-length:")};
    static const h2o_iovec_t transfer_encoding = {H2O_STRLIT("transfer-encoding:")};

    return framing_line_starts(line, end, content_length) || framing_line_starts(line, end, transfer_encoding);
}

/* Reads the head's lines, from the request line to the empty one. The line feeds are all there: libh2o has read it.
 * Empty lines may come before the request line. */
static enum framing_fault framing_read_head(const char *line, const char *end)
{
    unsigned lengths = 0;
    const char *feed;

    for (bool first = true; (feed = memchr(line, '\n', (size_t)(end - line))) != NULL; line = feed + 1) {
        if (feed == line || feed[-1] != '\r')
            return FRAMING_BARE_LF;
        if (feed - line == 1 && first)
            continue;
        if (feed - line == 1)
            break;
        first = false;
        if (*line == ' ' || *line == '\t')
            return FRAMING_FOLDED;
        lengths += framing_is_length(line, feed);
    }
    return lengths > 1 ? FRAMING_TWO_LENGTHS : FRAMING_SOUND;
}

static bool framing_is_inside(const char *at, const h2o_buffer_t *buffer)
{
    return at != NULL && at >= buffer->bytes && at <= buffer->bytes + buffer->size;
}

/* The head of the request is still at the start of the connection's buffer. A body follows it there; without a body,
 * libh2o's view of the method is in it. Neither is so if a handler inside the server created the request. */
static enum framing_fault framing_check(h2o_req_t *req)
{
    h2o_socket_t *socket;
    const h2o_buffer_t *input;

    if (req->version >= 0x200 || (socket = req->conn->callbacks->get_socket(req->conn)) == NULL)
        return FRAMING_SOUND;
    input = socket->input;
    if (!framing_is_inside(req->entity.base, input) && !framing_is_inside(req->input.method.base, input))
        return FRAMING_SOUND;
    return framing_read_head(input->bytes, input->bytes + input->size);
}

static int framing_on_request(h2o_handler_t *handler, h2o_req_t *req)
{
    enum framing_fault fault = framing_check(req);
    gbx_error error;

    (void)handler;
    if (fault == FRAMING_SOUND)
        return -1;
    gbx_error_set(&error, GBX_ERR_SYNTAX, NULL, "%s", framing_texts[fault]);
    req->http1_is_persistent = 0;
    gbxi_problem_send(req, 400, &error);
    return 0;
}

void gbxi_framing_register(h2o_pathconf_t *path)
{
    h2o_create_handler(path, sizeof(h2o_handler_t))->on_req = framing_on_request;
}
