/* SPDX-License-Identifier: MIT */
/* Names of spans in any format of a number and a text, compared with what printf writes.
 *
 * The input is a number, two fields, the flags, sizes and letters of both conversions, and the words around them. */
#include "base/cut.h"
#include "fuzz.h"

#include <glassbox/capture.h>
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <stdbool.h>
#include <string.h>

enum { NAME_MAX_BYTES = 1023, WORDS_MAX = 1200, FORMAT_MAX = WORDS_MAX + 64, EXPECTED_BYTES = 1 << 18 };

static const gbx_site site = {"fuzz", "fuzz", "span_format.c", 1, {0}};

typedef struct input {
    const uint8_t *at;
    size_t left;
} input;

typedef struct arguments {
    char format[FORMAT_MAX + 1];
    bool wide; /* the number is of 8 bytes */
    int width, precision, text_width, text_precision;
    int64_t number;
    char text[WORDS_MAX + 1];
} arguments;

static uint64_t next_number(input *in, size_t bytes)
{
    uint64_t number = 0;

    for (; bytes != 0; bytes--) {
        number = number << 8 | (in->left != 0 ? *in->at : 0);
        in->at += in->left != 0;
        in->left -= in->left != 0;
    }
    return number;
}

static char *put_flags(char *at, uint8_t flags)
{
    *at++ = '%';
    for (size_t i = 0; i < 5; i++)
        if (flags & 1u << i)
            *at++ = "-+ #0"[i];
    return at;
}

/* Words without conversions but %%. */
static char *put_words(char *at, input *in, size_t length)
{
    for (; length != 0 && in->left != 0; length--) {
        char byte = (char)next_number(in, 1);
        *at++ = byte == '\0' || byte == '%' ? ' ' : byte;
    }
    return at + sprintf(at, "%%%%");
}

static char *put_number(char *at, input *in, arguments *a)
{
    static const char *const sizes[] = {"", "hh", "h", "l", "ll", "j", "z", "t"};
    uint8_t choice = (uint8_t)next_number(in, 1);

    a->wide = choice % 8 > 2;
    at = put_flags(at, (uint8_t)next_number(in, 1));
    return at + sprintf(at, "*.*%s%c", sizes[choice % 8], "diuxXo"[choice / 8 % 6]);
}

static void read_input(input *in, arguments *a)
{
    size_t before, text_length;
    char *at = a->format;

    a->number = (int64_t)next_number(in, 8) >> next_number(in, 1) % 64;
    a->width = (int16_t)next_number(in, 2);
    a->precision = (int16_t)next_number(in, 2);
    a->text_width = (int16_t)next_number(in, 2);
    a->text_precision = (int16_t)next_number(in, 2);
    before = next_number(in, 2) % (WORDS_MAX / 2);
    text_length = next_number(in, 2) % WORDS_MAX;
    at = put_number(at, in, a);
    at = put_words(at, in, before);
    at = put_flags(at, (uint8_t)next_number(in, 1) & 1);
    at = put_words(at + sprintf(at, "*.*s"), in, WORDS_MAX / 4);
    *at = '\0';
    memset(a->text, 'x', text_length);
    for (size_t i = 0; i < text_length && in->left != 0; i++)
        a->text[i] = (char)next_number(in, 1);
    a->text[text_length] = '\0';
}

/* Returns what snprintf returns. */
static int format_and_record(const arguments *a, char *expected)
{
    gbx_span span;
    int length;

#define WITH(number) a->width, a->precision, number, a->text_width, a->text_precision, a->text
    if (a->wide) {
        length = snprintf(expected, EXPECTED_BYTES, a->format, WITH(a->number));
        gbxi_span_begin_text(&span, &site, 1, a->format, WITH(a->number));
    } else {
        length = snprintf(expected, EXPECTED_BYTES, a->format, WITH((int)a->number));
        gbxi_span_begin_text(&span, &site, 1, a->format, WITH((int)a->number));
    }
#undef WITH
    gbxi_span_end(&span);
    return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char expected[EXPECTED_BYTES];
    static arguments a;
    input in = {data, size};
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    gbx_reader reader;
    gbx_record record;
    int length;

    read_input(&in, &a);
    length = format_and_record(&a, expected);
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    FUZZ_CHECK(length >= 0);
    gbx_reader_init(&reader, capture, 0);
    FUZZ_CHECK(gbx_reader_next(&reader, &record));
    FUZZ_CHECK(gbx_record_name_length(&record) == gbxi_cut(expected, (size_t)length, NAME_MAX_BYTES));
    FUZZ_CHECK(memcmp(record.name, expected, gbx_record_name_length(&record)) == 0);
    gbx_capture_unref(capture);
    return 0;
}
