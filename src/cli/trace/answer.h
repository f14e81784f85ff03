/* SPDX-License-Identifier: MIT */
/* The answer to one request, and what follows it. */
#ifndef GBX_CLI_TRACE_ANSWER_H
#define GBX_CLI_TRACE_ANSWER_H

#include "cli/trace/url.h"
#include <stddef.h>
#include <stdint.h>

/* An answer, or why there is none. Borrowed during the call. */
typedef struct gbxi_answer {
    const gbxi_trace_url *target;
    const char *fault; /* why there is no whole answer; NULL: there is one */
    bool began;        /* a part of it came */
    uint32_t status;   /* 0: none came */
    uint64_t took_ns;
    const char *body;
    size_t length;
    bool has_capture;       /* header Glassbox-Capture */
    bool is_captured;       /* it says "captured" */
    uint32_t output_status; /* Glassbox-Output-Status; 0: none */
    uint32_t retry_after_s; /* 0: none */
} gbxi_answer;

/* What follows an answer. */
typedef enum gbxi_answer_verdict {
    GBXI_ANSWER_ON,
    GBXI_ANSWER_AGAIN,    /* the same request once more, not before `retry_after_s`, or a second */
    GBXI_ANSWER_NEXT_URL, /* no more requests to this URL */
    GBXI_ANSWER_STOP      /* no more requests */
} gbxi_answer_verdict;

typedef gbxi_answer_verdict gbxi_answer_use(void *context, const gbxi_answer *answer);

#endif
