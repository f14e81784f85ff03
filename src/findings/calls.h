/* SPDX-License-Identifier: MIT */
/* The calls of one trace as an array, with what rules ask of them: who called, with which arguments, which statement.
 *
 * The argument of a call is a number that tells calls of one frame apart. It comes from the arguments
 * in its name (frame_label.h), from the statement in the note `db.statement` (or `db.query.text`) and its note
 * `db.parameters`; a call that has none of these has the arguments of its children together. */
#ifndef GBX_FINDINGS_CALLS_H
#define GBX_FINDINGS_CALLS_H

#include "findings/places.h"
#include "store/stored.h"
#include <glassbox/read.h>

#define GBXI_CALL_NONE UINT32_MAX

typedef struct gbxi_call {
    uint64_t start_ns;
    uint64_t duration_ns;
    uint64_t children_ns; /* of the direct ones */
    uint64_t argument;    /* 0: nothing is known of it */
    uint64_t below;       /* the arguments of its children */
    uint32_t frame;       /* of the places */
    uint32_t parent;      /* index of the call that called it; GBXI_CALL_NONE: a root */
    uint32_t lane;
    uint32_t statement; /* of the places; GBXI_PLACE_NONE: it has none */
    uint32_t child_count;
    bool is_guessed; /* its argument has parts that were not recorded: placeholders, or the rest of a long statement */
    bool below_is_guessed;
    bool has_statement_argument;
} gbxi_call;

/* A failure, with the call that it happened in; GBXI_CALL_NONE: none was open. */
typedef struct gbxi_failed_call {
    uint32_t call;
    uint32_t reason; /* among the reasons of the calls */
} gbxi_failed_call;

/* Caller's memory, used for one trace after the other. A zeroed struct is empty. */
typedef struct gbxi_calls {
    gbxi_call *at; /* each call is behind its parent */
    uint32_t count;
    size_t capacity;
    gbxi_failed_call *failures;
    size_t failure_count, failure_capacity;
    gbxi_dictionary reasons;
    gbx_lane_facts *lanes;
    size_t lane_count, lane_capacity;
    uint64_t duration_ns;     /* of the trace */
    uint64_t unattributed_ns; /* of that: no root of any thread */
    bool truncated;
} gbxi_calls;

/* Reads the calls of a finished capture in the place of those before. Errors: false if memory is short. Cost: one pass
 * over the records. */
GBX_MUST_USE bool gbxi_calls_read(gbxi_calls *calls, gbxi_places *places, const gbx_capture *capture);
void gbxi_calls_fini(gbxi_calls *calls);

static inline uint64_t gbxi_call_self_ns(const gbxi_call *call)
{
    return call->duration_ns > call->children_ns ? call->duration_ns - call->children_ns : 0;
}

#endif
