/* SPDX-License-Identifier: MIT */
/* A registered middleware, and a mirrored request on its way to the handler. */
#ifndef GBX_MIDDLEWARE_MIRROR_H
#define GBX_MIDDLEWARE_MIRROR_H

#include "middleware/body.h"
#include "middleware/route.h"
#include "schemas/trace_config.h"
#include <glassbox/h2o.h>

typedef struct gbxi_mirror {
    h2o_handler_t super;
    gbx_h2o_config config; /* its clock and executor are those below; its redaction and gate are referenced, the gate
                              is never NULL */
    gbx_clock clock;
    gbx_h2o_executor executor;
    gbx_h2o_executor analyst; /* the recorder; without one, `submit` is NULL */
    h2o_iovec_t method;       /* empty: the client's method */
} gbxi_mirror;

/* What a middleware has in one event loop, created when it is needed. */
typedef struct gbxi_mirror_local {
    struct gbxi_hangup *hangup; /* NULL until the first request is watched */
    void *spare;                /* the buffer of an envelope that has ended, for the next one; NULL: none */
    struct gbxi_inbox *inbox;   /* NULL until the executor's first errand */
} gbxi_mirror_local;

/* The middleware's part of the event loop; NULL if memory is short. Thread: the loop's. */
gbxi_mirror_local *gbxi_mirror_local_of(gbxi_mirror *mirror, h2o_context_t *context);

/* The watcher of the event loop of `req`, created with the first request that is watched there; NULL if there is no
 * descriptor. Thread: the loop's. */
struct gbxi_hangup *gbxi_mirror_hangup(gbxi_mirror *mirror, const h2o_req_t *req);

/* A request between its recognition and the call of the handler. Thread: the request's event loop. */
typedef struct gbxi_mirrored {
    gbxi_mirror *mirror;
    h2o_req_t *req;
    gbxi_route route;
    gbxi_body body;
    gbxi_trace_config config;
    bool strips_input;   /* the suffix is in the request line, and not in a path that a handler made */
    bool stripped;       /* the request is what the handler will see, except for its body */
    bool admitted;       /* the limits and the permission have been asked for */
    bool granted;        /* permission was given for a capture that has not begun */
    gbx_h2o_grant grant; /* zero unless granted */
} gbxi_mirrored;

/* Goes on with a request whose body has been read, with this result. Passes it to the host untouched if the host claims
 * it. Otherwise answers it: with `error` if `status` is not 0, otherwise by the handler, captured if the request's
 * config asks for it, and the gate and the host admit it. A permission that is not used is given back. The request may
 * be freed when this returns. */
void gbxi_mirrored_finish(gbxi_mirrored *mirrored, int status, gbx_error *error);

/* The handler's on_req, for every request of the path configuration. */
int gbxi_mirror_on_req(h2o_handler_t *super, h2o_req_t *req);

#endif
