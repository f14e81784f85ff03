/* SPDX-License-Identifier: MIT */
/* Owns the answers to refused heads. */
#define _GNU_SOURCE
#include "http/head_refusal.h"
#include "http/early_error.h"
#include "http/linger.h"
#include "http/problem.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REFUSAL_HEAD_BYTES = 512 };

struct gbxi_head_refusal {
    gbxi_linger linger;
    h2o_socket_t *socket;
    h2o_socket_cb written; /* libh2o's */
    size_t length;
    char text[REFUSAL_HEAD_BYTES + GBXI_PROBLEM_BYTES];
};

static void head_refusal_on_linger_end(gbxi_linger *linger)
{
    gbxi_head_refusal *self = H2O_STRUCT_FROM_MEMBER(gbxi_head_refusal, linger, linger);

    self->written(self->socket, NULL);
}

/* libh2o's connection begins with what all its connections have. */
static h2o_context_t *head_refusal_context(const h2o_socket_t *socket)
{
    return ((const h2o_conn_t *)socket->data)->ctx;
}

static void head_refusal_fill(gbxi_head_refusal *self, int status, const gbx_error *error)
{
    h2o_context_t *context = head_refusal_context(self->socket);
    char body[GBXI_PROBLEM_BYTES], date[H2O_TIMESTR_RFC1123_LEN + 1];
    size_t body_length = gbxi_problem_write(body, status, error);
    time_t now = h2o_get_timestamp(context, NULL, NULL)->tv_sec;
    struct tm gmt;
    int head_length;

    h2o_time2str_rfc1123(date, gmtime_r(&now, &gmt));
    head_length = snprintf(self->text, REFUSAL_HEAD_BYTES,
                           "HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: close\r\nContent-Length: %zu\r\n"
                           "Server: %.*s\r\ncontent-type: application/problem+json\r\n"
                           "x-content-type-options: nosniff\r\n\r\n",
                           status, gbxi_problem_title(status), date, body_length,
                           (int)context->globalconf->server_name.len, context->globalconf->server_name.base);
    memcpy(self->text + head_length, body, body_length);
    self->length = (size_t)head_length + body_length;
}

static bool head_refusal_is_libh2os(const h2o_iovec_t *buffers, size_t count)
{
    static const char start[] = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n";

    return count == 1 && buffers[0].len > strlen(start) && memcmp(buffers[0].base, start, strlen(start)) == 0;
}

gbxi_head_refusal *gbxi_head_refusal_new(h2o_socket_t *socket, const h2o_iovec_t *buffers, size_t count,
                                         h2o_socket_cb written)
{
    gbxi_head_refusal *made;
    gbx_error error;
    int status;

    if (!head_refusal_is_libh2os(buffers, count) || (status = gbxi_early_error_take(&error)) == 0 ||
        (made = calloc(1, sizeof(*made))) == NULL)
        return NULL;
    made->socket = socket;
    made->written = written;
    head_refusal_fill(made, status, &error);
    return made;
}

h2o_iovec_t gbxi_head_refusal_text(gbxi_head_refusal *refusal)
{
    return h2o_iovec_init(refusal->text, refusal->length);
}

void gbxi_head_refusal_on_written(gbxi_head_refusal *refusal, const char *error)
{
    if (error != NULL)
        refusal->written(refusal->socket, error);
    else
        gbxi_linger_begin(&refusal->linger, head_refusal_context(refusal->socket), refusal->socket,
                          head_refusal_on_linger_end);
}

void gbxi_head_refusal_free(gbxi_head_refusal *refusal)
{
    gbxi_linger_cancel(&refusal->linger);
    free(refusal);
}
