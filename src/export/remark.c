/* SPDX-License-Identifier: MIT */
/* Owns the text of remarks. */
#include "export/remark.h"
#include "base/cut.h"
#include "json/writer.h"

#include <string.h>

static const char ellipsis[] = "\xe2\x80\xa6";

void gbxi_remark_begin(gbxi_remark *remark, size_t bytes_max)
{
    remark->length = 0;
    remark->bytes_max = bytes_max;
    remark->full = false;
}

static void remark_end(gbxi_remark *remark)
{
    memcpy(remark->text + remark->length, ellipsis, sizeof(ellipsis) - 1);
    remark->length += sizeof(ellipsis) - 1;
}

static void remark_put(gbxi_remark *remark, const char *text, size_t length)
{
    size_t room = remark->full ? 0 : remark->bytes_max - remark->length;
    size_t kept = gbxi_cut(text, length, room);

    if (remark->full)
        return;
    memcpy(remark->text + remark->length, text, kept);
    remark->length += kept;
    if (kept == length)
        return;
    remark->full = true;
    remark_end(remark);
}

void gbxi_remark_add(gbxi_remark *remark, const char *text, size_t length)
{
    size_t kept = gbxi_cut(text, length, GBXI_REMARK_PART_BYTES_MAX);

    remark_put(remark, text, kept);
    if (kept < length)
        remark_put(remark, ellipsis, sizeof(ellipsis) - 1);
}

static void remark_put_literal(gbxi_remark *remark, const char *text)
{
    remark_put(remark, text, strlen(text));
}

void gbxi_remark_add_failure(gbxi_remark *remark, const char *reason, size_t length)
{
    remark_put_literal(remark, " failed: ");
    gbxi_remark_add(remark, reason, length);
}

static void remark_put_number(gbxi_remark *remark, const gbxi_note *note)
{
    char room[GBXI_JSON_NEED_MAX * 2];
    gbxi_json_writer writer;

    gbxi_json_writer_init_room(&writer, room, sizeof(room));
    if (note->kind == GBX_RECORD_NOTE_INT)
        gbxi_json_int(&writer, note->value.integer);
    else
        gbxi_json_real(&writer, note->value.real);
    remark_put(remark, writer.begin, (size_t)(writer.at - writer.begin));
}

void gbxi_remark_add_notes(gbxi_remark *remark, const gbxi_note *notes, uint32_t count)
{
    for (uint32_t i = 0; i < count && !remark->full; i++) {
        remark_put_literal(remark, i == 0 ? " {" : ", ");
        gbxi_remark_add(remark, notes[i].key, notes[i].key_length);
        remark_put_literal(remark, "=");
        if (notes[i].kind == GBX_RECORD_NOTE_STR)
            gbxi_remark_add(remark, notes[i].value.text, notes[i].text_length);
        else
            remark_put_number(remark, &notes[i]);
    }
    if (count > 0)
        remark_put_literal(remark, "}");
}
