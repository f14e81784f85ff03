/* SPDX-License-Identifier: MIT */
/* What a trace format is to the exporter: a table of operations. A new format is one new file that defines one, one
 * line at the end of this header, and one row each in <glassbox/format.h> and in exporter.c. */
#ifndef GBX_EXPORT_FORMAT_H
#define GBX_EXPORT_FORMAT_H

#include "trace/trace.h"
#include "json/writer.h"

typedef struct gbxi_export_format {
    bool wants_hotspots; /* what its trace must hold, besides frames and threads */
    bool wants_repeats;
    bool wants_unattributed;
    size_t state_bytes; /* of the state that the three below share; zeroed before init */
    /* Errors: false without memory; fini is safe either way. */
    bool (*init)(void *state, const gbxi_trace *trace);
    /* Writes one small piece of the document (a row, or a few kB of them), or sets `done` when there is none left.
     * Errors: those that are not the writer's own. */
    gbx_err (*step)(void *state, gbxi_json_writer *writer, bool *done);
    void (*fini)(void *state);
} gbxi_export_format;

extern const gbxi_export_format gbxi_export_full;
extern const gbxi_export_format gbxi_export_summary;
extern const gbxi_export_format gbxi_export_speedscope;

#endif
