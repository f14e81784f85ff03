/* SPDX-License-Identifier: MIT */
/* Interning of frames by site address, and by name, file and line. */
#include "trace/frames.h"
#include "base/grow.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

/* The file is left out: the line number distinguishes nearly all sites, and the comparison does the rest. */
static uint32_t hash_content(const gbxi_frames *frames, const gbx_record *record)
{
    return gbxi_hash_text(frames->key, record->name, gbx_record_name_length(record)) + record->site->line;
}

static const char *file_of(const gbx_site *site)
{
    return site->file != NULL ? site->file : "";
}

static bool is_same_frame(const void *frames, const gbxi_table_slot *slot, const void *wanted)
{
    const gbxi_frame *frame = &((const gbxi_frames *)frames)->at[slot->number - 1];
    const gbx_record *record = wanted;
    const char *file = file_of(record->site);
    uint32_t length = gbx_record_name_length(record);

    return frame->line == record->site->line && frame->name_length == length &&
           memcmp(frame->name, record->name, length) == 0 && (frame->file == file || strcmp(frame->file, file) == 0);
}

/* The slot of the record's frame, or the free slot where it belongs. */
static gbxi_table_slot *frame_slot_of(const gbxi_frames *frames, const gbx_record *record, uint32_t hash)
{
    return gbxi_table_find(&frames->names, sizeof(gbxi_table_slot), hash, is_same_frame, frames, record);
}

static bool remember_site(gbxi_frames *frames, const gbx_site *site, uint32_t frame)
{
    uint32_t hash = gbxi_frames_hash_site(site);
    gbxi_table_slot *slot;

    if (!gbxi_table_reserve(&frames->sites, sizeof(gbxi_frame_site), (size_t)frames->sites_count + 1))
        return false;
    slot = gbxi_table_find(&frames->sites, sizeof(gbxi_frame_site), hash, gbxi_frames_is_same_site, NULL, site);
    *(gbxi_frame_site *)(void *)slot = (gbxi_frame_site){{hash, frame + 1}, site};
    frames->sites_count++;
    return true;
}

static uint32_t add_frame(gbxi_frames *frames, const gbx_record *record, uint32_t hash)
{
    uint32_t number = frames->count;

    if (!gbxi_grow(&frames->at, &frames->capacity, (size_t)number + 1, sizeof(*frames->at)) ||
        !gbxi_table_reserve(&frames->names, sizeof(gbxi_table_slot), (size_t)number + 1))
        return GBXI_FRAME_NONE;
    *frame_slot_of(frames, record, hash) = (gbxi_table_slot){hash, number + 1};
    frames->at[number] = (gbxi_frame){.name = record->name,
                                      .file = file_of(record->site),
                                      .name_length = gbx_record_name_length(record),
                                      .line = record->site->line,
                                      .min_ns = UINT64_MAX};
    frames->count++;
    return number;
}

bool gbxi_frames_init(gbxi_frames *frames)
{
    *frames = (gbxi_frames){.key = gbxi_hash_key()};
    return gbxi_grow(&frames->at, &frames->capacity, 1, sizeof(*frames->at)) &&
           gbxi_table_reserve(&frames->sites, sizeof(gbxi_frame_site), 1) &&
           gbxi_table_reserve(&frames->names, sizeof(gbxi_table_slot), 1);
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
    uint32_t hash = hash_content(frames, record);
    uint32_t held = frame_slot_of(frames, record, hash)->number;
    uint32_t frame = held != 0 ? held - 1 : add_frame(frames, record, hash);

    if (frame == GBXI_FRAME_NONE || gbx_record_is_formatted(record))
        return frame;
    return remember_site(frames, record->site, frame) ? frame : GBXI_FRAME_NONE;
}

uint32_t gbxi_frames_find_slow(const gbxi_frames *frames, const gbx_record *record)
{
    uint32_t hash = hash_content(frames, record);
    uint32_t held = frame_slot_of(frames, record, hash)->number;

    return held != 0 ? held - 1 : GBXI_FRAME_NONE;
}

uint32_t gbxi_frames_number(gbxi_frames *frames)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < frames->count; i++)
        if (frames->at[i].calls > 0)
            frames->at[i].index = number++;
    return number;
}
