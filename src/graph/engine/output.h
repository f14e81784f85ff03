/* SPDX-License-Identifier: MIT */
/* An engine's text on its way into the answer: collected in small pieces, passed on in larger ones, counted. */
#ifndef GBX_GRAPH_ENGINE_OUTPUT_H
#define GBX_GRAPH_ENGINE_OUTPUT_H

#include "json/writer.h"
#include <string.h>

/* Usage: begin, any number of adds, end. */
typedef struct gbx__output {
    gbx_json_writer *writer;
    gbx_json_text text;
    uint64_t size; /* bytes passed on */
    size_t held;
    char bytes[4096];
} gbx__output;

/* Starts the member `key`, a string. */
void gbx__output_begin(gbx__output *output, gbx_json_writer *writer, const char *key);
/* Ends it. Returns how many bytes the text has, which the note bytes says too. */
uint64_t gbx__output_end(gbx__output *output);
/* Passes on what is held, then `bytes`. */
void gbx__output_flush(gbx__output *output, const char *bytes, size_t length);
void gbx__output_add_uint(gbx__output *output, uint64_t value);

static inline void gbx__output_add(gbx__output *output, const char *bytes, size_t length)
{
    if (length > sizeof(output->bytes) - output->held) {
        gbx__output_flush(output, bytes, length);
        return;
    }
    memcpy(output->bytes + output->held, bytes, length);
    output->held += length;
}

static inline void gbx__output_add_z(gbx__output *output, const char *text)
{
    gbx__output_add(output, text, strlen(text));
}

#endif
