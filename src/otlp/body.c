/* SPDX-License-Identifier: MIT */
/* Owns the filling of bodies up to their size. */
#include "otlp/body.h"
#include "base/account.h"
#include "otlp/form.h"
#include <stdlib.h>

struct gbxi_otlp_body {
    const gbxi_otlp_writer *writer;
    gbxi_view resource;
    gbxi_json_buffer traces; /* the document, without its end */
    gbxi_json_buffer added;  /* the spans of the trace that is added */
    gbxi_otlp_spans spans;   /* where that trace goes on */
    bool is_empty;           /* there is no span yet */
};

gbxi_otlp_body *gbxi_otlp_body_new(gbxi_otlp_form form, const gbxi_otlp_resource *resource)
{
    gbxi_otlp_body *body = calloc(1, sizeof(*body));
    bool is_json = form == GBXI_OTLP_JSON;

    if (body == NULL)
        return NULL;
    body->writer = is_json ? &gbxi_otlp_json : &gbxi_otlp_protobuf;
    body->resource = is_json ? gbxi_otlp_resource_json(resource) : gbxi_otlp_resource_message(resource);
    body->is_empty = true;
    return body;
}

void gbxi_otlp_body_free(gbxi_otlp_body *body)
{
    if (body == NULL)
        return;
    gbxi_json_buffer_fini(&body->traces);
    gbxi_json_buffer_fini(&body->added);
    gbxi_otlp_spans_fini(&body->spans);
    free(body);
}

void gbxi_otlp_body_begin(gbxi_otlp_body *body)
{
    body->traces.length = 0;
    body->is_empty = true;
}

size_t gbxi_otlp_body_bytes(const gbxi_otlp_body *body)
{
    return body->traces.length + (body->is_empty ? body->writer->empty_bytes : body->writer->end_bytes);
}

/* Whether the trace fits with the spans that are added. */
static bool body_has_room(const gbxi_otlp_body *body, size_t max_bytes)
{
    return body->traces.length + body->writer->trace_bytes_max + body->resource.length + body->added.length <=
           max_bytes;
}

/* Goes to span number `next`. It may be where the last body ended. */
static bool body_find(gbxi_otlp_body *body, const gbxi_trace *trace, const gbxi_otlp_request *request, size_t next)
{
    if (next > 0 && body->spans.trace == trace && body->spans.number == next)
        return true;
    return gbxi_otlp_spans_begin(&body->spans, trace, request, next);
}

/* Collects the spans that have room. The first of a body has it. */
static bool body_fill(gbxi_otlp_body *body, size_t max_bytes, bool *full)
{
    bool good = true;

    *full = false;
    body->added.length = 0;
    while (good && !*full && !body->spans.is_done) {
        size_t before = body->added.length;

        good = body->writer->span(&body->added, &body->spans.span);
        *full = good && !(body->is_empty && before == 0) && !body_has_room(body, max_bytes);
        if (*full)
            body->added.length = before;
        else if (good)
            good = gbxi_otlp_spans_next(&body->spans);
    }
    return good;
}

static bool body_put(gbxi_otlp_body *body)
{
    if (body->added.length == 0)
        return true;
    if (!body->writer->trace(&body->traces, body->resource, (gbxi_view){body->added.bytes, body->added.length}))
        return false;
    body->is_empty = false;
    return true;
}

gbx_err gbxi_otlp_body_add(gbxi_otlp_body *body, const gbxi_trace *trace, const gbxi_otlp_request *request,
                           size_t max_bytes, size_t *next, bool *done, gbx_error *error)
{
    bool full;

    *done = false;
    if (!body_find(body, trace, request, *next) || !body_fill(body, max_bytes, &full) || !body_put(body)) {
        gbxi_otlp_spans_fini(&body->spans);
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "otlp: out of memory");
    }
    *next = body->spans.number;
    *done = !full;
    return GBX_ERR_OK;
}

gbx_err gbxi_otlp_body_end(gbxi_otlp_body *body, const void **bytes, size_t *length, gbx_error *error)
{
    if (!body->writer->end(&body->traces))
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "otlp: out of memory");
    *bytes = body->traces.length > 0 ? body->traces.bytes : "";
    *length = body->traces.length;
    return GBX_ERR_OK;
}
