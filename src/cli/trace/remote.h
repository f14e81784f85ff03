/* SPDX-License-Identifier: MIT */
/* Traces that a service elsewhere answers with: they are read, and stored in a run of our own. */
#ifndef GBX_CLI_TRACE_REMOTE_H
#define GBX_CLI_TRACE_REMOTE_H

#include "cli/trace/answer.h"
#include "store/store.h"

#define GBXI_REMOTE_SUFFIX "/full"

/* Zeroed: closed. */
typedef struct gbxi_remote {
    gbxi_store *store;
    gbx_sink sink;
    uint64_t flushed_ns;
    uint64_t guessed; /* calls whose place in the code is a guess */
    uint32_t waits;   /* that servers have asked for, since the last trace */
    uint64_t waits_until_ns;
} gbxi_remote;

/* Opens the store, and begins a run of what `program` names. Owns: the caller, until gbxi_remote_close. Errors: those
 * of gbxi_store_open. */
GBX_MUST_USE gbx_err gbxi_remote_open(gbxi_remote *remote, const char *store, const char *program, gbx_error *error);

/* What one answer told. */
typedef struct gbxi_remote_result {
    gbxi_answer_verdict verdict;
    uint32_t status;      /* the handler's */
    uint64_t duration_ns; /* of the trace */
} gbxi_remote_result;

/* Stores the trace of an answer. Errors: an answer that has none, in a sentence that says what to do; the verdict of
 * the result counts then too. With the verdict AGAIN there is no error and no trace. */
GBX_MUST_USE gbx_err gbxi_remote_take(gbxi_remote *remote, const gbxi_answer *answer, const char *method,
                                      gbxi_remote_result *result, gbx_error *error);

/* Commits what has waited for a second. Errors: those of the store. */
GBX_MUST_USE gbx_err gbxi_remote_flush(gbxi_remote *remote, gbx_error *error);

/* Ends the run. Errors: those of the store. */
GBX_MUST_USE gbx_err gbxi_remote_close(gbxi_remote *remote, gbx_error *error);

#endif
