/* SPDX-License-Identifier: MIT */
/* Functions that the test server's handlers share: reading the query and sending responses in pieces. */
#ifndef GBX_TESTS_SUPPORT_PIECES_H
#define GBX_TESTS_SUPPORT_PIECES_H

#include "json/writer.h"
#include <h2o.h>

/* The number after `name=` in the request's query, or `fallback`. */
size_t query_number(const h2o_req_t *req, const char *name, size_t fallback);
/* True when the query has `name`, with or without a value. */
bool query_has(const h2o_req_t *req, const char *name);

/* Sets the status and, unless it is NULL, the content type (a literal) of a response. */
void set_response(h2o_req_t *req, int status, const char *content_type);

/* Answers with the whole `body`, which is in the request's pool, and its Content-Length. */
void send_body(h2o_req_t *req, h2o_iovec_t body);

/* Answers with `body` in pieces of `piece` bytes. Each piece is sent when the previous one has been sent. */
void send_pieces(h2o_req_t *req, h2o_iovec_t body, size_t piece);

/* Answers with the written document and frees it. */
void send_json(h2o_req_t *req, int status, gbxi_json_writer *writer, gbxi_json_buffer *buffer);

#endif
