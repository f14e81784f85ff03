/* SPDX-License-Identifier: MIT */
/* Writes all JSON that Glassbox outputs: a streaming writer into memory provided by a sink.
 *
 *     gbxi_json_buffer buffer = {0};
 *     gbxi_json_writer w;
 *     gbxi_json_writer_init_buffer(&w, &buffer);
 *     gbxi_json_object_begin(&w);
 *     gbxi_json_key(&w, "answer");
 *     gbxi_json_int(&w, 42);
 *     gbxi_json_object_end(&w);
 *     if (gbxi_json_writer_finish(&w) != GBX_ERR_OK) ...      // the first error
 *     ... buffer.bytes, buffer.length ...
 *     gbxi_json_buffer_fini(&buffer);
 *
 * The writer adds commas and colons. The maximum depth is 4,096 levels. After an error every call is a no-op. The
 * writer owns no memory. Thread: one at a time. */
#ifndef GBX_JSON_WRITER_H
#define GBX_JSON_WRITER_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The most bytes that a sink is asked for at once. Longer text takes several calls. */
#define GBXI_JSON_NEED_MAX 64

typedef struct gbxi_json_writer gbxi_json_writer;

/* Called when fewer than `need` bytes are free between w->at and w->end. Takes the bytes written so far (from w->begin
 * to w->at) and sets the three pointers to memory with at least `need` free bytes, 1 <= need <= GBXI_JSON_NEED_MAX. An
 * error ends the writing. After gbxi_json_writer_finish the sink's owner takes the bytes that remain between w->begin
 * and w->at. */
typedef gbx_err (*gbxi_json_more)(gbxi_json_writer *writer, size_t need);

struct gbxi_json_writer {
    char *begin;
    char *at;
    char *end;
    gbxi_json_more more;
    void *sink; /* belongs to the sink */
    gbx_err error;
    uint32_t depth;
    bool comma; /* the next value or key needs a comma first */
};

/* Starts a writer on a custom sink. begin, at and end may be NULL until `more` is called. */
void gbxi_json_writer_init(gbxi_json_writer *writer, gbxi_json_more more, void *sink);
/* Returns the first error, STATE if containers are still open, or OK. */
GBX_MUST_USE gbx_err gbxi_json_writer_finish(gbxi_json_writer *writer);

void gbxi_json_object_begin(gbxi_json_writer *writer);
void gbxi_json_object_end(gbxi_json_writer *writer);
void gbxi_json_array_begin(gbxi_json_writer *writer);
void gbxi_json_array_end(gbxi_json_writer *writer);
/* A name that is known at compile time must not need escaping and is copied unchanged. Any other name is escaped like a
 * string. */
static inline void gbxi_json_key(gbxi_json_writer *writer, const char *name);
void gbxi_json_key_n(gbxi_json_writer *writer, const char *name, size_t length);
/* Escapes the characters that RFC 8259 requires. Each ill-formed UTF-8 sequence becomes one U+FFFD. NULL is written as
 * null. */
void gbxi_json_string_z(gbxi_json_writer *writer, const char *text);
void gbxi_json_string_n(gbxi_json_writer *writer, const char *text, size_t length);
void gbxi_json_int(gbxi_json_writer *writer, int64_t value);
static inline void gbxi_json_uint(gbxi_json_writer *writer, uint64_t value);
/* Writes the shortest text that reads back as the same double. NaN and infinities, which JSON lacks, are written as
 * null. */
void gbxi_json_real(gbxi_json_writer *writer, double value);
/* Writes nanoseconds as an exact decimal number of milliseconds: 1234567 becomes 1.234567. */
void gbxi_json_ms(gbxi_json_writer *writer, uint64_t ns);
void gbxi_json_boolean(gbxi_json_writer *writer, bool value);
void gbxi_json_null(gbxi_json_writer *writer);
/* Writes text that is already valid JSON as a value. It is not checked. */
void gbxi_json_raw(gbxi_json_writer *writer, const char *json, size_t length);

/* For loops that write millions of similar values: fragments instead of calls for each value.
 *
 *     gbxi_json_literal(w, first ? "{\"at\":" : ",{\"at\":", ...);  // here the caller writes the commas
 *     char *at = gbxi_json_reserve(w, GBXI_JSON_DIGITS_MAX + 1);
 *     if (at != NULL) {
 *         at = gbxi_json_digits(at, 42);
 *         *at++ = '}';
 *         gbxi_json_commit(w, at);
 *     }
 *
 * These functions ignore the writer's commas. So fragments that form the values of a container must begin right
 * after gbxi_json_array_begin (or _object_begin), and its end must follow directly. */
#define GBXI_JSON_DIGITS_MAX 20 /* digits of a uint64_t */
#define GBXI_JSON_MS_MAX (GBXI_JSON_DIGITS_MAX + 1 + 6)
/* Writes any number of bytes unchanged. */
static inline void gbxi_json_literal(gbxi_json_writer *writer, const char *text, size_t length);
/* Returns room for `need` (at most GBXI_JSON_NEED_MAX) bytes, or NULL after an error. */
static inline char *gbxi_json_reserve(gbxi_json_writer *writer, size_t need);
/* Completes a reserve: the bytes before `at` count as written. */
static inline void gbxi_json_commit(gbxi_json_writer *writer, char *at);
/* Writes a string without a comma before it, escaped as by gbxi_json_string_n. */
void gbxi_json_quote(gbxi_json_writer *writer, const char *text, size_t length);
/* Writes nanoseconds as by gbxi_json_ms, into room for GBXI_JSON_MS_MAX bytes. Returns the end. */
char *gbxi_json_ms_digits(char *at, uint64_t ns);
/* Fragments have just opened a container: the next key or value gets no comma. */
static inline void gbxi_json_opened(gbxi_json_writer *writer);
/* Writes `value` in decimal without a terminator. Returns the end. Any byte of the GBXI_JSON_DIGITS_MAX at `at` may
 * change. */
static inline char *gbxi_json_digits(char *at, uint64_t value);

/* A string written in pieces: begin, add any number of pieces, end. A UTF-8 sequence may be split between two
 * pieces. */
typedef struct gbxi_json_text {
    unsigned char held[4]; /* an incomplete UTF-8 sequence at the end of the last piece */
    unsigned held_length;
} gbxi_json_text;
void gbxi_json_text_begin(gbxi_json_writer *writer, gbxi_json_text *text);
void gbxi_json_text_add(gbxi_json_writer *writer, gbxi_json_text *text, const char *piece, size_t length);
void gbxi_json_text_end(gbxi_json_writer *writer, gbxi_json_text *text);

/* A growing memory sink. Owns: its bytes, until fini. A zeroed struct is empty. A writer started on a non-empty buffer
 * appends to it. */
typedef struct gbxi_json_buffer {
    char *bytes;
    size_t length; /* valid after gbxi_json_writer_finish */
    size_t capacity;
} gbxi_json_buffer;
void gbxi_json_writer_init_buffer(gbxi_json_writer *writer, gbxi_json_buffer *buffer);

/* Starts a writer that writes only into the `room_bytes` at `room`. Text that does not fit causes the error LIMIT. The
 * written text is between w->begin and w->at. */
void gbxi_json_writer_init_room(gbxi_json_writer *writer, char *room, size_t room_bytes);
void gbxi_json_buffer_fini(gbxi_json_buffer *buffer);

/* Used by the inline functions below; not for callers. */
extern const char gbxi_json_pairs[201];                /* "00" to "99" */
extern const uint32_t gbxi_json_powers[9];             /* of ten */
char *gbxi_json_digits_long(char *at, uint64_t value); /* as gbxi_json_digits, which is inline */
char *gbxi_json_make_room(gbxi_json_writer *writer, size_t need);
void gbxi_json_put(gbxi_json_writer *writer, const char *text, size_t length);
enum { GBXI_JSON_KEY_FAST_MAX = GBXI_JSON_NEED_MAX - 4 }; /* leaves room for a comma, two quotes and a colon */

static inline char *gbxi_json_reserve(gbxi_json_writer *writer, size_t need)
{
    if (__builtin_expect((size_t)(writer->end - writer->at) >= need, 1))
        return writer->at;
    return gbxi_json_make_room(writer, need);
}

static inline void gbxi_json_commit(gbxi_json_writer *writer, char *at)
{
    writer->at = at;
}

static inline void gbxi_json_opened(gbxi_json_writer *writer)
{
    writer->comma = false;
}

static inline void gbxi_json_literal(gbxi_json_writer *writer, const char *text, size_t length)
{
    if (__builtin_expect((size_t)(writer->end - writer->at) >= length, 1) && length > 0) {
        memcpy(writer->at, text, length);
        writer->at += length;
    } else {
        gbxi_json_put(writer, text, length);
    }
}

#define GBXI_JSON_EIGHT_DIGITS 100000000u /* the first number with more than eight */

/* The eight digits of a number below GBXI_JSON_EIGHT_DIGITS, each in a byte of its own, the first in the lowest. Splits
 * the number in halves three times; each multiplication and shift divides all parts at once. */
static inline uint64_t gbxi_json_eight(uint32_t value)
{
    uint64_t fours = value / 10000 | (uint64_t)(value % 10000) << 32;
    uint64_t hundreds = (fours * 5243 >> 19) & 0x0000007F0000007Fu;
    uint64_t pairs = hundreds | (fours - hundreds * 100) << 16;
    uint64_t tens = (pairs * 103 >> 10) & 0x000F000F000F000Fu;

    return tens | (pairs - tens * 10) << 8;
}

/* Stores eight digits, without the first `skipped`, and any bytes after them. */
static inline char *gbxi_json_put_eight(char *at, uint64_t digits, unsigned skipped)
{
    uint64_t text = (digits | 0x3030303030303030u) >> (8 * skipped);

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    text = __builtin_bswap64(text);
#endif
    memcpy(at, &text, sizeof(text));
    return at + sizeof(text) - skipped;
}

static inline char *gbxi_json_digits(char *at, uint64_t value)
{
    uint64_t rest;
    unsigned length;

    if (value < 100) { /* most numbers of lines, calls and depths */
        memcpy(at, gbxi_json_pairs + value * 2 + (value < 10), 2);
        return at + 1 + (value >= 10);
    }
    if (value >= GBXI_JSON_EIGHT_DIGITS) {
        rest = value / GBXI_JSON_EIGHT_DIGITS;
        at = gbxi_json_digits_long(at, rest);
        return gbxi_json_put_eight(at, gbxi_json_eight((uint32_t)(value - rest * GBXI_JSON_EIGHT_DIGITS)), 0);
    }
    /* From the value, not from its digits, so that what is written next does not wait for them. log10 from log2: the
     * factor 1233/4096 is exact enough; one comparison corrects the result. */
    length = (64u - (unsigned)__builtin_clzll(value)) * 1233u >> 12;
    length += value >= gbxi_json_powers[length];
    return gbxi_json_put_eight(at, gbxi_json_eight((uint32_t)value), 8 - length);
}

/* Begins a value of at most `need` bytes and writes the comma if needed. Returns NULL after an error. */
static inline char *gbxi_json_value_begin(gbxi_json_writer *writer, size_t need)
{
    char *at = gbxi_json_reserve(writer, need + 1);

    if (at != NULL && writer->comma)
        *at++ = ',';
    writer->comma = true;
    return at;
}

static inline void gbxi_json_uint(gbxi_json_writer *writer, uint64_t value)
{
    char *at = gbxi_json_value_begin(writer, GBXI_JSON_DIGITS_MAX);

    if (at != NULL)
        gbxi_json_commit(writer, gbxi_json_digits(at, value));
}

__attribute__((always_inline)) static inline void gbxi_json_key(gbxi_json_writer *writer, const char *name)
{
    size_t length = strlen(name);
    char *at;

    if (!__builtin_constant_p(length) || length > GBXI_JSON_KEY_FAST_MAX) {
        gbxi_json_key_n(writer, name, length);
        return;
    }
    at = gbxi_json_value_begin(writer, length + 3);
    if (at == NULL)
        return;
    *at++ = '"';
    memcpy(at, name, length);
    memcpy(at + length, "\":", 2);
    gbxi_json_commit(writer, at + length + 2);
    writer->comma = false;
}

#ifdef __cplusplus
}
#endif

#endif
