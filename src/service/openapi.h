/* SPDX-License-Identifier: MIT */
/* The OpenAPI document and the list of schemas, both generated from the schemas. */
#ifndef GBX_SERVICE_OPENAPI_H
#define GBX_SERVICE_OPENAPI_H

#include "json/writer.h"

/* Writes the OpenAPI 3.1 document: schemas/openapi.paths.json with the program's version and every schema as a
 * component. The $defs of a schema become components named NAME_DEF, and references are changed accordingly, because
 * few OpenAPI tools resolve an $id. Errors: in the writer. Cost: less than a millisecond; keeps no memory. */
void gbxi_openapi_write(gbxi_json_writer *out);

/* Writes the response of GET /schemas. Errors: in the writer. */
void gbxi_schema_list_write(gbxi_json_writer *out);

#endif
