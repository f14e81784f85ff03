/* SPDX-License-Identifier: MIT */
/* The files that travel inside the program, as cmake/Embed.cmake lays them out. */
#ifndef GBX_HTTP_EMBEDDED_H
#define GBX_HTTP_EMBEDDED_H

#include <stddef.h>

typedef struct gbxi_embedded {
    const char *name;  /* NULL closes a table */
    const char *type;  /* Content-Type */
    const char *etag;  /* without quotes; changes when the bytes do */
    size_t length;     /* of the file, in bytes */
    const char *bytes; /* not terminated; NULL where the file is kept compressed only */
    const char *gzip;  /* the same, compressed; NULL where that is not worth it; one of the two is there */
    size_t gzip_length;
} gbxi_embedded;

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
