/* SPDX-License-Identifier: MIT */
/* What the server's recorder is told. */
#ifndef GBX_SERVER_RECORDING_OPTIONS_H
#define GBX_SERVER_RECORDING_OPTIONS_H

#include <glassbox/store.h>

/* What is recorded of all requests, and where it is stored. */
typedef struct gbxi_recording_options {
    gbx_recorder_options rules; /* without `report`, `observe` and `context`, which are the server's */
    gbx_store_options store;
    /* Told in one sentence that captures are being lost, why, and when that has ended. Thread: another one. */
    void (*report)(const char *text);
} gbxi_recording_options;

#endif
