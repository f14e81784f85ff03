/* SPDX-License-Identifier: MIT */
/* Owns the encoding of bodies that are not JSON. */
#include "middleware/encode.h"
#include <string.h>

enum {
    ESCAPE_BYTES_MAX = 6, /* a control character as \u0000 */
    SPARE_BYTES = 64,     /* for a held sequence, the last group and the closing quote */
    GROUPS_PER_STEP = 256
};

static char *put_group(char *at, const unsigned char group[3])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    *at++ = alphabet[group[0] >> 2];
    *at++ = alphabet[(group[0] & 3) << 4 | group[1] >> 4];
    *at++ = alphabet[(group[1] & 15) << 2 | group[2] >> 6];
    *at++ = alphabet[group[2] & 63];
    return at;
}

static void add_groups(gbxi_encoder *encoder, gbxi_json_writer *writer, const unsigned char *bytes, size_t groups)
{
    char text[4 * GROUPS_PER_STEP];

    while (groups > 0) {
        size_t step = groups < GROUPS_PER_STEP ? groups : GROUPS_PER_STEP;
        char *at = text;

        for (size_t i = 0; i < step; i++)
            at = put_group(at, bytes + 3 * i);
        gbxi_json_text_add(writer, &encoder->text, text, (size_t)(at - text));
        bytes += 3 * step;
        groups -= step;
    }
}

static void add_base64(gbxi_encoder *encoder, gbxi_json_writer *writer, const unsigned char *bytes, size_t length)
{
    while (length > 0 && encoder->held_count > 0) {
        encoder->held[encoder->held_count++] = *bytes++;
        length--;
        if (encoder->held_count == 3) {
            add_groups(encoder, writer, encoder->held, 1);
            encoder->held_count = 0;
        }
    }
    add_groups(encoder, writer, bytes, length / 3);
    bytes += length / 3 * 3;
    for (length %= 3; length > 0; length--)
        encoder->held[encoder->held_count++] = *bytes++;
}

/* Writes the last one or two bytes with padding. */
static void end_base64(gbxi_encoder *encoder, gbxi_json_writer *writer)
{
    unsigned char group[3] = {0};
    char text[4];

    if (encoder->held_count == 0)
        return;
    memcpy(group, encoder->held, encoder->held_count);
    put_group(text, group);
    text[3] = '=';
    if (encoder->held_count == 1)
        text[2] = '=';
    gbxi_json_text_add(writer, &encoder->text, text, sizeof(text));
}

void gbxi_encoder_begin(gbxi_encoder *encoder, gbxi_json_writer *writer, bool base64)
{
    *encoder = (gbxi_encoder){.base64 = base64};
    gbxi_json_text_begin(writer, &encoder->text);
}

void gbxi_encoder_add(gbxi_encoder *encoder, gbxi_json_writer *writer, const char *piece, size_t length)
{
    if (encoder->base64)
        add_base64(encoder, writer, (const unsigned char *)piece, length);
    else
        gbxi_json_text_add(writer, &encoder->text, piece, length);
}

void gbxi_encoder_end(gbxi_encoder *encoder, gbxi_json_writer *writer)
{
    end_base64(encoder, writer);
    gbxi_json_text_end(writer, &encoder->text);
}

size_t gbxi_encoder_room(const gbxi_encoder *encoder, size_t free_bytes)
{
    if (free_bytes <= SPARE_BYTES)
        return 0;
    free_bytes -= SPARE_BYTES;
    return encoder->base64 ? free_bytes / 4 * 3 : free_bytes / ESCAPE_BYTES_MAX;
}
