/* SPDX-License-Identifier: MIT */
/* Owns the sink of small windows. */
#include "sink.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void take(sink *to, gbxi_json_writer *writer)
{
    size_t written = (size_t)(writer->at - writer->begin);

    to->text = realloc(to->text, to->length + written + 1);
    assert_non_null(to->text);
    if (written > 0)
        memcpy(to->text + to->length, writer->begin, written);
    to->length += written;
    to->text[to->length] = '\0';
    free(to->window);
    to->window = NULL;
    writer->begin = writer->at = writer->end = NULL;
}

static gbx_err more(gbxi_json_writer *writer, size_t need)
{
    sink *to = writer->sink;
    size_t bytes = need > to->window_bytes ? need : to->window_bytes;

    assert_in_range(need, 1, GBXI_JSON_NEED_MAX);
    if (++to->more_count == to->fail_at)
        return GBX_ERR_IO;
    take(to, writer);
    to->window = malloc(bytes);
    assert_non_null(to->window);
    writer->begin = writer->at = to->window;
    writer->end = to->window + bytes;
    return GBX_ERR_OK;
}

void sink_begin(sink *to, gbxi_json_writer *writer, size_t window_bytes)
{
    *to = (sink){.window_bytes = window_bytes};
    gbxi_json_writer_init(writer, more, to);
}

gbx_err sink_finish(sink *to, gbxi_json_writer *writer)
{
    gbx_err code = gbxi_json_writer_finish(writer);

    take(to, writer);
    return code;
}

void sink_fini(sink *to)
{
    free(to->window);
    free(to->text);
}

static void assert_text(const char *text, size_t length, const char *expected, size_t expected_length)
{
    if (length != expected_length || memcmp(text, expected, length) != 0)
        fail_msg("wrote\n%.*s\nnot\n%.*s", (int)length, text, (int)expected_length, expected);
}

void sink_assert_writes(sink_body body, const void *context, const char *expected, size_t expected_length)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    for (size_t window_bytes = 1; window_bytes <= 64; window_bytes++) {
        sink to;

        sink_begin(&to, &writer, window_bytes);
        body(&writer, context);
        assert_int_equal(sink_finish(&to, &writer), GBX_ERR_OK);
        assert_text(to.text, to.length, expected, expected_length);
        sink_fini(&to);
    }
    gbxi_json_writer_init_buffer(&writer, &buffer);
    body(&writer, context);
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    assert_text(buffer.bytes, buffer.length, expected, expected_length);
    gbxi_json_buffer_fini(&buffer);
}
