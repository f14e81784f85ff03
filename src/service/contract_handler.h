/* SPDX-License-Identifier: MIT */
/* The endpoints that tell what the others take and give: /openapi.json and /schemas. */
#ifndef GBX_SERVICE_CONTRACT_HANDLER_H
#define GBX_SERVICE_CONTRACT_HANDLER_H

#include <h2o.h>
#include <stdbool.h>

/* Answers GET /openapi.json. */
void gbxi_openapi_answer(h2o_req_t *req);

/* Answers GET /schemas. */
void gbxi_schema_list_answer(h2o_req_t *req);

/* Whether a path is /schemas/ and one more part; answers it, with 404 and the known names where there is no such one.
 */
bool gbxi_schema_has_path(const char *path, size_t length);
void gbxi_schema_answer(h2o_req_t *req);

#endif
