/* SPDX-License-Identifier: MIT */
/* Asks the gate and the host. */
#define _GNU_SOURCE
#include "middleware/admission.h"
#include "base/versioned.h"
#include "http/problem.h"

static_assert(sizeof(gbx_h2o_grant) == 48, "no padding without a name");

int gbxi_admission_refuse(h2o_req_t *req, gbxi_fate fate, uint32_t retry_after_s, gbx_error *error)
{
    bool no_memory = fate == GBXI_FATE_refused_memory;

    gbxi_problem_retry_after(req, retry_after_s);
    gbx_error_set(error, no_memory ? GBX_ERR_NO_MEMORY : GBX_ERR_LIMIT, NULL, "%s", gbxi_fate_text(fate));
    return no_memory ? 503 : 429;
}

int gbxi_admission_look(const gbxi_mirrored *mirrored, bool *on, gbx_error *error)
{
    gbx_gate *gate = mirrored->mirror->config.gate;
    uint32_t retry_after_s;
    gbxi_fate fate = gbxi_gate_look(gate, &retry_after_s);

    *on = fate != GBXI_FATE_off;
    if (!gbxi_admission_is_refusal(fate))
        return 0;
    gbxi_gate_count(gate, fate);
    return gbxi_admission_refuse(mirrored->req, fate, retry_after_s, error);
}

/* A host compiled with a later version may set a restriction that is not known here. Such a request is refused. */
static gbx_h2o_verdict admission_call_permit(const gbx_h2o_config *config, h2o_req_t *req, gbx_h2o_grant *grant,
                                             gbx_error *error)
{
    union {
        gbx_h2o_grant known;
        unsigned char bytes[GBX_H2O_GRANT_BYTES_MAX];
    } room = {.bytes = {0}};
    gbx_h2o_grant checked;
    gbx_h2o_verdict verdict;

    room.known.size = sizeof(room.known);
    verdict = config->permit(req, config->permit_context, &room.known, error);
    if (verdict != GBX_H2O_GRANTED)
        return verdict;
    *grant = room.known;
    room.known.size = sizeof(room);
    if (gbxi_options_read(&checked, sizeof(checked), GBXI_SIZE_THROUGH(gbx_h2o_grant, reserved), &room, error) ==
            GBX_ERR_OK &&
        gbxi_reserved_check(&grant->reserved, sizeof(grant->reserved), error) == GBX_ERR_OK)
        return GBX_H2O_GRANTED;
    if (config->give_back != NULL)
        config->give_back(config->permit_context, grant);
    return GBX_H2O_REFUSED;
}

int gbxi_admission_ask(gbxi_mirrored *mirrored, gbx_error *error)
{
    const gbx_h2o_config *config = &mirrored->mirror->config;
    h2o_req_t *req = mirrored->req;
    gbx_h2o_verdict verdict;

    if (config->permit == NULL)
        return 0;
    verdict = admission_call_permit(config, req, &mirrored->grant, error);
    mirrored->granted = verdict == GBX_H2O_GRANTED;
    if (mirrored->granted)
        return 0;
    error->pointer[0] = '\0'; /* the error does not concern a field of the body */
    if (verdict != GBX_H2O_MISSING)
        return 403;
    if (h2o_find_header(&req->res.headers, H2O_TOKEN_WWW_AUTHENTICATE, -1) == -1)
        h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_WWW_AUTHENTICATE, NULL,
                       H2O_STRLIT("Bearer realm=\"glassbox\""));
    return 401;
}

void gbxi_admission_give_back(gbxi_mirrored *mirrored)
{
    const gbx_h2o_config *config = &mirrored->mirror->config;

    if (mirrored->granted && config->give_back != NULL)
        config->give_back(config->permit_context, &mirrored->grant);
    mirrored->granted = false;
}
