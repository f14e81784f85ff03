/* SPDX-License-Identifier: MIT */
/* Any sequence of calls with any bytes: small windows and one large buffer produce the same text, which is valid
 * JSON. */
#include "fuzz.h"
#include "json/reader.h"
#include "json/writer.h"
#include <string.h>

enum { DEPTH_MAX = 100, WINDOW_MAX = 128 };

typedef struct input {
    const uint8_t *at;
    const uint8_t *end;
} input;

static unsigned take_byte(input *in)
{
    return in->at < in->end ? *in->at++ : 0;
}

/* Up to 255 bytes, as they are in the input. */
static const char *take_bytes(input *in, size_t *length)
{
    size_t wanted = take_byte(in);
    size_t left = (size_t)(in->end - in->at);
    const char *bytes = (const char *)in->at;

    *length = wanted < left ? wanted : left;
    in->at += *length;
    return bytes;
}

static uint64_t take_word(input *in)
{
    uint64_t word = 0;

    for (int i = 0; i < 8; i++)
        word = word << 8 | take_byte(in);
    return word;
}

static void write_pieces(gbxi_json_writer *w, input *in, const char *bytes, size_t length)
{
    gbxi_json_text text;

    gbxi_json_text_begin(w, &text);
    while (length > 0) {
        size_t piece = take_byte(in) % 5;

        piece = piece == 0 || piece > length ? length : piece;
        gbxi_json_text_add(w, &text, bytes, piece);
        bytes += piece;
        length -= piece;
    }
    gbxi_json_text_end(w, &text);
}

static void write_scalar(gbxi_json_writer *w, input *in, unsigned kind)
{
    size_t length;
    const char *bytes;
    uint64_t word;
    double real;

    switch (kind) {
    case 0:
        gbxi_json_int(w, (int64_t)take_word(in));
        break;
    case 1:
        gbxi_json_uint(w, take_word(in));
        break;
    case 2:
        word = take_word(in);
        memcpy(&real, &word, sizeof(real));
        gbxi_json_real(w, real);
        break;
    case 3:
        gbxi_json_ms(w, take_word(in));
        break;
    case 4:
        gbxi_json_boolean(w, (take_byte(in) & 1) != 0);
        break;
    case 5:
        gbxi_json_null(w);
        break;
    case 6:
        bytes = take_bytes(in, &length);
        write_pieces(w, in, bytes, length);
        break;
    default:
        bytes = take_bytes(in, &length);
        gbxi_json_string_n(w, bytes, length);
        break;
    }
}

/* One array with whatever the input says inside. */
static void write_program(gbxi_json_writer *w, input in)
{
    bool is_object[DEPTH_MAX] = {false};
    size_t depth = 1;

    gbxi_json_array_begin(w);
    while (in.at < in.end && depth > 0) {
        unsigned kind = take_byte(&in) % 12;

        if (kind >= 10 && depth > 1) {
            depth--;
            is_object[depth] ? gbxi_json_object_end(w) : gbxi_json_array_end(w);
            continue;
        }
        if (is_object[depth - 1]) {
            size_t length;
            const char *bytes = take_bytes(&in, &length);
            gbxi_json_key_n(w, bytes, length);
        }
        if (kind >= 8 && depth < DEPTH_MAX) {
            is_object[depth] = kind == 8;
            is_object[depth] ? gbxi_json_object_begin(w) : gbxi_json_array_begin(w);
            depth++;
            continue;
        }
        write_scalar(w, &in, kind);
    }
    while (depth-- > 0)
        is_object[depth] ? gbxi_json_object_end(w) : gbxi_json_array_end(w);
}

/* A sink of small windows that compares what it takes with the text from the large buffer. */
typedef struct comparison {
    const char *expected;
    size_t left;
    size_t window_bytes;
    char window[WINDOW_MAX];
} comparison;

static gbx_err more(gbxi_json_writer *writer, size_t need)
{
    comparison *with = writer->sink;
    size_t written = (size_t)(writer->at - writer->begin);

    FUZZ_CHECK(need >= 1 && need <= GBXI_JSON_NEED_MAX && written <= with->left);
    if (written > 0)
        FUZZ_CHECK(memcmp(writer->begin, with->expected, written) == 0);
    with->expected += written;
    with->left -= written;
    writer->begin = writer->at = with->window;
    writer->end = with->window + (need > with->window_bytes ? need : with->window_bytes);
    return GBX_ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gbxi_json_document *document = NULL;
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;
    gbx_error error;
    comparison with;
    input in = {data, data + size};

    with.window_bytes = take_byte(&in) % WINDOW_MAX + 1;
    gbxi_json_writer_init_buffer(&w, &buffer);
    write_program(&w, in);
    FUZZ_CHECK(gbxi_json_writer_finish(&w) == GBX_ERR_OK);
    FUZZ_CHECK(gbxi_json_parse(buffer.bytes, buffer.length, &document, &error) == GBX_ERR_OK);
    gbxi_json_free(document);

    with.expected = buffer.bytes;
    with.left = buffer.length;
    gbxi_json_writer_init(&w, more, &with);
    write_program(&w, in);
    FUZZ_CHECK(gbxi_json_writer_finish(&w) == GBX_ERR_OK);
    FUZZ_CHECK(more(&w, 1) == GBX_ERR_OK && with.left == 0);
    gbxi_json_buffer_fini(&buffer);
    return 0;
}
