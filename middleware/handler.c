/* SPDX-License-Identifier: MIT */
/* Owns the registration of the middleware, and the checks of a request before the handler sees it. */
#define _GNU_SOURCE
#include "base/cut.h"
#include "base/versioned.h"
#include "http/headers.h"
#include "http/problem.h"
#include "middleware/envelope.h"
#include "middleware/headers.h"
#include "middleware/route.h"
#include <glassbox/h2o.h>

static_assert(sizeof(gbx_h2o_config) == 72 && sizeof(gbx_h2o_grant) == 16, "no padding without a name");

enum { MAX_BODY_BYTES_DEFAULT = 32 * 1024 * 1024, OUTPUT_KEY_BYTES_MAX = 128 };

typedef struct mirror_handler {
    h2o_handler_t super;
    gbx_h2o_config config; /* its clock is `clock`; its redaction and gate are referenced, the gate is never NULL */
    gbx_clock clock;
    h2o_iovec_t method; /* empty: the client's method */
} mirror_handler;

/* Returns 0, or the status to refuse the request with. */
static int check_body(const mirror_handler *self, const h2o_req_t *req, gbx_error *error)
{
    if (gbxi_request_media(req) != GBXI_MEDIA_JSON) {
        gbx_error_set(error, GBX_ERR_TYPE, NULL, "the request's content type is not JSON");
        return 415;
    }
    if (req->entity.len > self->config.max_body_bytes) {
        gbx_error_set(error, GBX_ERR_LIMIT, NULL, "the request's body has %zu bytes; at most %zu are allowed",
                      req->entity.len, self->config.max_body_bytes);
        return 413;
    }
    return 0;
}

static int decode_body(const h2o_req_t *req, gbx_format format, gbxi_trace_config *config, gbx_error *error)
{
    const char *text = req->entity.len > 0 ? req->entity.base : "";
    gbxi_json_document *document = NULL;
    gbx_err err = gbxi_json_parse(text, req->entity.len, &document, error);
    int status = 0;

    if (err != GBX_ERR_OK) {
        status = gbxi_problem_status(err);
        goto Exit;
    }
    if (gbxi_json_typeof(gbxi_json_root(document)) != GBXI_JSON_OBJECT) {
        gbx_error_set(error, GBX_ERR_TYPE, NULL, "the request's body is not a JSON object");
        status = 400;
        goto Exit;
    }
    err = gbxi_trace_config_decode(gbxi_json_root(document), format, config, error);
    if (err != GBX_ERR_OK)
        status = gbxi_problem_status(err);
Exit:
    gbxi_json_free(document);
    return status;
}

/* A host compiled with a later version may set a restriction that is not known here. Such a request is refused. */
static gbx_h2o_verdict call_permit(const mirror_handler *self, h2o_req_t *req, gbx_h2o_grant *grant, gbx_error *error)
{
    union {
        gbx_h2o_grant known;
        unsigned char bytes[GBX_H2O_GRANT_BYTES_MAX];
    } room = {.bytes = {0}};
    gbx_h2o_verdict verdict;

    room.known.size = sizeof(room.known);
    verdict = self->config.permit(req, self->config.permit_context, &room.known, error);
    room.known.size = sizeof(room);
    if (verdict == GBX_H2O_GRANTED &&
        (gbxi_options_read(grant, sizeof(*grant), GBXI_SIZE_THROUGH(gbx_h2o_grant, reserved), &room, error) !=
             GBX_ERR_OK ||
         gbxi_reserved_check(&grant->reserved, sizeof(grant->reserved), error) != GBX_ERR_OK))
        return GBX_H2O_REFUSED;
    return verdict;
}

/* Returns 0, or the status to refuse the capture with. */
static int ask_permission(const mirror_handler *self, h2o_req_t *req, gbxi_trace_config *config, gbx_error *error)
{
    gbx_h2o_grant grant = {0};
    gbx_h2o_verdict verdict = GBX_H2O_GRANTED;

    if (self->config.permit != NULL)
        verdict = call_permit(self, req, &grant, error);
    if (verdict == GBX_H2O_GRANTED) {
        if (grant.max_spans != 0 && config->max_spans > grant.max_spans)
            config->max_spans = grant.max_spans;
        return 0;
    }
    error->pointer[0] = '\0'; /* the error does not concern a field of the body */
    if (verdict != GBX_H2O_MISSING)
        return 403;
    if (h2o_find_header(&req->res.headers, H2O_TOKEN_WWW_AUTHENTICATE, -1) == -1)
        h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_WWW_AUTHENTICATE, NULL,
                       H2O_STRLIT("Bearer realm=\"glassbox\""));
    return 401;
}

/* Creates a capture for the request as the handler will see it. */
static gbx_capture *new_capture(const mirror_handler *self, const h2o_req_t *req, const gbxi_trace_config *config)
{
    gbx_capture_options options = {.size = sizeof(options),
                                   .max_spans = config->max_spans,
                                   .max_depth = config->max_depth,
                                   .clock = self->config.clock,
                                   .redaction = self->config.redaction};
    size_t path_length = req->query_at != SIZE_MAX ? req->query_at : req->path.len;
    char name[sizeof(config->name)];
    int wanted = snprintf(name, sizeof(name), "%.*s %.*s", (int)req->method.len, req->method.base,
                          (int)(path_length < sizeof(name) ? path_length : sizeof(name)), req->path.base);

    gbxi_cut_printed(name, wanted, sizeof(name));
    options.name = config->name[0] != '\0' ? config->name : name;
    gbxi_headers_trace_id(req, options.trace_id);
    return gbx_capture_new(&options);
}

/* Refuses a capture, with the time after which the client may retry. */
static int refuse_capture(h2o_req_t *req, gbxi_fate fate, uint32_t retry_after_s, gbx_error *error)
{
    bool no_memory = fate == GBXI_FATE_refused_memory;

    gbxi_problem_retry_after(req, retry_after_s);
    gbx_error_set(error, no_memory ? GBX_ERR_NO_MEMORY : GBX_ERR_LIMIT, NULL, "%s", gbxi_fate_text(fate));
    return no_memory ? 503 : 429;
}

static bool is_refusal(gbxi_fate fate)
{
    return fate != GBXI_FATE_captured && fate != GBXI_FATE_off;
}

/* Checks whether a capture may begin, without creating it. Returns 0, or the status to refuse it with. Limits are
 * checked first, so that a refused request does not count as a use of its permission. */
static int admit_capture(const mirror_handler *self, h2o_req_t *req, gbxi_trace_config *config, gbx_error *error)
{
    gbx_gate *gate = self->config.gate;
    uint32_t retry_after_s;
    gbxi_fate fate = gbxi_gate_look(gate, &retry_after_s);

    if (fate == GBXI_FATE_captured)
        return ask_permission(self, req, config, error);
    if (!is_refusal(fate))
        return 0;
    gbxi_gate_count(gate, fate);
    return refuse_capture(req, fate, retry_after_s, error);
}

/* The watcher of the request's event loop, created with the first capture there; NULL if there is no descriptor. */
static gbxi_hangup *hangup_of(mirror_handler *self, const h2o_req_t *req)
{
    h2o_context_t *context = req->conn->ctx;
    gbxi_hangup *hangup = h2o_context_get_handler_context(context, &self->super);

    if (hangup == NULL && gbxi_hangup_open(context, &hangup) == GBX_ERR_OK)
        h2o_context_set_handler_context(context, &self->super, hangup);
    return hangup;
}

/* Creates the envelope, and the capture if the request asks for one and the gate permits it. Returns 0, or the status
 * to refuse the request with. */
static int wrap_request(mirror_handler *self, h2o_req_t *req, const gbxi_trace_config *config, gbxi_envelope **envelope,
                        gbx_error *error)
{
    gbx_gate *gate = self->config.gate;
    uint32_t retry_after_s = 1;
    gbxi_fate fate = config->capture_traces ? gbxi_gate_enter(gate, &retry_after_s) : GBXI_FATE_off;
    gbx_capture *capture = fate == GBXI_FATE_captured ? new_capture(self, req, config) : NULL;

    if (fate == GBXI_FATE_off || capture != NULL)
        *envelope = gbxi_envelope_new(req, self->config.output_key, config, capture);
    if (*envelope != NULL && capture != NULL) {
        gbxi_envelope_hold(*envelope, gate, hangup_of(self, req), req);
    } else if (*envelope == NULL && !is_refusal(fate)) {
        gbx_capture_unref(capture);
        if (fate == GBXI_FATE_captured)
            gbxi_gate_leave(gate);
        fate = GBXI_FATE_refused_memory;
    }
    if (config->capture_traces)
        gbxi_gate_count(gate, fate);
    return *envelope != NULL ? 0 : refuse_capture(req, fate, retry_after_s, error);
}

static int answer_mirrored(mirror_handler *self, h2o_req_t *req, const gbxi_route *route)
{
    gbxi_trace_config config = {0};
    gbx_error error = {0};
    gbxi_envelope *envelope = NULL;
    int status;

    /* The request was redirected inside the server to a mirrored path; it is traced only once. */
    if (gbxi_envelope_is_on(req))
        return -1;
    status = check_body(self, req, &error);
    if (status == 0)
        status = decode_body(req, route->format, &config, &error);
    if (status == 0) {
        gbxi_route_strip(req, route);
        gbxi_headers_make_unconditional(req);
        if (self->method.len > 0)
            req->method = self->method;
        if (config.capture_traces)
            status = admit_capture(self, req, &config, &error);
    }
    if (status == 0)
        status = wrap_request(self, req, &config, &envelope, &error);
    if (status == 0)
        gbxi_envelope_delegate(envelope, req, &self->super);
    else
        gbxi_problem_send(req, status, &error);
    return 0;
}

static __attribute__((noinline)) int look_closer(mirror_handler *self, h2o_req_t *req)
{
    gbxi_route route;

    return gbxi_route_match(req, &route) ? answer_mirrored(self, req, &route) : -1;
}

/* Called for every request of the path configuration. */
static int mirror_on_req(h2o_handler_t *super, h2o_req_t *req)
{
    if (__builtin_expect(!gbxi_route_may_match(req), 1))
        return -1;
    return look_closer((mirror_handler *)super, req);
}

static bool is_usable_key(const char *key)
{
    static const char *const taken[] = {"traces", "output_encoding", "trace_error"};
    size_t length = strlen(key);

    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
        if (strcmp(key, taken[i]) == 0)
            return false;
    return length > 0 && length <= OUTPUT_KEY_BYTES_MAX;
}

static bool is_usable(const gbx_h2o_config *config)
{
    return is_usable_key(config->output_key) && (config->handler_method == NULL || config->handler_method[0] != '\0');
}

static void mirror_on_context_dispose(h2o_handler_t *super, h2o_context_t *context)
{
    gbxi_hangup_close(h2o_context_get_handler_context(context, super));
}

static void mirror_dispose(h2o_handler_t *super)
{
    mirror_handler *self = (mirror_handler *)super;

    gbx_redaction_unref(self->config.redaction);
    gbx_gate_unref(self->config.gate);
    free((char *)self->config.output_key);
    free(self->method.base);
}

/* Copies or references the members that the config borrows. */
static void keep_config(mirror_handler *self, const gbx_h2o_config *config, const gbx_clock *clock)
{
    self->config = *config;
    self->config.output_key = h2o_strdup(NULL, config->output_key, SIZE_MAX).base;
    self->config.redaction = gbx_redaction_ref(config->redaction);
    self->config.gate = gbx_gate_ref(config->gate != NULL ? config->gate : gbxi_gate_shared());
    if (config->clock != NULL && config->clock != gbx_clock_monotonic()) {
        self->clock = *clock;
        self->config.clock = &self->clock;
    }
    if (config->handler_method != NULL)
        self->method = h2o_strdup(NULL, config->handler_method, SIZE_MAX);
    self->config.handler_method = NULL;
}

gbx_err gbx_h2o_register(h2o_pathconf_t *pathconf, const gbx_h2o_config *config)
{
    gbx_h2o_config known;
    gbx_clock clock;
    mirror_handler *self;

    if (pathconf == NULL ||
        gbxi_options_read(&known, sizeof(known), GBXI_SIZE_THROUGH(gbx_h2o_config, gate), config, NULL) != GBX_ERR_OK)
        return GBX_ERR_ARGUMENT;
    if (gbxi_options_read(&clock, sizeof(clock), GBXI_SIZE_THROUGH(gbx_clock, context), known.clock, NULL) !=
        GBX_ERR_OK)
        return GBX_ERR_ARGUMENT;
    if (known.output_key == NULL)
        known.output_key = "output";
    if (known.max_body_bytes == 0)
        known.max_body_bytes = MAX_BODY_BYTES_DEFAULT;
    if (!is_usable(&known))
        return GBX_ERR_ARGUMENT;
    self = (mirror_handler *)h2o_create_handler(pathconf, sizeof(*self));
    self->super.on_req = mirror_on_req;
    self->super.on_context_dispose = mirror_on_context_dispose;
    self->super.dispose = mirror_dispose;
    keep_config(self, &known, &clock);
    return GBX_ERR_OK;
}
