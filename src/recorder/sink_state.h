/* SPDX-License-Identifier: MIT */
/* What somebody who looks from outside is told of a recorder's sinks. */
#ifndef GBX_RECORDER_SINK_STATE_H
#define GBX_RECORDER_SINK_STATE_H

#include <stdbool.h>
#include <stdint.h>

enum { GBXI_SINKS_MAX = 8, GBXI_SINK_NAME_BYTES = 31, GBXI_SINK_ERROR_BYTES = 256 };

/* The failures of a sink. */
typedef struct gbxi_sink_failure {
    bool is_on;            /* its last call failed */
    int64_t since_unix_ns; /* if so: since when; of several failures without a success in between, the first */
    int64_t last_unix_ns;  /* the last one; 0: there was none */
    char text[GBXI_SINK_ERROR_BYTES];
} gbxi_sink_failure;

/* What a sink has done so far. Each number is exact, but they are not read at the same instant. */
typedef struct gbxi_sink_state {
    char name[GBXI_SINK_NAME_BYTES + 1];
    uint64_t sequence;  /* the number of the last capture that it was passed, counted from 1; 0: none */
    uint64_t lag;       /* captures that got into the queue after that one */
    uint64_t delivered; /* captures that it took */
    uint64_t dropped;   /* captures that it refused */
    gbxi_sink_failure failure;
} gbxi_sink_state;

#endif
