/* SPDX-License-Identifier: MIT */
/* Owns the first part of the envelope: its opening and the member with the handler's body. */
#define _GNU_SOURCE
#include "middleware/output.h"

enum { ENCODE_BYTES_LEAST = 128 }; /* with less room, another round of the encoder does not pay */

void gbxi_output_init(gbxi_output *output, const char *key, gbxi_media media, bool dropped)
{
    gbxi_output_mode mode = media == GBXI_MEDIA_JSON ? GBXI_OUTPUT_RAW : GBXI_OUTPUT_ENCODED;

    *output = (gbxi_output){
        .key = key,
        .mode = dropped ? GBXI_OUTPUT_DROPPED : mode,
        .encoder.base64 = media == GBXI_MEDIA_BINARY,
        .input = output->input,
    };
    output->input.size = 0;
}

static bool is_json_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static h2o_iovec_t skip_blank(h2o_iovec_t piece)
{
    while (piece.len > 0 && is_json_blank(piece.base[0])) {
        piece.base++;
        piece.len--;
    }
    return piece;
}

void gbxi_output_take(gbxi_output *output, h2o_mem_pool_t *pool, const h2o_iovec_t *chunk, size_t count, bool last)
{
    /* A JSON body that is only white space counts as no body. */
    bool blank = output->mode == GBXI_OUTPUT_RAW && !output->begun;

    assert(!gbxi_output_has_input(output));
    output->ended = last;
    output->input.size = output->input_at = 0;
    if (output->mode == GBXI_OUTPUT_DROPPED)
        return;
    h2o_vector_reserve(pool, &output->input, count);
    for (size_t i = 0; i < count; i++) {
        h2o_iovec_t piece = blank ? skip_blank(chunk[i]) : chunk[i];

        if (piece.len == 0)
            continue;
        blank = false;
        output->input.entries[output->input.size++] = piece;
    }
}

static void output_begin(gbxi_output *output, gbxi_json_writer *w)
{
    output->begun = true;
    gbxi_json_object_begin(w);
    gbxi_json_key(w, output->key);
    if (output->mode == GBXI_OUTPUT_ENCODED)
        gbxi_encoder_begin(&output->encoder, w, output->encoder.base64);
    else
        gbxi_json_raw(w, "", 0); /* begins a value whose bytes are the handler's */
}

static void output_end(gbxi_output *output, gbxi_json_writer *w)
{
    output->done = true;
    if (output->mode == GBXI_OUTPUT_DROPPED)
        return;
    if (!output->begun) {
        gbxi_json_object_begin(w);
        gbxi_json_key(w, output->key);
        gbxi_json_null(w);
    } else if (output->mode == GBXI_OUTPUT_ENCODED) {
        gbxi_encoder_end(&output->encoder, w);
        if (output->encoder.base64) {
            gbxi_json_key(w, "output_encoding");
            gbxi_json_string_z(w, "base64");
        }
    }
}

/* Encodes input until it is used up or the writer's memory is full. */
static void output_encode(gbxi_output *output, gbxi_json_writer *w)
{
    while (gbxi_output_has_input(output)) {
        h2o_iovec_t *piece = &output->input.entries[output->input_at];
        size_t length = gbxi_encoder_room(&output->encoder, (size_t)(w->end - w->at));

        if (length < ENCODE_BYTES_LEAST)
            return;
        if (length > piece->len)
            length = piece->len;
        gbxi_encoder_add(&output->encoder, w, piece->base, length);
        piece->base += length;
        piece->len -= length;
        if (piece->len == 0)
            output->input_at++;
    }
}

void gbxi_output_write(gbxi_output *output, gbxi_json_writer *writer)
{
    if (output->done)
        return;
    if (gbxi_output_has_input(output) && !output->begun)
        output_begin(output, writer);
    if (output->mode == GBXI_OUTPUT_ENCODED)
        output_encode(output, writer);
    /* Raw input is passed on after the bytes that are written here, so the closing part cannot be written before it. */
    if (output->ended && (output->mode == GBXI_OUTPUT_RAW || !gbxi_output_has_input(output)))
        output_end(output, writer);
}

void gbxi_output_pass(gbxi_output *output, h2o_mem_pool_t *pool, h2o_iovec_vector_t *chunks)
{
    if (output->mode != GBXI_OUTPUT_RAW)
        return;
    h2o_vector_reserve(pool, chunks, chunks->size + output->input.size);
    for (; gbxi_output_has_input(output); output->input_at++)
        chunks->entries[chunks->size++] = output->input.entries[output->input_at];
}
