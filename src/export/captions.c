/* SPDX-License-Identifier: MIT */
/* Owns the captions: which calls have one, and the texts. */
#include "export/captions.h"
#include "base/grow.h"
#include "base/hash.h"
#include "export/remark.h"

#include <stdlib.h>
#include <string.h>

/* Calls and captions together are nested no deeper, because speedscope fails at about twice as much. */
enum { CHART_DEPTH_MAX = 2000 };

static int by_recorded(const void *left, const void *right)
{
    const gbxi_pick *a = *(const gbxi_pick *const *)left, *b = *(const gbxi_pick *const *)right;

    return (a->recorded > b->recorded) - (a->recorded < b->recorded);
}

/* Appends the picks that can have captions, and returns the end. */
static const gbxi_pick **add_picks(const gbxi_pick **end, const gbxi_trace *trace, const gbxi_picks *picks)
{
    for (uint32_t i = 0; i < picks->count; i++)
        if (!gbxi_trace_is_folded(trace, picks->at[i].recorded))
            *end++ = &picks->at[i];
    return end;
}

static void remark_on_call(gbxi_remark *remark, const gbxi_frame *frame, const gbxi_pick *call)
{
    gbxi_remark_begin(remark, GBXI_REMARK_BYTES_MAX);
    gbxi_remark_add(remark, frame->name, frame->name_length);
    if (call->reason != NULL)
        gbxi_remark_add_failure(remark, call->reason, call->reason_length);
    gbxi_remark_add_notes(remark, call->notes, call->note_count);
}

static bool is_caption(const gbxi_captions *captions, const gbxi_caption *held, const gbxi_caption *wanted,
                       const gbxi_remark *remark)
{
    return held->hash == wanted->hash && held->frame == wanted->frame && held->length == wanted->length &&
           memcmp(captions->bytes + held->from, remark->text, remark->length) == 0;
}

/* Creates the caption with that text. */
static bool append_caption(gbxi_captions *captions, gbxi_caption caption, const gbxi_remark *remark)
{
    caption.from = captions->bytes_used;
    if (!gbxi_grow(&captions->bytes, &captions->bytes_capacity, captions->bytes_used + remark->length, 1))
        return false;
    memcpy(captions->bytes + captions->bytes_used, remark->text, remark->length);
    captions->bytes_used += remark->length;
    captions->at[captions->count++] = caption;
    return true;
}

/* Finds or creates the caption with that text. They are few, so a search looks at all of them. */
static bool intern_caption(gbxi_captions *captions, const gbxi_frame *frame, const gbxi_remark *remark,
                           uint32_t *number)
{
    gbxi_caption caption = {
        .frame = frame, .length = (uint32_t)remark->length, .hash = gbxi_hash_text(0, remark->text, remark->length)};

    for (uint32_t i = 0; i < captions->count; i++)
        if (is_caption(captions, &captions->at[i], &caption, remark)) {
            *number = i;
            return true;
        }
    *number = captions->count;
    return append_caption(captions, caption, remark);
}

static bool caption_call(gbxi_captions *captions, const gbxi_trace *trace, const gbxi_pick *call)
{
    const gbxi_frame *frame = &trace->frames.at[call->frame];
    gbxi_captioned_call *captioned = &captions->calls[captions->call_count];
    gbxi_remark remark;

    remark_on_call(&remark, frame, call);
    if (!intern_caption(captions, frame, &remark, &captioned->caption))
        return false;
    captioned->recorded = call->recorded;
    ++captions->call_count;
    return true;
}

/* How many captions there may be, since all of them may be open at the deepest call. */
static size_t room_for_captions(const gbxi_trace *trace)
{
    return trace->depth_max < CHART_DEPTH_MAX ? CHART_DEPTH_MAX - trace->depth_max : 0;
}

bool gbxi_captions_init(gbxi_captions *captions, const gbxi_trace *trace)
{
    const gbxi_pick *picked[GBXI_CAPTIONS_MAX];
    const gbxi_pick **end = add_picks(add_picks(picked, trace, &trace->failed_calls), trace, &trace->noted);
    size_t count = (size_t)(end - picked), room = room_for_captions(trace);

    if (count > room)
        count = room;
    *captions = (gbxi_captions){0};
    captions->at = malloc((count + 1) * sizeof(*captions->at));
    captions->calls = malloc((count + 1) * sizeof(*captions->calls));
    if (captions->at == NULL || captions->calls == NULL)
        return false;
    if (count > 0)
        qsort(picked, count, sizeof(picked[0]), by_recorded);
    for (size_t i = 0; i < count; i++)
        /* A call may have been picked twice. */
        if ((i == 0 || picked[i]->recorded != picked[i - 1]->recorded) && !caption_call(captions, trace, picked[i]))
            return false;
    captions->calls[captions->call_count] = (gbxi_captioned_call){.recorded = UINT32_MAX};
    return true;
}

void gbxi_captions_fini(gbxi_captions *captions)
{
    free(captions->calls);
    free(captions->bytes);
    free(captions->at);
    *captions = (gbxi_captions){0};
}
