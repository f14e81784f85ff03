/* SPDX-License-Identifier: MIT */
/* Interning of frames by site address, and by name, file and line. */
#include "trace/frames.h"
#include "base/grow.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

/* The most frames that room is made for at first. Most traces have fewer, so that their tables never grow. */
enum { EXPECTED_MAX = 256 };

/* The sites that room is made for at first. Many spans with formatted names often share few sites, and room must be
 * cleared. */
enum { SITES_FIRST = GBXI_TABLE_SLOTS_FIRST / 2 };

/* What makes a frame distinct. */
typedef struct frame_content {
    const char *name;
    const char *file;
    uint32_t name_length;
    uint32_t line;
    uint32_t hash;
} frame_content;

/* The hash leaves the file out: the line number distinguishes nearly all sites, and the comparison does the rest. */
static frame_content content_of(const gbxi_frames *frames, const gbx_record *record)
{
    const gbx_site *site = record->site;
    frame_content content = {.name = record->name, .file = site->file != NULL ? site->file : "", .line = site->line};

    if (gbxi_record_is_formatted(record)) {
        content.name_length = record->format_length;
    } else {
        content.name = site->name;
        content.name_length = (uint32_t)strlen(site->name);
    }
    content.hash = gbxi_hash_text(frames->key, content.name, content.name_length) + content.line;
    return content;
}

static bool is_same_frame(const void *frames, const gbxi_table_slot *slot, const void *wanted)
{
    const gbxi_frame *frame = &((const gbxi_frames *)frames)->at[slot->number - 1];
    const frame_content *content = wanted;

    return frame->line == content->line && frame->name_length == content->name_length &&
           memcmp(frame->name, content->name, content->name_length) == 0 &&
           (frame->file == content->file || strcmp(frame->file, content->file) == 0);
}

/* The slot of the frame with that content, or the free slot where it belongs. */
static gbxi_table_slot *frame_slot_of(const gbxi_frames *frames, const frame_content *content)
{
    return gbxi_table_find(&frames->names, sizeof(gbxi_table_slot), content->hash, is_same_frame, frames, content);
}

/* The sites to make room for, when there is one more: the first few, then all that are expected. */
static size_t sites_wanted(const gbxi_frames *frames)
{
    size_t count = (size_t)frames->sites_count + 1;

    return count <= SITES_FIRST || count > frames->expected ? count : frames->expected;
}

static bool remember_site(gbxi_frames *frames, const gbx_site *site, uint32_t frame)
{
    uint32_t hash = gbxi_frames_hash_site(site);
    gbxi_table_slot *slot;

    if (!gbxi_table_reserve(&frames->sites, sizeof(gbxi_frame_site), sites_wanted(frames)))
        return false;
    slot = gbxi_table_find(&frames->sites, sizeof(gbxi_frame_site), hash, gbxi_frames_is_same_site, NULL, site);
    *(gbxi_frame_site *)(void *)slot = (gbxi_frame_site){{hash, frame + 1}, site};
    frames->sites_count++;
    return true;
}

/* Finds or creates the frame with that content. */
static uint32_t intern_content(gbxi_frames *frames, const frame_content *content)
{
    uint32_t number = frames->count;
    gbxi_table_slot *slot;

    if (!gbxi_grow(&frames->at, &frames->capacity, (size_t)number + 1, sizeof(*frames->at)) ||
        !gbxi_table_reserve(&frames->names, sizeof(gbxi_table_slot), (size_t)number + 1))
        return GBXI_FRAME_NONE;
    slot = frame_slot_of(frames, content);
    if (slot->number != 0)
        return slot->number - 1;
    *slot = (gbxi_table_slot){content->hash, number + 1};
    frames->at[number] = (gbxi_frame){.name = content->name,
                                      .file = content->file,
                                      .name_length = content->name_length,
                                      .line = content->line,
                                      .min_ns = UINT64_MAX};
    frames->count++;
    return number;
}

bool gbxi_frames_init(gbxi_frames *frames, uint64_t records)
{
    size_t expected = records < EXPECTED_MAX ? (size_t)records + 1 : EXPECTED_MAX;

    *frames = (gbxi_frames){.key = gbxi_hash_key(), .expected = expected};
    return gbxi_grow(&frames->at, &frames->capacity, expected, sizeof(*frames->at)) &&
           gbxi_table_reserve(&frames->sites, sizeof(gbxi_frame_site), 1) &&
           gbxi_table_reserve(&frames->names, sizeof(gbxi_table_slot), expected);
}

void gbxi_frames_fini(gbxi_frames *frames)
{
    gbxi_table_fini(&frames->names);
    gbxi_table_fini(&frames->sites);
    free(frames->at);
    *frames = (gbxi_frames){0};
}

uint32_t gbxi_frames_intern_slow(gbxi_frames *frames, const gbx_record *record)
{
    frame_content content = content_of(frames, record);
    uint32_t frame = intern_content(frames, &content);

    if (frame == GBXI_FRAME_NONE || gbxi_record_is_formatted(record))
        return frame;
    return remember_site(frames, record->site, frame) ? frame : GBXI_FRAME_NONE;
}

uint32_t gbxi_frames_number(gbxi_frames *frames)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < frames->count; i++)
        if (frames->at[i].calls > 0)
            frames->at[i].index = number++;
    return number;
}
