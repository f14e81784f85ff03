/* SPDX-License-Identifier: MIT */
/* Counts the fields of a compressed HTTP/2 header block without decompressing it. */
#ifndef GBX_RUNTIME_HTTP2_HPACK_H
#define GBX_RUNTIME_HTTP2_HPACK_H

#include <stddef.h>
#include <stdint.h>

/* The number of header fields in a block (RFC 7541, section 6). A block that is not well-formed counts up to the place
 * where it breaks. Thread: any. Cost: one look at each field, whatever it expands to. */
size_t gbxi_hpack_count(const uint8_t *block, size_t length);

#endif
