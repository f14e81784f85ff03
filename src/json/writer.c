/* SPDX-License-Identifier: MIT */
/* Owns the structure of written JSON: containers, commas, numbers and sinks. text.c writes strings. */
#include "json/writer.h"
#include "base/grow.h"
#include "json/number.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 4096, BUFFER_START_BYTES = 1024 };

const char gbxi_json_pairs[201] = "00010203040506070809"
                                  "10111213141516171819"
                                  "20212223242526272829"
                                  "30313233343536373839"
                                  "40414243444546474849"
                                  "50515253545556575859"
                                  "60616263646566676869"
                                  "70717273747576777879"
                                  "80818283848586878889"
                                  "90919293949596979899";

const uint64_t gbxi_json_powers[20] = {
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

/* After an error there is no room, so every fast path calls gbxi_json_make_room, which stops. */
static void writer_fail(gbxi_json_writer *writer, gbx_err err)
{
    if (writer->error == GBX_ERR_OK)
        writer->error = err;
    writer->end = writer->at;
}

char *gbxi_json_make_room(gbxi_json_writer *writer, size_t need)
{
    gbx_err err;

    if (writer->error != GBX_ERR_OK)
        return NULL;
    err = writer->more(writer, need);
    if (err == GBX_ERR_OK && (size_t)(writer->end - writer->at) < need)
        err = GBX_ERR_STATE;
    if (err != GBX_ERR_OK) {
        writer_fail(writer, err);
        return NULL;
    }
    return writer->at;
}

void gbxi_json_put(gbxi_json_writer *writer, const char *text, size_t length)
{
    while (length > 0) {
        char *at = gbxi_json_reserve(writer, 1);
        size_t room, part;

        if (at == NULL)
            return;
        room = (size_t)(writer->end - at);
        part = length < room ? length : room;
        memcpy(at, text, part);
        gbxi_json_commit(writer, at + part);
        text += part;
        length -= part;
    }
}

void gbxi_json_writer_init(gbxi_json_writer *writer, gbxi_json_more more, void *sink)
{
    *writer = (gbxi_json_writer){.more = more, .sink = sink};
}

static void container_begin(gbxi_json_writer *writer, char bracket)
{
    char *at = gbxi_json_value_begin(writer, 1);

    if (at == NULL)
        return;
    if (writer->depth == DEPTH_MAX) {
        writer_fail(writer, GBX_ERR_LIMIT);
        return;
    }
    *at++ = bracket;
    gbxi_json_commit(writer, at);
    writer->depth++;
    writer->comma = false;
}

static void container_end(gbxi_json_writer *writer, char bracket)
{
    char *at = gbxi_json_reserve(writer, 1);

    if (at == NULL)
        return;
    if (writer->depth == 0) {
        writer_fail(writer, GBX_ERR_STATE);
        return;
    }
    *at++ = bracket;
    gbxi_json_commit(writer, at);
    writer->depth--;
    writer->comma = true;
}

void gbxi_json_object_begin(gbxi_json_writer *writer)
{
    container_begin(writer, '{');
}

void gbxi_json_object_end(gbxi_json_writer *writer)
{
    container_end(writer, '}');
}

void gbxi_json_array_begin(gbxi_json_writer *writer)
{
    container_begin(writer, '[');
}

void gbxi_json_array_end(gbxi_json_writer *writer)
{
    container_end(writer, ']');
}

void gbxi_json_int(gbxi_json_writer *writer, int64_t value)
{
    char *at = gbxi_json_value_begin(writer, GBXI_JSON_DIGITS_MAX);
    uint64_t magnitude = (uint64_t)value;

    if (at == NULL)
        return;
    if (value < 0) {
        *at++ = '-';
        magnitude = 0 - magnitude;
    }
    gbxi_json_commit(writer, gbxi_json_digits(at, magnitude));
}

void gbxi_json_real(gbxi_json_writer *writer, double value)
{
    char text[GBXI_JSON_REAL_MAX];

    if (isfinite(value))
        gbxi_json_raw(writer, text, gbxi_json_real_text(value, text));
    else
        gbxi_json_null(writer);
}

void gbxi_json_ms(gbxi_json_writer *writer, uint64_t ns)
{
    enum { NS_PER_MS = 1000000, FRACTION_DIGITS = 6 };
    char *at = gbxi_json_value_begin(writer, GBXI_JSON_DIGITS_MAX + 1 + FRACTION_DIGITS);
    uint64_t fraction = ns % NS_PER_MS;

    if (at == NULL)
        return;
    at = gbxi_json_digits(at, ns / NS_PER_MS);
    if (fraction != 0) {
        /* The leading 1 preserves the zeros of the fraction. The decimal point then replaces it. */
        char *end = gbxi_json_digits(at, NS_PER_MS + fraction);
        *at = '.';
        while (end[-1] == '0')
            end--;
        at = end;
    }
    gbxi_json_commit(writer, at);
}

void gbxi_json_boolean(gbxi_json_writer *writer, bool value)
{
    if (value)
        gbxi_json_raw(writer, "true", 4);
    else
        gbxi_json_raw(writer, "false", 5);
}

void gbxi_json_null(gbxi_json_writer *writer)
{
    gbxi_json_raw(writer, "null", 4);
}

void gbxi_json_raw(gbxi_json_writer *writer, const char *json, size_t length)
{
    char *at = gbxi_json_value_begin(writer, 0);

    if (at == NULL)
        return;
    gbxi_json_commit(writer, at);
    gbxi_json_literal(writer, json, length);
}

static gbx_err buffer_more(gbxi_json_writer *writer, size_t need)
{
    gbxi_json_buffer *buffer = (gbxi_json_buffer *)writer->sink;
    size_t used = (size_t)(writer->at - writer->begin);
    size_t wanted = used + need > BUFFER_START_BYTES ? used + need : BUFFER_START_BYTES;

    if (!gbxi_grow(&buffer->bytes, &buffer->capacity, wanted, 1))
        return GBX_ERR_NO_MEMORY;
    writer->begin = buffer->bytes;
    writer->at = buffer->bytes + used;
    writer->end = buffer->bytes + buffer->capacity;
    return GBX_ERR_OK;
}

void gbxi_json_writer_init_buffer(gbxi_json_writer *writer, gbxi_json_buffer *buffer)
{
    gbxi_json_writer_init(writer, buffer_more, buffer);
    if (buffer->bytes == NULL)
        return;
    writer->begin = buffer->bytes;
    writer->at = buffer->bytes + buffer->length;
    writer->end = buffer->bytes + buffer->capacity;
}

static gbx_err room_is_full(gbxi_json_writer *writer, size_t need)
{
    (void)writer;
    (void)need;
    return GBX_ERR_LIMIT;
}

void gbxi_json_writer_init_room(gbxi_json_writer *writer, char *room, size_t room_bytes)
{
    gbxi_json_writer_init(writer, room_is_full, NULL);
    writer->begin = writer->at = room;
    writer->end = room_bytes > 0 ? room + room_bytes : room; /* a room of no bytes may be NULL */
}

gbx_err gbxi_json_writer_finish(gbxi_json_writer *writer)
{
    if (writer->more == buffer_more)
        ((gbxi_json_buffer *)writer->sink)->length = (size_t)(writer->at - writer->begin);
    if (writer->error == GBX_ERR_OK && writer->depth > 0)
        writer_fail(writer, GBX_ERR_STATE);
    return writer->error;
}

void gbxi_json_buffer_fini(gbxi_json_buffer *buffer)
{
    if (buffer == NULL)
        return;
    gbxi_account_free(buffer->bytes);
    *buffer = (gbxi_json_buffer){0};
}
