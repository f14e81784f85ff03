/* SPDX-License-Identifier: MIT */
/* The OpenAPI document and the list of schemas, made of the schemas themselves. */
#ifndef GBX_SERVICE_OPENAPI_H
#define GBX_SERVICE_OPENAPI_H

#include "json/writer.h"

/* Writes the OpenAPI 3.1 document: schemas/openapi.paths.json with the program's version and, as components, every
 * schema. A schema's own $defs become components too, NAME_DEF, and references lead there, because few readers of
 * OpenAPI follow an $id. Errors: in the writer. Cost: below a millisecond; holds nothing afterwards. */
void gbxi_openapi_write(gbxi_json_writer *out);

/* Writes the answer of GET /schemas. Errors: in the writer. */
void gbxi_schema_list_write(gbxi_json_writer *out);

#endif
