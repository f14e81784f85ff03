/* SPDX-License-Identifier: MIT */
/* Buffered output of an engine's text: collects small pieces, passes them on in larger ones and counts the bytes. */
#ifndef GBX_GRAPH_ENGINE_OUTPUT_H
#define GBX_GRAPH_ENGINE_OUTPUT_H

#include "json/writer.h"
#include <string.h>

/* Usage: begin, any number of adds, end. */
typedef struct gbxi_engine_output {
    gbxi_json_writer *writer;
    gbxi_json_text text;
    uint64_t size; /* bytes passed on */
    size_t held;
    char bytes[4096];
} gbxi_engine_output;

/* Starts the string member `key`. */
void gbxi_engine_output_begin(gbxi_engine_output *output, gbxi_json_writer *writer, const char *key);
/* Ends the member. Returns the size of the text in bytes and records it in the note bytes. */
uint64_t gbxi_engine_output_end(gbxi_engine_output *output);
/* Passes on the buffered bytes, then `bytes`. */
void gbxi_engine_output_flush(gbxi_engine_output *output, const char *bytes, size_t length);
void gbxi_engine_output_add_uint(gbxi_engine_output *output, uint64_t value);

static inline void gbxi_engine_output_add(gbxi_engine_output *output, const char *bytes, size_t length)
{
    if (length > sizeof(output->bytes) - output->held) {
        gbxi_engine_output_flush(output, bytes, length);
        return;
    }
    memcpy(output->bytes + output->held, bytes, length);
    output->held += length;
}

static inline void gbxi_engine_output_add_z(gbxi_engine_output *output, const char *text)
{
    gbxi_engine_output_add(output, text, strlen(text));
}

#endif
