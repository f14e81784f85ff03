/* SPDX-License-Identifier: MIT */
/* What a trace format is to the exporter: a table of operations. A new format is one new file in src/export/format/
 * that defines one, called gbxi_format_<name>, and one row in <glassbox/format.h>. Nothing else is C: its document's
 * schema is schemas/<name>.schema.json, and its name is added to the enum in schemas/trace_config.schema.json and to
 * the anyOf in schemas/traced_response.schema.json. The house tests fail while it is missing there. */
#ifndef GBX_EXPORT_FORMAT_H
#define GBX_EXPORT_FORMAT_H

#include "trace/trace.h"
#include "json/writer.h"
#include <glassbox/format.h>

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

#define GBXI_FORMAT_DECLARATION(constant, number, name) extern const gbxi_export_format gbxi_format_##name;
GBX_FORMATS(GBXI_FORMAT_DECLARATION)
#undef GBXI_FORMAT_DECLARATION

#endif
