/* SPDX-License-Identifier: MIT */
/* Runs and traces of a store as JSON, as schemas/commands/list.schema.json describes them, and printing a document. */
#ifndef GBX_CLI_STORE_STORED_JSON_H
#define GBX_CLI_STORE_STORED_JSON_H

#include "store/query.h"
#include "json/writer.h"

/* Each writes a value. */
void gbxi_run_write(gbxi_json_writer *writer, const gbxi_run_info *run);
void gbxi_stored_trace_write(gbxi_json_writer *writer, const gbxi_stored_trace *trace);

/* Finishes the document and prints it with a line break on standard output, or nothing if the writer or memory has
 * failed. Owns: takes over the bytes of the buffer that the writer writes to. Errors: the writer's. */
GBX_MUST_USE gbx_err gbxi_printout(gbxi_json_writer *writer, gbxi_json_buffer *buffer, gbx_error *error);

#endif
