/* SPDX-License-Identifier: MIT */
/* Interning of frames: by the site's address, and by name, file and line. */
#include "trace/frames.h"

#include <stdlib.h>
#include <string.h>

enum { SITES_LOG2_FIRST = 7, NAMES_FIRST = 128, FRAMES_FIRST = 64 };

static uint64_t mix(uint64_t value)
{
    value ^= value >> 32;
    value *= 0xD6E8FEB86659FD93u;
    value ^= value >> 32;
    value *= 0xD6E8FEB86659FD93u;
    return value ^ (value >> 32);
}

/* Eight bytes a step. The file is left out: a line number tells nearly all sites apart, and comparing does the rest. */
static uint32_t hash_content(const char *name, size_t length, uint32_t line)
{
    uint64_t hash = mix(((uint64_t)length << 32) ^ line);
    uint64_t word;

    for (; length >= sizeof(word); length -= sizeof(word), name += sizeof(word)) {
        memcpy(&word, name, sizeof(word));
        hash = mix(hash ^ word);
    }
    word = 0;
    memcpy(&word, name, length);
    return (uint32_t)mix(hash ^ word);
}

static const char *file_of(const gbx_site *site)
{
    return site->file != NULL ? site->file : "";
}

static bool is_same(const gbxi_frame *frame, const gbx_record *record, uint32_t hash)
{
    const char *file = file_of(record->site);
    uint32_t length = gbx_record_name_length(record);

    return frame->hash == hash && frame->line == record->site->line && frame->name_length == length &&
           memcmp(frame->name, record->name, length) == 0 && (frame->file == file || strcmp(frame->file, file) == 0);
}

/* The slot that holds the record's frame, or the free one where it belongs. */
static uint32_t *slot_of(const gbxi_frames *frames, const gbx_record *record, uint32_t hash)
{
    for (uint32_t at = hash & frames->names_mask;; at = (at + 1) & frames->names_mask) {
        uint32_t *slot = &frames->names[at];
        if (*slot == 0 || is_same(&frames->at[*slot - 1], record, hash))
            return slot;
    }
}

static bool grow_names(gbxi_frames *frames)
{
    uint32_t mask = frames->names_mask * 2 + 1;
    uint32_t *names = calloc((size_t)mask + 1, sizeof(*names));

    if (names == NULL)
        return false;
    for (uint32_t i = 0; i < frames->count; ++i) {
        uint32_t at = frames->at[i].hash & mask;
        while (names[at] != 0)
            at = (at + 1) & mask;
        names[at] = i + 1;
    }
    free(frames->names);
    frames->names = names;
    frames->names_mask = mask;
    return true;
}

static bool grow_frames(gbxi_frames *frames)
{
    uint32_t capacity = frames->capacity * 2;
    gbxi_frame *at = realloc(frames->at, capacity * sizeof(*at));

    if (at == NULL)
        return false;
    frames->at = at;
    frames->capacity = capacity;
    return true;
}

static void put_site(gbxi_frames *frames, const gbx_site *site, uint32_t frame)
{
    uint32_t slot = (uint32_t)(((uint64_t)(uintptr_t)site * 0x9E3779B97F4A7C15u) >> frames->sites_shift);

    while (frames->sites[slot].site != NULL)
        slot = (slot + 1) & frames->sites_mask;
    frames->sites[slot] = (gbxi_frame_site){site, frame};
}

static bool grow_sites(gbxi_frames *frames)
{
    gbxi_frame_site *old = frames->sites;
    uint32_t old_mask = frames->sites_mask;
    gbxi_frame_site *sites = calloc(((size_t)old_mask + 1) * 2, sizeof(*sites));

    if (sites == NULL)
        return false;
    frames->sites = sites;
    frames->sites_mask = old_mask * 2 + 1;
    --frames->sites_shift;
    for (uint32_t i = 0; i <= old_mask; ++i)
        if (old[i].site != NULL)
            put_site(frames, old[i].site, old[i].frame);
    free(old);
    return true;
}

/* Tables stay at most half full, so that a probe rarely goes past its first slot. */
static bool remember_site(gbxi_frames *frames, const gbx_site *site, uint32_t frame)
{
    if ((frames->sites_count + 1) * 2 > frames->sites_mask + 1 && !grow_sites(frames))
        return false;
    put_site(frames, site, frame);
    ++frames->sites_count;
    return true;
}

static uint32_t add_frame(gbxi_frames *frames, const gbx_record *record, uint32_t hash)
{
    uint32_t number = frames->count;

    if (number == frames->capacity && !grow_frames(frames))
        return GBXI_FRAME_NONE;
    if ((number + 1) * 2 > frames->names_mask + 1 && !grow_names(frames))
        return GBXI_FRAME_NONE;
    *slot_of(frames, record, hash) = number + 1;
    frames->at[number] = (gbxi_frame){.name = record->name,
                                      .file = file_of(record->site),
                                      .name_length = gbx_record_name_length(record),
                                      .line = record->site->line,
                                      .hash = hash,
                                      .min_ns = UINT64_MAX};
    ++frames->count;
    return number;
}

bool gbxi_frames_init(gbxi_frames *frames)
{
    *frames = (gbxi_frames){.capacity = FRAMES_FIRST,
                            .sites_shift = 64 - SITES_LOG2_FIRST,
                            .sites_mask = (1u << SITES_LOG2_FIRST) - 1,
                            .names_mask = NAMES_FIRST - 1};
    frames->at = malloc(FRAMES_FIRST * sizeof(*frames->at));
    frames->sites = calloc((size_t)1 << SITES_LOG2_FIRST, sizeof(*frames->sites));
    frames->names = calloc(NAMES_FIRST, sizeof(*frames->names));
    return frames->at != NULL && frames->sites != NULL && frames->names != NULL;
}

void gbxi_frames_fini(gbxi_frames *frames)
{
    free(frames->names);
    free(frames->sites);
    free(frames->at);
    *frames = (gbxi_frames){0};
}

uint32_t gbxi_frames_intern_slow(gbxi_frames *frames, const gbx_record *record)
{
    uint32_t hash = hash_content(record->name, gbx_record_name_length(record), record->site->line);
    uint32_t held = *slot_of(frames, record, hash);
    uint32_t frame = held != 0 ? held - 1 : add_frame(frames, record, hash);

    if (frame == GBXI_FRAME_NONE || gbx_record_is_formatted(record))
        return frame;
    return remember_site(frames, record->site, frame) ? frame : GBXI_FRAME_NONE;
}

uint32_t gbxi_frames_find_slow(const gbxi_frames *frames, const gbx_record *record)
{
    uint32_t hash = hash_content(record->name, gbx_record_name_length(record), record->site->line);
    uint32_t held = *slot_of(frames, record, hash);

    return held != 0 ? held - 1 : GBXI_FRAME_NONE;
}

uint32_t gbxi_frames_number(gbxi_frames *frames)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < frames->count; ++i)
        if (frames->at[i].calls > 0)
            frames->at[i].index = number++;
    return number;
}
