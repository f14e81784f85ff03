/* SPDX-License-Identifier: MIT */
/* How the server answers: JSON bodies without a copy, and errors with the status that belongs to them. */
#ifndef GBX_SERVER_RESPOND_H
#define GBX_SERVER_RESPOND_H

#include "json/writer.h"
#include <h2o.h>

/* The HTTP status for a request that ended in `error`: an error without a pointer is about the request as a whole, one
 * with a pointer about a field of its body. The one place that says so for the routes of this server. */
int gbx__status_of(const gbx_error *error);

/* Makes the response 200 and JSON, of that many bytes; SIZE_MAX: as many as it will be. Nothing is sent. */
void gbx__respond_head(h2o_req_t *req, size_t content_length);

/* Answers 200 with what `buffer` holds, as application/json; the body is left away for HEAD. Owns: takes the buffer's
 * bytes over and leaves it empty. */
void gbx__respond_json(h2o_req_t *req, gbx_json_buffer *buffer);

/* Answers with the problem document for `error`. */
void gbx__respond_error(h2o_req_t *req, const gbx_error *error);

/* Answers 200 with what was written to `buffer`, or with the error that the writer met. Owns: as gbx__respond_json. */
void gbx__respond_buffer(h2o_req_t *req, gbx_json_writer *writer, gbx_json_buffer *buffer);

/* Answers 200 with the document that `write` produces, or 503 when memory is short. */
void gbx__respond_written(h2o_req_t *req, void (*write)(gbx_json_writer *out));

#endif
