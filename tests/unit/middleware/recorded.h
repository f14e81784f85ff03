/* SPDX-License-Identifier: MIT */
/* A recorder for exchanges, and what its sink was given. One at a time.
 *
 * Usage: recorded_open, exchanges with /recorded and its like, recorded_close, then look at recorded_list. */
#ifndef GBX_TESTS_UNIT_MIDDLEWARE_RECORDED_H
#define GBX_TESTS_UNIT_MIDDLEWARE_RECORDED_H

#include "exchange.h"
#include <h2o.h>

enum { RECORDED_MAX = 8, RECORDED_NAMES_BYTES = 512 };

/* What the sink was given. */
typedef struct recorded {
    char method[40], path[1100], route[64], root[32], id[33], parent[17];
    uint32_t status, reasons, flags;
    uint64_t duration_ns;
    bool truncated;
    char names[RECORDED_NAMES_BYTES]; /* of the spans, in the order of their begins, each behind a blank */
} recorded;

extern recorded recorded_list[RECORDED_MAX];

/* Opens the exchanges anew, with a recorder of these rules. */
void recorded_open(const gbx_recorder_options *options);
/* The same with one that keeps everything. */
void recorded_open_all(void);

/* Ends the exchange and the recorder, and checks how many captures the sink was given. */
void recorded_close(exchange *x, size_t expected);

/* Frees everything. 0 if no capture is left. */
int recorded_end(exchange *x);

/* A handler with two spans, an ETag and the status 201. */
int recorded_answer(h2o_handler_t *self, h2o_req_t *req);

#endif
