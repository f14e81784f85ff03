/* SPDX-License-Identifier: MIT */
/* The command line of glassbox serve. */
#ifndef GBX_CLI_SERVE_OPTIONS_H
#define GBX_CLI_SERVE_OPTIONS_H

#include "server/server.h"
#include <glassbox/limits.h>
#include <stdbool.h>

enum { GBXI_REDACTED_KEYS_MAX = 100 };

/* Points into itself: not to be copied. */
typedef struct gbxi_serve_options {
    gbxi_server_options server; /* strings point into argv */
    gbx_limits limits;
    size_t capture_memory_bytes; /* 0: the default */
    bool capture_off;            /* from the start */
    const char *redacted_keys[GBXI_REDACTED_KEYS_MAX + 1];
    gbx_redaction_options redaction; /* points to the keys; `server` points to it when it redacts anything */
    uint32_t stop_timeout_s;         /* how long a stop may take before requests are cut */
    bool help;
} gbxi_serve_options;

/* The text of glassbox serve --help. */
extern const char gbxi_serve_usage[];

/* Fills `options` from the arguments, argv[0] being the subcommand's name, with the defaults for the rest. Errors:
 * ARGUMENT with the culprit in `error`. Thread: one at a time (getopt). */
GBX_MUST_USE gbx_err gbxi_serve_options_parse(int argc, char **argv, gbxi_serve_options *options, gbx_error *error);

#endif
