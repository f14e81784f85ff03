/* SPDX-License-Identifier: MIT */
/* What request headers ask of an answer: whether it is still the same, in what coding, and in what media type. */
#ifndef GBX_HTTP_NEGOTIATE_H
#define GBX_HTTP_NEGOTIATE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether an If-None-Match of these bytes names `etag` (given without quotes): in a list, weak or not, or by "*". */
bool gbxi_etag_is_named(const char *header, size_t length, const char *etag);

/* Whether an Accept-Encoding of these bytes takes gzip: by name or by "*", and not with a weight of 0. */
bool gbxi_takes_gzip(const char *header, size_t length);

/* Whether an Accept of these bytes wants application/json rather than text/html: by a greater weight, or by naming it
 * where it names the other by a wildcard only. */
bool gbxi_prefers_json(const char *header, size_t length);

#endif
