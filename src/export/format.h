/* SPDX-License-Identifier: MIT */
/* A trace format as the exporter sees it: a table of operations. To add a format that requests can ask for:
 *
 *     1. define gbxi_format_<name> in a new file in src/export/format/
 *     2. add a row to GBX_FORMATS in <glassbox/format.h>
 *     3. describe its document in schemas/<name>.schema.json
 *     4. add its name to the enum in schemas/trace_config.schema.json and to the anyOf in
 *        schemas/traced_response.schema.json; the house tests fail until it is there
 *
 * A format that is only for files takes the first step and a row in GBX_FILE_FORMATS, and need not be JSON: it then
 * opens no containers, and writes its bytes with gbxi_json_literal and gbxi_json_reserve, which put them out as they
 * are. */
#ifndef GBX_EXPORT_FORMAT_H
#define GBX_EXPORT_FORMAT_H

#include "trace/trace.h"
#include "json/writer.h"
#include <glassbox/export.h>

typedef struct gbxi_export_format {
    const char *ending;  /* of the names of its files, without the dot before it */
    bool wants_hotspots; /* the parts of the trace that it needs besides frames and threads */
    bool wants_repeats;
    bool wants_unattributed;
    bool wants_slowest; /* top_n calls, as of the hotspots */
    uint32_t noted_max; /* number of calls with notes, and of failed calls */
    uint32_t failed_max;
    size_t state_bytes; /* size of the state that the functions below share; zeroed before init */
    /* Errors: false if memory is short; fini must be called in either case. */
    bool (*init)(void *state, const gbxi_trace *trace, const gbx_export_options *options);
    /* Writes one small piece of the document (a row, or a few kB of rows), or sets `done` if there are no more. Errors:
     * those other than the writer's own. */
    gbx_err (*step)(void *state, gbxi_json_writer *writer, bool *done);
    void (*fini)(void *state);
} gbxi_export_format;

/* The ending of the names of files in that format, without the dot before it; NULL if the value is not a format. Other
 * tools choose by it how to read a file. Thread: any. */
const char *gbxi_format_ending(gbx_format format);

#define GBXI_FORMAT_DECLARATION(constant, number, name) extern const gbxi_export_format gbxi_format_##name;
GBX_FORMATS(GBXI_FORMAT_DECLARATION)
GBX_FILE_FORMATS(GBXI_FORMAT_DECLARATION)
#undef GBXI_FORMAT_DECLARATION

#endif
