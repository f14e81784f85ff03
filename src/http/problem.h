/* SPDX-License-Identifier: MIT */
/* Error responses: application/problem+json (RFC 9457). */
#ifndef GBX_HTTP_PROBLEM_H
#define GBX_HTTP_PROBLEM_H

#include <glassbox/error.h>
#include <h2o.h>

/* The most bytes of a problem's body: every byte of a gbx_error may need six in JSON, and the rest is for names and
 * titles. */
enum { GBXI_PROBLEM_BYTES = 6 * (int)sizeof(gbx_error) + 512 };

/* The title of a status, which is also its reason phrase. */
const char *gbxi_problem_title(int status);

/* Writes the body of a problem to `body`, which has GBXI_PROBLEM_BYTES, and returns its length. For answers without a
 * request. `error` as for gbxi_problem_send. */
size_t gbxi_problem_write(char *body, int status, const gbx_error *error);

/* The HTTP status for an error in a request's body: 400 if the body is not JSON, 503 if memory is short, otherwise 422.
 */
int gbxi_problem_status(gbx_err err);

/* Sets status, type and length of `req`'s response like gbxi_problem_send, and returns the body, which is in the
 * request's pool. Sends nothing. For filters that replace a response that is being sent. */
h2o_iovec_t gbxi_problem_prepare(h2o_req_t *req, int status, const gbx_error *error);

/* When to come again if what was short, such as memory, is likely to be there soon. */
enum { GBXI_RETRY_SOON_S = 1 };

/* Adds Retry-After to the response. */
void gbxi_problem_retry_after(h2o_req_t *req, uint32_t seconds);

/* Answers `req` with `status` and its standard title. `error`, which may be NULL, provides `detail` (the title if there
 * is no text) and `pointer` (if there is one). Headers that the response already has, such as Allow or Retry-After, are
 * kept. Thread: the request's event loop. Cost: allocates from the request's pool only. */
void gbxi_problem_send(h2o_req_t *req, int status, const gbx_error *error);

#endif
