/* SPDX-License-Identifier: MIT */
/* Writes notes and failures. */
#include "export/told.h"

void gbxi_told_write_error(gbxi_json_writer *writer, const gbxi_trace *trace)
{
    const gbxi_failure *failure = &trace->failure;

    gbxi_json_key(writer, "error");
    if (!trace->failed) {
        gbxi_json_null(writer);
        return;
    }
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "span");
    if (failure->span != NULL)
        gbxi_json_string_n(writer, failure->span, failure->span_length);
    else
        gbxi_json_null(writer);
    gbxi_json_key(writer, "reason");
    gbxi_json_string_n(writer, failure->reason, failure->reason_length);
    gbxi_json_object_end(writer);
}

void gbxi_told_write_own_error(gbxi_json_writer *writer, const gbxi_trace *trace)
{
    const gbxi_mark *mark = gbxi_marks_of(&trace->own, 0);

    gbxi_json_key(writer, "own_error");
    if (mark != NULL && mark->reason != NULL)
        gbxi_json_string_n(writer, mark->reason, mark->reason_length);
    else
        gbxi_json_null(writer);
}

bool gbxi_told_write_notes(gbxi_json_writer *writer, gbxi_notes *scratch, const gbxi_note *notes, uint32_t count,
                           uint32_t omitted)
{
    bool good = true;

    for (uint32_t i = 0; i < count && good; i++)
        good = gbxi_notes_put(scratch, 0, &notes[i]);
    gbxi_json_key(writer, "notes");
    gbxi_json_object_begin(writer);
    for (uint32_t i = 0; i < scratch->count; i++)
        gbxi_note_write(&scratch->at[i].note, writer);
    gbxi_json_object_end(writer);
    gbxi_notes_cut(scratch, 0);
    gbxi_json_key(writer, "notes_omitted");
    gbxi_json_uint(writer, omitted);
    return good;
}

bool gbxi_told_write_own_notes(gbxi_json_writer *writer, gbxi_notes *scratch, const gbxi_trace *trace)
{
    const gbxi_mark *mark = gbxi_marks_of(&trace->own, 0);

    return gbxi_told_write_notes(writer, scratch, trace->own.notes, trace->own.note_count,
                                 mark != NULL ? mark->omitted_notes : 0);
}
