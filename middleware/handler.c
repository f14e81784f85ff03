/* SPDX-License-Identifier: MIT */
/* Owns the registration of the middleware, and the way of a request through the checks to the handler. */
#define _GNU_SOURCE
#include "base/cut.h"
#include "base/versioned.h"
#include "http/hangup.h"
#include "http/problem.h"
#include "middleware/admission.h"
#include "middleware/body.h"
#include "middleware/envelope.h"
#include "middleware/errand.h"
#include "middleware/headers.h"
#include "middleware/input.h"
#include "middleware/reading.h"
#include "middleware/route.h"

static_assert(sizeof(gbx_h2o_config) == 104 && sizeof(gbx_h2o_executor) == 32, "no padding without a name");

enum {
    MAX_BODY_BYTES_DEFAULT = 32 * 1024 * 1024,
    INLINE_BODY_BYTES_DEFAULT = 64 * 1024,
    OUTPUT_KEY_BYTES_MAX = 128,
    RETRY_AFTER_S = 1
};

/* Copies what fits before `end`, and returns the end of it. */
static char *name_put(char *at, const char *end, const char *text, size_t length)
{
    size_t room = (size_t)(end - at);

    memcpy(at, text, length < room ? length : room);
    return at + (length < room ? length : room);
}

/* Names a capture after the request: its method and its path, cut to `size` - 1 bytes. */
static void name_request(char *name, size_t size, const h2o_req_t *req)
{
    size_t path_length = req->query_at != SIZE_MAX ? req->query_at : req->path.len;
    char *end = name + size, *at = name_put(name, end, req->method.base, req->method.len);

    at = name_put(at, end, " ", 1);
    at = name_put(at, end, req->path.base, path_length);
    name[gbxi_cut(name, (size_t)(at - name), size - 1)] = '\0';
}

/* Creates a capture for the request as the handler will see it. */
static gbx_capture *new_capture(const gbxi_mirror *self, const h2o_req_t *req, const gbxi_trace_config *config)
{
    gbx_capture_options options = {.size = sizeof(options),
                                   .max_spans = config->max_spans,
                                   .max_depth = config->max_depth,
                                   .clock = self->config.clock,
                                   .redaction = self->config.redaction};
    char name[sizeof(config->name)];

    options.name = config->name;
    if (config->name[0] == '\0') {
        name_request(name, sizeof(name), req);
        options.name = name;
    }
    gbxi_headers_trace_id(req, options.trace_id);
    return gbx_capture_new(&options);
}

/* The watcher of the request's event loop, created with the first capture there; NULL if there is no descriptor. */
gbxi_hangup *gbxi_mirror_hangup(gbxi_mirror *mirror, const h2o_req_t *req)
{
    h2o_context_t *context = req->conn->ctx;
    gbxi_mirror_local *local = gbxi_mirror_local_of(mirror, context);

    if (local != NULL && local->hangup == NULL && gbxi_hangup_open(context, &local->hangup) != GBX_ERR_OK)
        return NULL;
    return local != NULL ? local->hangup : NULL;
}

/* Creates the envelope, and the capture if the request asks for one and the gate permits it. Returns 0, or the status
 * to refuse the request with. */
static int wrap_request(gbxi_mirrored *mirrored, gbxi_envelope **envelope, gbx_error *error)
{
    const gbxi_mirror *self = mirrored->mirror;
    const gbxi_trace_config *config = &mirrored->config;
    h2o_req_t *req = mirrored->req;
    gbx_gate *gate = self->config.gate;
    uint32_t retry_after_s = 1;
    gbxi_fate fate = config->capture_traces ? gbxi_gate_enter(gate, &retry_after_s) : GBXI_FATE_off;
    gbx_capture *capture = fate == GBXI_FATE_captured ? new_capture(self, req, config) : NULL;

    if (fate == GBXI_FATE_off || capture != NULL)
        *envelope = gbxi_envelope_new(mirrored, capture);
    if (*envelope != NULL && capture != NULL) {
        gbxi_envelope_hold(*envelope);
        mirrored->granted = false; /* the permission is used now */
    } else if (*envelope == NULL && !gbxi_admission_is_refusal(fate)) {
        gbx_capture_unref(capture);
        if (fate == GBXI_FATE_captured)
            gbxi_gate_leave(gate);
        fate = GBXI_FATE_refused_memory;
    }
    if (config->capture_traces)
        gbxi_gate_count(gate, fate);
    return *envelope != NULL ? 0 : gbxi_admission_refuse(req, fate, retry_after_s, error);
}

static void limit_to_grant(gbxi_mirrored *mirrored)
{
    uint32_t max_spans = mirrored->granted ? mirrored->grant.max_spans : 0;

    if (max_spans != 0 && mirrored->config.max_spans > max_spans)
        mirrored->config.max_spans = max_spans;
}

void gbxi_mirrored_answer(gbxi_mirrored *mirrored, int status, gbx_error *error)
{
    gbxi_envelope *envelope = NULL;

    limit_to_grant(mirrored);
    if (status == 0)
        status = wrap_request(mirrored, &envelope, error);
    gbxi_admission_give_back(mirrored);
    if (status == 0)
        gbxi_envelope_delegate(envelope, mirrored->req, &mirrored->mirror->super);
    else
        gbxi_problem_send(mirrored->req, status, error);
}

/* Makes the request what the handler will see. */
static void strip_request(gbxi_mirrored *mirrored, const gbxi_route *route)
{
    h2o_req_t *req = mirrored->req;

    mirrored->strips_input = gbxi_input_is_path(req);
    gbxi_route_strip(req, route);
    gbxi_headers_make_unconditional(req);
    if (mirrored->mirror->method.len > 0)
        req->method = mirrored->mirror->method;
}

/* The loop reads the body. Limits are checked before the permission, so that a refused request does not count as a use.
 */
static int decide_here(gbxi_mirrored *mirrored, const gbxi_route *route, gbx_error *error)
{
    const h2o_req_t *req = mirrored->req;
    int status = gbxi_body_decode(req->entity.base, req->entity.len, route->format, &mirrored->config, error);
    bool on;

    if (status != 0)
        return status;
    strip_request(mirrored, route);
    if (!mirrored->config.capture_traces)
        return 0;
    status = gbxi_admission_look(mirrored, &on, error);
    return status == 0 && on ? gbxi_admission_ask(mirrored, error) : status;
}

/* The executor reads the body, if the request may be captured at all. Returns 0 if the executor has taken it. */
static int decide_elsewhere(gbxi_mirrored *mirrored, const gbxi_route *route, gbx_error *error)
{
    int status;
    bool on;

    strip_request(mirrored, route);
    status = gbxi_admission_ask(mirrored, error);
    if (status == 0)
        status = gbxi_admission_look(mirrored, &on, error);
    if (status != 0 || gbxi_reading_begin(mirrored, error) == GBX_ERR_OK)
        return status;
    gbxi_problem_retry_after(mirrored->req, RETRY_AFTER_S);
    return 503;
}

static bool is_for_executor(const gbxi_mirror *self, const h2o_req_t *req)
{
    return self->executor.submit != NULL && req->entity.len > self->config.inline_body_bytes;
}

static int answer_mirrored(gbxi_mirror *self, h2o_req_t *req, const gbxi_route *route)
{
    gbxi_mirrored mirrored = {.mirror = self, .req = req, .format = route->format};
    gbx_error error = {0};
    int status;

    /* The request was redirected inside the server to a mirrored path; it is traced only once. */
    if (gbxi_envelope_is_on(req))
        return -1;
    status = gbxi_body_check(req, self->config.max_body_bytes, &error);
    if (status == 0 && is_for_executor(self, req)) {
        if ((status = decide_elsewhere(&mirrored, route, &error)) == 0)
            return 0;
    } else if (status == 0) {
        status = decide_here(&mirrored, route, &error);
    }
    gbxi_mirrored_answer(&mirrored, status, &error);
    return 0;
}

static __attribute__((noinline)) int look_closer(gbxi_mirror *self, h2o_req_t *req)
{
    gbxi_route route;

    return gbxi_route_match(req, &route) ? answer_mirrored(self, req, &route) : -1;
}

/* Called for every request of the path configuration. */
static int mirror_on_req(h2o_handler_t *super, h2o_req_t *req)
{
    if (__builtin_expect(!gbxi_route_may_match(req), 1))
        return -1;
    return look_closer((gbxi_mirror *)super, req);
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

/* Reads the structs that a config points to. */
static bool read_parts(const gbx_h2o_config *config, gbx_clock *clock, gbx_h2o_executor *executor)
{
    return gbxi_options_read(clock, sizeof(*clock), GBXI_SIZE_THROUGH(gbx_clock, context), config->clock, NULL) ==
               GBX_ERR_OK &&
           gbxi_options_read(executor, sizeof(*executor), GBXI_SIZE_THROUGH(gbx_h2o_executor, context),
                             config->executor, NULL) == GBX_ERR_OK &&
           (config->executor == NULL || executor->submit != NULL);
}

gbxi_mirror_local *gbxi_mirror_local_of(gbxi_mirror *mirror, h2o_context_t *context)
{
    gbxi_mirror_local *local = h2o_context_get_handler_context(context, &mirror->super);

    if (local == NULL && (local = calloc(1, sizeof(*local))) != NULL)
        h2o_context_set_handler_context(context, &mirror->super, local);
    return local;
}

static void mirror_on_context_dispose(h2o_handler_t *super, h2o_context_t *context)
{
    gbxi_mirror_local *local = h2o_context_get_handler_context(context, super);

    if (local == NULL)
        return;
    gbxi_errand_close(local->inbox, context);
    gbxi_hangup_close(local->hangup);
    free(local->spare);
    free(local);
}

static void mirror_dispose(h2o_handler_t *super)
{
    gbxi_mirror *self = (gbxi_mirror *)super;

    gbx_redaction_unref(self->config.redaction);
    gbx_gate_unref(self->config.gate);
    free((char *)self->config.output_key);
    free((char *)self->config.source_root);
    free(self->method.base);
}

/* Copies or references the members that the config borrows. */
static void keep_config(gbxi_mirror *self, const gbx_h2o_config *config, const gbx_clock *clock)
{
    self->config = *config;
    self->config.output_key = h2o_strdup(NULL, config->output_key, SIZE_MAX).base;
    if (config->source_root != NULL)
        self->config.source_root = h2o_strdup(NULL, config->source_root, SIZE_MAX).base;
    self->config.redaction = gbx_redaction_ref(config->redaction);
    self->config.gate = gbx_gate_ref(config->gate != NULL ? config->gate : gbxi_gate_shared());
    if (config->clock != NULL && config->clock != gbx_clock_monotonic()) {
        self->clock = *clock;
        self->config.clock = &self->clock;
    }
    if (config->handler_method != NULL)
        self->method = h2o_strdup(NULL, config->handler_method, SIZE_MAX);
    self->config.handler_method = NULL;
    self->config.executor = NULL; /* copied, if there is one */
}

gbx_err gbx_h2o_register(h2o_pathconf_t *pathconf, const gbx_h2o_config *config)
{
    gbx_h2o_config known;
    gbx_clock clock;
    gbx_h2o_executor executor;
    gbxi_mirror *self;

    if (pathconf == NULL ||
        gbxi_options_read(&known, sizeof(known), GBXI_SIZE_THROUGH(gbx_h2o_config, gate), config, NULL) != GBX_ERR_OK)
        return GBX_ERR_ARGUMENT;
    if (!read_parts(&known, &clock, &executor))
        return GBX_ERR_ARGUMENT;
    if (known.output_key == NULL)
        known.output_key = "output";
    if (known.max_body_bytes == 0)
        known.max_body_bytes = MAX_BODY_BYTES_DEFAULT;
    if (known.inline_body_bytes == 0)
        known.inline_body_bytes = INLINE_BODY_BYTES_DEFAULT;
    if (!is_usable(&known))
        return GBX_ERR_ARGUMENT;
    self = (gbxi_mirror *)h2o_create_handler(pathconf, sizeof(*self));
    self->super.on_req = mirror_on_req;
    self->super.on_context_dispose = mirror_on_context_dispose;
    self->super.dispose = mirror_dispose;
    keep_config(self, &known, &clock);
    self->executor = executor;
    return GBX_ERR_OK;
}
