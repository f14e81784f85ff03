/* SPDX-License-Identifier: MIT */
/* Owns the stack of marks. */
#include "trace/marks.h"
#include "base/grow.h"

#include <stdlib.h>
#include <string.h>

/* The mark of the innermost call, created if there is none. NULL if out of memory. */
static gbxi_mark *mark_at(gbxi_marks *marks, uint32_t depth)
{
    if (gbxi_marks_of(marks, depth) == NULL) {
        if (!gbxi_grow(&marks->at, &marks->capacity, (size_t)marks->count + 1, sizeof(*marks->at)))
            return NULL;
        marks->at[marks->count++] = (gbxi_mark){.depth = depth, .first_note = marks->note_count};
    }
    return &marks->at[marks->count - 1];
}

static gbxi_note *find_note(const gbxi_marks *marks, const gbxi_mark *mark, const gbx_record *record)
{
    for (uint32_t i = mark->first_note; i < marks->note_count; i++)
        if (marks->notes[i].key_length == record->key_length &&
            memcmp(marks->notes[i].key, record->key, record->key_length) == 0)
            return &marks->notes[i];
    return NULL;
}

static bool marks_put_note(gbxi_marks *marks, gbxi_mark *mark, const gbx_record *record)
{
    gbxi_note *note = find_note(marks, mark, record);

    if (note == NULL) {
        if (gbxi_marks_note_count(marks, mark) == GBXI_MARK_NOTES_MAX) {
            ++mark->omitted_notes;
            return true;
        }
        if (!gbxi_grow(&marks->notes, &marks->notes_capacity, (size_t)marks->note_count + 1, sizeof(*marks->notes)))
            return false;
        note = &marks->notes[marks->note_count++];
    }
    gbxi_note_set(note, record);
    return true;
}

static void put_reason(gbxi_mark *mark, const gbx_record *record)
{
    if (mark->reason != NULL && mark->failed_at_ns <= record->at_ns)
        return;
    mark->reason = record->text;
    mark->reason_length = record->text_length;
    mark->failed_at_ns = record->at_ns;
}

bool gbxi_marks_put(gbxi_marks *marks, uint32_t depth, const gbx_record *record)
{
    gbxi_mark *mark = mark_at(marks, depth);

    if (mark == NULL)
        return false;
    if (record->kind != GBX_RECORD_FAIL)
        return marks_put_note(marks, mark, record);
    put_reason(mark, record);
    return true;
}

void gbxi_marks_fini(gbxi_marks *marks)
{
    free(marks->notes);
    free(marks->at);
    *marks = (gbxi_marks){0};
}
