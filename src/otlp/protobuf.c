/* SPDX-License-Identifier: MIT */
/* Writes OTLP as protocol buffers. The lengths of messages are computed first, except that of a span, whose message is
 * moved apart to make room for it. */
#include "export/protobuf.h"
#include "base/grow.h"
#include "otlp/form.h"
#include "otlp/utf8.h"
#include <glassbox/version.h>
#include <string.h>

/* Field numbers of opentelemetry/proto/trace/v1/trace.proto, common/v1/common.proto and resource/v1/resource.proto. */
enum {
    REQUEST_RESOURCE_SPANS = 1,
    RESOURCE_SPANS_RESOURCE = 1,
    RESOURCE_SPANS_SCOPE_SPANS = 2,
    SCOPE_SPANS_SCOPE = 1,
    SCOPE_SPANS_SPANS = 2,
    SCOPE_SPANS_SCHEMA_URL = 3,
    SCOPE_NAME = 1,
    SCOPE_VERSION = 2,
    RESOURCE_ATTRIBUTES = 1,
    SPAN_TRACE_ID = 1,
    SPAN_SPAN_ID = 2,
    SPAN_PARENT_SPAN_ID = 4,
    SPAN_NAME = 5,
    SPAN_KIND = 6,
    SPAN_START = 7,
    SPAN_END = 8,
    SPAN_ATTRIBUTES = 9,
    SPAN_DROPPED_ATTRIBUTES = 10,
    SPAN_EVENTS = 11,
    SPAN_STATUS = 15,
    SPAN_FLAGS = 16,
    EVENT_TIME = 1,
    EVENT_NAME = 2,
    EVENT_ATTRIBUTES = 3,
    STATUS_MESSAGE = 2,
    STATUS_CODE = 3,
    KEY_VALUE_KEY = 1,
    KEY_VALUE_VALUE = 2,
    VALUE_TEXT = 1,
    VALUE_BOOL = 2,
    VALUE_INT = 3,
    VALUE_DOUBLE = 4
};

enum { WIRE_FIXED64 = 1, WIRE_FIXED32 = 5, FIXED64_FIELD_BYTES = 9, FIXED32_FIELD_BYTES = 6, SPAN_HEAD_MAX = 6 };

static size_t pb_number_bytes(uint64_t value)
{
    size_t bytes = 1;

    for (; value >= 0x80; value >>= 7)
        bytes++;
    return bytes;
}

/* The bytes of a field with the number 1 to 15 that has a message, a text or bytes. */
static size_t pb_field_bytes(size_t length)
{
    return 1 + pb_number_bytes(length) + length;
}

static unsigned char *pb_put_fixed64(unsigned char *at, unsigned field, uint64_t value)
{
    *at++ = (unsigned char)(field << 3 | WIRE_FIXED64);
    for (size_t i = 0; i < sizeof(value); i++)
        *at++ = (unsigned char)(value >> (8 * i));
    return at;
}

static unsigned char *pb_put_view(unsigned char *at, unsigned field, gbxi_view bytes)
{
    at = gbxi_protobuf_bytes(at, field, bytes.length);
    if (bytes.length > 0)
        memcpy(at, bytes.at, bytes.length);
    return at + bytes.length;
}

static unsigned char *pb_put_id(unsigned char *at, unsigned field, const uint8_t *id, size_t length)
{
    return pb_put_view(at, field, (gbxi_view){(const char *)id, length});
}

/* A text whose length as UTF-8 is known. */
static unsigned char *pb_put_text(unsigned char *at, unsigned field, gbxi_view text, size_t length)
{
    return gbxi_otlp_utf8_put(gbxi_protobuf_bytes(at, field, length), text);
}

static size_t pb_value_bytes(const gbxi_otlp_attribute *attribute, size_t text_length)
{
    switch (attribute->type) {
    case GBXI_OTLP_TEXT:
        return pb_field_bytes(text_length);
    case GBXI_OTLP_INT:
        return 1 + pb_number_bytes((uint64_t)attribute->value.integer);
    case GBXI_OTLP_REAL:
        return FIXED64_FIELD_BYTES;
    case GBXI_OTLP_BOOL:
        break;
    }
    return 2;
}

static unsigned char *pb_put_value(unsigned char *at, const gbxi_otlp_attribute *attribute, size_t text_length)
{
    uint64_t bits;

    switch (attribute->type) {
    case GBXI_OTLP_TEXT:
        return pb_put_text(at, VALUE_TEXT, attribute->value.text, text_length);
    case GBXI_OTLP_INT:
        return gbxi_protobuf_uint(at, VALUE_INT, (uint64_t)attribute->value.integer);
    case GBXI_OTLP_REAL:
        memcpy(&bits, &attribute->value.real, sizeof(bits));
        return pb_put_fixed64(at, VALUE_DOUBLE, bits);
    case GBXI_OTLP_BOOL:
        break;
    }
    return gbxi_protobuf_uint(at, VALUE_BOOL, attribute->value.boolean);
}

/* The end of the buffer, if there is room for `bytes`; NULL if memory is short. */
static unsigned char *pb_room(gbxi_json_buffer *buffer, size_t bytes)
{
    if (!gbxi_grow(&buffer->bytes, &buffer->capacity, buffer->length + bytes, 1))
        return NULL;
    return (unsigned char *)buffer->bytes + buffer->length;
}

static void pb_commit(gbxi_json_buffer *buffer, const unsigned char *at)
{
    buffer->length = (size_t)((const char *)at - buffer->bytes);
}

static bool pb_attribute(gbxi_json_buffer *buffer, unsigned field, const gbxi_otlp_attribute *attribute)
{
    size_t key = gbxi_otlp_utf8_length(attribute->key);
    size_t text = attribute->type == GBXI_OTLP_TEXT ? gbxi_otlp_utf8_length(attribute->value.text) : 0;
    size_t value = pb_value_bytes(attribute, text), pair = pb_field_bytes(key) + pb_field_bytes(value);
    unsigned char *at = pb_room(buffer, pb_field_bytes(pair));

    if (at == NULL)
        return false;
    at = gbxi_protobuf_bytes(at, field, pair);
    at = pb_put_text(at, KEY_VALUE_KEY, attribute->key, key);
    at = gbxi_protobuf_bytes(at, KEY_VALUE_VALUE, value);
    pb_commit(buffer, pb_put_value(at, attribute, text));
    return true;
}

static bool pb_attributes(gbxi_json_buffer *buffer, unsigned field, const gbxi_otlp_attributes *attributes)
{
    bool good = true;

    for (size_t i = 0; i < attributes->count && good; i++)
        good = pb_attribute(buffer, field, &attributes->at[i]);
    return good;
}

static bool pb_span_facts(gbxi_json_buffer *buffer, const gbxi_otlp_span *span)
{
    size_t name = gbxi_otlp_utf8_length(span->name);
    unsigned char *at = pb_room(buffer, pb_field_bytes(name) + 128);

    if (at == NULL)
        return false;
    at = pb_put_id(at, SPAN_TRACE_ID, span->trace_id, sizeof(span->trace_id));
    at = pb_put_id(at, SPAN_SPAN_ID, span->id, sizeof(span->id));
    if (span->has_parent)
        at = pb_put_id(at, SPAN_PARENT_SPAN_ID, span->parent_id, sizeof(span->parent_id));
    at = pb_put_text(at, SPAN_NAME, span->name, name);
    at = gbxi_protobuf_uint(at, SPAN_KIND, span->kind);
    at = pb_put_fixed64(at, SPAN_START, span->start_unix_ns);
    at = pb_put_fixed64(at, SPAN_END, span->end_unix_ns);
    if (span->attributes.dropped > 0)
        at = gbxi_protobuf_uint(at, SPAN_DROPPED_ATTRIBUTES, span->attributes.dropped);
    at = gbxi_protobuf_number(at, SPAN_FLAGS << 3 | WIRE_FIXED32);
    for (size_t i = 0; i < sizeof(span->flags); i++)
        *at++ = (unsigned char)(span->flags >> (8 * i));
    pb_commit(buffer, at);
    return true;
}

static bool pb_exception(gbxi_json_buffer *buffer, const gbxi_otlp_span *span)
{
    static const char name[] = "exception", key[] = "exception.message";
    size_t text = gbxi_otlp_utf8_length(span->exception), value = pb_field_bytes(text);
    size_t pair = pb_field_bytes(sizeof(key) - 1) + pb_field_bytes(value);
    size_t event = FIXED64_FIELD_BYTES + pb_field_bytes(sizeof(name) - 1) + pb_field_bytes(pair);
    unsigned char *at = pb_room(buffer, pb_field_bytes(event));

    if (at == NULL)
        return false;
    at = gbxi_protobuf_bytes(at, SPAN_EVENTS, event);
    at = pb_put_fixed64(at, EVENT_TIME, span->exception_unix_ns);
    at = pb_put_view(at, EVENT_NAME, (gbxi_view){name, sizeof(name) - 1});
    at = gbxi_protobuf_bytes(at, EVENT_ATTRIBUTES, pair);
    at = pb_put_view(at, KEY_VALUE_KEY, (gbxi_view){key, sizeof(key) - 1});
    at = gbxi_protobuf_bytes(at, KEY_VALUE_VALUE, value);
    pb_commit(buffer, pb_put_text(at, VALUE_TEXT, span->exception, text));
    return true;
}

static bool pb_status(gbxi_json_buffer *buffer, const gbxi_otlp_span *span)
{
    size_t text = gbxi_otlp_utf8_length(span->reason), status = 2 + (text > 0 ? pb_field_bytes(text) : 0);
    unsigned char *at = pb_room(buffer, pb_field_bytes(status));

    if (at == NULL)
        return false;
    at = gbxi_protobuf_bytes(at, SPAN_STATUS, status);
    if (text > 0)
        at = pb_put_text(at, STATUS_MESSAGE, span->reason, text);
    pb_commit(buffer, gbxi_protobuf_uint(at, STATUS_CODE, GBXI_OTLP_STATUS_ERROR));
    return true;
}

/* Puts the head of the message behind `at` before it. */
static void pb_close(gbxi_json_buffer *buffer, size_t begin, unsigned field)
{
    unsigned char *message = (unsigned char *)buffer->bytes + begin, *end;
    size_t length = buffer->length - begin - SPAN_HEAD_MAX;

    end = gbxi_protobuf_bytes(message, field, length);
    memmove(end, message + SPAN_HEAD_MAX, length);
    pb_commit(buffer, end + length);
}

static bool pb_span(gbxi_json_buffer *spans, const gbxi_otlp_span *span)
{
    size_t begin = spans->length;

    if (pb_room(spans, SPAN_HEAD_MAX) == NULL)
        return false;
    spans->length += SPAN_HEAD_MAX;
    if (pb_span_facts(spans, span) && pb_attributes(spans, SPAN_ATTRIBUTES, &span->attributes) &&
        (!span->has_exception || pb_exception(spans, span)) && (!span->is_failed || pb_status(spans, span))) {
        pb_close(spans, begin, SCOPE_SPANS_SPANS);
        return true;
    }
    spans->length = begin;
    return false;
}

static bool pb_trace(gbxi_json_buffer *traces, gbxi_view resource, gbxi_view spans)
{
    gbxi_view name = gbxi_view_of(GBXI_OTLP_SCOPE), version = gbxi_view_of(gbx_version());
    gbxi_view schema = gbxi_view_of(GBXI_OTLP_SCHEMA);
    size_t scope = pb_field_bytes(name.length) + pb_field_bytes(version.length);
    size_t scope_spans = pb_field_bytes(scope) + spans.length + pb_field_bytes(schema.length);
    size_t resource_spans = pb_field_bytes(resource.length) + pb_field_bytes(scope_spans);
    unsigned char *at = pb_room(traces, pb_field_bytes(resource_spans));

    if (at == NULL)
        return false;
    at = gbxi_protobuf_bytes(at, REQUEST_RESOURCE_SPANS, resource_spans);
    at = pb_put_view(at, RESOURCE_SPANS_RESOURCE, resource);
    at = gbxi_protobuf_bytes(at, RESOURCE_SPANS_SCOPE_SPANS, scope_spans);
    at = gbxi_protobuf_bytes(at, SCOPE_SPANS_SCOPE, scope);
    at = pb_put_view(at, SCOPE_NAME, name);
    at = pb_put_view(at, SCOPE_VERSION, version);
    memcpy(at, spans.at, spans.length);
    pb_commit(traces, pb_put_view(at + spans.length, SCOPE_SPANS_SCHEMA_URL, schema));
    return true;
}

/* The fields of the request follow one another, so an empty one has no bytes. */
static bool pb_end(gbxi_json_buffer *traces)
{
    (void)traces;
    return true;
}

static bool pb_resource(gbxi_json_buffer *resource, const gbxi_otlp_attributes *attributes)
{
    return pb_attributes(resource, RESOURCE_ATTRIBUTES, attributes);
}

const gbxi_otlp_writer gbxi_otlp_protobuf = {
    .span = pb_span, .trace = pb_trace, .end = pb_end, .resource = pb_resource, .trace_bytes_max = 128};
