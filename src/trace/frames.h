/* SPDX-License-Identifier: MIT */
/* The distinct functions of a trace, and the lookup of a record's function.
 *
 * A frame is a distinct (name, file, line). Sites are looked up by address first, so a record of a known site costs one
 * probe. Formatted names, and sites seen for the first time, are compared by content, so that two sites with the same
 * name, file and line share a frame. Writer: the analysis; immutable afterwards. */
#ifndef GBX_TRACE_FRAMES_H
#define GBX_TRACE_FRAMES_H

#include "base/table.h"
#include <glassbox/read.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GBXI_FRAME_NONE UINT32_MAX

/* A function with the statistics of its exported calls. Strings are borrowed from the capture and its sites. */
typedef struct gbxi_frame {
    const char *name; /* not terminated */
    const char *file; /* terminated; "" if the site has none */
    uint32_t name_length;
    uint32_t line;
    uint32_t index; /* its number in documents, counting only frames with calls; meaningless for frames without calls */
    uint32_t calls;
    uint32_t open;     /* calls currently on the stack; used by the analysis, 0 afterwards */
    uint64_t self_ns;  /* sum over all calls of the duration minus that of the direct children */
    uint64_t total_ns; /* sum of the durations of outermost calls: recursive calls are not counted twice */
    uint64_t sum_ns;   /* sum of the durations of all calls */
    uint64_t min_ns;
    uint64_t max_ns;
} gbxi_frame;

/* A site seen before. The slot's number is that of its frame. */
typedef struct gbxi_frame_site {
    gbxi_table_slot slot;
    const gbx_site *site;
} gbxi_frame_site;

/* All frames in the order of their first record, with two tables to find them. A zeroed struct is empty. */
typedef struct gbxi_frames {
    gbxi_frame *at;
    uint32_t count;
    uint32_t sites_count;
    size_t capacity;
    size_t expected;  /* frames that room was made for at first */
    gbxi_table sites; /* slots are gbxi_frame_site, keyed by address */
    gbxi_table names; /* keyed by name, file and line */
    uint64_t key;     /* of the hash of names, which may come from the client */
} gbxi_frames;

/* Initialises an empty set for a trace of `records` calls or fewer. Errors: false if out of memory; fini is safe either
 * way. */
bool gbxi_frames_init(gbxi_frames *frames, uint64_t records);
void gbxi_frames_fini(gbxi_frames *frames);

/* The slow path of gbxi_frames_intern, for a formatted name or a site seen for the first time. */
uint32_t gbxi_frames_intern_slow(gbxi_frames *frames, const gbx_record *record);

/* Numbers the frames that have calls, in order. Returns how many there are. */
uint32_t gbxi_frames_number(gbxi_frames *frames);

/* The average duration of the frame's calls, rounded to the nearest ns; 0 without calls. */
static inline uint64_t gbxi_frame_average_ns(const gbxi_frame *frame)
{
    return frame->calls > 0 ? (frame->sum_ns + frame->calls / 2) / frame->calls : 0;
}

/* Neighbours in memory are neighbours in the table, in groups of eight, because programs often run through their sites
 * in order. The groups are spread. */
static inline uint32_t gbxi_frames_hash_site(const gbx_site *site)
{
    uint64_t number = (uintptr_t)site / sizeof(*site);

    return ((uint32_t)(number / 8 * 0x9E3779B97F4A7C15u >> 32) & ~7u) | (uint32_t)(number % 8);
}

/* As gbx_record_is_formatted. A record without a name, as gbxi_reader_read makes them, has that of its site. */
static inline bool gbxi_record_is_formatted(const gbx_record *record)
{
    return record->name != NULL && gbx_record_is_formatted(record);
}

static inline bool gbxi_frames_is_same_site(const void *context, const gbxi_table_slot *slot, const void *site)
{
    (void)context;
    return ((const gbxi_frame_site *)(const void *)slot)->site == site;
}

/* The frame of a site seen before, or GBXI_FRAME_NONE. */
static inline uint32_t gbxi_frames_of_site(const gbxi_frames *frames, const gbx_site *site)
{
    uint32_t hash = gbxi_frames_hash_site(site);
    const gbxi_table_slot *slot = gbxi_table_first(&frames->sites, sizeof(gbxi_frame_site), hash);

    if (!gbxi_frames_is_same_site(NULL, slot, site)) /* rare */
        slot = gbxi_table_find(&frames->sites, sizeof(gbxi_frame_site), hash, gbxi_frames_is_same_site, NULL, site);
    return slot->number - 1; /* for a free slot, this is GBXI_FRAME_NONE */
}

/* The frame of an ENTER record, created if it is new; GBXI_FRAME_NONE if out of memory. Cost: usually one probe. */
static inline uint32_t gbxi_frames_intern(gbxi_frames *frames, const gbx_record *record)
{
    uint32_t frame = GBXI_FRAME_NONE;

    if (!gbxi_record_is_formatted(record))
        frame = gbxi_frames_of_site(frames, record->site);
    return frame != GBXI_FRAME_NONE ? frame : gbxi_frames_intern_slow(frames, record);
}

#endif
