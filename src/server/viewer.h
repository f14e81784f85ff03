/* SPDX-License-Identifier: MIT */
/* A server of its own for one trace and the program that shows it, speedscope, on this machine alone.
 *
 *     gbxi_viewer_open(&options, &viewer, &error)      // answers at gbxi_viewer_url(viewer) from now on
 *     ... wait as long as somebody looks at it ...
 *     gbxi_viewer_close(viewer)
 *
 * The process must ignore SIGPIPE. */
#ifndef GBX_SERVER_VIEWER_H
#define GBX_SERVER_VIEWER_H

#include <glassbox/error.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gbxi_viewer gbxi_viewer;

typedef struct gbxi_viewer_options {
    uint16_t port; /* 0: any free one */
    /* The trace in the format speedscope. Borrowed until the viewer is closed. */
    const char *document;
    size_t document_length;
} gbxi_viewer_options;

/* Starts the server on 127.0.0.1. It answers only requests for loopback names, and no page of another site may read its
 * answers. Owns: the caller, until gbxi_viewer_close. Errors: IO, NO_MEMORY, STATE if the program was built without
 * speedscope. */
GBX_MUST_USE gbx_err gbxi_viewer_open(const gbxi_viewer_options *options, gbxi_viewer **viewer, gbx_error *error);

/* The address that shows the trace in a browser. Valid until close. */
const char *gbxi_viewer_url(const gbxi_viewer *viewer);

/* Finishes what is being answered, and frees the viewer. NULL is allowed. */
void gbxi_viewer_close(gbxi_viewer *viewer);

#endif
