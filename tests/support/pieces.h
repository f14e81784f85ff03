/* SPDX-License-Identifier: MIT */
/* What the test server's handlers share: reading the query, and answering in pieces. */
#ifndef GBX_TESTS_SUPPORT_PIECES_H
#define GBX_TESTS_SUPPORT_PIECES_H

#include "json/writer.h"
#include <h2o.h>

/* The number after `name=` in the request's query, or `fallback`. */
size_t query_number(const h2o_req_t *req, const char *name, size_t fallback);
/* True when the query has `name`, with or without a value. */
bool query_has(const h2o_req_t *req, const char *name);

/* Starts a response: status and, unless NULL, content type (a literal). */
void set_response(h2o_req_t *req, int status, const char *content_type);

/* Answers with `body` (in the request's pool) whole, its length announced. */
void send_body(h2o_req_t *req, h2o_iovec_t body);

/* Answers with `body` in pieces of `piece` bytes, each sent when the one before has left. */
void send_pieces(h2o_req_t *req, h2o_iovec_t body, size_t piece);

/* Answers with what was written, and frees it. */
void send_json(h2o_req_t *req, int status, gbxi_json_writer *writer, gbxi_json_buffer *buffer);

#endif
