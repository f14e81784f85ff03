/* SPDX-License-Identifier: MIT */
/* What the recorder is told of one request when its capture is finished.
 *
 * Thread: the request's event loop. */
#ifndef GBX_MIDDLEWARE_RECORD_H
#define GBX_MIDDLEWARE_RECORD_H

#include "middleware/mirror.h"
#include <glassbox/capture.h>
#include <h2o.h>

typedef struct gbxi_record gbxi_record;

/* Whether a request that does not ask for a trace is captured for the recorder now. If so, it counts as under way until
 * its record ends, or gbxi_record_leave. */
bool gbxi_record_enter(const gbxi_mirror *mirror);
void gbxi_record_leave(const gbxi_mirror *mirror);

/* Notes what the request is, as the handler will see it. `entered` says that gbxi_record_enter was called for it; the
 * record then leaves. NULL if there is no recorder, or memory is short. Owns: the caller, until gbxi_record_end. */
gbxi_record *gbxi_record_new(const gbxi_mirror *mirror, const h2o_req_t *req, const gbx_capture *capture,
                             const gbxi_trace_config *config, bool entered);

/* Offers the capture, which is finished, and frees the record. `status` is 0 if there was no response. NULL is allowed,
 * as is a NULL capture, which is not offered. */
void gbxi_record_end(gbxi_record *record, gbx_capture *capture, int status, bool asked);

#endif
