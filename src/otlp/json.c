/* SPDX-License-Identifier: MIT */
/* Writes OTLP as JSON: ids in hexadecimal, 64-bit integers as strings, enums as numbers.
 * Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
#include "export/fragment.h"
#include "export/identity.h"
#include "otlp/form.h"
#include <glassbox/version.h>
#include <math.h>

#define OJ_BEGIN "{\"resourceSpans\":["
#define OJ_END "]}"

/* Always inline, because a key that is known at compile time needs no escaping. */
GBXI_INLINE void oj_text(gbxi_json_writer *writer, const char *key, gbxi_view text)
{
    gbxi_json_key(writer, key);
    gbxi_json_string_n(writer, text.at != NULL ? text.at : "", text.length);
}

GBXI_INLINE void oj_time(gbxi_json_writer *writer, const char *key, uint64_t unix_ns)
{
    char digits[GBXI_JSON_DIGITS_MAX];

    gbxi_json_key(writer, key);
    gbxi_json_string_n(writer, digits, (size_t)(gbxi_json_digits(digits, unix_ns) - digits));
}

static void oj_span_id(gbxi_json_writer *writer, const uint8_t id[GBXI_OTLP_SPAN_ID_BYTES])
{
    char digits[GBXI_SPAN_ID_DIGITS];

    gbxi_span_id_format(id, digits);
    gbxi_json_string_n(writer, digits, sizeof(digits));
}

static void oj_integer(gbxi_json_writer *writer, int64_t value)
{
    char text[1 + GBXI_JSON_DIGITS_MAX], *at = text;

    if (value < 0)
        *at++ = '-';
    at = gbxi_json_digits(at, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
    gbxi_json_key(writer, "intValue");
    gbxi_json_string_n(writer, text, (size_t)(at - text));
}

/* The names are those of https://protobuf.dev/programming-guides/json. */
static void oj_real(gbxi_json_writer *writer, double value)
{
    gbxi_json_key(writer, "doubleValue");
    if (isfinite(value))
        gbxi_json_real(writer, value);
    else
        gbxi_json_string_z(writer, isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
}

static void oj_value(gbxi_json_writer *writer, const gbxi_otlp_attribute *attribute)
{
    switch (attribute->type) {
    case GBXI_OTLP_TEXT:
        oj_text(writer, "stringValue", attribute->value.text);
        break;
    case GBXI_OTLP_INT:
        oj_integer(writer, attribute->value.integer);
        break;
    case GBXI_OTLP_REAL:
        oj_real(writer, attribute->value.real);
        break;
    case GBXI_OTLP_BOOL:
        gbxi_json_key(writer, "boolValue");
        gbxi_json_boolean(writer, attribute->value.boolean);
        break;
    }
}

static void oj_attributes(gbxi_json_writer *writer, const gbxi_otlp_attributes *attributes)
{
    gbxi_json_key(writer, "attributes");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < attributes->count; i++) {
        gbxi_json_object_begin(writer);
        oj_text(writer, "key", attributes->at[i].key);
        gbxi_json_key(writer, "value");
        gbxi_json_object_begin(writer);
        oj_value(writer, &attributes->at[i]);
        gbxi_json_object_end(writer);
        gbxi_json_object_end(writer);
    }
    gbxi_json_array_end(writer);
    if (attributes->dropped > 0) {
        gbxi_json_key(writer, "droppedAttributesCount");
        gbxi_json_uint(writer, attributes->dropped);
    }
}

static void oj_exception(gbxi_json_writer *writer, const gbxi_otlp_span *span)
{
    const gbxi_otlp_attribute message = {
        .key = gbxi_view_of("exception.message"), .type = GBXI_OTLP_TEXT, .value.text = span->exception};

    gbxi_json_key(writer, "events");
    gbxi_json_array_begin(writer);
    gbxi_json_object_begin(writer);
    oj_time(writer, "timeUnixNano", span->exception_unix_ns);
    oj_text(writer, "name", gbxi_view_of("exception"));
    oj_attributes(writer, &(gbxi_otlp_attributes){&message, 1, 0});
    gbxi_json_object_end(writer);
    gbxi_json_array_end(writer);
}

static void oj_status(gbxi_json_writer *writer, const gbxi_otlp_span *span)
{
    gbxi_json_key(writer, "status");
    gbxi_json_object_begin(writer);
    if (span->reason.length > 0)
        oj_text(writer, "message", span->reason);
    gbxi_json_key(writer, "code");
    gbxi_json_uint(writer, GBXI_OTLP_STATUS_ERROR);
    gbxi_json_object_end(writer);
}

static void oj_ids(gbxi_json_writer *writer, const gbxi_otlp_span *span)
{
    char digits[GBXI_TRACE_ID_DIGITS];

    gbxi_trace_id_format(span->trace_id, digits);
    oj_text(writer, "traceId", (gbxi_view){digits, sizeof(digits)});
    gbxi_json_key(writer, "spanId");
    oj_span_id(writer, span->id);
    if (span->has_parent) {
        gbxi_json_key(writer, "parentSpanId");
        oj_span_id(writer, span->parent_id);
    }
    gbxi_json_key(writer, "flags");
    gbxi_json_uint(writer, span->flags);
}

/* Ends a writer that appends to `buffer`. */
static bool oj_finish(gbxi_json_writer *writer, gbxi_json_buffer *buffer, size_t begin)
{
    if (gbxi_json_writer_finish(writer) == GBX_ERR_OK)
        return true;
    buffer->length = begin;
    return false;
}

static bool oj_span(gbxi_json_buffer *spans, const gbxi_otlp_span *span)
{
    size_t begin = spans->length;
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, spans);
    if (begin > 0)
        gbxi_json_literal(&writer, GBXI_FRAGMENT(","));
    gbxi_json_object_begin(&writer);
    oj_ids(&writer, span);
    oj_text(&writer, "name", span->name);
    gbxi_json_key(&writer, "kind");
    gbxi_json_uint(&writer, span->kind);
    oj_time(&writer, "startTimeUnixNano", span->start_unix_ns);
    oj_time(&writer, "endTimeUnixNano", span->end_unix_ns);
    oj_attributes(&writer, &span->attributes);
    if (span->has_exception)
        oj_exception(&writer, span);
    if (span->is_failed)
        oj_status(&writer, span);
    gbxi_json_object_end(&writer);
    return oj_finish(&writer, spans, begin);
}

static void oj_scope_spans(gbxi_json_writer *writer, gbxi_view spans)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "scope");
    gbxi_json_object_begin(writer);
    oj_text(writer, "name", gbxi_view_of(GBXI_OTLP_SCOPE));
    oj_text(writer, "version", gbxi_view_of(gbx_version()));
    gbxi_json_object_end(writer);
    gbxi_json_key(writer, "spans");
    gbxi_json_array_begin(writer);
    gbxi_json_raw(writer, spans.at, spans.length);
    gbxi_json_array_end(writer);
    oj_text(writer, "schemaUrl", gbxi_view_of(GBXI_OTLP_SCHEMA));
    gbxi_json_object_end(writer);
}

/* The array of traces begins with the first, and is ended by oj_end. */
static void oj_open(gbxi_json_writer *writer, const gbxi_json_buffer *traces)
{
    if (traces->length == 0)
        gbxi_json_literal(writer, GBXI_FRAGMENT(OJ_BEGIN));
    else
        gbxi_json_literal(writer, GBXI_FRAGMENT(","));
}

static bool oj_trace(gbxi_json_buffer *traces, gbxi_view resource, gbxi_view spans)
{
    size_t begin = traces->length;
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, traces);
    oj_open(&writer, traces);
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "resource");
    gbxi_json_raw(&writer, resource.at, resource.length);
    gbxi_json_key(&writer, "scopeSpans");
    gbxi_json_array_begin(&writer);
    oj_scope_spans(&writer, spans);
    gbxi_json_array_end(&writer);
    gbxi_json_object_end(&writer);
    return oj_finish(&writer, traces, begin);
}

static bool oj_end(gbxi_json_buffer *traces)
{
    size_t begin = traces->length;
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, traces);
    if (begin == 0)
        oj_open(&writer, traces);
    gbxi_json_literal(&writer, GBXI_FRAGMENT(OJ_END));
    return oj_finish(&writer, traces, begin);
}

static bool oj_resource(gbxi_json_buffer *resource, const gbxi_otlp_attributes *attributes)
{
    size_t begin = resource->length;
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, resource);
    gbxi_json_object_begin(&writer);
    oj_attributes(&writer, attributes);
    gbxi_json_object_end(&writer);
    return oj_finish(&writer, resource, begin);
}

const gbxi_otlp_writer gbxi_otlp_json = {.span = oj_span,
                                         .trace = oj_trace,
                                         .end = oj_end,
                                         .resource = oj_resource,
                                         .trace_bytes_max = 256,
                                         .empty_bytes = sizeof(OJ_BEGIN OJ_END) - 1,
                                         .end_bytes = sizeof(OJ_END) - 1};
