/* SPDX-License-Identifier: MIT */
/* The files that travel inside the program, as cmake/Embed.cmake lays them out. */
#ifndef GBX_SERVER_EMBEDDED_H
#define GBX_SERVER_EMBEDDED_H

typedef struct gbx__embedded {
    const char *name;  /* NULL closes a table */
    const char *type;  /* Content-Type */
    const char *etag;  /* without quotes; changes when the bytes do */
    const char *bytes; /* not terminated: they end where `bytes_end` points */
    const char *bytes_end;
    const char *gzip; /* the same, compressed; NULL where that is not worth it */
    const char *gzip_end;
} gbx__embedded;

/* schemas/NAME.schema.json, each under NAME, in the order in which they are listed. */
extern const gbx__embedded gbx__embedded_schemas[];
/* schemas/openapi.paths.json: one row. */
extern const gbx__embedded gbx__embedded_openapi[];
/* The API page and what it loads; no row when the program was built without. */
extern const gbx__embedded gbx__embedded_docs[];

/* Change when anything in the table or the program's version does. */
extern const char gbx__embedded_schemas_etag[];
extern const char gbx__embedded_openapi_etag[];
extern const char gbx__embedded_docs_etag[];

#endif
