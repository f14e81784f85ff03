/* SPDX-License-Identifier: MIT */
/* Owns the registration of the middleware, and what it has in a path configuration and in an event loop. */
#define _GNU_SOURCE
#include "base/versioned.h"
#include "http/hangup.h"
#include "middleware/analyst.h"
#include "middleware/errand.h"
#include "middleware/gate.h"
#include "middleware/mirror.h"

static_assert(sizeof(gbx_h2o_config) == 120 && sizeof(gbx_h2o_executor) == 32, "no padding without a name");

enum { MAX_BODY_BYTES_DEFAULT = 32 * 1024 * 1024, INLINE_BODY_BYTES_DEFAULT = 64 * 1024, OUTPUT_KEY_BYTES_MAX = 128 };

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
    return is_usable_key(config->output_key) && (config->handler_method == NULL || config->handler_method[0] != '\0') &&
           config->claim <= GBX_H2O_CLAIM_ON_REQUEST &&
           gbxi_reserved_check(config->reserved, sizeof(config->reserved), NULL) == GBX_ERR_OK;
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

/* The watcher of the request's event loop, created with the first capture there; NULL if there is no descriptor. */
gbxi_hangup *gbxi_mirror_hangup(gbxi_mirror *mirror, const h2o_req_t *req)
{
    h2o_context_t *context = req->conn->ctx;
    gbxi_mirror_local *local = gbxi_mirror_local_of(mirror, context);

    if (local != NULL && local->hangup == NULL && gbxi_hangup_open(context, &local->hangup) != GBX_ERR_OK)
        return NULL;
    return local != NULL ? local->hangup : NULL;
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
    gbx_recorder_unref(self->config.recorder);
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
    self->config.recorder = gbx_recorder_ref(config->recorder);
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
    self->super.on_req = gbxi_mirror_on_req;
    self->super.on_context_dispose = mirror_on_context_dispose;
    self->super.dispose = mirror_dispose;
    keep_config(self, &known, &clock);
    self->executor = executor;
    self->analyst = gbxi_analyst_of_recorder(self->config.recorder);
    return GBX_ERR_OK;
}
