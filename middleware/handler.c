/* SPDX-License-Identifier: MIT */
/* Owns the way of a mirrored request through the checks to the handler. */
#define _GNU_SOURCE
#include "http/headers.h"
#include "http/problem.h"
#include "middleware/admission.h"
#include "middleware/entity.h"
#include "middleware/envelope.h"
#include "middleware/input.h"
#include "middleware/making.h"
#include "middleware/mirror.h"
#include "middleware/optin.h"
#include "middleware/plain.h"
#include "middleware/reading.h"

/* What a request that goes to the handler is given. */
typedef struct wrapping {
    gbxi_envelope *envelope; /* NULL if the trace is only stored */
    gbx_capture *capture;
    gbxi_fate fate;
    uint32_t retry_after_s;
} wrapping;

/* Creates the capture, if the request asks for one and the gate permits it. Returns whether the request can go on. */
static bool make_capture(gbxi_mirrored *mirrored, wrapping *w)
{
    gbx_gate *gate = mirrored->mirror->config.gate;

    w->fate = mirrored->config.capture_traces ? gbxi_gate_enter(gate, &w->retry_after_s) : GBXI_FATE_off;
    if (w->fate != GBXI_FATE_captured)
        return w->fate == GBXI_FATE_off;
    if ((w->capture = gbxi_make_capture(mirrored->mirror, mirrored->req, &mirrored->config)) != NULL)
        return true;
    gbxi_gate_leave(gate);
    w->fate = GBXI_FATE_refused_memory;
    return false;
}

/* Without memory for an envelope, there is no capture either. */
static bool make_envelope(gbxi_mirrored *mirrored, wrapping *w)
{
    if (mirrored->config.trace_output == GBXI_TRACE_OUTPUT_STORED_ONLY)
        return true;
    if ((w->envelope = gbxi_envelope_new(mirrored, w->capture)) != NULL)
        return true;
    if (w->capture != NULL)
        gbxi_gate_leave(mirrored->mirror->config.gate);
    gbx_capture_unref(w->capture);
    w->fate = GBXI_FATE_refused_memory;
    return false;
}

/* Returns 0, or the status to refuse the request with. */
static int wrap_request(gbxi_mirrored *mirrored, wrapping *w, gbx_error *error)
{
    bool good = make_capture(mirrored, w) && make_envelope(mirrored, w);

    if (good && w->capture != NULL) {
        if (w->envelope != NULL)
            gbxi_envelope_hold(w->envelope);
        mirrored->granted = false; /* the permission is used now */
    }
    if (mirrored->config.capture_traces)
        gbxi_gate_count(mirrored->mirror->config.gate, w->fate);
    return good ? 0 : gbxi_admission_refuse(mirrored->req, w->fate, w->retry_after_s, error);
}

static void limit_to_grant(gbxi_mirrored *mirrored)
{
    uint32_t max_spans = mirrored->granted ? mirrored->grant.max_spans : 0;

    if (max_spans != 0 && mirrored->config.max_spans > max_spans)
        mirrored->config.max_spans = max_spans;
}

static void answer_request(gbxi_mirrored *mirrored, int status, gbx_error *error)
{
    wrapping w = {.retry_after_s = 1};

    limit_to_grant(mirrored);
    if (status == 0)
        status = wrap_request(mirrored, &w, error);
    gbxi_admission_give_back(mirrored);
    if (status != 0)
        gbxi_problem_send(mirrored->req, status, error);
    else if (w.envelope != NULL)
        gbxi_envelope_delegate(w.envelope, mirrored->req, &mirrored->mirror->super);
    else
        gbxi_plain_store(mirrored, w.capture);
}

/* Makes the request what the handler will see, except for its body. */
static void strip_request(gbxi_mirrored *mirrored)
{
    const gbxi_mirror *self = mirrored->mirror;

    mirrored->strips_input = gbxi_input_is_path(mirrored->req);
    gbxi_route_strip(mirrored->req, &mirrored->route);
    if (!self->config.keep_trace_config)
        gbxi_optin_hide_header(mirrored->req);
    if (self->method.len > 0)
        mirrored->req->method = self->method;
    mirrored->stripped = true;
}

/* Whether the configured method is one whose requests have no body. */
static bool method_has_no_body(h2o_iovec_t method)
{
    return h2o_memis(method.base, method.len, H2O_STRLIT("GET")) ||
           h2o_memis(method.base, method.len, H2O_STRLIT("HEAD"));
}

static int apply_body(gbxi_mirrored *mirrored, gbx_error *error)
{
    if (!method_has_no_body(mirrored->mirror->method))
        return gbxi_entity_apply(&mirrored->body, mirrored->req, error);
    gbxi_entity_drop(mirrored->req);
    return 0;
}

/* Limits are checked before the permission, so that a refused request does not count as a use. */
static int admit(gbxi_mirrored *mirrored, gbx_error *error)
{
    bool on;
    int status;

    if (mirrored->admitted || !mirrored->config.capture_traces)
        return 0;
    status = gbxi_admission_look(mirrored, &on, error);
    return status == 0 && on ? gbxi_admission_ask(mirrored, error) : status;
}

/* Whether the host gets requests that do not carry a config, and this one has none in its header. */
static bool must_carry(const gbxi_mirrored *mirrored)
{
    return mirrored->mirror->config.claim == GBX_H2O_CLAIM_ON_REQUEST && !mirrored->body.has_header;
}

/* A trace that is only stored needs somebody who stores it. */
static int check_output(const gbxi_mirrored *mirrored, gbx_error *error)
{
    if (mirrored->config.trace_output != GBXI_TRACE_OUTPUT_STORED_ONLY || mirrored->mirror->config.recorder != NULL)
        return 0;
    gbx_error_set(error, GBX_ERR_CONFLICT, mirrored->body.has_header ? "/trace_output" : "/trace_config/trace_output",
                  "trace_output is \"stored_only\", but this server does not record");
    return 422;
}

void gbxi_mirrored_finish(gbxi_mirrored *mirrored, int status, gbx_error *error)
{
    bool is_hosts = must_carry(mirrored) && !mirrored->body.carries && status != 503;

    if (status == 0 && !is_hosts)
        status = check_output(mirrored, error);
    if (status == 0 && !is_hosts) {
        if (!mirrored->stripped)
            strip_request(mirrored);
        if ((status = admit(mirrored, error)) == 0)
            status = apply_body(mirrored, error);
    }
    gbxi_body_fini(&mirrored->body);
    if (is_hosts)
        gbxi_plain_pass_on(mirrored->mirror, mirrored->req);
    else
        answer_request(mirrored, status, error);
}

/* The executor reads the body, if the request has the permission and the limits let it be captured. The permission is
 * needed even if the header asks for no capture, because reading is work. The limits are not. A request that may be the
 * host's is asked for its permission only when it is known. Returns 0 if the executor has taken it. */
static int read_elsewhere(gbxi_mirrored *mirrored, gbx_error *error)
{
    int status = 0;
    bool on;

    if (!must_carry(mirrored)) {
        strip_request(mirrored);
        mirrored->admitted = true;
        status = gbxi_admission_ask(mirrored, error);
        if (status == 0 && (!mirrored->body.has_header || mirrored->config.capture_traces))
            status = gbxi_admission_look(mirrored, &on, error);
    }
    if (status != 0 || gbxi_reading_begin(mirrored, error) == GBX_ERR_OK)
        return status;
    gbxi_problem_retry_after(mirrored->req, GBXI_RETRY_SOON_S);
    return 503;
}

/* The event loop reads the body. With an executor it unpacks no more than it would read; `too_long` tells that it is
 * more. */
static int read_here(gbxi_mirrored *mirrored, gbx_error *error)
{
    const gbx_h2o_config *config = &mirrored->mirror->config;
    gbxi_body *body = &mirrored->body;
    const h2o_req_t *req = mirrored->req;
    int status;

    if (mirrored->mirror->executor.submit != NULL && config->inline_body_bytes < body->bytes_max)
        body->bytes_max = config->inline_body_bytes;
    status = gbxi_body_decode(body, req->entity.base, req->entity.len, &mirrored->config, error);
    body->bytes_max = config->max_body_bytes;
    return status;
}

static bool is_for_executor(const gbxi_mirrored *mirrored)
{
    const gbxi_mirror *self = mirrored->mirror;
    const gbxi_body *body = &mirrored->body;

    if (self->executor.submit == NULL)
        return false;
    if (body->too_long)
        return self->config.inline_body_bytes < body->bytes_max;
    return mirrored->req->entity.len > self->config.inline_body_bytes &&
           (body->kind == GBXI_BODY_JSON || body->kind == GBXI_BODY_GZIP);
}

static int refuse_head(h2o_req_t *req, gbx_error *error)
{
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_ALLOW, NULL,
                   H2O_STRLIT("GET, POST, PUT, PATCH, DELETE, OPTIONS"));
    gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "a trace has a body, so HEAD is not possible here");
    return 405;
}

/* Checks everything but the body's contents. */
static int check_request(gbxi_mirrored *mirrored, gbx_error *error)
{
    h2o_req_t *req = mirrored->req;
    int status = 0;

    if (gbxi_request_is_head(req))
        return refuse_head(req, error);
    if (mirrored->body.has_header)
        status = gbxi_optin_decode(req, mirrored->route.format, &mirrored->config, error);
    return status != 0 ? status : gbxi_body_check(&mirrored->body, req, error);
}

static void answer_mirrored(gbxi_mirrored *mirrored)
{
    gbx_error error = {0};
    int status = check_request(mirrored, &error);

    if (status != 0) {
        answer_request(mirrored, status, &error);
        return;
    }
    if (!is_for_executor(mirrored)) {
        status = read_here(mirrored, &error);
        if (!is_for_executor(mirrored)) {
            gbxi_mirrored_finish(mirrored, status, &error);
            return;
        }
    }
    if ((status = read_elsewhere(mirrored, &error)) != 0)
        answer_request(mirrored, status, &error);
}

static __attribute__((noinline)) int look_closer(gbxi_mirror *self, h2o_req_t *req)
{
    gbxi_mirrored mirrored = {.mirror = self, .req = req};

    /* A request that was redirected inside the server to a mirrored path is traced only once. */
    if (!gbxi_route_match(req, &mirrored.route) || gbxi_envelope_is_on(req))
        return -1;
    mirrored.body = gbxi_body_init(req);
    mirrored.body.format = mirrored.route.format;
    mirrored.body.bytes_max = self->config.max_body_bytes;
    mirrored.body.keep = self->config.keep_trace_config;
    mirrored.body.has_header = gbxi_optin_has_header(req);
    if (must_carry(&mirrored) && (gbxi_request_is_head(req) || !gbxi_body_may_carry(&mirrored.body, req)))
        return -1;
    answer_mirrored(&mirrored);
    return 0;
}

int gbxi_mirror_on_req(h2o_handler_t *super, h2o_req_t *req)
{
    gbxi_mirror *self = (gbxi_mirror *)super;

    if (__builtin_expect(gbxi_route_may_match(req), 0) && look_closer(self, req) == 0)
        return 0;
    return self->config.recorder != NULL ? gbxi_plain_on_req(self, req) : -1;
}
