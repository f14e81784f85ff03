/* SPDX-License-Identifier: MIT */
/* Fairness between connections: each has at most one new request handled in a turn of its loop, and a limited number at
 * the same time. */
#ifndef GBX_RUNTIME_FAIR_H
#define GBX_RUNTIME_FAIR_H

#include <h2o.h>

/* The requests of a connection that handlers may have at the same time; over HTTP/1 there is only one anyway. */
enum { GBXI_FAIR_REQUESTS_MAX = 8 };

/* Registers a handler that lets the further requests of a connection wait for the next turn, so that one that pipelines
 * does not keep all others waiting, or for one of its others to end. Register it before the handlers that do the work.
 * The requests must belong to a gbxi_loop. Thread: while the configuration is built. */
void gbxi_fair_register(h2o_pathconf_t *path);

#endif
