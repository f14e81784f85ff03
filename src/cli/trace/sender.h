/* SPDX-License-Identifier: MIT */
/* Sends requests to one URL after the other, several at the same time, and passes the answers on as they come. */
#ifndef GBX_CLI_TRACE_SENDER_H
#define GBX_CLI_TRACE_SENDER_H

#include "cli/trace/answer.h"
#include "cli/trace/message.h"
#include "cli/trace/watch.h"

typedef struct gbxi_sender_options {
    const gbxi_message *message;
    CURLSH *session; /* cookies; NULL: none */
    gbxi_watch *watch;
    uint32_t repeat, concurrency;
    gbxi_answer_use *use;
    void *context;
} gbxi_sender_options;

/* Sends all requests to `target`, and returns when the last answer was passed on, or when there is no going on: what is
 * under way is then broken off. Returns the last verdict but ON and AGAIN, or ON. Errors: NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_sender_run(const gbxi_sender_options *options, const gbxi_trace_url *target,
                                     gbxi_answer_verdict *verdict, gbx_error *error);

#endif
