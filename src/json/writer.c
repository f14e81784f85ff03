/* SPDX-License-Identifier: MIT */
/* Owns the structure of written JSON: containers, commas, numbers, sinks. Strings are text.c's. */
#include "json/writer.h"
#include "json/number.h"
#include <math.h>
#include <stdlib.h>

enum { DEPTH_MAX = 4096, BUFFER_START_BYTES = 1024 };

const char gbx__json_pairs[201] = "00010203040506070809"
                                  "10111213141516171819"
                                  "20212223242526272829"
                                  "30313233343536373839"
                                  "40414243444546474849"
                                  "50515253545556575859"
                                  "60616263646566676869"
                                  "70717273747576777879"
                                  "80818283848586878889"
                                  "90919293949596979899";

const uint64_t gbx__json_powers[20] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    10000000000000000000u,
};

/* No room is left after an error, so that every fast path ends up in gbx__json_more and stops there. */
static void fail(gbx_json_writer *writer, gbx_err error)
{
    if (writer->error == GBX_ERR_OK)
        writer->error = error;
    writer->end = writer->at;
}

char *gbx__json_more(gbx_json_writer *writer, size_t need)
{
    gbx_err error;

    if (writer->error != GBX_ERR_OK)
        return NULL;
    error = writer->more(writer, need);
    if (error == GBX_ERR_OK && (size_t)(writer->end - writer->at) < need)
        error = GBX_ERR_STATE;
    if (error != GBX_ERR_OK) {
        fail(writer, error);
        return NULL;
    }
    return writer->at;
}

void gbx__json_copy(gbx_json_writer *writer, const char *text, size_t length)
{
    while (length > 0) {
        char *at = gbx_json_reserve(writer, 1);
        size_t room, part;

        if (at == NULL)
            return;
        room = (size_t)(writer->end - at);
        part = length < room ? length : room;
        memcpy(at, text, part);
        gbx_json_commit(writer, at + part);
        text += part;
        length -= part;
    }
}

void gbx_json_writer_init(gbx_json_writer *writer, gbx_json_more more, void *sink)
{
    *writer = (gbx_json_writer){.more = more, .sink = sink};
}

static void container_begin(gbx_json_writer *writer, char bracket)
{
    char *at = gbx__json_value_begin(writer, 1);

    if (at == NULL)
        return;
    if (writer->depth == DEPTH_MAX) {
        fail(writer, GBX_ERR_LIMIT);
        return;
    }
    *at++ = bracket;
    gbx_json_commit(writer, at);
    writer->depth++;
    writer->comma = false;
}

static void container_end(gbx_json_writer *writer, char bracket)
{
    char *at = gbx_json_reserve(writer, 1);

    if (at == NULL)
        return;
    if (writer->depth == 0) {
        fail(writer, GBX_ERR_STATE);
        return;
    }
    *at++ = bracket;
    gbx_json_commit(writer, at);
    writer->depth--;
    writer->comma = true;
}

void gbx_json_object_begin(gbx_json_writer *writer)
{
    container_begin(writer, '{');
}

void gbx_json_object_end(gbx_json_writer *writer)
{
    container_end(writer, '}');
}

void gbx_json_array_begin(gbx_json_writer *writer)
{
    container_begin(writer, '[');
}

void gbx_json_array_end(gbx_json_writer *writer)
{
    container_end(writer, ']');
}

void gbx_json_int(gbx_json_writer *writer, int64_t value)
{
    char *at = gbx__json_value_begin(writer, GBX_JSON_DIGITS_MAX);
    uint64_t magnitude = (uint64_t)value;

    if (at == NULL)
        return;
    if (value < 0) {
        *at++ = '-';
        magnitude = 0 - magnitude;
    }
    gbx_json_commit(writer, gbx_json_digits(at, magnitude));
}

void gbx_json_real(gbx_json_writer *writer, double value)
{
    char text[GBX__JSON_REAL_MAX];

    if (isfinite(value))
        gbx_json_raw(writer, text, gbx__json_real_text(value, text));
    else
        gbx_json_null(writer);
}

void gbx_json_ms(gbx_json_writer *writer, uint64_t ns)
{
    enum { NS_PER_MS = 1000000, FRACTION_DIGITS = 6 };
    char *at = gbx__json_value_begin(writer, GBX_JSON_DIGITS_MAX + 1 + FRACTION_DIGITS);
    uint64_t fraction = ns % NS_PER_MS;

    if (at == NULL)
        return;
    at = gbx_json_digits(at, ns / NS_PER_MS);
    if (fraction != 0) {
        /* The leading 1 keeps the fraction's zeros; the point takes its place. */
        char *end = gbx_json_digits(at, NS_PER_MS + fraction);
        *at = '.';
        while (end[-1] == '0')
            end--;
        at = end;
    }
    gbx_json_commit(writer, at);
}

void gbx_json_boolean(gbx_json_writer *writer, bool value)
{
    if (value)
        gbx_json_raw(writer, "true", 4);
    else
        gbx_json_raw(writer, "false", 5);
}

void gbx_json_null(gbx_json_writer *writer)
{
    gbx_json_raw(writer, "null", 4);
}

void gbx_json_raw(gbx_json_writer *writer, const char *json, size_t length)
{
    char *at = gbx__json_value_begin(writer, 0);

    if (at == NULL)
        return;
    gbx_json_commit(writer, at);
    gbx_json_literal(writer, json, length);
}

static gbx_err buffer_more(gbx_json_writer *writer, size_t need)
{
    gbx_json_buffer *buffer = (gbx_json_buffer *)writer->sink;
    size_t used = (size_t)(writer->at - writer->begin);
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : BUFFER_START_BYTES;
    char *bytes;

    while (capacity - used < need) {
        if (capacity > SIZE_MAX / 2)
            return GBX_ERR_NO_MEMORY;
        capacity *= 2;
    }
    bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL)
        return GBX_ERR_NO_MEMORY;
    *buffer = (gbx_json_buffer){.bytes = bytes, .length = used, .capacity = capacity};
    writer->begin = bytes;
    writer->at = bytes + used;
    writer->end = bytes + capacity;
    return GBX_ERR_OK;
}

void gbx_json_writer_init_buffer(gbx_json_writer *writer, gbx_json_buffer *buffer)
{
    gbx_json_writer_init(writer, buffer_more, buffer);
    if (buffer->bytes == NULL)
        return;
    writer->begin = buffer->bytes;
    writer->at = buffer->bytes + buffer->length;
    writer->end = buffer->bytes + buffer->capacity;
}

gbx_err gbx_json_writer_finish(gbx_json_writer *writer)
{
    if (writer->more == buffer_more)
        ((gbx_json_buffer *)writer->sink)->length = (size_t)(writer->at - writer->begin);
    if (writer->error == GBX_ERR_OK && writer->depth > 0)
        fail(writer, GBX_ERR_STATE);
    return writer->error;
}

void gbx_json_buffer_fini(gbx_json_buffer *buffer)
{
    if (buffer == NULL)
        return;
    free(buffer->bytes);
    *buffer = (gbx_json_buffer){0};
}
