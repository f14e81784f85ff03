/* SPDX-License-Identifier: MIT */
/* A capture as a document, piece by piece. */
#ifndef GBX_CLI_STORE_DOCUMENT_H
#define GBX_CLI_STORE_DOCUMENT_H

#include <glassbox/export.h>

/* Takes a piece of the document. An error ends it. */
typedef gbx_err gbxi_document_take(void *context, const void *piece, size_t length, gbx_error *error);

/* Makes the document of a finished capture, and gives its pieces to `take`. NULL `options` select the defaults. Errors:
 * those of `take`, NO_MEMORY. Thread: one at a time. */
GBX_MUST_USE gbx_err gbxi_document_make(gbx_capture *capture, gbx_format format, const gbx_export_options *options,
                                        gbxi_document_take *take, void *context, gbx_error *error);

#endif
