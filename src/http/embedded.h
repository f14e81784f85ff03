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

#endif
