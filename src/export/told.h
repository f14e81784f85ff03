/* SPDX-License-Identifier: MIT */
/* Members that tell notes and failures. */
#ifndef GBX_EXPORT_TOLD_H
#define GBX_EXPORT_TOLD_H

#include "export/notes.h"
#include "trace/trace.h"

/* Writes `error`, the first failure of the trace or null. */
void gbxi_told_write_error(gbxi_json_writer *writer, const gbxi_trace *trace);

/* Writes `own_error`, the first failure of the trace itself or null. */
void gbxi_told_write_own_error(gbxi_json_writer *writer, const gbxi_trace *trace);

/* Writes `notes` and `notes_omitted`. Keys that become equal when they are written are written once. `scratch` is empty
 * before and after. Errors: false if out of memory. */
bool gbxi_told_write_notes(gbxi_json_writer *writer, gbxi_notes *scratch, const gbxi_note *notes, uint32_t count,
                           uint32_t omitted);

/* The same for the notes of the trace itself. */
bool gbxi_told_write_own_notes(gbxi_json_writer *writer, gbxi_notes *scratch, const gbxi_trace *trace);

#endif
