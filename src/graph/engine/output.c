/* SPDX-License-Identifier: MIT */
/* Owns the passing on of engines' text. */
#include "graph/engine/output.h"
#include <glassbox/span.h>

void gbx__output_begin(gbx__output *output, gbx_json_writer *writer, const char *key)
{
    output->writer = writer;
    output->size = 0;
    output->held = 0;
    gbx_json_key(writer, key);
    gbx_json_text_begin(writer, &output->text);
}

void gbx__output_flush(gbx__output *output, const char *bytes, size_t length)
{
    gbx_json_text_add(output->writer, &output->text, output->bytes, output->held);
    gbx_json_text_add(output->writer, &output->text, bytes, length);
    output->size += output->held + length;
    output->held = 0;
}

uint64_t gbx__output_end(gbx__output *output)
{
    gbx__output_flush(output, "", 0);
    gbx_json_text_end(output->writer, &output->text);
    gbx_note_int("bytes", (int64_t)output->size);
    return output->size;
}

void gbx__output_add_uint(gbx__output *output, uint64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + value % 10);
    } while ((value /= 10) > 0);
    gbx__output_add(output, digits + at, sizeof(digits) - at);
}
