/* SPDX-License-Identifier: MIT */
/* Owns the connection's side of a request under test. */
#define _GNU_SOURCE
#include "reply.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static h2o_globalconf_t config;
static h2o_context_t context;
static h2o_conn_t connection;
static reply *current;
static h2o_send_state_t send_state; /* of the last piece */

h2o_hostconf_t *reply_host(void)
{
    h2o_config_init(&config);
    return h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
}

static gbx_err prepare_nothing(h2o_pathconf_t *path, const gbxi_endpoint *first, void *unused)
{
    (void)path;
    (void)first;
    (void)unused;
    return GBX_ERR_OK;
}

int reply_routes(const gbxi_router *router)
{
    return gbxi_router_register(reply_host(), router, prepare_nothing, NULL) == GBX_ERR_OK ? 0 : -1;
}

static void keep_header(const h2o_req_t *req, const h2o_token_t *name, char *text, size_t size)
{
    ssize_t at = h2o_find_header(&req->res.headers, name, -1);
    h2o_iovec_t value = at != -1 ? req->res.headers.entries[at].value : h2o_iovec_init("", 0);

    snprintf(text, size, "%.*s", (int)value.len, value.base);
}

static void keep_head(const h2o_headers_t *headers, char *text, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < headers->size; i++) {
        const h2o_header_t *each = &headers->entries[i];

        used += (size_t)snprintf(text + used, size - used, "%.*s: %.*s\n", (int)each->name->len, each->name->base,
                                 (int)each->value.len, each->value.base);
        assert_true(used < size);
    }
}

static void on_send(h2o_ostream_t *self, h2o_req_t *req, h2o_iovec_t *buffers, size_t count, h2o_send_state_t state)
{
    (void)self;
    send_state = state;
    current->status = req->res.status;
    current->content_length = req->res.content_length;
    snprintf(current->reason, sizeof(current->reason), "%s", req->res.reason);
    current->head[0] = '\0';
    keep_head(&req->res.headers, current->head, sizeof(current->head));
    keep_header(req, H2O_TOKEN_ALLOW, current->allow, sizeof(current->allow));
    keep_header(req, H2O_TOKEN_CONTENT_TYPE, current->type, sizeof(current->type));
    for (size_t i = 0; i < count; i++) {
        assert_true(current->body_length + buffers[i].len < sizeof(current->body));
        memcpy(current->body + current->body_length, buffers[i].base, buffers[i].len);
        current->body_length += buffers[i].len;
    }
    current->pieces++;
}

void reply_to(const char *method, const char *path, reply *answer)
{
    reply_to_header(method, path, NULL, NULL, answer);
}

void reply_to_header(const char *method, const char *path, const char *name, const char *value, reply *answer)
{
    h2o_ostream_t last = {.do_send = on_send};
    h2o_req_t req;

    if (context.loop == NULL) {
        h2o_context_init(&context, h2o_evloop_create(), &config);
        connection.ctx = &context;
        connection.hosts = config.hosts;
    }
    *answer = (reply){.status = 0};
    current = answer;
    h2o_init_request(&req, &connection, NULL);
    req._ostr_top = &last;
    req.version = 0x200; /* or else libh2o's filter cuts it into HTTP/1.1 chunks */
    req.input.scheme = &H2O_URL_SCHEME_HTTP;
    req.input.method = h2o_iovec_init(method, strlen(method));
    req.input.path = h2o_iovec_init(path, strlen(path));
    if (name != NULL)
        h2o_add_header_by_str(&req.pool, &req.headers, name, strlen(name), 1, NULL, value, strlen(value));
    send_state = H2O_SEND_STATE_FINAL;
    h2o_process_request(&req);
    while (send_state == H2O_SEND_STATE_IN_PROGRESS)
        h2o_proceed_response(&req);
    assert_int_equal(send_state, H2O_SEND_STATE_FINAL);
    assert_int_not_equal(answer->status, 0);
    h2o_dispose_request(&req);
}
