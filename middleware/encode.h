/* SPDX-License-Identifier: MIT */
/* A body that is not JSON as a JSON string, piece by piece: text escaped, anything else in base64.
 *
 * Usage: begin, add any number of pieces (cut anywhere), end. gbxi_encoder_room tells how long a piece may be so that
 * the writer's memory surely holds what becomes of it. */
#ifndef GBX_MIDDLEWARE_ENCODE_H
#define GBX_MIDDLEWARE_ENCODE_H

#include "json/writer.h"

/* State between two pieces; caller's memory, nothing to free. */
typedef struct gbxi_encoder {
    bool base64;
    unsigned char held[3]; /* base64: bytes that do not make a group of three yet */
    unsigned held_count;
    gbxi_json_text text;
} gbxi_encoder;

/* Opens the string as the writer's next value. */
void gbxi_encoder_begin(gbxi_encoder *encoder, gbxi_json_writer *writer, bool base64);
void gbxi_encoder_add(gbxi_encoder *encoder, gbxi_json_writer *writer, const char *piece, size_t length);
/* Closes the string: what is held goes out first, an incomplete UTF-8 sequence as U+FFFD. */
void gbxi_encoder_end(gbxi_encoder *encoder, gbxi_json_writer *writer);

/* The most input bytes that can be added while `free_bytes` of output are left, with enough to spare for the end. */
size_t gbxi_encoder_room(const gbxi_encoder *encoder, size_t free_bytes);

#endif
