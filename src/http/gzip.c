/* SPDX-License-Identifier: MIT */
/* Unpacks and packs whole bodies with zlib. */
#include "http/gzip.h"
#include "base/account.h"
#include <limits.h>
#include <zlib.h>

enum { WINDOW_OF_GZIP = 16 + MAX_WBITS, FIRST_BYTES = 4096, GROWTH = 4, MEMORY_LEVEL = 8 };

/* A body that grows to at most `most` bytes. One byte more is allocated, which shows that there is more. */
typedef struct gzip_room {
    char *bytes;
    size_t length;
    size_t capacity;
    size_t most;
} gzip_room;

static gbx_err gzip_no_memory(gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "%s", gbx_err_text(GBX_ERR_NO_MEMORY));
}

static gbx_err gzip_damaged(gbx_error *error, const char *how)
{
    return gbx_error_set(error, GBX_ERR_SYNTAX, NULL, "the request's body is not gzip as its Content-Encoding says: %s",
                         how);
}

static gbx_err gzip_too_long(gbx_error *error, size_t most)
{
    return gbx_error_set(error, GBX_ERR_LIMIT, NULL, "the request's body has more than %zu bytes when it is unpacked",
                         most);
}

static gbx_err gzip_grow(gzip_room *room, gbx_error *error)
{
    size_t wanted = room->capacity == 0 ? FIRST_BYTES : GROWTH * room->capacity;
    char *bytes;

    if (wanted > room->most + 1 || wanted < room->capacity)
        wanted = room->most + 1;
    if ((bytes = gbxi_account_realloc(room->bytes, wanted)) == NULL)
        return gzip_no_memory(error);
    room->bytes = bytes;
    room->capacity = wanted;
    return GBX_ERR_OK;
}

/* The most that zlib can be told at once. */
static unsigned gzip_piece(size_t bytes)
{
    return bytes < UINT_MAX ? (unsigned)bytes : UINT_MAX;
}

/* Goes on with zlib until the room is full or the packed bytes are used up. Sets `ended` behind the last member. */
static gbx_err gzip_inflate(z_stream *stream, gbxi_view *packed, gzip_room *room, bool *ended, gbx_error *error)
{
    unsigned given = gzip_piece(packed->length), free_bytes = gzip_piece(room->capacity - room->length);
    int result;

    stream->next_in = (unsigned char *)packed->at; /* not written to, but not declared const */
    stream->avail_in = given;
    stream->next_out = (unsigned char *)room->bytes + room->length;
    stream->avail_out = free_bytes;
    result = inflate(stream, Z_NO_FLUSH);
    *packed = gbxi_view_after(*packed, given - stream->avail_in);
    room->length += free_bytes - stream->avail_out;
    if (result == Z_MEM_ERROR)
        return gzip_no_memory(error);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
        return gzip_damaged(error, stream->msg != NULL ? stream->msg : "the data is damaged");
    *ended = result == Z_STREAM_END && packed->length == 0;
    if (result == Z_STREAM_END && !*ended && inflateReset(stream) != Z_OK)
        return gzip_damaged(error, "the data is damaged");
    if (result != Z_STREAM_END && packed->length == 0 && room->length < room->capacity)
        return gzip_damaged(error, "it ends too soon");
    return GBX_ERR_OK;
}

static gbx_err gzip_unpack_into(gzip_room *room, z_stream *stream, gbxi_view packed, gbx_error *error)
{
    bool ended = false;
    gbx_err err = GBX_ERR_OK;

    while (err == GBX_ERR_OK && !ended) {
        if (room->length == room->capacity)
            err = gzip_grow(room, error);
        if (err == GBX_ERR_OK)
            err = gzip_inflate(stream, &packed, room, &ended, error);
        if (err == GBX_ERR_OK && room->length > room->most)
            err = gzip_too_long(error, room->most);
    }
    return err;
}

gbx_err gbxi_gzip_unpack(gbxi_view packed, size_t bytes_max, char **text, size_t *length, gbx_error *error)
{
    z_stream stream = {0};
    gzip_room room = {.most = bytes_max};
    gbx_err err;

    if (inflateInit2(&stream, WINDOW_OF_GZIP) != Z_OK)
        return gzip_no_memory(error);
    err = gzip_unpack_into(&room, &stream, packed, error);
    inflateEnd(&stream);
    if (err != GBX_ERR_OK) {
        gbxi_account_free(room.bytes);
        return err;
    }
    *text = room.bytes;
    *length = room.length;
    return GBX_ERR_OK;
}

/* zlib takes the text in pieces; the bound makes room for all that it puts out. */
static void gzip_deflate(z_stream *stream, gbxi_view text, char *packed, size_t bound, size_t *length)
{
    size_t left = bound;
    int result = Z_OK;

    stream->next_in = (unsigned char *)text.at; /* not written to, but not declared const */
    stream->next_out = (unsigned char *)packed;
    while (result == Z_OK) {
        unsigned given = gzip_piece(text.length), room = gzip_piece(left);

        stream->avail_in = given;
        stream->avail_out = room;
        result = deflate(stream, given == text.length ? Z_FINISH : Z_NO_FLUSH);
        text = gbxi_view_after(text, given - stream->avail_in);
        left -= room - stream->avail_out;
    }
    *length = bound - left;
}

gbx_err gbxi_gzip_pack(gbxi_view text, char **packed, size_t *length, gbx_error *error)
{
    z_stream stream = {0};
    size_t bound;

    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, WINDOW_OF_GZIP, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return gzip_no_memory(error);
    bound = deflateBound(&stream, text.length);
    if ((*packed = gbxi_account_malloc(bound)) != NULL)
        gzip_deflate(&stream, text, *packed, bound, length);
    deflateEnd(&stream);
    return *packed != NULL ? GBX_ERR_OK : gzip_no_memory(error);
}
