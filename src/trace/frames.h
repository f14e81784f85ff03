/* SPDX-License-Identifier: MIT */
/* The distinct functions of a trace, and how a record finds its own.
 *
 * A frame is one (name, file, line). Sites are recognised by address first, so a record of a known site costs one
 * probe; formatted names, and sites seen for the first time, are compared by content, so that two sites with the same
 * name, file and line are one frame. Writer: the analysis; immutable afterwards. */
#ifndef GBX_TRACE_FRAMES_H
#define GBX_TRACE_FRAMES_H

#include "capture/read.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GBX__FRAME_NONE UINT32_MAX

/* One function, with the statistics of its exported calls. Strings are borrowed from the capture and its sites. */
typedef struct gbx__frame {
    const char *name; /* not terminated */
    const char *file; /* terminated; "" when the site has none */
    uint32_t name_length;
    uint32_t line;
    uint32_t hash;
    uint32_t index; /* its number among the frames with calls: what documents say; meaningless without calls */
    uint32_t calls;
    uint32_t open;     /* calls now on the stack: the analysis' own, 0 afterwards */
    uint64_t self_ns;  /* duration minus the direct children's, over all calls */
    uint64_t total_ns; /* durations of the outermost calls: what recursion nests is counted once */
    uint64_t sum_ns;   /* durations of all calls */
    uint64_t min_ns;
    uint64_t max_ns;
} gbx__frame;

/* A site seen before and its frame. */
typedef struct gbx__frame_site {
    const gbx_site *site;
    uint32_t frame;
} gbx__frame_site;

/* All frames in the order of their first record, and the two tables that find them. Zeroed is empty. */
typedef struct gbx__frames {
    gbx__frame *at;
    uint32_t count;
    uint32_t capacity;
    gbx__frame_site *sites; /* open addressing by address; a NULL site is a free slot */
    uint32_t sites_shift;   /* 64 - log2 of the slots */
    uint32_t sites_count;
    uint32_t sites_mask;
    uint32_t names_mask;
    uint32_t *names; /* open addressing by content; number + 1, 0 is a free slot */
} gbx__frames;

/* Prepares an empty set. Errors: false without memory; fini is safe either way. */
bool gbx__frames_init(gbx__frames *frames);
void gbx__frames_fini(gbx__frames *frames);

/* The slow half of gbx__frames_intern: a formatted name, or a site for the first time. */
uint32_t gbx__frames_intern_slow(gbx__frames *frames, const gbx__record *record);

/* The slow half of gbx__frames_find. */
uint32_t gbx__frames_find_slow(const gbx__frames *frames, const gbx__record *record);

/* Numbers the frames that have calls, in order, and returns how many there are. */
uint32_t gbx__frames_number(gbx__frames *frames);

/* The average duration of its calls, to the nearest ns; 0 without calls. */
static inline uint64_t gbx__frame_average_ns(const gbx__frame *frame)
{
    return frame->calls > 0 ? (frame->sum_ns + frame->calls / 2) / frame->calls : 0;
}

/* The frame of a site already seen, or GBX__FRAME_NONE. */
static inline uint32_t gbx__frames_of_site(const gbx__frames *frames, const gbx_site *site)
{
    uint64_t mixed = (uint64_t)(uintptr_t)site * 0x9E3779B97F4A7C15u;

    for (uint32_t slot = (uint32_t)(mixed >> frames->sites_shift);; slot = (slot + 1) & frames->sites_mask) {
        if (frames->sites[slot].site == site)
            return frames->sites[slot].frame;
        if (frames->sites[slot].site == NULL)
            return GBX__FRAME_NONE;
    }
}

/* The frame of an ENTER record, made if it is new; GBX__FRAME_NONE without memory. Cost: one probe, mostly. */
static inline uint32_t gbx__frames_intern(gbx__frames *frames, const gbx__record *record)
{
    uint32_t frame = GBX__FRAME_NONE;

    if (!gbx__record_is_formatted(record))
        frame = gbx__frames_of_site(frames, record->site);
    return frame != GBX__FRAME_NONE ? frame : gbx__frames_intern_slow(frames, record);
}

/* The same for a record that was interned before. */
static inline uint32_t gbx__frames_find(const gbx__frames *frames, const gbx__record *record)
{
    if (!gbx__record_is_formatted(record))
        return gbx__frames_of_site(frames, record->site);
    return gbx__frames_find_slow(frames, record);
}

#endif
