/* SPDX-License-Identifier: MIT */
/* One request through libh2o and the paths of a configuration, without a socket, and its response.
 *
 * Usage: reply_host once and routes registered on it, or reply_routes once; then reply_to as often as wanted. */
#ifndef GBX_TESTS_UNIT_HTTP_REPLY_H
#define GBX_TESTS_UNIT_HTTP_REPLY_H

#include "http/router.h"
#include <h2o.h>

typedef struct reply {
    int status;
    char reason[64];
    size_t content_length;
    char head[1024]; /* all headers, each as "name: value" and a line feed */
    char allow[256]; /* "" when there is none */
    char type[64];
    char body[1 << 16]; /* terminated */
    size_t body_length;
    size_t pieces; /* in which the body was sent */
} reply;

/* The one host of the configuration, still without paths. */
h2o_hostconf_t *reply_host(void);

/* Likewise, with a router's endpoints and no other handlers. Returns 0, or -1 on an error. */
int reply_routes(const gbxi_router *router);

/* Asks and waits for the whole answer. */
void reply_to(const char *method, const char *path, reply *answer);

/* Likewise, with one header in the request. */
void reply_to_header(const char *method, const char *path, const char *name, const char *value, reply *answer);

#endif
