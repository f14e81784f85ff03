/* SPDX-License-Identifier: MIT */
/* The captions of the speedscope document, whose format has no attributes: frames around single calls, which say what
 * the calls were given.
 *
 * A captioned call has a frame around it that begins and ends with it, so that the caption's self time is 0 and every
 * function keeps its own: calls of one function stay one frame, with the self time that the other documents state.
 * Equal captions of one function share a frame. The longest calls with notes and the first failed calls have captions,
 * as many as the trace's picks say; in a trace that is nearly too deep for the app, fewer, and the failed first. */
#ifndef GBX_EXPORT_CAPTIONS_H
#define GBX_EXPORT_CAPTIONS_H

#include "trace/trace.h"

/* How many calls have captions. */
enum {
    GBXI_CAPTIONS_NOTED_MAX = 32,
    GBXI_CAPTIONS_FAILED_MAX = 100,
    GBXI_CAPTIONS_MAX = GBXI_CAPTIONS_NOTED_MAX + GBXI_CAPTIONS_FAILED_MAX
};

typedef struct gbxi_caption {
    const gbxi_frame *frame; /* of its calls: file and line are the same */
    size_t from;             /* its text in `bytes` */
    uint32_t length;
    uint32_t hash;
} gbxi_caption;

typedef struct gbxi_captioned_call {
    uint32_t recorded; /* number of the recorded call */
    uint32_t caption;  /* index in `at` */
} gbxi_captioned_call;

/* Immutable after init. A zeroed struct is empty. */
typedef struct gbxi_captions {
    gbxi_caption *at;
    char *bytes;
    gbxi_captioned_call *calls; /* in the order of the records; after the last, one with the number UINT32_MAX */
    size_t bytes_used;
    size_t bytes_capacity;
    uint32_t count;
    uint32_t call_count;
} gbxi_captions;

/* Errors: false if out of memory; fini is safe either way. */
bool gbxi_captions_init(gbxi_captions *captions, const gbxi_trace *trace);
void gbxi_captions_fini(gbxi_captions *captions);

#endif
