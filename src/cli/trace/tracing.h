/* SPDX-License-Identifier: MIT */
/* What the parts of one course of glassbox trace share. */
#ifndef GBX_CLI_TRACE_TRACING_H
#define GBX_CLI_TRACE_TRACING_H

#include "cli/trace/message.h"
#include "cli/trace/plan.h"
#include "cli/trace/remote.h"
#include "cli/trace/runs.h"
#include "cli/trace/secret.h"
#include "cli/trace/watch.h"

/* Owns: what it points to but the plan and the error, until fini. */
typedef struct gbxi_tracing {
    const gbxi_trace_plan *plan;
    char *store; /* absolute */
    gbxi_trace_url *targets;
    gbxi_message message;
    gbxi_secret credentials;
    CURLSH *session;
    gbxi_child service;
    gbxi_remote remote;
    gbxi_progress progress;
    gbxi_watch watch;
    gbxi_times tally;
    gbxi_known_runs known;
    gbxi_found_runs found;
    uint32_t faults; /* answers that did not come, in a row */
    bool told;       /* an error of this URL */
    bool failed;     /* something was said that makes the command fail */
    gbx_error *error;
} gbxi_tracing;

/* Makes everything ready that needs no service: what is wrong with the options is found here. Hides the secrets among
 * them. Errors: ARGUMENT, IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_tracing_prepare(gbxi_tracing *t);
void gbxi_tracing_fini(gbxi_tracing *t);

/* Sends all requests. Errors: NO_MEMORY, STATE if the service has ended; an answer that is none is told, and counted.
 */
GBX_MUST_USE gbx_err gbxi_tracing_send(gbxi_tracing *t);

/* Tells an error after which the rest goes on. */
static inline void gbxi_tracing_complain(gbxi_tracing *t, const gbx_error *error)
{
    gbxi_progress_say(&t->progress, "%s", error->text);
    t->failed = true;
}

/* Whether the service runs elsewhere. */
static inline bool gbxi_tracing_is_remote(const gbxi_tracing *t)
{
    return t->plan->command == NULL;
}

/* Whether a signal has come. */
static inline bool gbxi_tracing_is_interrupted(const gbxi_tracing *t)
{
    return t->watch.signal != 0;
}

#endif
