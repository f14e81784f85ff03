/* SPDX-License-Identifier: MIT */
/* How the server answers: JSON bodies without a copy, and errors with the status that belongs to them. */
#ifndef GBX_HTTP_RESPOND_H
#define GBX_HTTP_RESPOND_H

#include "json/writer.h"
#include <h2o.h>

/* The HTTP status for a request that ended in `error`: an error without a pointer is about the request as a whole, one
 * with a pointer about a field of its body. The one place that says so for the routes of this server. */
int gbxi_status_of(const gbx_error *error);

/* Makes the response 200 and JSON, of that many bytes; SIZE_MAX: as many as it will be. Nothing is sent. */
void gbxi_respond_head(h2o_req_t *req, size_t content_length);

/* Answers 200 with what `buffer` holds, as application/json; the body is left away for HEAD. Owns: takes the buffer's
 * bytes over and leaves it empty. */
void gbxi_respond_json(h2o_req_t *req, gbxi_json_buffer *buffer);

/* Answers with the problem document for `error`. */
void gbxi_respond_error(h2o_req_t *req, const gbx_error *error);

/* Answers 200 with what was written to `buffer`, or with the error that the writer met. Owns: as gbxi_respond_json. */
void gbxi_respond_buffer(h2o_req_t *req, gbxi_json_writer *writer, gbxi_json_buffer *buffer);

/* Answers 200 with the document that `write` produces, or 503 when memory is short. */
void gbxi_respond_written(h2o_req_t *req, void (*write)(gbxi_json_writer *out));

#endif
