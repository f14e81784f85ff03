/* SPDX-License-Identifier: MIT */
/* Encodes a body that is not JSON as a JSON string, piece by piece: text is escaped, anything else becomes base64.
 *
 * Usage: begin, add any number of pieces (cut anywhere), end. gbxi_encoder_room returns the length up to which the
 * encoded piece is certain to fit into the writer's memory. */
#ifndef GBX_MIDDLEWARE_ENCODE_H
#define GBX_MIDDLEWARE_ENCODE_H

#include "json/writer.h"

/* State between two pieces; caller's memory, nothing to free. */
typedef struct gbxi_encoder {
    bool base64;
    unsigned char held[3]; /* base64: bytes of an incomplete group of three */
    unsigned held_count;
    gbxi_json_text text;
} gbxi_encoder;

/* Opens the string as the writer's next value. */
void gbxi_encoder_begin(gbxi_encoder *encoder, gbxi_json_writer *writer, bool base64);
void gbxi_encoder_add(gbxi_encoder *encoder, gbxi_json_writer *writer, const char *piece, size_t length);
/* Writes held bytes, an incomplete UTF-8 sequence as U+FFFD, and closes the string. */
void gbxi_encoder_end(gbxi_encoder *encoder, gbxi_json_writer *writer);

/* The most input bytes that can be added to `free_bytes` of output so that there is still room for the end. */
size_t gbxi_encoder_room(const gbxi_encoder *encoder, size_t free_bytes);

#endif
