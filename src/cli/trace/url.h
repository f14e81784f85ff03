/* SPDX-License-Identifier: MIT */
/* A URL that requests go to, in its parts. */
#ifndef GBX_CLI_TRACE_URL_H
#define GBX_CLI_TRACE_URL_H

#include <glassbox/error.h>
#include <stdbool.h>

/* Owns: its texts, until fini. Zeroed: none. */
typedef struct gbxi_trace_url {
    char *url;    /* what is requested */
    char *shown;  /* the same for messages: without user, password, query and suffix */
    char *origin; /* scheme, host and port */
    char *host;   /* as names are looked up, so without brackets */
    char *port;
    char *path; /* without the suffix */
} gbxi_trace_url;

/* Takes a URL apart; one without a scheme is http. `suffix`, such as "/full", is added to its path; NULL is none.
 * Errors: ARGUMENT if it is no URL of http or https, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_trace_url_init(gbxi_trace_url *target, const char *text, const char *suffix,
                                         gbx_error *error);
void gbxi_trace_url_fini(gbxi_trace_url *target);

#endif
