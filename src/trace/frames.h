/* SPDX-License-Identifier: MIT */
/* The distinct functions of a trace, and how a record finds its own.
 *
 * A frame is one (name, file, line). Sites are recognised by address first, so a record of a known site costs one
 * probe; formatted names, and sites seen for the first time, are compared by content, so that two sites with the same
 * name, file and line are one frame. Writer: the analysis; immutable afterwards. */
#ifndef GBX_TRACE_FRAMES_H
#define GBX_TRACE_FRAMES_H

#include "base/table.h"
#include <glassbox/read.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GBXI_FRAME_NONE UINT32_MAX

/* One function, with the statistics of its exported calls. Strings are borrowed from the capture and its sites. */
typedef struct gbxi_frame {
    const char *name; /* not terminated */
    const char *file; /* terminated; "" when the site has none */
    uint32_t name_length;
    uint32_t line;
    uint32_t index; /* its number among the frames with calls: what documents say; meaningless without calls */
    uint32_t calls;
    uint32_t open;     /* calls now on the stack: the analysis' own, 0 afterwards */
    uint64_t self_ns;  /* duration minus the direct children's, over all calls */
    uint64_t total_ns; /* durations of the outermost calls: what recursion nests is counted once */
    uint64_t sum_ns;   /* durations of all calls */
    uint64_t min_ns;
    uint64_t max_ns;
} gbxi_frame;

/* A site seen before: the number is its frame's. */
typedef struct gbxi_frame_site {
    gbxi_slot slot;
    const gbx_site *site;
} gbxi_frame_site;

/* All frames in the order of their first record, and the two tables that find them. Zeroed is empty. */
typedef struct gbxi_frames {
    gbxi_frame *at;
    uint32_t count;
    uint32_t sites_count;
    size_t capacity;
    gbxi_table sites; /* of gbxi_frame_site, by address */
    gbxi_table names; /* by name, file and line */
} gbxi_frames;

/* Prepares an empty set. Errors: false without memory; fini is safe either way. */
bool gbxi_frames_init(gbxi_frames *frames);
void gbxi_frames_fini(gbxi_frames *frames);

/* The slow half of gbxi_frames_intern: a formatted name, or a site for the first time. */
uint32_t gbxi_frames_intern_slow(gbxi_frames *frames, const gbx_record *record);

/* The slow half of gbxi_frames_find. */
uint32_t gbxi_frames_find_slow(const gbxi_frames *frames, const gbx_record *record);

/* Numbers the frames that have calls, in order, and returns how many there are. */
uint32_t gbxi_frames_number(gbxi_frames *frames);

/* The average duration of its calls, to the nearest ns; 0 without calls. */
static inline uint64_t gbxi_frame_average_ns(const gbxi_frame *frame)
{
    return frame->calls > 0 ? (frame->sum_ns + frame->calls / 2) / frame->calls : 0;
}

static inline uint32_t gbxi_frames_hash_site(const gbx_site *site)
{
    return (uint32_t)((uint64_t)(uintptr_t)site * 0x9E3779B97F4A7C15u >> 32);
}

static inline bool gbxi_frames_is_same_site(const void *context, const gbxi_slot *slot, const void *site)
{
    (void)context;
    return ((const gbxi_frame_site *)(const void *)slot)->site == site;
}

/* The frame of a site already seen, or GBXI_FRAME_NONE. */
static inline uint32_t gbxi_frames_of_site(const gbxi_frames *frames, const gbx_site *site)
{
    uint32_t hash = gbxi_frames_hash_site(site);
    const gbxi_slot *slot = gbxi_table_first(&frames->sites, sizeof(gbxi_frame_site), hash);

    if (!gbxi_frames_is_same_site(NULL, slot, site)) /* rare */
        slot = gbxi_table_find(&frames->sites, sizeof(gbxi_frame_site), hash, gbxi_frames_is_same_site, NULL, site);
    return slot->number - 1; /* of a free slot this is GBXI_FRAME_NONE */
}

/* The frame of an ENTER record, made if it is new; GBXI_FRAME_NONE without memory. Cost: one probe, mostly. */
static inline uint32_t gbxi_frames_intern(gbxi_frames *frames, const gbx_record *record)
{
    uint32_t frame = GBXI_FRAME_NONE;

    if (!gbx_record_is_formatted(record))
        frame = gbxi_frames_of_site(frames, record->site);
    return frame != GBXI_FRAME_NONE ? frame : gbxi_frames_intern_slow(frames, record);
}

/* The same for a record that was interned before. */
static inline uint32_t gbxi_frames_find(const gbxi_frames *frames, const gbx_record *record)
{
    if (!gbx_record_is_formatted(record))
        return gbxi_frames_of_site(frames, record->site);
    return gbxi_frames_find_slow(frames, record);
}

#endif
