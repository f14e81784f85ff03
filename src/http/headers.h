/* SPDX-License-Identifier: MIT */
/* Headers of requests and responses, by name: whoever set one may have used libh2o's token for it or not. */
#ifndef GBX_HTTP_HEADERS_H
#define GBX_HTTP_HEADERS_H

#include "http/media.h"
#include <h2o.h>
#include <stdbool.h>

/* Whether it is a header of that name, in whatever case. */
bool gbxi_header_is(const h2o_header_t *header, const char *name);

/* How many headers there are of that name. `value` becomes that of the first, or empty without a base. */
size_t gbxi_header_find(const h2o_headers_t *headers, const char *name, h2o_iovec_t *value);

/* Puts a header on the response; both strings outlive the request, and the name is in lower case. */
void gbxi_header_add(h2o_req_t *req, const char *name, const char *value);

/* Whether the request, as the client sent it, wants the head of the answer alone. */
bool gbxi_request_is_head(const h2o_req_t *req);

/* The media type of the request's body; without a Content-Type it is BINARY. */
gbxi_media gbxi_request_media(const h2o_req_t *req);

#endif
