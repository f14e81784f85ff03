/* SPDX-License-Identifier: MIT */
/* What is printed at the end. */
#ifndef GBX_CLI_TRACE_OUTCOME_H
#define GBX_CLI_TRACE_OUTCOME_H

#include "cli/trace/runs.h"
#include "cli/trace/times.h"
#include <glassbox/error.h>

typedef struct gbxi_trace_outcome {
    const char *store;
    const gbxi_found_runs *found; /* at least one run */
    gbxi_times *tally;            /* its times get sorted */
    bool interrupted;
    bool as_json;
} gbxi_trace_outcome;

/* Prints the runs, the counts and the first findings to standard output. Errors: IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_trace_outcome_print(const gbxi_trace_outcome *outcome, gbx_error *error);

#endif
