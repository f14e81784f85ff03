/* SPDX-License-Identifier: MIT */
/* Owns the stream of a mirrored response: the handler's chunks first, as they come, and the trace behind them. */
#define _GNU_SOURCE
#include "middleware/envelope.h"
#include "middleware/document.h"
#include "middleware/headers.h"
#include "middleware/output.h"
#include "middleware/slot.h"
#include <glassbox/read.h>
#include <glassbox/span.h>

enum {
    BUFFER_BYTES = 64 * 1024,
    BUFFER_BYTES_LEAST = 4096, /* however small the chunks a filter below prefers */
    PROMPT_SPANS_MAX = 256,    /* a trace of so few is made sooner than a second write would be */
    DOCUMENT_BYTES_LEAST = 1024
};

struct gbxi_envelope {
    h2o_generator_t generator; /* stands in for the handler's while that is not done; first, for the cast back */
    h2o_generator_t *handler_generator;
    h2o_ostream_t *ostream;
    const char *output_key;
    gbxi_trace_config config;
    gbx_capture *capture;
    gbxi_slot slot;   /* of the capture */
    unsigned running; /* calls into the handler's code that are on the stack */
    bool waiting;     /* what they sent waits for them to return */
    bool abandoned;   /* the request went, and left the envelope to whoever holds it */

    gbxi_output output;
    gbxi_document document;
    gbxi_json_writer writer;   /* on `buffer`, from its start with each round */
    h2o_iovec_vector_t chunks; /* what a round sends */
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

/* What was written has been sent, so its memory is free again. */
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

/* Without bytes, h2o_ostream_send_next asks for more from a timer, so that nothing here recurses. */
static void send_chunks(gbxi_envelope *envelope, h2o_req_t *req, h2o_send_state_t state)
{
    h2o_ostream_send_next(envelope->ostream, req, envelope->chunks.entries, envelope->chunks.size, state);
}

static void pump_document(gbxi_envelope *envelope, h2o_req_t *req)
{
    gbxi_document_state state =
        gbxi_document_write(&envelope->document, &envelope->writer, envelope->capture, &envelope->config);

    if (state != GBXI_DOCUMENT_BROKEN)
        add_written(envelope, req);
    /* Before the last bytes leave: a client that has them all finds its place free again. */
    if (state != GBXI_DOCUMENT_MORE)
        gbxi_slot_release(&envelope->slot);
    send_chunks(envelope, req,
                state == GBXI_DOCUMENT_MORE  ? H2O_SEND_STATE_IN_PROGRESS
                : state == GBXI_DOCUMENT_END ? H2O_SEND_STATE_FINAL
                                             : H2O_SEND_STATE_ERROR);
}

/* Whether the trace is so small, or is none, that the output can take it along. */
static bool is_prompt(const gbxi_envelope *envelope)
{
    gbx_capture_facts facts;

    if (!gbxi_output_is_done(&envelope->output) || envelope->writer.end - envelope->writer.at < DOCUMENT_BYTES_LEAST)
        return false;
    if (envelope->capture == NULL)
        return true;
    return gbx_capture_facts_get(envelope->capture, &facts, sizeof(facts)) == GBX_ERR_OK &&
           facts.span_count <= PROMPT_SPANS_MAX;
}

/* Sends what there is of the handler's output. A trace that takes time to make waits for the next round, which comes
 * when this has left. */
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
    rewind_buffer(envelope, req);
    if (gbxi_output_is_done(&envelope->output))
        pump_document(envelope, req);
    else
        pump_output(envelope, req);
}

/* A handler that is still on the stack has its spans to close first. */
static void finish_if_over(const gbxi_envelope *envelope)
{
    if (envelope->output.ended && envelope->running == 0 && envelope->capture != NULL)
        gbx_capture_finish(envelope->capture);
}

/* Called by the handler's h2o_send and, once the handler is done, by libh2o each time what was sent has left. */
static void do_send(h2o_ostream_t *super, h2o_req_t *req, h2o_iovec_t *bufs, size_t count, h2o_send_state_t state)
{
    gbxi_envelope *envelope = ((envelope_ostream *)super)->envelope;

    if (state == H2O_SEND_STATE_ERROR) {
        h2o_ostream_send_next(super, req, NULL, 0, state);
        return;
    }
    if (!envelope->output.ended) {
        gbxi_output_take(&envelope->output, &req->pool, bufs, count, state == H2O_SEND_STATE_FINAL);
        finish_if_over(envelope);
    }
    /* Sending is not the handler's work: its spans end first. */
    if (envelope->running != 0)
        envelope->waiting = true;
    else
        envelope_pump(envelope, req);
}

/* Sends what the handler sent before it returned. */
static void send_waiting(gbxi_envelope *envelope, h2o_req_t *req)
{
    if (!envelope->waiting || envelope->running != 0 || envelope->abandoned)
        return;
    envelope->waiting = false;
    envelope_pump(envelope, req);
}

/* Runs a piece of the handler's code inside the capture. `req` may be gone after it; the envelope is held. */
static void envelope_run(gbxi_envelope *envelope, h2o_req_t *req, h2o_handler_t *handler,
                         void (*step)(gbxi_envelope *envelope, h2o_req_t *req, h2o_handler_t *handler))
{
    h2o_mem_addref_shared(envelope);
    envelope->running++;
    {
        GBX_ENTER(envelope->capture);
        step(envelope, req, handler);
    }
    envelope->running--;
    finish_if_over(envelope);
    send_waiting(envelope, req);
    h2o_mem_release_shared(envelope);
}

static void step_proceed(gbxi_envelope *envelope, h2o_req_t *req, h2o_handler_t *handler)
{
    GBX_SPAN_NAMED("handler.proceed");
    (void)handler;
    envelope->handler_generator->proceed(envelope->handler_generator, req);
}

/* The handler goes on when all of its last chunk has left, not before. */
static void envelope_proceed(h2o_generator_t *super, h2o_req_t *req)
{
    gbxi_envelope *envelope = (gbxi_envelope *)super;

    if (gbxi_output_has_input(&envelope->output))
        envelope_pump(envelope, req);
    else
        envelope_run(envelope, req, NULL, step_proceed);
}

static void envelope_stop(h2o_generator_t *super, h2o_req_t *req)
{
    gbxi_envelope *envelope = (gbxi_envelope *)super;

    if (envelope->handler_generator->stop != NULL)
        envelope->handler_generator->stop(envelope->handler_generator, req);
}

/* Puts another generator in the place of the handler's, which is returned. Of all that libh2o has this is the one
 * member of a request that is not meant for others: h2o_start_response sets it before it asks for output filters, and
 * there is no call that would let a filter stand in for a generator. Later versions are to be looked at before they are
 * used. */
static h2o_generator_t *swap_generator(h2o_req_t *req, h2o_generator_t *generator)
{
    h2o_generator_t *before = req->_generator;

#if H2O_VERSION_MAJOR != 2 || H2O_VERSION_MINOR != 2
#error "libh2o 2.2 is what this was read in"
#endif
    req->_generator = generator;
    return before;
}

/* A request that is reprocessed gets here again, with a new generator and a new response. */
static void envelope_start(gbxi_envelope *envelope, h2o_req_t *req, gbxi_media media)
{
    gbxi_json_writer_init_room(&envelope->writer, envelope->buffer, BUFFER_BYTES);
    gbxi_document_fini(&envelope->document);
    envelope->document = (gbxi_document){0};
    gbxi_output_init(&envelope->output, envelope->output_key, media,
                     envelope->config.trace_output == GBXI_TRACE_OUTPUT_TRACES_ONLY);
    envelope->generator = (h2o_generator_t){envelope_proceed, envelope_stop};
    envelope->handler_generator = swap_generator(req, &envelope->generator);
}

static void on_setup_ostream(h2o_req_prefilter_t *super, h2o_req_t *req, h2o_ostream_t **slot)
{
    gbxi_envelope *envelope = ((envelope_prefilter *)super)->envelope;
    envelope_ostream *ostream = (envelope_ostream *)h2o_add_ostream(req, sizeof(*ostream), slot);

    ostream->super.do_send = do_send;
    ostream->envelope = envelope;
    envelope->ostream = &ostream->super;
    envelope_start(envelope, req, gbxi_headers_wrap(req, envelope->capture));
    h2o_setup_next_prefilter(super, req, &ostream->super.next);
}

static void envelope_dispose(void *memory)
{
    gbxi_envelope *envelope = memory;

    gbxi_document_fini(&envelope->document);
    gbxi_slot_release(&envelope->slot);
    /* Workers of an aborted request may still be inside: what they go on to record is dropped. */
    if (envelope->capture != NULL)
        gbx_capture_finish(envelope->capture);
    gbx_capture_unref(envelope->capture);
    free(envelope->buffer);
}

/* The request's own hold on the envelope goes with it. */
static void on_request_gone(void *memory)
{
    gbxi_envelope *envelope = *(gbxi_envelope **)memory;

    envelope->abandoned = true;
    h2o_mem_release_shared(envelope);
}

gbxi_envelope *gbxi_envelope_new(h2o_req_t *req, const char *output_key, const gbxi_trace_config *config,
                                 gbx_capture *capture)
{
    char *buffer = malloc(BUFFER_BYTES);
    gbxi_envelope *envelope, **held;
    envelope_prefilter *prefilter;

    if (buffer == NULL)
        return NULL;
    envelope = h2o_mem_alloc_shared(NULL, sizeof(*envelope), envelope_dispose);
    held = h2o_mem_alloc_shared(&req->pool, sizeof(*held), on_request_gone);
    *held = envelope;
    *envelope = (gbxi_envelope){.output_key = output_key, .config = *config, .capture = capture, .buffer = buffer};
    prefilter = (envelope_prefilter *)h2o_add_prefilter(req, sizeof(*prefilter));
    prefilter->super.on_setup_ostream = on_setup_ostream;
    prefilter->envelope = envelope;
    return envelope;
}

void gbxi_envelope_hold(gbxi_envelope *envelope, gbx_gate *gate, h2o_context_t *context)
{
    gbxi_slot_hold(&envelope->slot, gate, envelope->capture, context);
}

bool gbxi_envelope_is_on(const h2o_req_t *req)
{
    for (const h2o_req_prefilter_t *prefilter = req->prefilters; prefilter != NULL; prefilter = prefilter->next)
        if (prefilter->on_setup_ostream == on_setup_ostream)
            return true;
    return false;
}

static void step_delegate(gbxi_envelope *envelope, h2o_req_t *req, h2o_handler_t *handler)
{
    GBX_SPAN_NAMED("handler");
    (void)envelope;
    h2o_delegate_request(req, handler);
}

void gbxi_envelope_delegate(gbxi_envelope *envelope, h2o_req_t *req, h2o_handler_t *self)
{
    envelope_run(envelope, req, self, step_delegate);
}
