/* SPDX-License-Identifier: MIT */
/* Owns the connection's side of a request under test. */
#define _GNU_SOURCE
#include "exchange.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SCRIBBLE_BYTES = 256 };

int (*exchange_handler)(h2o_handler_t *self, h2o_req_t *req);
gbx_h2o_permit *exchange_permit;
gbx_h2o_give_back *exchange_give_back;
gbx_h2o_executor exchange_executor;
uint64_t exchange_now_ns = 7000000000;
gbx_recorder *exchange_recorder;

static h2o_globalconf_t config;
static h2o_context_t ctx;
static h2o_conn_t conn;
static h2o_ostream_t last;
static exchange *current;

static int call_handler(h2o_handler_t *self, h2o_req_t *req)
{
    return exchange_handler(self, req);
}

static gbx_h2o_verdict call_permit(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error)
{
    assert_ptr_equal(context, &exchange_permit);
    return exchange_permit != NULL ? exchange_permit(req, context, grant, error) : GBX_H2O_GRANTED;
}

static void call_give_back(void *context, const gbx_h2o_grant *grant)
{
    assert_ptr_equal(context, &exchange_permit);
    if (exchange_give_back != NULL)
        exchange_give_back(context, grant);
}

static bool call_submit(void *context, gbx_h2o_task *task)
{
    assert_ptr_equal(context, &exchange_executor);
    return exchange_executor.submit(exchange_executor.context, task);
}

static bool call_withdraw(void *context, gbx_h2o_task *task)
{
    assert_ptr_equal(context, &exchange_executor);
    return exchange_executor.withdraw(exchange_executor.context, task);
}

/* There is no socket. */
static h2o_socket_t *no_socket(h2o_conn_t *one)
{
    (void)one;
    return NULL;
}

static const h2o_conn_callbacks_t conn_callbacks = {.get_socket = no_socket};

static void mount(h2o_hostconf_t *host, const char *path, const gbx_h2o_config *middleware)
{
    h2o_pathconf_t *pathconf = h2o_config_register_path(host, path, 0);

    assert_int_equal(gbx_h2o_register(pathconf, middleware), GBX_ERR_OK);
    h2o_create_handler(pathconf, sizeof(h2o_handler_t))->on_req = call_handler;
}

/* The executor is copied, so it may go. */
static void mount_lent(h2o_hostconf_t *host, const char *path, gbx_h2o_claim claim, gbx_recorder *recorder)
{
    const gbx_h2o_executor executor = {
        .size = sizeof(executor), .submit = call_submit, .withdraw = call_withdraw, .context = &exchange_executor};

    mount(host, path,
          &(gbx_h2o_config){.size = sizeof(gbx_h2o_config),
                            .permit = call_permit,
                            .permit_context = &exchange_permit,
                            .give_back = call_give_back,
                            .executor = &executor,
                            .inline_body_bytes = EXCHANGE_INLINE_BYTES,
                            .claim = claim,
                            .recorder = recorder});
}

gbx_gate *exchange_gates[2];

/* The path configuration keeps the gate; so does the test, until exchange_close. */
static void mount_gated(h2o_hostconf_t *host, const char *path, gbx_gate **gate)
{
    *gate = gbx_gate_new(NULL);
    mount(host, path, &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .gate = *gate});
}

static uint64_t read_exchange_ns(void *context)
{
    return *(const uint64_t *)context;
}

/* The path configuration keeps a copy of the clock; the clock itself is of no use to anyone afterwards. */
static void mount_clocked(h2o_hostconf_t *host, const char *path, gbx_h2o_config *middleware)
{
    static gbx_clock clock = {.now_ns = read_exchange_ns, .context = &exchange_now_ns};

    clock.size = sizeof(clock);
    middleware->size = sizeof(*middleware);
    middleware->clock = &clock;
    mount(host, path, middleware);
    clock.size = 1;
}

static bool hide_secrets(void *context, gbx_text *text)
{
    (void)context;
    return memmem(text->bytes, text->length, "secret", 6) == NULL;
}

static void mount_recorded(h2o_hostconf_t *host)
{
    const gbx_redaction_options secrets = {.size = sizeof(secrets), .filter = hide_secrets};
    gbx_redaction *redaction = gbx_redaction_new(&secrets);

    mount_clocked(host, "/recorded", &(gbx_h2o_config){.recorder = exchange_recorder, .source_root = "middleware/"});
    mount_clocked(host, "/recorded_host",
                  &(gbx_h2o_config){.recorder = exchange_recorder, .claim = GBX_H2O_CLAIM_ON_REQUEST});
    mount_clocked(host, "/recorded_secret", &(gbx_h2o_config){.recorder = exchange_recorder, .redaction = redaction});
    mount_lent(host, "/recorded_lent", GBX_H2O_CLAIM_ALWAYS, exchange_recorder);
    gbx_redaction_unref(redaction);
}

/* The path configuration keeps a copy of the root. */
static void mount_rooted(h2o_hostconf_t *host, const char *path)
{
    char root[] = "middleware/";

    mount(host, path, &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .source_root = root});
    memset(root, 'x', sizeof(root) - 1);
}

void exchange_open(void)
{
    h2o_hostconf_t *host;

    if (ctx.loop != NULL)
        return;
    h2o_config_init(&config);
    host = h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    mount(host, "/plain", NULL);
    mount(host, "/get", &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .handler_method = "GET"});
    mount(host, "/small", &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .max_body_bytes = 64});
    mount(host, "/keyed", &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .output_key = "graph_output"});
    mount(host, "/guarded",
          &(gbx_h2o_config){.size = sizeof(gbx_h2o_config),
                            .handler_method = "PUT",
                            .permit = call_permit,
                            .permit_context = &exchange_permit,
                            .give_back = call_give_back});
    mount_lent(host, "/lent", GBX_H2O_CLAIM_ALWAYS, NULL);
    mount_lent(host, "/asked", GBX_H2O_CLAIM_ON_REQUEST, NULL);
    mount(host, "/little",
          &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .max_body_bytes = 64, .claim = GBX_H2O_CLAIM_ON_REQUEST});
    mount(host, "/kept", &(gbx_h2o_config){.size = sizeof(gbx_h2o_config), .keep_trace_config = true});
    mount_rooted(host, "/rooted");
    mount_clocked(host, "/clocked", &(gbx_h2o_config){0});
    if (exchange_recorder != NULL)
        mount_recorded(host);
    mount_gated(host, "/gated0", &exchange_gates[0]);
    mount_gated(host, "/gated1", &exchange_gates[1]);
    h2o_context_init(&ctx, h2o_evloop_create(), &config);
    conn.ctx = &ctx;
    conn.callbacks = &conn_callbacks;
    conn.hosts = config.hosts;
}

void exchange_close(void)
{
    h2o_loop_t *loop = ctx.loop;
    h2o_multithread_queue_t *queue = ctx.queue;

    if (loop == NULL)
        return;
    h2o_context_dispose(&ctx);
    free(queue); /* this version of libh2o closes it and does not free it */
    h2o_evloop_destroy(loop);
    h2o_config_dispose(&config);
    memset(&ctx, 0, sizeof(ctx));
    for (size_t i = 0; i < 2; i++)
        gbx_gate_unref(exchange_gates[i]);
}

/* Names and values may be in the request's pool, which an error clears. */
static void keep_head(exchange *x, h2o_req_t *req)
{
    size_t i;

    x->status = req->res.status;
    x->header_count = req->res.headers.size;
    assert_true(x->header_count <= sizeof(x->headers) / sizeof(x->headers[0]));
    for (i = 0; i < x->header_count; i++)
        x->headers[i] = req->res.headers.entries[i];
}

static void keep_bytes(exchange *x, const h2o_iovec_t *bufs, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        assert_true(bufs[i].len > 0);
        if (x->length + bufs[i].len > x->capacity) {
            x->capacity = 2 * (x->length + bufs[i].len);
            x->body = h2o_mem_realloc(x->body, x->capacity);
        }
        memcpy(x->body + x->length, bufs[i].base, bufs[i].len);
        x->length += bufs[i].len;
    }
}

static void on_send(h2o_ostream_t *self, h2o_req_t *req, h2o_iovec_t *bufs, size_t count, h2o_send_state_t state)
{
    exchange *x = current;
    size_t at = x->length;

    (void)self;
    /* A connection may use the request's memory before it reads what it is given; this overwrites what was put past the
     * end of the block taken last. */
    memset(h2o_mem_alloc_pool(&req->pool, SCRIBBLE_BYTES), 0xa5, SCRIBBLE_BYTES);
    assert_true(x->send_count < EXCHANGE_SENDS_MAX);
    if (x->send_count == 0) {
        keep_head(x, req);
        x->first_buffer = count > 0 ? bufs[count - 1].base : NULL;
    }
    keep_bytes(x, bufs, count);
    x->sends[x->send_count++] = (exchange_send){.at = at, .length = x->length - at, .state = state};
    if (state == H2O_SEND_STATE_ERROR && x->dispose_on_error) {
        x->gone = true;
        h2o_dispose_request(req);
    }
}

void exchange_begin(exchange *x, const char *method, const char *path, const char *content_type, const char *body,
                    const char *const *headers)
{
    exchange_open();
    current = x;
    x->gone = false;
    x->length = x->send_count = x->header_count = 0;
    h2o_init_request(&x->req, &conn, NULL);
    last.do_send = on_send;
    x->req._ostr_top = &last;
    x->req.version = x->version != 0 ? x->version : 0x200; /* for HTTP/1.1 libh2o's filter cuts it into chunks */
    if (x->preferred_chunk_size > 0)
        x->req.preferred_chunk_size = x->preferred_chunk_size;
    x->req.input.scheme = &H2O_URL_SCHEME_HTTP;
    x->req.input.method = h2o_iovec_init(method, strlen(method));
    x->req.input.path = h2o_iovec_init(path, strlen(path));
    if (body != NULL)
        x->req.entity = h2o_iovec_init(body, x->body_length != 0 ? x->body_length : strlen(body));
    if (content_type != NULL)
        h2o_add_header(&x->req.pool, &x->req.headers, H2O_TOKEN_CONTENT_TYPE, NULL, content_type, strlen(content_type));
    for (; headers != NULL && *headers != NULL; headers += 2)
        h2o_add_header_by_str(&x->req.pool, &x->req.headers, headers[0], strlen(headers[0]), 1, NULL, headers[1],
                              strlen(headers[1]));
    h2o_process_request(&x->req);
}

void exchange_post(exchange *x, const char *path, const char *body)
{
    exchange_begin(x, "POST", path, "application/json", body, NULL);
}

static bool is_over(const exchange *x)
{
    return x->gone || (x->send_count > 0 && x->sends[x->send_count - 1].state != H2O_SEND_STATE_IN_PROGRESS);
}

bool exchange_step(exchange *x)
{
    if (is_over(x))
        return false;
    if (h2o_timeout_is_linked(&x->req._timeout_entry))
        h2o_evloop_run(ctx.loop, 0);
    else
        h2o_proceed_response(&x->req);
    return !is_over(x);
}

void exchange_finish(exchange *x)
{
    while (exchange_step(x))
        ;
}

void exchange_receive(void)
{
    h2o_evloop_run(ctx.loop, 0);
}

void exchange_end(exchange *x)
{
    if (!x->gone)
        h2o_dispose_request(&x->req);
    x->gone = true;
    free(x->body);
    x->body = NULL;
    x->capacity = x->length = 0;
}

const char *exchange_header(exchange *x, const char *name)
{
    size_t i;

    for (i = 0; i < x->header_count; i++)
        if (h2o_memis(x->headers[i].name->base, x->headers[i].name->len, name, strlen(name)))
            return h2o_strdup(&x->req.pool, x->headers[i].value.base, x->headers[i].value.len).base;
    return NULL;
}

bool exchange_has(const exchange *x, const char *text)
{
    return memmem(x->body, x->length, text, strlen(text)) != NULL;
}
