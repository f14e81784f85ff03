/* SPDX-License-Identifier: MIT */
/* The endpoints that describe the API: /openapi.json and /schemas. */
#ifndef GBX_SERVICE_CONTRACT_HANDLER_H
#define GBX_SERVICE_CONTRACT_HANDLER_H

#include <h2o.h>
#include <stdbool.h>

/* Answers GET /openapi.json. */
void gbxi_openapi_answer(h2o_req_t *req);

/* Answers GET /schemas. */
void gbxi_schema_list_answer(h2o_req_t *req);

/* Whether a path is /schemas/NAME, and the answer to it: the schema, or 404 with the known names. */
bool gbxi_schema_has_path(const char *path, size_t length);
void gbxi_schema_answer(h2o_req_t *req);

#endif
