/* SPDX-License-Identifier: MIT */
/* Owns the stream of a mirrored response: first the handler's chunks as they arrive, then the trace. */
#define _GNU_SOURCE
#include "middleware/envelope.h"
#include "http/break_off.h"
#include "http/hangup.h"
#include "middleware/document.h"
#include "middleware/headers.h"
#include "middleware/input.h"
#include "middleware/making.h"
#include "middleware/output.h"
#include "middleware/record.h"
#include "middleware/run.h"
#include "middleware/slot.h"
#include <glassbox/read.h>

enum {
    BUFFER_BYTES = 64 * 1024,
    BUFFER_BYTES_LEAST = 4096, /* even if a filter below prefers smaller chunks */
    PROMPT_SPANS_MAX = 256,    /* rendering such a small trace takes less time than a second write */
    DOCUMENT_BYTES_LEAST = 1024
};

struct gbxi_envelope {
    h2o_generator_t generator; /* replaces the handler's until the handler is done; the first member, for the cast */
    h2o_generator_t *handler_generator;
    h2o_ostream_t *ostream;
    h2o_req_t *req; /* not used once `abandoned` */
    gbxi_mirror *mirror;
    gbxi_mirror_local *local; /* NULL if memory was short */
    gbxi_trace_config config;
    bool strips_input;
    gbxi_input input; /* what the client sent, while the handler answers */
    gbx_capture *capture;
    gbxi_record *record; /* NULL: the recorder is not told, or was told already */
    bool unseen;         /* only the recorder sees the capture; the client did not ask */
    gbxi_slot slot;      /* the capture's place in the gate */
    gbxi_hangup_watch watch;
    unsigned running; /* calls into the handler's code that are on the stack */
    bool waiting;     /* output waits until they return, until the response may begin, or until the trace is ready */
    int status;       /* the handler's; 0 until the response begins */
    bool broken;      /* the handler has aborted the response, or the client has left */
    bool abandoned;   /* the request has ended, and a holder of the envelope frees it */

    gbxi_output output;
    gbxi_document document;
    gbxi_json_writer writer;   /* writes to `buffer`, from its start in each round */
    h2o_iovec_vector_t chunks; /* sent in one round */
    char *buffer;
};

typedef struct envelope_prefilter {
    h2o_req_prefilter_t super;
    gbxi_envelope *envelope;
} envelope_prefilter;

typedef struct envelope_ostream {
    h2o_ostream_t super;
    gbxi_envelope *envelope;
} envelope_ostream;

/* The written bytes have been sent, so their memory can be reused. */
static void rewind_buffer(gbxi_envelope *envelope, const h2o_req_t *req)
{
    size_t bytes = BUFFER_BYTES;

    if (bytes > req->preferred_chunk_size)
        bytes = req->preferred_chunk_size > BUFFER_BYTES_LEAST ? req->preferred_chunk_size : BUFFER_BYTES_LEAST;
    envelope->writer.begin = envelope->writer.at = envelope->buffer;
    envelope->writer.end = envelope->buffer + bytes;
    envelope->chunks.size = 0;
}

static void add_written(gbxi_envelope *envelope, h2o_req_t *req)
{
    size_t length = (size_t)(envelope->writer.at - envelope->writer.begin);

    assert(envelope->writer.error == GBX_ERR_OK);
    if (length == 0)
        return;
    h2o_vector_reserve(&req->pool, &envelope->chunks, envelope->chunks.size + 1);
    envelope->chunks.entries[envelope->chunks.size++] = h2o_iovec_init(envelope->writer.begin, length);
    envelope->writer.begin = envelope->writer.at;
}

/* If there are no bytes, h2o_ostream_send_next requests more from a timer, so there is no recursion. */
static void send_chunks(gbxi_envelope *envelope, h2o_req_t *req, h2o_send_state_t state)
{
    if (state == H2O_SEND_STATE_FINAL)
        gbxi_input_show(&envelope->input, req);
    h2o_ostream_send_next(envelope->ostream, req, envelope->chunks.entries, envelope->chunks.size, state);
}

/* The request may be freed when this returns. */
static void abort_response(gbxi_envelope *envelope, h2o_req_t *req)
{
    gbxi_input_show(&envelope->input, req);
    gbxi_break_off(req);
    h2o_ostream_send_next(envelope->ostream, req, NULL, 0, H2O_SEND_STATE_ERROR);
}

/* What the client gets the trace of; NULL: nothing. */
static gbx_capture *shown_capture(const gbxi_envelope *envelope)
{
    return envelope->unseen ? NULL : envelope->capture;
}

static void pump_document(gbxi_envelope *envelope, h2o_req_t *req)
{
    gbxi_document_state state;

    if (!envelope->document.begun)
        gbxi_document_begin(&envelope->document, envelope->mirror, req->conn->ctx, shown_capture(envelope),
                            &envelope->config);
    if (gbxi_document_is_waiting(&envelope->document)) {
        envelope->waiting = true;
        return;
    }
    state = gbxi_document_write(&envelope->document, &envelope->writer, &envelope->config);
    if (state != GBXI_DOCUMENT_BROKEN)
        add_written(envelope, req);
    /* Released before the last bytes are sent, so that a client that has received them can capture again. */
    if (state != GBXI_DOCUMENT_MORE)
        gbxi_slot_release(&envelope->slot);
    if (state == GBXI_DOCUMENT_BROKEN)
        abort_response(envelope, req);
    else
        send_chunks(envelope, req, state == GBXI_DOCUMENT_MORE ? H2O_SEND_STATE_IN_PROGRESS : H2O_SEND_STATE_FINAL);
}

/* Whether there is no trace, or one that is small enough to be sent together with the output. */
static bool is_prompt(const gbxi_envelope *envelope)
{
    gbx_capture_facts facts;

    if (!gbxi_output_is_done(&envelope->output) || envelope->writer.end - envelope->writer.at < DOCUMENT_BYTES_LEAST)
        return false;
    if (shown_capture(envelope) == NULL)
        return true;
    return gbx_capture_facts_get(envelope->capture, &facts, sizeof(facts)) == GBX_ERR_OK &&
           facts.span_count <= PROMPT_SPANS_MAX;
}

/* Sends the handler's output so far. A large trace is rendered in the next round, after this output has been sent. */
static void pump_output(gbxi_envelope *envelope, h2o_req_t *req)
{
    gbxi_output_write(&envelope->output, &envelope->writer);
    add_written(envelope, req);
    gbxi_output_pass(&envelope->output, &req->pool, &envelope->chunks);
    if (is_prompt(envelope))
        pump_document(envelope, req);
    else
        send_chunks(envelope, req, H2O_SEND_STATE_IN_PROGRESS);
}

static void envelope_pump(gbxi_envelope *envelope, h2o_req_t *req)
{
    if (envelope->broken) {
        abort_response(envelope, req);
        return;
    }
    rewind_buffer(envelope, req);
    if (gbxi_output_is_done(&envelope->output))
        pump_document(envelope, req);
    else
        pump_output(envelope, req);
}

/* Finishes the capture, and offers it to the recorder once. */
static void finish_capture(gbxi_envelope *envelope)
{
    gbx_capture *capture = envelope->capture;

    if (capture == NULL)
        return;
    gbx_capture_finish(capture);
    gbxi_record_end(envelope->record, capture, envelope->status,
                    !envelope->unseen &&
                        gbx_capture_duration_ns(capture) >= gbxi_trace_config_least_ns(&envelope->config));
    envelope->record = NULL;
}

/* A handler that is still on the stack must close its spans first. */
static void finish_if_over(gbxi_envelope *envelope)
{
    if (envelope->output.ended && envelope->running == 0)
        finish_capture(envelope);
}

/* Sending is not part of the handler's work, so the handler's spans end first. */
static bool must_wait(gbxi_envelope *envelope)
{
    return envelope->running != 0 || gbxi_document_is_waiting(&envelope->document) ||
           !gbxi_hangup_may_answer(&envelope->watch);
}

/* Called by the handler's h2o_send and, once the handler is done, by libh2o whenever the previous chunks have been
 * sent.
 */
static void do_send(h2o_ostream_t *super, h2o_req_t *req, h2o_iovec_t *bufs, size_t count, h2o_send_state_t state)
{
    gbxi_envelope *envelope = ((envelope_ostream *)super)->envelope;

    envelope->broken |= state == H2O_SEND_STATE_ERROR;
    if (!envelope->broken && !envelope->output.ended) {
        if (envelope->running == 0 && envelope->capture != NULL)
            gbxi_run_end_waiting(envelope->capture);
        gbxi_output_take(&envelope->output, &req->pool, bufs, count, state == H2O_SEND_STATE_FINAL);
        finish_if_over(envelope);
    }
    if (must_wait(envelope))
        envelope->waiting = true;
    else
        envelope_pump(envelope, req);
}

/* The response has broken off, or the request begins again with another handler. */
static void on_ostream_stop(h2o_ostream_t *super, h2o_req_t *req)
{
    gbxi_input_show(&((envelope_ostream *)super)->envelope->input, req);
}

/* Sends the output that waited, or aborts the response instead. */
static void send_waiting(gbxi_envelope *envelope, h2o_req_t *req)
{
    if (!envelope->waiting || envelope->abandoned || must_wait(envelope))
        return;
    envelope->waiting = false;
    envelope_pump(envelope, req);
}

static void envelope_on_document(gbxi_document *document)
{
    gbxi_envelope *envelope = H2O_STRUCT_FROM_MEMBER(gbxi_envelope, document, document);

    send_waiting(envelope, envelope->req);
}

/* Once the handler has returned without an end of the response: until then the event loop could not look anyway. */
static void watch_client(gbxi_envelope *envelope, h2o_req_t *req)
{
    if (!envelope->abandoned && gbxi_slot_is_held(&envelope->slot) && !gbxi_hangup_is_begun(&envelope->watch))
        gbxi_hangup_begin(&envelope->watch, gbxi_mirror_hangup(envelope->mirror, req), req);
}

/* Before and after a part of the handler's code runs. `req` may be freed meanwhile; the envelope is held. */
static void envelope_begin(gbxi_envelope *envelope)
{
    h2o_mem_addref_shared(envelope);
    envelope->running++;
}

static void envelope_end(gbxi_envelope *envelope, h2o_req_t *req)
{
    envelope->running--;
    finish_if_over(envelope);
    send_waiting(envelope, req);
    watch_client(envelope, req);
    h2o_mem_release_shared(envelope);
}

/* The handler continues only when its last chunk has been sent completely. */
static void envelope_proceed(h2o_generator_t *super, h2o_req_t *req)
{
    gbxi_envelope *envelope = (gbxi_envelope *)super;

    if (gbxi_output_has_input(&envelope->output)) {
        envelope_pump(envelope, req);
        return;
    }
    envelope_begin(envelope);
    gbxi_run_proceed(envelope->capture, req, envelope->handler_generator);
    envelope_end(envelope, req);
}

static void envelope_stop(h2o_generator_t *super, h2o_req_t *req)
{
    gbxi_run_stop(((gbxi_envelope *)super)->handler_generator, req);
}

/* Called again if the request is reprocessed, with a new generator and a new response. */
static void envelope_start(gbxi_envelope *envelope, h2o_req_t *req, gbxi_media media)
{
    gbxi_json_writer_init_room(&envelope->writer, envelope->buffer, BUFFER_BYTES);
    gbxi_document_fini(&envelope->document);
    envelope->document = (gbxi_document){.on_ready = envelope_on_document};
    gbxi_output_init(&envelope->output, envelope->mirror->config.output_key, media,
                     envelope->config.trace_output == GBXI_TRACE_OUTPUT_TRACES_ONLY);
    envelope->generator = (h2o_generator_t){envelope_proceed, envelope_stop};
    envelope->handler_generator = gbxi_run_swap_generator(req, &envelope->generator);
}

/* The length of a compressed answer tells how much of what a client chose is also in what a client must not see
 * (BREACH). A trace is full of both. Filters come after this, and a handler's wish no longer counts. */
static void forbid_compression(h2o_req_t *req)
{
    req->compress_hint = H2O_COMPRESS_HINT_DISABLE;
}

static void on_setup_ostream(h2o_req_prefilter_t *super, h2o_req_t *req, h2o_ostream_t **slot)
{
    gbxi_envelope *envelope = ((envelope_prefilter *)super)->envelope;
    envelope_ostream *ostream = (envelope_ostream *)h2o_add_ostream(req, sizeof(*ostream), slot);

    ostream->super.do_send = do_send;
    ostream->super.stop = on_ostream_stop;
    ostream->envelope = envelope;
    envelope->ostream = &ostream->super;
    envelope->status = req->res.status; /* before it may be moved */
    envelope_start(envelope, req, gbxi_headers_wrap(req, shown_capture(envelope)));
    forbid_compression(req);
    h2o_setup_next_prefilter(super, req, &ostream->super.next);
}

/* Workers may still be inside the capture. What they record from now on is dropped. */
static void drop_capture(gbxi_envelope *envelope)
{
    finish_capture(envelope);
    gbx_capture_unref(envelope->capture);
    envelope->capture = NULL;
}

/* The handler goes on, but its capture is of no use any more. */
static void envelope_on_left(gbxi_hangup_watch *watch)
{
    gbxi_envelope *envelope = H2O_STRUCT_FROM_MEMBER(gbxi_envelope, watch, watch);

    gbxi_input_show(&envelope->input, watch->req);
    gbxi_slot_release(&envelope->slot);
    gbxi_document_fini(&envelope->document);
    drop_capture(envelope);
    envelope->broken = true;
    send_waiting(envelope, watch->req);
}

static void envelope_on_ready(gbxi_hangup_watch *watch)
{
    send_waiting(H2O_STRUCT_FROM_MEMBER(gbxi_envelope, watch, watch), watch->req);
}

/* Returns a new buffer, or the spare one, whose pages are there already; NULL if memory is short. */
static char *take_buffer(gbxi_mirror_local *local)
{
    char *spare = local != NULL ? local->spare : NULL;

    if (spare == NULL)
        return malloc(BUFFER_BYTES);
    local->spare = NULL;
    return spare;
}

static void give_buffer_back(gbxi_mirror_local *local, char *buffer)
{
    if (local != NULL && local->spare == NULL)
        local->spare = buffer;
    else
        free(buffer);
}

static void envelope_dispose(void *memory)
{
    gbxi_envelope *envelope = memory;

    gbxi_document_fini(&envelope->document);
    gbxi_slot_release(&envelope->slot);
    drop_capture(envelope);
    give_buffer_back(envelope->local, envelope->buffer);
}

/* Releases the request's own hold on the envelope. */
static void on_request_gone(void *memory)
{
    gbxi_envelope *envelope = *(gbxi_envelope **)memory;

    gbxi_hangup_end(&envelope->watch);
    envelope->abandoned = true;
    h2o_mem_release_shared(envelope);
}

/* The recorder sees requests that did not ask as well. */
static void see_request(gbxi_envelope *envelope, const gbxi_mirrored *mirrored)
{
    const gbxi_mirror *mirror = mirrored->mirror;
    bool unseen = envelope->capture == NULL && gbxi_record_enter(mirror);

    if (unseen) {
        envelope->capture = gbxi_make_capture(mirror, mirrored->req, NULL);
        envelope->unseen = true;
    }
    if (envelope->capture != NULL)
        envelope->record =
            gbxi_record_new(mirror, mirrored->req, envelope->capture, unseen ? NULL : &mirrored->config, unseen);
    else if (unseen)
        gbxi_record_leave(mirror);
}

gbxi_envelope *gbxi_envelope_new(const gbxi_mirrored *mirrored, gbx_capture *capture)
{
    h2o_req_t *req = mirrored->req;
    gbxi_mirror_local *local = gbxi_mirror_local_of(mirrored->mirror, req->conn->ctx);
    char *buffer = take_buffer(local);
    gbxi_envelope *envelope, **held;
    envelope_prefilter *prefilter;

    if (buffer == NULL)
        return NULL;
    envelope = h2o_mem_alloc_shared(NULL, sizeof(*envelope), envelope_dispose);
    held = h2o_mem_alloc_shared(&req->pool, sizeof(*held), on_request_gone);
    *held = envelope;
    *envelope = (gbxi_envelope){.req = req,
                                .mirror = mirrored->mirror,
                                .local = local,
                                .config = mirrored->config,
                                .strips_input = mirrored->strips_input,
                                .capture = capture,
                                .buffer = buffer};
    prefilter = (envelope_prefilter *)h2o_add_prefilter(req, sizeof(*prefilter));
    prefilter->super.on_setup_ostream = on_setup_ostream;
    prefilter->envelope = envelope;
    see_request(envelope, mirrored);
    return envelope;
}

void gbxi_envelope_hold(gbxi_envelope *envelope)
{
    gbxi_slot_hold(&envelope->slot, envelope->mirror->config.gate, envelope->capture, envelope->req->conn->ctx, NULL);
    envelope->watch = (gbxi_hangup_watch){.on_left = envelope_on_left, .on_ready = envelope_on_ready};
}

bool gbxi_envelope_is_on(const h2o_req_t *req)
{
    for (const h2o_req_prefilter_t *prefilter = req->prefilters; prefilter != NULL; prefilter = prefilter->next)
        if (prefilter->on_setup_ostream == on_setup_ostream)
            return true;
    return false;
}

void gbxi_envelope_delegate(gbxi_envelope *envelope, h2o_req_t *req, h2o_handler_t *self)
{
    if (envelope->strips_input)
        gbxi_input_hide(&envelope->input, req);
    envelope_begin(envelope);
    gbxi_run_handler(envelope->capture, req, self);
    envelope_end(envelope, req);
}
