/* SPDX-License-Identifier: MIT */
/* Owns the spans around the parts of a handler. */
#define _GNU_SOURCE
#include "middleware/run.h"
#include <glassbox/span.h>

void gbxi_run_handler(gbx_capture *capture, h2o_req_t *req, h2o_handler_t *self)
{
    static const gbx_site wait = {"handler.wait", __func__, __FILE__, __LINE__, {0}};
    GBX_ENTER(capture);

    if (capture != NULL)
        gbx_capture_tell_waiting(capture, &wait);
    GBX_SPAN_NAMED("handler");
    h2o_delegate_request(req, self);
}

void gbxi_run_proceed(gbx_capture *capture, h2o_req_t *req, h2o_generator_t *generator)
{
    GBX_ENTER(capture);
    GBX_SPAN_NAMED("handler.proceed");
    generator->proceed(generator, req);
}

void gbxi_run_end_waiting(gbx_capture *capture)
{
    gbx_capture_leave(gbx_capture_enter(capture));
}

/* `_generator` is the only private member of a request that we use: h2o_start_response sets it before it sets up output
 * filters, and no public call lets a filter replace a generator. Check this code before you use a later version of
 * libh2o. */
h2o_generator_t *gbxi_run_swap_generator(h2o_req_t *req, h2o_generator_t *generator)
{
    h2o_generator_t *before = req->_generator;

#if H2O_VERSION_MAJOR != 2 || H2O_VERSION_MINOR != 2
#error "this code was checked with libh2o 2.2 only"
#endif
    req->_generator = generator;
    return before;
}

void gbxi_run_stop(h2o_generator_t *generator, h2o_req_t *req)
{
    if (generator->stop != NULL)
        generator->stop(generator, req);
}
