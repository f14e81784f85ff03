/* SPDX-License-Identifier: MIT */
/* Whole bodies in the content coding gzip (RFC 9110, section 8.4.1.3; RFC 1952).
 *
 * Results are counted in the thread's account (base/account.h), if it is in one. What zlib needs meanwhile, up to 300
 * KiB, is not. Owns: the caller, until gbxi_account_free. Thread: any. `error` may be NULL. */
#ifndef GBX_HTTP_GZIP_H
#define GBX_HTTP_GZIP_H

#include "base/view.h"
#include <glassbox/error.h>

/* Unpacks a body of one or more gzip members. It never allocates more than `bytes_max`, which is not 0, and one byte
 * more. Errors: SYNTAX if the bytes are not gzip, are damaged or end too soon; LIMIT if there are more than
 * `bytes_max`; NO_MEMORY. Cost: about 3 ns for each unpacked byte. */
GBX_MUST_USE gbx_err gbxi_gzip_unpack(gbxi_view packed, size_t bytes_max, char **text, size_t *length,
                                      gbx_error *error);

/* Packs a body, quickly rather than tightly. Errors: NO_MEMORY. Cost: about 10 ns for each byte. */
GBX_MUST_USE gbx_err gbxi_gzip_pack(gbxi_view text, char **packed, size_t *length, gbx_error *error);

#endif
