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

static gbx_record told_record_of(const gbxi_trace_note *note)
{
    gbx_record record = {.kind = note->kind, .key = note->key, .key_length = note->key_length};

    if (note->kind == GBX_RECORD_NOTE_INT) {
        record.integer = note->value.integer;
    } else if (note->kind == GBX_RECORD_NOTE_DOUBLE) {
        record.real = note->value.real;
    } else {
        record.text = note->value.text;
        record.text_length = note->text_length;
    }
    return record;
}

bool gbxi_told_write_notes(gbxi_json_writer *writer, gbxi_notes *scratch, const gbxi_trace_note *notes, uint32_t count,
                           uint32_t omitted)
{
    bool good = true;

    for (uint32_t i = 0; i < count && good; i++) {
        gbx_record record = told_record_of(&notes[i]);
        good = gbxi_notes_put(scratch, 0, &record);
    }
    gbxi_json_key(writer, "notes");
    gbxi_json_object_begin(writer);
    for (uint32_t i = 0; i < scratch->count; i++)
        gbxi_note_write(&scratch->at[i], writer);
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
