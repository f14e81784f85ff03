/* SPDX-License-Identifier: MIT */
/* Compresses a document, which is written in gzip format as it comes.
 *
 *     gbxi_gzip_writer gzip = {0};
 *
 *     if (gbxi_gzip_writer_init(&gzip)) {
 *         gbxi_gzip_writer_add(&gzip, writer, bytes, length);     // any number of times
 *         gbxi_gzip_writer_end(&gzip, writer);
 *     }
 *     gbxi_gzip_writer_fini(&gzip); */
#ifndef GBX_EXPORT_GZIP_WRITER_H
#define GBX_EXPORT_GZIP_WRITER_H

#include "json/writer.h"
#include <zlib.h>

/* A zeroed struct is empty. Owns: what zlib needs, 300 kB. */
typedef struct gbxi_gzip_writer {
    z_stream stream;
} gbxi_gzip_writer;

/* Errors: false if out of memory; fini is safe either way. */
GBX_MUST_USE bool gbxi_gzip_writer_init(gbxi_gzip_writer *gzip);
void gbxi_gzip_writer_fini(gbxi_gzip_writer *gzip);

/* Adds bytes to the document. The writer's error tells whether they could be written. */
void gbxi_gzip_writer_add(gbxi_gzip_writer *gzip, gbxi_json_writer *writer, const void *bytes, size_t length);
/* Writes what is still held and the end of the file. */
void gbxi_gzip_writer_end(gbxi_gzip_writer *gzip, gbxi_json_writer *writer);

#endif
