/* SPDX-License-Identifier: MIT */
/* The decoder of chunked bodies that libh2o finds in the program instead of its own. */
#define _GNU_SOURCE
#include "runtime/libh2o/chunked.h"
#include "runtime/http1.h"
#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define GBXI_INTERPOSED __attribute__((visibility("default")))

static_assert(sizeof(struct phr_chunked_decoder) == 16 && offsetof(struct phr_chunked_decoder, consume_trailer) == 8,
              "the layout that libh2o 2.2.5 allocates");

enum { CHUNKED_DIGITS_MAX = 2 * sizeof(size_t) }; /* all that a size can have */

/* What the next byte belongs to. A zeroed decoder is at CHUNKED_SIZE. */
enum chunked_state {
    CHUNKED_SIZE,
    CHUNKED_SIZE_BLANK, /* white space between the size and a semicolon */
    CHUNKED_EXTENSION,
    CHUNKED_SIZE_LF, /* the carriage return was there */
    CHUNKED_DATA,
    CHUNKED_DATA_CR,
    CHUNKED_DATA_LF,
    CHUNKED_TRAILER, /* the start of a trailer, or of the last line break */
    CHUNKED_TRAILER_NAME,
    CHUNKED_TRAILER_VALUE,
    CHUNKED_TRAILER_LF,
    CHUNKED_END_LF,
    CHUNKED_END,
    CHUNKED_BROKEN
};

static int chunked_digit(unsigned char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* A byte of a field's value or of an extension: tab, printable ASCII or beyond ASCII. */
static bool chunked_is_text(unsigned char byte)
{
    return byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

/* A byte of a field's name (RFC 9110, section 5.6.2). */
static bool chunked_is_token(unsigned char byte)
{
    return byte > ' ' && byte < 0x7f && strchr("\"(),/:;<=>?@[\\]{}", byte) == NULL;
}

static enum chunked_state chunked_after(bool expected, enum chunked_state next)
{
    return expected ? next : CHUNKED_BROKEN;
}

/* Counts a byte that is neither size nor data. */
static enum chunked_state chunked_spend(struct phr_chunked_decoder *decoder, bool allowed, enum chunked_state next)
{
    return chunked_after(allowed && ++decoder->overhead <= GBXI_CHUNKED_OVERHEAD_MAX, next);
}

static enum chunked_state chunked_in_size(struct phr_chunked_decoder *decoder, unsigned char byte)
{
    int digit = chunked_digit(byte);

    if (digit != -1) {
        if (decoder->digits == CHUNKED_DIGITS_MAX)
            return CHUNKED_BROKEN;
        decoder->digits++;
        decoder->bytes_left_in_chunk = decoder->bytes_left_in_chunk << 4 | (size_t)digit;
        return CHUNKED_SIZE;
    }
    if (decoder->digits == 0)
        return CHUNKED_BROKEN;
    if (byte == '\r')
        return CHUNKED_SIZE_LF;
    if (byte == ';')
        return chunked_spend(decoder, true, CHUNKED_EXTENSION);
    return chunked_spend(decoder, byte == ' ' || byte == '\t', CHUNKED_SIZE_BLANK);
}

/* The line of the size is over: data follow, or trailers, or nothing. */
static enum chunked_state chunked_size_is_over(struct phr_chunked_decoder *decoder)
{
    decoder->digits = 0;
    if (decoder->bytes_left_in_chunk != 0)
        return chunked_after(gbxi_http1_chunk_fits(decoder->bytes_left_in_chunk), CHUNKED_DATA);
    return decoder->consume_trailer ? CHUNKED_TRAILER : CHUNKED_END;
}

static enum chunked_state chunked_in_trailer(struct phr_chunked_decoder *decoder, unsigned char byte)
{
    if (decoder->state == CHUNKED_TRAILER)
        return byte == '\r' ? CHUNKED_END_LF : chunked_spend(decoder, chunked_is_token(byte), CHUNKED_TRAILER_NAME);
    if (decoder->state == CHUNKED_TRAILER_NAME && byte != ':')
        return chunked_spend(decoder, chunked_is_token(byte), CHUNKED_TRAILER_NAME);
    if (byte == '\r')
        return CHUNKED_TRAILER_LF;
    return chunked_spend(decoder, chunked_is_text(byte), CHUNKED_TRAILER_VALUE);
}

/* The state after a byte that is not data. */
static enum chunked_state chunked_step(struct phr_chunked_decoder *decoder, unsigned char byte)
{
    switch ((enum chunked_state)decoder->state) {
    case CHUNKED_SIZE:
        return chunked_in_size(decoder, byte);
    case CHUNKED_SIZE_BLANK:
        return chunked_spend(decoder, byte == ' ' || byte == '\t' || byte == ';',
                             byte == ';' ? CHUNKED_EXTENSION : CHUNKED_SIZE_BLANK);
    case CHUNKED_EXTENSION:
        return byte == '\r' ? CHUNKED_SIZE_LF : chunked_spend(decoder, chunked_is_text(byte), CHUNKED_EXTENSION);
    case CHUNKED_SIZE_LF:
        return byte == '\n' ? chunked_size_is_over(decoder) : CHUNKED_BROKEN;
    case CHUNKED_DATA_CR:
        return chunked_after(byte == '\r', CHUNKED_DATA_LF);
    case CHUNKED_DATA_LF:
        return chunked_after(byte == '\n', CHUNKED_SIZE);
    case CHUNKED_TRAILER_LF:
        return chunked_after(byte == '\n', CHUNKED_TRAILER);
    case CHUNKED_END_LF:
        return chunked_after(byte == '\n', CHUNKED_END);
    case CHUNKED_TRAILER:
    case CHUNKED_TRAILER_NAME:
    case CHUNKED_TRAILER_VALUE:
        return chunked_in_trailer(decoder, byte);
    default:
        return CHUNKED_BROKEN;
    }
}

/* Moves the data of the current chunk to their place, and returns how many bytes they are. */
static size_t chunked_move(struct phr_chunked_decoder *decoder, char *to, const char *from, size_t available)
{
    size_t count = available < decoder->bytes_left_in_chunk ? available : decoder->bytes_left_in_chunk;

    memmove(to, from, count);
    decoder->bytes_left_in_chunk -= count;
    if (decoder->bytes_left_in_chunk == 0)
        decoder->state = CHUNKED_DATA_CR;
    return count;
}

GBXI_INTERPOSED ssize_t phr_decode_chunked(struct phr_chunked_decoder *decoder, char *bytes, size_t *size)
{
    size_t from = 0, to = 0, end = *size;

    while (from < end && decoder->state != CHUNKED_END && decoder->state != CHUNKED_BROKEN) {
        if (decoder->state == CHUNKED_DATA) {
            size_t count = chunked_move(decoder, bytes + to, bytes + from, end - from);

            from += count;
            to += count;
        } else {
            decoder->state = (char)chunked_step(decoder, (unsigned char)bytes[from++]);
        }
    }
    memmove(bytes + to, bytes + from, end - from);
    *size = to;
    if (decoder->state == CHUNKED_BROKEN)
        return -1;
    return decoder->state == CHUNKED_END ? (ssize_t)(end - from) : -2;
}

GBXI_INTERPOSED int phr_decode_chunked_is_in_data(struct phr_chunked_decoder *decoder)
{
    return decoder->state == CHUNKED_DATA;
}
