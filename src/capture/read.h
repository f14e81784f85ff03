/* SPDX-License-Identifier: MIT */
/* The reading side of a finished capture: what the trace room builds its model from.
 *
 * Usage: gbxi_capture_facts once; gbxi_capture_lane(i) for each lane; for each lane a gbxi_reader stepped to its end.
 * Records come in the order the thread wrote them and are always balanced: what the thread left open is closed at the
 * capture's end. Immutable after finish: any number of readers on any threads. */
#ifndef GBX_CAPTURE_READ_H
#define GBX_CAPTURE_READ_H

#include <glassbox/capture.h>
#include <glassbox/span.h>
#include <string.h>

typedef struct gbxi_capture_facts {
    const char *name;
    uint8_t trace_id[16];
    int64_t start_unix_ns; /* wall clock at the start */
    uint64_t start_ns;     /* monotonic clock at the start; record times are relative to it */
    uint64_t duration_ns;  /* start to finish */
    uint64_t span_count; /* spans recorded, over all lanes; up to 64 too many for each that was writing at the finish */
    uint64_t dropped_spans; /* by a limit or for lack of memory */
    double span_cost_ns;    /* calibrated cost of recording one span */
    size_t lane_count;      /* lanes 0 .. n-1, in the order in which their threads first entered */
    bool truncated;         /* something is missing: spans, notes, a thread's whole lane or the end */
} gbxi_capture_facts;

typedef struct gbxi_lane_facts {
    uint32_t thread_id;   /* the kernel's */
    char thread_name[16]; /* at first enter */
    uint64_t busy_ns;     /* wall time between enter and leave */
    uint64_t cpu_ns;      /* CPU time between enter and leave */
    uint64_t span_count;
} gbxi_lane_facts;

typedef enum gbxi_record_kind {
    GBXI_RECORD_END = 0, /* no more records in this lane */
    GBXI_RECORD_ENTER,
    GBXI_RECORD_EXIT,
    GBXI_RECORD_NOTE_STR, /* notes and failures belong to the innermost span open at that point */
    GBXI_RECORD_NOTE_INT,
    GBXI_RECORD_NOTE_DOUBLE,
    GBXI_RECORD_FAIL
} gbxi_record_kind;

/* One step of a lane. Pointers are borrowed from the capture. */
typedef struct gbxi_record {
    gbxi_record_kind kind;
    uint64_t at_ns;         /* ENTER, EXIT: since the capture's start; never decreases within a lane */
    const gbx_site *site;   /* ENTER */
    const char *name;       /* ENTER: the site's name, or the formatted one; not terminated when formatted */
    const char *key;        /* NOTE_*: not terminated */
    uint32_t format_length; /* ENTER with a formatted name: its bytes; see gbxi_record_name_length */
    uint32_t key_length;
    uint32_t text_length;
    const char *text; /* NOTE_STR: the value; FAIL: the reason; not terminated */
    int64_t integer;  /* NOTE_INT */
    double real;      /* NOTE_DOUBLE */
} gbxi_record;

/* A position in a lane. Caller's memory; nothing to free. The capture must outlive it. */
typedef struct gbxi_reader {
    const gbx_capture *capture;
    const struct gbxi_block *block;
    const struct gbxi_event *at;
    const struct gbxi_event *end;    /* of this block's events */
    const struct gbxi_event *frozen; /* of the lane's */
    uint64_t last_ns;
    uint32_t open; /* spans entered and not yet exited */
} gbxi_reader;

/* Whether the capture can be read. Thread: any. */
bool gbxi_capture_is_finished(const gbx_capture *capture);
/* `capture` must be finished. */
void gbxi_capture_facts_get(const gbx_capture *capture, gbxi_capture_facts *facts);
void gbxi_capture_lane_get(const gbx_capture *capture, size_t index, gbxi_lane_facts *facts);
void gbxi_reader_init(gbxi_reader *reader, const gbx_capture *capture, size_t index);
/* Steps to the next record; false, and kind END, after the last. */
bool gbxi_reader_next(gbxi_reader *reader, gbxi_record *record);

/* Tells whether a name is a formatted one (compare by bytes) or the site's own (compare by the site's address). */
static inline bool gbxi_record_is_formatted(const gbxi_record *record)
{
    return record->name != record->site->name;
}

/* Bytes of an ENTER's name. Not stored: for a literal it is a search, and most readers know the site already. */
static inline uint32_t gbxi_record_name_length(const gbxi_record *record)
{
    return gbxi_record_is_formatted(record) ? record->format_length : (uint32_t)strlen(record->name);
}

#endif
