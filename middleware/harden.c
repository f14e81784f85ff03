/* SPDX-License-Identifier: MIT */
/* The settings with which a server on libh2o 2.2 can face strangers. */
#define _GNU_SOURCE
#include <glassbox/h2o.h>

enum { TIMEOUT_MS = 30 * 1000, HANDSHAKE_MS = 10 * 1000, BODY_BYTES_MAX = 32 * 1024 * 1024 };

void gbx_h2o_harden(h2o_globalconf_t *config)
{
    config->http1.upgrade_to_http2 = 0;
    config->http1.req_timeout = TIMEOUT_MS;
    config->http2.idle_timeout = TIMEOUT_MS;
    config->handshake_timeout = HANDSHAKE_MS;
    config->max_request_entity_size = BODY_BYTES_MAX;
}
