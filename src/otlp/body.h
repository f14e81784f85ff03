/* SPDX-License-Identifier: MIT */
/* The body of one ExportTraceServiceRequest of opentelemetry-proto 1, as protobuf or as JSON.
 *
 *     gbxi_otlp_body *body = gbxi_otlp_body_new(GBXI_OTLP_PROTOBUF, resource);
 *     size_t next = 0;                                      // where the trace goes on
 *     err = gbxi_otlp_body_add(body, trace, &request, max_bytes, &next, &done, &error);
 *     ... more traces, as long as `done` is set and there is room ...
 *     err = gbxi_otlp_body_end(body, &bytes, &length, &error);
 *     ... send them ...
 *     gbxi_otlp_body_begin(body);                           // the next request; a trace that is not done goes on
 *     gbxi_otlp_body_free(body);
 *
 * A trace becomes one span for its request and one for each call. The ids of spans depend on nothing but the trace id
 * and the number of the call, so whoever gets a trace twice can see it. Thread: one at a time per body.
 * Source: https://github.com/open-telemetry/opentelemetry-proto, https://opentelemetry.io/docs/specs/otlp */
#ifndef GBX_OTLP_BODY_H
#define GBX_OTLP_BODY_H

#include "otlp/resource.h"
#include "otlp/spans.h"

typedef enum gbxi_otlp_form { GBXI_OTLP_PROTOBUF, GBXI_OTLP_JSON } gbxi_otlp_form;

typedef struct gbxi_otlp_body gbxi_otlp_body;

/* Begins a body without traces. `resource` must outlive it. NULL if memory is short. Owns: the caller, until free. */
GBX_MUST_USE gbxi_otlp_body *gbxi_otlp_body_new(gbxi_otlp_form form, const gbxi_otlp_resource *resource);
void gbxi_otlp_body_free(gbxi_otlp_body *body); /* accepts NULL */

/* Begins the next body in the place of the last one. */
void gbxi_otlp_body_begin(gbxi_otlp_body *body);

/* Adds spans of the trace, from number `*next` on, until the body has `max_bytes`. The first span of a body is always
 * added, so that each body gets a trace further. `*next` becomes the number after the last span that was added, and
 * `*done` says whether none is left. The trace must have been made without a `min_duration_ns`. If it is not done, and
 * goes on in the same body after gbxi_otlp_body_begin, it must be the same trace in the same place: then nothing is
 * read twice. A new body reads it from its start. Errors: NO_MEMORY; then the body and `*next` are as before. */
GBX_MUST_USE gbx_err gbxi_otlp_body_add(gbxi_otlp_body *body, const gbxi_trace *trace, const gbxi_otlp_request *request,
                                        size_t max_bytes, size_t *next, bool *done, gbx_error *error);

/* The length of the document if it ended here. */
size_t gbxi_otlp_body_bytes(const gbxi_otlp_body *body);

/* Ends the document: gbxi_otlp_body_begin or _free follows. Owns: the body, until then. Errors: NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_otlp_body_end(gbxi_otlp_body *body, const void **bytes, size_t *length, gbx_error *error);

#endif
