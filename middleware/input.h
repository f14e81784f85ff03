/* SPDX-License-Identifier: MIT */
/* The path of the request line, which some handlers read instead of the request's path: libh2o's FastCGI handler sends
 * it as REQUEST_URI. */
#ifndef GBX_MIDDLEWARE_INPUT_H
#define GBX_MIDDLEWARE_INPUT_H

#include <h2o.h>
#include <stdbool.h>

/* What the client sent, while handlers see something else. Zero: they see what the client sent. */
typedef struct gbxi_input {
    h2o_iovec_t path;
    size_t query_at;
} gbxi_input;

/* Whether the request's path is still that of the request line. */
bool gbxi_input_is_path(const h2o_req_t *req);

/* Makes the request's path, without the suffix, that of the request line, and keeps what the client sent. Nothing may
 * be kept yet. */
void gbxi_input_hide(gbxi_input *input, h2o_req_t *req);

/* Undoes gbxi_input_hide, so that access logs have what the client sent. Without it, nothing happens. */
void gbxi_input_show(gbxi_input *input, h2o_req_t *req);

#endif
