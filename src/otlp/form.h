/* SPDX-License-Identifier: MIT */
/* The two forms of OTLP: how a span, a resource and what is around them are written. */
#ifndef GBX_OTLP_FORM_H
#define GBX_OTLP_FORM_H

#include "otlp/span.h"
#include "json/writer.h"

/* Each function appends to a buffer; false if memory is short, and then its length is as before. A constant table. */
typedef struct gbxi_otlp_writer {
    /* Appends a span to those that are in the buffer. */
    bool (*span)(gbxi_json_buffer *spans, const gbxi_otlp_span *span);
    /* Appends the spans of a trace, with the resource in this form, to the traces that are in the buffer. */
    bool (*trace)(gbxi_json_buffer *traces, gbxi_view resource, gbxi_view spans);
    /* Makes a document of the traces. */
    bool (*end)(gbxi_json_buffer *traces);
    /* Appends a resource with these attributes. */
    bool (*resource)(gbxi_json_buffer *resource, const gbxi_otlp_attributes *attributes);
    size_t trace_bytes_max; /* what is around the resource and the spans of a trace, and around all traces */
    size_t empty_bytes;     /* a document without traces */
    size_t end_bytes;       /* what ends one with traces */
} gbxi_otlp_writer;

extern const gbxi_otlp_writer gbxi_otlp_protobuf;
extern const gbxi_otlp_writer gbxi_otlp_json;

/* The name of the scope, and the conventions that its attributes follow. Its version is that of the library. */
#define GBXI_OTLP_SCOPE "glassbox"
#define GBXI_OTLP_SCHEMA "https://opentelemetry.io/schemas/1.34.0"

#endif
