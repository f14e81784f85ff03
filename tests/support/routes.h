/* SPDX-License-Identifier: MIT */
/* The test server's routes. */
#ifndef GBX_TESTS_SUPPORT_ROUTES_H
#define GBX_TESTS_SUPPORT_ROUTES_H

#include <glassbox/recorder.h>
#include <h2o.h>

/* Registers every route; `root` is the directory that the file routes serve, or NULL. */
void register_routes(h2o_hostconf_t *host, const char *root);

/* Registers the routes that have handlers of their own again below /recorded, with that recorder, and the file routes
 * if there is a `root`. */
void register_recorded(h2o_hostconf_t *host, gbx_recorder *recorder, const char *root);

/* Where others are, on this machine; 0 and NULL: not there. */
typedef struct relays {
    uint16_t fastcgi_port, proxy_port;
    const char *log_file; /* gets a line for each request that is handed on */
} relays;

/* Registers the routes that redirect, and those that hand a request on. */
void register_relays(h2o_hostconf_t *host, const relays *to);

/* Registers /later/, which answers from the loop with the result of another thread. */
void register_later(h2o_pathconf_t *pathconf);

/* Registers /careless/ and /redacted/, which record the whole request in the trace, without and with a redaction. */
void register_careless(h2o_hostconf_t *host);

/* Registers /seen, /asked, /kept and /got, which tell every byte of a request, with one configuration each. */
void register_seen(h2o_hostconf_t *host);

/* The handlers of /stream/, /abort/, /never/ and /held/, which answer slowly, and of /release/. */
int on_stream(h2o_handler_t *self, h2o_req_t *req);
int on_abort(h2o_handler_t *self, h2o_req_t *req);
int on_never(h2o_handler_t *self, h2o_req_t *req);
int on_held(h2o_handler_t *self, h2o_req_t *req);
int on_release(h2o_handler_t *self, h2o_req_t *req);

#endif
