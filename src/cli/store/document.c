/* SPDX-License-Identifier: MIT */
/* Reads an exporter to its end. */
#include "cli/store/document.h"

enum { PIECE_BYTES = 1 << 16 };

static gbx_err pass_pieces(gbx_exporter *exporter, gbxi_document_take *take, void *context, gbx_error *error)
{
    static char piece[PIECE_BYTES];
    gbx_err err = GBX_ERR_OK;
    ptrdiff_t length;

    while (err == GBX_ERR_OK && (length = gbx_exporter_read(exporter, piece, sizeof(piece))) != 0) {
        if (length > 0) {
            err = take(context, piece, (size_t)length, error);
        } else {
            err = gbx_exporter_error(exporter);
            gbx_error_set(error, err, NULL, "cannot make the document: %s", gbx_err_text(err));
        }
    }
    return err;
}

gbx_err gbxi_document_make(gbx_capture *capture, gbx_format format, const gbx_export_options *options,
                           gbxi_document_take *take, void *context, gbx_error *error)
{
    gbx_exporter *exporter = gbx_exporter_new(capture, format, options);
    gbx_err err;

    if (exporter == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    err = pass_pieces(exporter, take, context, error);
    gbx_exporter_free(exporter);
    return err;
}
