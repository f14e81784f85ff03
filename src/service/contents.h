/* SPDX-License-Identifier: MIT */
/* The files that the service serves and that are embedded in the program: schemas, documents and pages. */
#ifndef GBX_SERVICE_CONTENTS_H
#define GBX_SERVICE_CONTENTS_H

#include "http/embedded.h"

/* schemas/NAME.schema.json, each under its NAME, in the order of GET /schemas. */
extern const gbxi_embedded gbxi_embedded_schemas[];
/* One row: schemas/openapi.paths.json. */
extern const gbxi_embedded gbxi_embedded_openapi[];
/* The page to try the service on and its drawing libraries. The page is always there; a library is there if it was
 * built in. */
extern const gbxi_embedded gbxi_embedded_page[];
/* The API page and the files that it loads. No rows if it was not built in. */
extern const gbxi_embedded gbxi_embedded_docs[];
/* speedscope, the application that shows traces. No rows if it was not built in. */
extern const gbxi_embedded gbxi_embedded_speedscope[];

/* ETags. They change when anything in the table or the program's version changes. */
extern const char gbxi_embedded_schemas_etag[];
extern const char gbxi_embedded_openapi_etag[];
extern const char gbxi_embedded_page_etag[];
extern const char gbxi_embedded_docs_etag[];
extern const char gbxi_embedded_speedscope_etag[];

#endif
