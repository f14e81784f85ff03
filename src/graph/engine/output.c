/* SPDX-License-Identifier: MIT */
/* Owns passing engines' text to the writer. */
#include "graph/engine/output.h"
#include <glassbox/span.h>

void gbxi_engine_output_begin(gbxi_engine_output *output, gbxi_json_writer *writer, const char *key)
{
    output->writer = writer;
    output->size = 0;
    output->held = 0;
    gbxi_json_key(writer, key);
    gbxi_json_text_begin(writer, &output->text);
}

void gbxi_engine_output_flush(gbxi_engine_output *output, const char *bytes, size_t length)
{
    gbxi_json_text_add(output->writer, &output->text, output->bytes, output->held);
    gbxi_json_text_add(output->writer, &output->text, bytes, length);
    output->size += output->held + length;
    output->held = 0;
}

uint64_t gbxi_engine_output_end(gbxi_engine_output *output)
{
    gbxi_engine_output_flush(output, "", 0);
    gbxi_json_text_end(output->writer, &output->text);
    gbx_note_int("bytes", (int64_t)output->size);
    return output->size;
}

void gbxi_engine_output_add_uint(gbxi_engine_output *output, uint64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + value % 10);
    } while ((value /= 10) > 0);
    gbxi_engine_output_add(output, digits + at, sizeof(digits) - at);
}
