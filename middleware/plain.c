/* SPDX-License-Identifier: MIT */
/* Owns captures of requests whose answers do not change. */
#define _GNU_SOURCE
#include "middleware/plain.h"
#include "middleware/envelope.h"
#include "middleware/headers.h"
#include "middleware/input.h"
#include "middleware/making.h"
#include "middleware/record.h"
#include "middleware/run.h"
#include "middleware/slot.h"
#include <glassbox/span.h>

struct gbxi_plain {
    h2o_generator_t generator; /* replaces the handler's; the first member, for the cast */
    h2o_generator_t *handler_generator;
    gbx_capture *capture; /* NULL once it has been offered */
    gbxi_record *record;
    gbxi_slot slot;
    gbxi_input input;
    unsigned running; /* calls into the handler's code that are on the stack */
    int status;       /* 0 until the response has begun */
    bool asked;
    uint64_t least_ns; /* what is faster was not asked for */
    bool goes_on;      /* the response names what is sent in its place */
    bool over;         /* the handler has sent its last chunk, and nothing comes after it */
};

typedef struct plain_prefilter {
    h2o_req_prefilter_t super;
    gbxi_plain *plain;
} plain_prefilter;

typedef struct plain_ostream {
    h2o_ostream_t super;
    gbxi_plain *plain;
} plain_ostream;

/* Workers may still be inside the capture. What they record from now on is dropped. */
static void plain_offer(gbxi_plain *plain)
{
    gbx_capture *capture = plain->capture;

    if (capture == NULL)
        return;
    plain->capture = NULL;
    gbxi_slot_release(&plain->slot);
    gbx_capture_finish(capture);
    gbxi_record_end(plain->record, capture, plain->status,
                    plain->asked && gbx_capture_duration_ns(capture) >= plain->least_ns);
    plain->record = NULL;
    gbx_capture_unref(capture);
}

static void plain_dispose(void *memory)
{
    plain_offer(memory);
}

/* A request that takes too long is looked at while it does, not when it ends, which may be never. */
static void plain_on_time_over(gbxi_slot *slot)
{
    plain_offer(H2O_STRUCT_FROM_MEMBER(gbxi_plain, slot, slot));
}

/* Runs a part of the handler. `req` may be freed meanwhile. */
static void plain_begin(gbxi_plain *plain)
{
    h2o_mem_addref_shared(plain);
    plain->running++;
}

static void plain_end(gbxi_plain *plain)
{
    if (--plain->running == 0 && plain->over)
        plain_offer(plain);
    h2o_mem_release_shared(plain);
}

static void plain_proceed(h2o_generator_t *super, h2o_req_t *req)
{
    gbxi_plain *plain = (gbxi_plain *)super;

    plain_begin(plain);
    gbxi_run_proceed(plain->capture, req, plain->handler_generator);
    plain_end(plain);
}

static void plain_stop(h2o_generator_t *super, h2o_req_t *req)
{
    gbxi_run_stop(((gbxi_plain *)super)->handler_generator, req);
}

/* What a handler sends while it runs is part of its time, in a span of its own. */
static void plain_send(h2o_ostream_t *super, h2o_req_t *req, h2o_iovec_t *bufs, size_t count, h2o_send_state_t state)
{
    gbxi_plain *plain = ((plain_ostream *)super)->plain;

    if (state != H2O_SEND_STATE_IN_PROGRESS) {
        plain->over = !plain->goes_on;
        gbxi_input_show(&plain->input, req);
    }
    if (plain->running == 0 && plain->capture != NULL) {
        gbxi_run_end_waiting(plain->capture);
        if (plain->over)
            plain_offer(plain);
    }
    {
        GBX_SPAN_NAMED("handler.send");
        h2o_ostream_send_next(super, req, bufs, count, state);
    }
}

static void plain_on_stop(h2o_ostream_t *super, h2o_req_t *req)
{
    gbxi_input_show(&((plain_ostream *)super)->plain->input, req);
}

/* Called again if the request is reprocessed, with a new generator and a new response. libh2o's reproxy filter is after
 * this one: it throws the first response away. If the filter is not there, the capture ends with the request. */
static void plain_on_setup(h2o_req_prefilter_t *super, h2o_req_t *req, h2o_ostream_t **slot)
{
    gbxi_plain *plain = ((plain_prefilter *)super)->plain;
    plain_ostream *ostream = (plain_ostream *)h2o_add_ostream(req, sizeof(*ostream), slot);

    ostream->super.do_send = plain_send;
    ostream->super.stop = plain_on_stop;
    ostream->plain = plain;
    plain->status = req->res.status;
    plain->goes_on = h2o_find_header(&req->res.headers, H2O_TOKEN_X_REPROXY_URL, -1) != -1;
    plain->over = false;
    plain->generator = (h2o_generator_t){plain_proceed, plain_stop};
    plain->handler_generator = gbxi_run_swap_generator(req, &plain->generator);
    if (plain->asked && plain->capture != NULL)
        gbxi_headers_tell_trace_id(req, plain->capture);
    h2o_setup_next_prefilter(super, req, &ostream->super.next);
}

static bool plain_is_on(const h2o_req_t *req)
{
    for (const h2o_req_prefilter_t *prefilter = req->prefilters; prefilter != NULL; prefilter = prefilter->next)
        if (prefilter->on_setup_ostream == plain_on_setup)
            return true;
    return false;
}

/* Owns: takes over the capture and the record. */
static gbxi_plain *plain_new(h2o_req_t *req, gbx_capture *capture, gbxi_record *record)
{
    gbxi_plain *plain = h2o_mem_alloc_shared(&req->pool, sizeof(*plain), plain_dispose);
    plain_prefilter *prefilter = (plain_prefilter *)h2o_add_prefilter(req, sizeof(*prefilter));

    *plain = (gbxi_plain){.capture = capture, .record = record};
    prefilter->super.on_setup_ostream = plain_on_setup;
    prefilter->plain = plain;
    return plain;
}

static void plain_delegate(gbxi_plain *plain, gbxi_mirror *mirror, h2o_req_t *req)
{
    plain_begin(plain);
    gbxi_run_handler(plain->capture, req, &mirror->super);
    plain_end(plain);
}

static gbxi_plain *plain_see(gbxi_mirror *mirror, h2o_req_t *req)
{
    gbx_capture *capture;
    gbxi_record *record;
    gbxi_plain *plain;

    if (plain_is_on(req) || gbxi_envelope_is_on(req) || !gbxi_record_enter(mirror))
        return NULL;
    if ((capture = gbxi_make_capture(mirror, req, NULL)) == NULL) {
        gbxi_record_leave(mirror);
        return NULL;
    }
    if ((record = gbxi_record_new(mirror, req, capture, NULL, true)) == NULL) {
        gbx_capture_unref(capture);
        return NULL;
    }
    plain = plain_new(req, capture, record);
    gbxi_slot_watch(&plain->slot, mirror->config.gate, capture, req->conn->ctx, plain_on_time_over);
    return plain;
}

int gbxi_plain_on_req(gbxi_mirror *mirror, h2o_req_t *req)
{
    gbxi_plain *plain = plain_see(mirror, req);

    if (plain == NULL)
        return -1;
    plain_delegate(plain, mirror, req);
    return 0;
}

void gbxi_plain_pass_on(gbxi_mirror *mirror, h2o_req_t *req)
{
    if (gbxi_plain_on_req(mirror, req) != 0)
        h2o_delegate_request(req, &mirror->super);
}

void gbxi_plain_store(const gbxi_mirrored *mirrored, gbx_capture *capture)
{
    gbxi_mirror *mirror = mirrored->mirror;
    h2o_req_t *req = mirrored->req;
    gbxi_record *record = capture != NULL ? gbxi_record_new(mirror, req, capture, &mirrored->config, false) : NULL;
    gbxi_plain *plain = plain_new(req, capture, record);

    plain->asked = true;
    plain->least_ns = gbxi_trace_config_least_ns(&mirrored->config);
    if (capture != NULL)
        gbxi_slot_hold(&plain->slot, mirror->config.gate, capture, req->conn->ctx, plain_on_time_over);
    if (mirrored->strips_input)
        gbxi_input_hide(&plain->input, req);
    plain_delegate(plain, mirror, req);
}
