/* SPDX-License-Identifier: MIT */
/* Responses of the server: JSON bodies, sent without a copy, and errors with their status. */
#ifndef GBX_HTTP_RESPOND_H
#define GBX_HTTP_RESPOND_H

#include "json/writer.h"
#include <h2o.h>

/* The HTTP status for a request that failed with `error`. An error without a pointer concerns the whole request, and an
 * error with a pointer concerns a field of its body. All routes of this server use this mapping. */
int gbxi_status_of(const gbx_error *error);

/* Sets the response's status to 200 and its type to JSON. `content_length` is SIZE_MAX if the length is not known yet.
 * Sends nothing. */
void gbxi_respond_head(h2o_req_t *req, size_t content_length);

/* Answers 200 with the content of `buffer` as application/json; HEAD gets no body. Owns: takes over the buffer's bytes
 * and leaves the buffer empty. */
void gbxi_respond_json(h2o_req_t *req, gbxi_json_buffer *buffer);

/* Answers with the problem document for `error`. */
void gbxi_respond_error(h2o_req_t *req, const gbx_error *error);

/* Answers 200 with the content of `buffer`, or with the writer's error if there is one. Owns: as gbxi_respond_json. */
void gbxi_respond_buffer(h2o_req_t *req, gbxi_json_writer *writer, gbxi_json_buffer *buffer);

/* Answers 200 with the document that `write` writes, or 503 if memory is short. */
void gbxi_respond_written(h2o_req_t *req, void (*write)(gbxi_json_writer *out));

#endif
