/* SPDX-License-Identifier: MIT */
/* An answer while it arrives: its body, and the headers that say what it is. */
#ifndef GBX_CLI_TRACE_ARRIVAL_H
#define GBX_CLI_TRACE_ARRIVAL_H

#include "cli/trace/answer.h"
#include <curl/curl.h>

/* Zeroed: empty. Owns: its bytes, until fini. */
typedef struct gbxi_arrival {
    char *bytes;
    size_t length, capacity;
    bool head_ended, has_capture, is_captured;
    uint32_t output_status, retry_after_s;
    const char *fault; /* why the rest is not taken; NULL: it is */
} gbxi_arrival;

/* Makes the transfers of the handle arrive there. */
void gbxi_arrival_attach(gbxi_arrival *arrival, CURL *easy);

/* Empties it for the next answer. */
void gbxi_arrival_reset(gbxi_arrival *arrival);

/* Fills what is known of the answer after its transfer. */
void gbxi_arrival_tell(const gbxi_arrival *arrival, CURL *easy, gbxi_answer *answer);

void gbxi_arrival_fini(gbxi_arrival *arrival);

#endif
