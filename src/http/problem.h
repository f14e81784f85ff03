/* SPDX-License-Identifier: MIT */
/* Errors of ours on the wire: application/problem+json (RFC 9457). */
#ifndef GBX_HTTP_PROBLEM_H
#define GBX_HTTP_PROBLEM_H

#include <glassbox/error.h>
#include <h2o.h>

/* The HTTP status for an error in a request's body: 400 for what is not JSON, 503 when memory is short, else 422. */
int gbxi_problem_status(gbx_err err);

/* Makes `req`'s response the problem that gbxi_problem_send would send (status, type, length) and returns its body, in
 * the request's pool, without sending: for filters that replace a response on its way. */
h2o_iovec_t gbxi_problem_prepare(h2o_req_t *req, int status, const gbx_error *error);

/* Tells, on the response to come, after how many seconds it makes sense to ask again. */
void gbxi_problem_retry_after(h2o_req_t *req, uint32_t seconds);

/* Answers `req` with `status`, its usual title and, from `error`, `detail` (the title again when there is no text) and
 * `pointer` (when there is one). `error` may be NULL. Headers that are already on the response, such as Allow or
 * Retry-After, stay. Thread: the request's event loop. Allocates from the request's pool only. */
void gbxi_problem_send(h2o_req_t *req, int status, const gbx_error *error);

#endif
