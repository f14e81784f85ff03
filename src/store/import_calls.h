/* SPDX-License-Identifier: MIT */
/* The calls and threads of a `full` document: its entries, checked. */
#ifndef GBX_STORE_IMPORT_CALLS_H
#define GBX_STORE_IMPORT_CALLS_H

#include "store/import_methods.h"
#include <glassbox/read.h>

enum { GBXI_IMPORT_THREADS_MAX = 64 };

typedef struct gbxi_import_thread {
    gbx_lane_facts facts;
    size_t entries; /* of this thread */
} gbxi_import_thread;

/* Zeroed: empty. Owns: its calls, until fini. */
typedef struct gbxi_import_calls {
    gbxi_import_call *at;
    size_t count, capacity;
    gbxi_import_thread threads[GBXI_IMPORT_THREADS_MAX];
    size_t thread_count;
    uint64_t start_ns, duration_ns; /* of the trace */
    gbxi_view failed_span, reason;  /* of the trace's first failure, if a span has it */
    bool has_failed_span;
    size_t failed_call; /* the one that may have that failure, and began first; SIZE_MAX: none */
} gbxi_import_calls;

/* Reads the threads of `metadata`. */
void gbxi_import_threads_read(gbxi_import_calls *calls, gbxi_fields *fields, gbxi_json_value metadata);

/* Reads the member `entries` of `root`, after the threads and the times of the trace. */
void gbxi_import_calls_read(gbxi_import_calls *calls, const gbxi_import_methods *methods, gbxi_fields *fields,
                            gbxi_json_value root);

void gbxi_import_calls_fini(gbxi_import_calls *calls);

#endif
