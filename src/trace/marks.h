/* SPDX-License-Identifier: MIT */
/* What the open calls were given: their notes, and the reason of their failure.
 *
 * Only the innermost call is given anything, so the marks are a stack: that of the innermost call is on top, if it has
 * one. Most calls have none and cost one comparison. Writer: the analysis. */
#ifndef GBX_TRACE_MARKS_H
#define GBX_TRACE_MARKS_H

#include "trace/note.h"

/* The most notes that a mark keeps, by different keys. Further keys are counted. */
enum { GBXI_MARK_NOTES_MAX = 100 };

typedef struct gbxi_mark {
    uint32_t depth;         /* of the call, from 0 */
    uint32_t first_note;    /* its notes go on to the end of the stack */
    uint32_t omitted_notes; /* keys beyond the limit, with each repetition */
    uint32_t reason_length;
    const char *reason; /* of its first failure; borrowed from the capture, not terminated; NULL: it has not failed */
    uint64_t failed_at_ns;
} gbxi_mark;

/* A zeroed struct is empty. */
typedef struct gbxi_marks {
    gbxi_mark *at;
    size_t capacity;
    gbxi_note *notes;
    size_t notes_capacity;
    uint32_t count;
    uint32_t note_count;
} gbxi_marks;

/* Gives the note or the failure of a record to the innermost call, which is at `depth`. If the key is repeated, the new
 * value replaces the old one. Of failures the earliest stays. Errors: false if out of memory. */
bool gbxi_marks_put(gbxi_marks *marks, uint32_t depth, const gbx_record *record);

/* The mark of the innermost call, which is at `depth`; NULL if it has none. */
static inline const gbxi_mark *gbxi_marks_of(const gbxi_marks *marks, uint32_t depth)
{
    const gbxi_mark *top = marks->count > 0 ? &marks->at[marks->count - 1] : NULL;

    return top != NULL && top->depth == depth ? top : NULL;
}

static inline uint32_t gbxi_marks_note_count(const gbxi_marks *marks, const gbxi_mark *mark)
{
    return marks->note_count - mark->first_note;
}

/* Removes the mark on top. */
static inline void gbxi_marks_pop(gbxi_marks *marks)
{
    marks->note_count = marks->at[--marks->count].first_note;
}

void gbxi_marks_fini(gbxi_marks *marks);

#endif
