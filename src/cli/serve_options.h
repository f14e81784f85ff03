/* SPDX-License-Identifier: MIT */
/* The options of glassbox serve. To add one, add a row in serve_options.c and the field that it fills. */
#ifndef GBX_CLI_SERVE_OPTIONS_H
#define GBX_CLI_SERVE_OPTIONS_H

#include "cli/option.h"
#include "server/server.h"
#include <glassbox/limits.h>

/* Fields are named like the rows. If a row has no default, NULL or zero means not set. */
typedef struct gbxi_serve_options {
    const char *host;
    uint32_t port, threads, workers, queue, slow_clients;
    size_t inline_body_bytes;
    const char *cert, *key, *key_file;
    bool allow_open_capture;
    gbxi_value_list allow_host;
    size_t max_body_bytes;
    uint32_t max_connections, request_timeout_s;
    bool capture;
    uint32_t max_captures, captures_per_second, max_capture_time_s;
    size_t capture_memory_bytes, work_memory_bytes;
    gbxi_value_list redact;
    bool redact_names, redact_reasons;
    uint32_t stop_timeout_s;
    bool http2;
    const char *store, *keep;
    size_t run_bytes, keep_bytes;
    uint64_t run_time_s, keep_age_s;
    uint32_t keep_runs;
} gbxi_serve_options;

/* Converts the options to the settings of the server, the capture limits and the redaction. The results borrow the
 * options' strings. */
void gbxi_serve_options_apply(const gbxi_serve_options *options, gbxi_server_options *server, gbx_limits *limits,
                              gbx_redaction_options *redaction);

/* Converts the options to what is recorded; false if nothing is. The result borrows the options' strings. */
bool gbxi_serve_options_record(const gbxi_serve_options *options, gbxi_recording_options *recording);

/* Serves until a signal stops it. `values` is a gbxi_serve_options. Returns the exit status. */
int gbxi_serve_run(const void *values);

#endif
