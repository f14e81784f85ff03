/* SPDX-License-Identifier: MIT */
/* Large traces: their exporter, which analyses the whole capture, is created by the host's executor while the event
 * loop serves other requests.
 *
 * Thread: the event loop. */
#ifndef GBX_MIDDLEWARE_EXPORTING_H
#define GBX_MIDDLEWARE_EXPORTING_H

#include "middleware/mirror.h"
#include <glassbox/export.h>
#include <h2o.h>

typedef struct gbxi_exporting gbxi_exporting;

/* Who waits for the exporter. */
typedef struct gbxi_exporting_client {
    /* Called once, unless gbxi_exporting_end comes before. NULL: memory is short. Owns: takes over the exporter. */
    void (*on_exporter)(struct gbxi_exporting_client *client, gbx_exporter *exporter);
} gbxi_exporting_client;

/* Creates an exporter as gbx_exporter_new would. If the executor takes no more work, it is asked again from time to
 * time. Returns NULL if memory is short. Owns: the caller, until gbxi_exporting_end, which `client` must await. */
gbxi_exporting *gbxi_exporting_begin(gbxi_exporting_client *client, gbxi_mirror *mirror, h2o_context_t *context,
                                     gbx_capture *capture, gbx_format format, const gbx_export_options *options);

/* Ends the wait, or what is left after it. NULL is allowed. */
void gbxi_exporting_end(gbxi_exporting *exporting);

#endif
