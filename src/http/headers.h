/* SPDX-License-Identifier: MIT */
/* Headers of requests and responses by name, whether or not they were set with libh2o's tokens. */
#ifndef GBX_HTTP_HEADERS_H
#define GBX_HTTP_HEADERS_H

#include "http/media.h"
#include <glassbox/error.h>
#include <h2o.h>
#include <stdbool.h>

/* Whether a header has that name; case is ignored. */
bool gbxi_header_is(const h2o_header_t *header, const char *name);

/* The number of headers with that name. `value` gets the value of the first one; its base is NULL if there is none. */
size_t gbxi_header_find(const h2o_headers_t *headers, const char *name, h2o_iovec_t *value);

/* Adds a header to the response. Both strings must outlive the request, and the name must be in lower case. */
void gbxi_header_add(h2o_req_t *req, const char *name, const char *value);

/* Tells browsers to take the response for nothing but what its Content-Type says. */
void gbxi_header_forbid_sniffing(h2o_req_t *req);

/* Whether the client sent the request with the method HEAD. */
bool gbxi_request_is_head(const h2o_req_t *req);

typedef enum gbxi_coding {
    GBXI_CODING_NONE, /* no Content-Encoding, or identity */
    GBXI_CODING_GZIP,
    GBXI_CODING_OTHER /* any other, or several */
} gbxi_coding;

/* The content coding of the request's body. */
gbxi_coding gbxi_request_coding(const h2o_req_t *req);

/* Says of a coding other than gzip that it is not read, in the error, which ends with `advice`, and in a header of the
 * response. */
void gbxi_coding_refuse(h2o_req_t *req, gbx_error *error, const char *advice);

/* The media type of the request's body; BINARY without a Content-Type. */
gbxi_media gbxi_request_media(const h2o_req_t *req);

#endif
