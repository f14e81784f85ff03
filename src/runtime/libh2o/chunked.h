/* SPDX-License-Identifier: MIT */
/* A strict decoder of the chunked transfer coding (RFC 9112, section 7.1), which takes the place of libh2o's.
 *
 * libh2o calls phr_decode_chunked through the dynamic linker, and a definition in the program comes before the one in
 * the library. libh2o's own decoder takes a bare line feed for a line break, any bytes for an extension, and any number
 * of carriage returns. A proxy in front that reads such a body differently would find another request in it. */
#ifndef GBX_RUNTIME_LIBH2O_CHUNKED_H
#define GBX_RUNTIME_LIBH2O_CHUNKED_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { GBXI_CHUNKED_OVERHEAD_MAX = 16 * 1024 };

/* The decoder of libh2o 2.2.5, which allocates it and fills it with zeros before the body begins. No installed header
 * declares it. `overhead` is padding to libh2o. */
struct phr_chunked_decoder {
    size_t bytes_left_in_chunk; /* libh2o: of the current chunk; here the size also while it is read */
    char consume_trailer;       /* set by libh2o: the trailers are part of the body */
    char digits;                /* of the size so far */
    char state;
    uint32_t overhead; /* bytes of extensions and trailers so far; at most GBXI_CHUNKED_OVERHEAD_MAX */
};

/* Decodes the next `*size` bytes of a body in place, and sets `*size` to the number of decoded bytes. Returns -2 if the
 * body goes on, -1 if it is malformed, or else the number of bytes behind its end, which follow the decoded ones.
 * Chunk sizes have at most 16 digits, extensions and trailers are ignored, and trailers are dropped. The
 * body is malformed, too, if a chunk does not fit (http1.h). Thread: the decoder's. */
ssize_t phr_decode_chunked(struct phr_chunked_decoder *decoder, char *bytes, size_t *size);

/* Whether the decoder is inside the data of a chunk; libh2o's client asks this. */
int phr_decode_chunked_is_in_data(struct phr_chunked_decoder *decoder);

#endif
