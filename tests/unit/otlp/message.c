/* SPDX-License-Identifier: MIT */
/* Reads messages of protocol buffers, field by field. */
#include "message.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { WIRE_NUMBER, WIRE_FIXED64, WIRE_BYTES, WIRE_FIXED32 = 5 };

static uint64_t take_fixed(gbxi_view *message, size_t bytes)
{
    uint64_t value = 0;

    assert_true(message->length >= bytes);
    for (size_t i = bytes; i > 0; i--)
        value = value << 8 | (unsigned char)message->at[i - 1];
    *message = gbxi_view_after(*message, bytes);
    return value;
}

static uint64_t take_number(gbxi_view *message)
{
    uint64_t value = 0, byte = 0x80;

    for (unsigned shift = 0; (byte & 0x80) != 0; shift += 7) {
        assert_true(shift < 64);
        byte = take_fixed(message, 1);
        value |= (byte & 0x7f) << shift;
    }
    return value;
}

bool message_next(gbxi_view *message, field *next)
{
    uint64_t tag;

    if (message->length == 0)
        return false;
    tag = take_number(message);
    *next = (field){.number = tag >> 3};
    switch (tag & 7) {
    case WIRE_NUMBER:
        next->value = take_number(message);
        break;
    case WIRE_FIXED64:
        next->value = take_fixed(message, 8);
        break;
    case WIRE_FIXED32:
        next->value = take_fixed(message, 4);
        break;
    default:
        assert_int_equal(tag & 7, WIRE_BYTES);
        next->bytes = (gbxi_view){NULL, (size_t)take_number(message)};
        assert_true(next->bytes.length <= message->length);
        next->bytes.at = message->at;
        *message = gbxi_view_after(*message, next->bytes.length);
    }
    return true;
}

gbxi_view message_field(gbxi_view message, uint64_t number)
{
    field next;

    while (message_next(&message, &next))
        if (next.number == number)
            return next.bytes;
    return (gbxi_view){0};
}

void message_each_span(gbxi_view request, void (*use)(void *context, gbxi_view span), void *context)
{
    field trace, span;

    while (message_next(&request, &trace)) {
        gbxi_view scope = message_field(trace.bytes, 2);

        while (message_next(&scope, &span))
            if (span.number == 2)
                use(context, span.bytes);
    }
}
