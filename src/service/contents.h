/* SPDX-License-Identifier: MIT */
/* What the service has to show that travels inside the program: schemas, documents and pages. */
#ifndef GBX_SERVICE_CONTENTS_H
#define GBX_SERVICE_CONTENTS_H

#include "http/embedded.h"

/* schemas/NAME.schema.json, each under NAME, in the order in which they are listed. */
extern const gbxi_embedded gbxi_embedded_schemas[];
/* schemas/openapi.paths.json: one row. */
extern const gbxi_embedded gbxi_embedded_openapi[];
/* The page to try the service on, and what draws for it: the page always, each drawing library when it was built in. */
extern const gbxi_embedded gbxi_embedded_page[];
/* The API page and what it loads; no row when the program was built without. */
extern const gbxi_embedded gbxi_embedded_docs[];
/* The application that shows traces; no row when the program was built without. */
extern const gbxi_embedded gbxi_embedded_speedscope[];

/* Change when anything in the table or the program's version does. */
extern const char gbxi_embedded_schemas_etag[];
extern const char gbxi_embedded_openapi_etag[];
extern const char gbxi_embedded_page_etag[];
extern const char gbxi_embedded_docs_etag[];
extern const char gbxi_embedded_speedscope_etag[];

#endif
