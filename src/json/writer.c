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

const uint32_t gbxi_json_powers[9] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

char *gbxi_json_digits_long(char *at, uint64_t value)
{
    return gbxi_json_digits(at, value);
}

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

/* Writes a point and `fraction`, which is not 0, with that many digits; even and at most 6. Omits zeros at the end.
 * Returns the end. */
static char *put_fraction(char *at, uint32_t fraction, int digits)
{
    *at++ = '.';
    for (int i = digits; i > 0; i -= 2, fraction /= 100)
        memcpy(at + i - 2, gbxi_json_pairs + fraction % 100 * 2, 2);
    at += digits;
    while (at[-1] == '0')
        at--;
    return at;
}

/* Of a time below 100 ms: the last six of its eight digits are the fraction. */
static char *put_short_ms(char *at, uint32_t ns)
{
    uint64_t digits = gbxi_json_eight(ns), fraction = digits >> 16;

    if ((digits & 0xFF) != 0)
        *at++ = (char)('0' + (digits & 0xFF));
    *at++ = (char)('0' + (digits >> 8 & 0xFF));
    if (fraction == 0)
        return at;
    *at++ = '.';
    gbxi_json_put_eight(at, fraction, 0);
    return at + 8 - (unsigned)__builtin_clzll(fraction) / 8; /* without the zeros at the end */
}

char *gbxi_json_ms_digits(char *at, uint64_t ns)
{
    enum { NS_PER_MS = 1000000, FRACTION_DIGITS = 6 };
    uint32_t fraction = (uint32_t)(ns % NS_PER_MS);

    if (ns < GBXI_JSON_EIGHT_DIGITS)
        return put_short_ms(at, (uint32_t)ns);
    at = gbxi_json_digits(at, ns / NS_PER_MS);
    return fraction != 0 ? put_fraction(at, fraction, FRACTION_DIGITS) : at;
}

void gbxi_json_ms(gbxi_json_writer *writer, uint64_t ns)
{
    char *at = gbxi_json_value_begin(writer, GBXI_JSON_MS_MAX);

    if (at != NULL)
        gbxi_json_commit(writer, gbxi_json_ms_digits(at, ns));
}

/* Writes a number that has at most four decimals, as the shortest text does. Returns NULL for all others, and for those
 * that are shorter with an exponent. */
static char *put_four_decimals(char *at, double value)
{
    enum { UNITS = 10000, UNIT_DIGITS = 4 };
    uint64_t scaled;

    /* Also false for NaN and negative numbers. Below 0.001 and from 100,000 on, an exponent may be shorter. */
    if (!(value >= 0.001 && value < 1e5))
        return NULL;
    scaled = (uint64_t)(value * UNITS + 0.5);
    if ((double)scaled / UNITS != value) /* the quotient is the double that is nearest to that decimal number */
        return NULL;
    at = gbxi_json_digits(at, scaled / UNITS);
    return scaled % UNITS != 0 ? put_fraction(at, (uint32_t)(scaled % UNITS), UNIT_DIGITS) : at;
}

void gbxi_json_real(gbxi_json_writer *writer, double value)
{
    char text[GBXI_JSON_REAL_MAX], *end = put_four_decimals(text, value);

    if (end != NULL)
        gbxi_json_raw(writer, text, (size_t)(end - text));
    else if (isfinite(value))
        gbxi_json_raw(writer, text, gbxi_json_real_text(value, text));
    else
        gbxi_json_null(writer);
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
