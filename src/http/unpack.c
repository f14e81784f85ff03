/* SPDX-License-Identifier: MIT */
/* Decompresses gzip into responses. */
#define _GNU_SOURCE
#include "http/unpack.h"
#include "http/respond.h"
#include <glassbox/error.h>
#include <string.h>
#include <zlib.h>

enum { PIECE_BYTES = 16384, GZIP_WINDOW = 16 + MAX_WBITS };

/* Allocated in the request's pool and freed with it. */
typedef struct unpacking {
    h2o_generator_t super;
    z_stream stream;
    unsigned char piece[PIECE_BYTES];
} unpacking;

static void unpack_end(void *unpacked)
{
    inflateEnd(&((unpacking *)unpacked)->stream);
}

/* Sends the next piece. The bytes are part of the program, so they should always be valid. If they are not, the body
 * ends before its Content-Length, so the client notices. */
static void unpack_proceed(h2o_generator_t *super, h2o_req_t *req)
{
    unpacking *self = (unpacking *)super;
    int result;
    h2o_iovec_t body;

    self->stream.next_out = self->piece;
    self->stream.avail_out = sizeof(self->piece);
    result = inflate(&self->stream, Z_NO_FLUSH);
    body = h2o_iovec_init(self->piece, sizeof(self->piece) - self->stream.avail_out);
    h2o_send(req, &body, body.len != 0 ? 1 : 0,
             result == Z_OK           ? H2O_SEND_STATE_IN_PROGRESS
             : result == Z_STREAM_END ? H2O_SEND_STATE_FINAL
                                      : H2O_SEND_STATE_ERROR);
}

static void unpack_refuse(h2o_req_t *req)
{
    gbx_error error;

    memset(&req->res.headers, 0, sizeof(req->res.headers));
    gbx_error_set(&error, GBX_ERR_NO_MEMORY, NULL, "%s", gbx_err_text(GBX_ERR_NO_MEMORY));
    gbxi_respond_error(req, &error);
}

void gbxi_unpack_send(h2o_req_t *req, h2o_iovec_t packed)
{
    unpacking *self = h2o_mem_alloc_shared(&req->pool, sizeof(*self), unpack_end);

    self->super = (h2o_generator_t){.proceed = unpack_proceed};
    /* zlib does not write through next_in, but its interface does not declare the pointer const. */
    self->stream = (z_stream){.next_in = (unsigned char *)packed.base, .avail_in = (unsigned)packed.len};
    if (inflateInit2(&self->stream, GZIP_WINDOW) != Z_OK) {
        unpack_refuse(req);
        return;
    }
    h2o_start_response(req, &self->super);
    unpack_proceed(&self->super, req);
}
