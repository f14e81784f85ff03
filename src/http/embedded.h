/* SPDX-License-Identifier: MIT */
/* The files that are embedded in the program, in the layout of cmake/Embed.cmake. */
#ifndef GBX_HTTP_EMBEDDED_H
#define GBX_HTTP_EMBEDDED_H

#include <stddef.h>

typedef struct gbxi_embedded {
    const char *name;  /* NULL ends a table */
    const char *type;  /* Content-Type */
    const char *etag;  /* without quotes; changes when the bytes change */
    size_t length;     /* of the uncompressed file, in bytes */
    const char *bytes; /* not terminated; NULL if the file is stored compressed only */
    const char *gzip;  /* the compressed file; NULL if compression does not pay; never NULL together with `bytes` */
    size_t gzip_length;
} gbxi_embedded;

#endif
