/* SPDX-License-Identifier: MIT */
/* Lets zlib write straight into the writer's memory. */
#include "export/gzip_writer.h"

#include <limits.h>

enum { WINDOW_OF_GZIP_FILE = MAX_WBITS + 16, LEVEL_OF_MEMORY = 8 };

bool gbxi_gzip_writer_init(gbxi_gzip_writer *gzip)
{
    return deflateInit2(&gzip->stream, Z_BEST_SPEED, Z_DEFLATED, WINDOW_OF_GZIP_FILE, LEVEL_OF_MEMORY,
                        Z_DEFAULT_STRATEGY) == Z_OK;
}

void gbxi_gzip_writer_fini(gbxi_gzip_writer *gzip)
{
    deflateEnd(&gzip->stream); /* does nothing to a stream that was not begun */
}

/* Calls zlib once. Returns its result, or Z_BUF_ERROR after an error of the writer. */
static int deflate_once(z_stream *stream, gbxi_json_writer *writer, int flush)
{
    char *at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX);
    size_t room = (size_t)(writer->end - writer->at);
    int result;

    if (at == NULL)
        return Z_BUF_ERROR;
    stream->next_out = (unsigned char *)at;
    stream->avail_out = room < UINT_MAX ? (unsigned)room : UINT_MAX;
    result = deflate(stream, flush);
    gbxi_json_commit(writer, (char *)stream->next_out);
    return result;
}

void gbxi_gzip_writer_add(gbxi_gzip_writer *gzip, gbxi_json_writer *writer, const void *bytes, size_t length)
{
    z_stream *stream = &gzip->stream;

    stream->next_in = (unsigned char *)bytes; /* not written to, but not declared const */
    while (length > 0) {
        stream->avail_in = length < UINT_MAX ? (unsigned)length : UINT_MAX;
        length -= stream->avail_in;
        while (stream->avail_in > 0)
            if (deflate_once(stream, writer, Z_NO_FLUSH) != Z_OK)
                return;
    }
}

void gbxi_gzip_writer_end(gbxi_gzip_writer *gzip, gbxi_json_writer *writer)
{
    while (deflate_once(&gzip->stream, writer, Z_FINISH) == Z_OK)
        continue;
}
