/* SPDX-License-Identifier: MIT */
/* Whether a mirrored request may be captured: the limits of the gate and the host's permission.
 *
 * Thread: the request's event loop, for all functions. */
#ifndef GBX_MIDDLEWARE_ADMISSION_H
#define GBX_MIDDLEWARE_ADMISSION_H

#include "middleware/gate.h"
#include "middleware/mirror.h"
#include <glassbox/h2o.h>

/* Checks the limits without taking a place. Sets `on` to whether captures are switched on. Returns 0, or the status to
 * refuse the request with, which is then counted. */
int gbxi_admission_look(const gbxi_mirrored *mirrored, bool *on, gbx_error *error);

/* Asks the host for its permission. Returns 0, or the status to refuse the request with. */
int gbxi_admission_ask(gbxi_mirrored *mirrored, gbx_error *error);

/* Gives back the permission, if one was given and no capture has begun. */
void gbxi_admission_give_back(gbxi_mirrored *mirrored);

/* Prepares the response for a refusal by the gate, with the time after which the client may retry, and returns its
 * status. */
int gbxi_admission_refuse(h2o_req_t *req, gbxi_fate fate, uint32_t retry_after_s, gbx_error *error);

static inline bool gbxi_admission_is_refusal(gbxi_fate fate)
{
    return fate != GBXI_FATE_captured && fate != GBXI_FATE_off;
}

#endif
