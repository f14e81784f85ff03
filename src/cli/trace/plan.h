/* SPDX-License-Identifier: MIT */
/* What a person wants traced: the options of glassbox trace. */
#ifndef GBX_CLI_TRACE_PLAN_H
#define GBX_CLI_TRACE_PLAN_H

#include "cli/option.h"

/* Filled by the rows of src/cli/trace.c. */
typedef struct gbxi_trace_plan {
    gbxi_value_list urls, headers, cookies;
    const char *method, *body, *login, *login_url, *login_fields, *token, *keep, *store, *log, *cacert;
    char *const *command; /* that starts the service; NULL: it runs elsewhere */
    uint64_t duration_s, wait_s, timeout_s;
    uint32_t repeat, concurrency, format;
    bool insecure;
} gbxi_trace_plan;

/* Does what the plan says. Returns the exit status. */
int gbxi_trace_plan_run(const gbxi_trace_plan *plan);

#endif
