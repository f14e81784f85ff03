/* SPDX-License-Identifier: MIT */
/* How a capture ended: what a recorder decides by. Other libraries of Glassbox use it, so the function is exported. */
#ifndef GBX_CAPTURE_OUTCOME_H
#define GBX_CAPTURE_OUTCOME_H

#include <glassbox/capture.h>

typedef struct gbxi_outcome {
    uint64_t duration_ns;  /* start to finish */
    int64_t start_unix_ns; /* wall clock at the start */
    size_t memory_bytes;   /* that all lanes record into */
    bool failed;           /* as in gbx_capture_facts */
} gbxi_outcome;

/* Reads the outcome of a capture. Unlike gbx_capture_facts_get, it does not make the capture's trace id, which costs as
 * much as recording 50 spans. Errors: GBX_ERR_STATE (not finished; `outcome` is all zero then). Thread: any. */
GBX_API gbx_err gbxi_outcome_get(const gbx_capture *capture, gbxi_outcome *outcome);

#endif
