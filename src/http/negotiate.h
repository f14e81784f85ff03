/* SPDX-License-Identifier: MIT */
/* Content negotiation: conditional requests, content coding and media type. */
#ifndef GBX_HTTP_NEGOTIATE_H
#define GBX_HTTP_NEGOTIATE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether an If-None-Match value names `etag`, which has no quotes. The value may be a list of strong or weak tags, or
 * "*". */
bool gbxi_etag_is_named(const char *header, size_t length, const char *etag);

/* Whether an Accept-Encoding value accepts gzip, by name or by "*", with a weight other than 0. */
bool gbxi_takes_gzip(const char *header, size_t length);

/* Whether an Accept value prefers application/json to text/html: by a greater weight or, at equal weights, by a
 * narrower range. */
bool gbxi_prefers_json(const char *header, size_t length);

#endif
