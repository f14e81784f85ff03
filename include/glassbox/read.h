/* SPDX-License-Identifier: MIT */
/* Reads the records of a finished capture, for programs that need another form than the documents of export.h.
 *
 *     gbx_capture_facts facts;
 *     gbx_reader reader;
 *     gbx_record record;
 *
 *     gbx_capture_facts_get(capture, &facts, sizeof(facts));
 *     for (size_t lane = 0; lane < facts.lane_count; lane++)
 *         for (gbx_reader_init(&reader, capture, lane); gbx_reader_next(&reader, &record);)
 *             ...
 *
 * A lane holds what one thread recorded, in the order in which the thread recorded it. The records are always balanced:
 * spans that the thread left open are closed at the end of the capture. A finished capture does not change, so any
 * number of readers may read it on any threads. The first of them formats the names that are not formatted yet
 * (span.h), a block of 64 KiB at a time, and the others wait for it. */
#ifndef GLASSBOX_READ_H
#define GLASSBOX_READ_H

#include <glassbox/api.h>
#include <glassbox/capture.h>
#include <glassbox/error.h>
#include <glassbox/span.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A finished capture as a whole. */
typedef struct gbx_capture_facts {
    const char *name; /* borrowed from the capture */
    uint8_t trace_id[16];
    int64_t start_unix_ns; /* wall clock at the start */
    uint64_t start_ns;     /* monotonic clock at the start; record times are relative to it */
    uint64_t duration_ns;  /* start to finish */
    /* Spans recorded in all lanes. Up to 64 too high for each lane that was still recording at the finish. */
    uint64_t span_count;
    uint64_t dropped_spans;    /* dropped because of a limit or for lack of memory */
    double span_cost_ns;       /* calibrated cost of recording one span */
    size_t lane_count;         /* lanes 0 .. n-1, in the order in which their threads first entered */
    bool truncated;            /* something is missing: spans, notes, a thread's whole lane, or the end */
    bool failed;               /* a span failed, or the trace itself (gbx_span_fail), even if its reason was dropped */
    uint8_t trace_flags;       /* of the W3C traceparent that the capture was given (capture.h) */
    uint8_t reserved[5];       /* zero */
    size_t memory_bytes;       /* that all lanes record into */
    uint8_t parent_span_id[8]; /* the parent span of another program; all zero: none is known */
} gbx_capture_facts;

/* One lane of a finished capture. */
typedef struct gbx_lane_facts {
    uint64_t inside_ns; /* wall time between enter and leave */
    uint64_t cpu_ns;    /* CPU time between enter and leave */
    uint64_t span_count;
    uint32_t thread_id;   /* the kernel's */
    uint32_t reserved;    /* zero */
    char thread_name[16]; /* when the thread first entered; terminated */
} gbx_lane_facts;

typedef enum gbx_record_kind {
    GBX_RECORD_END = 0, /* no more records in this lane */
    GBX_RECORD_ENTER = 1,
    GBX_RECORD_EXIT = 2,
    GBX_RECORD_NOTE_STR = 3, /* notes and failures belong to the innermost open span, or to the trace if none is open */
    GBX_RECORD_NOTE_INT = 4,
    GBX_RECORD_NOTE_DOUBLE = 5,
    GBX_RECORD_FAIL = 6
} gbx_record_kind;

/* One record of a lane. Pointers are borrowed from the capture. Members that do not belong to the kind are undefined.
 */
typedef struct gbx_record {
    gbx_record_kind kind;
    uint32_t format_length; /* ENTER with a formatted name: its length in bytes; see gbx_record_name_length */
    uint64_t at_ns;         /* ENTER, EXIT, FAIL: time since the capture's start; never decreases within a lane */
    const gbx_site *site;   /* ENTER */
    const char *name;       /* ENTER: the site's name, or the formatted one; not terminated when formatted */
    const char *key;        /* NOTE_*: not terminated */
    uint32_t key_length;
    uint32_t text_length;
    const char *text;     /* NOTE_STR: the value; FAIL: the reason; not terminated */
    int64_t integer;      /* NOTE_INT */
    double real;          /* NOTE_DOUBLE */
    uint64_t reserved[4]; /* room for later versions */
} gbx_record;

/* A position in a lane. Its members are private to the library. The capture must outlive the reader. Owns: the caller
 * provides the memory; there is nothing to free. */
typedef struct gbx_reader {
    const gbx_capture *capture;
    const struct gbxi_block *block;
    const struct gbxi_event *at;
    const struct gbxi_event *end;    /* end of this block's events */
    const struct gbxi_event *frozen; /* end of the lane's events */
    uint64_t last_ns;
    uint32_t open; /* spans entered and not yet exited */
    uint32_t reserved_word;
    uint64_t reserved[9];
} gbx_reader;

/* Whether the capture is finished and can be read. Thread: any. */
GBX_API bool gbx_capture_is_finished(const gbx_capture *capture);

/* Fills `facts`; `size` is sizeof(*facts). Thread: any. Errors: STATE (the capture is not finished); then `facts` is
 * zeroed. */
GBX_API gbx_err gbx_capture_facts_get(const gbx_capture *capture, gbx_capture_facts *facts, size_t size);

/* Fills `facts` with the facts of lane number `lane`; `size` is sizeof(*facts). Thread: any. Errors: STATE (the capture
 * is not finished), RANGE (no such lane); then `facts` is zeroed. */
GBX_API gbx_err gbx_lane_facts_get(const gbx_capture *capture, size_t lane, gbx_lane_facts *facts, size_t size);

/* Positions the reader before the first record of lane number `lane`. Thread: any. Errors: as gbx_lane_facts_get; then
 * the reader has no records. */
GBX_API gbx_err gbx_reader_init(gbx_reader *reader, const gbx_capture *capture, size_t lane);

/* Reads the next record. After the last one, returns false and sets the kind to END. Thread: any, one at a time for
 * each reader. */
GBX_API bool gbx_reader_next(gbx_reader *reader, gbx_record *record);

/* Whether an ENTER record has a formatted name. Compare formatted names by their bytes, and others by the address of
 * the site. Thread: any. */
static inline bool gbx_record_is_formatted(const gbx_record *record)
{
    return record->name != record->site->name;
}

/* The length of an ENTER record's name, in bytes. Thread: any. Cost: a strlen unless the name is formatted; readers
 * that know the site can avoid it. */
static inline uint32_t gbx_record_name_length(const gbx_record *record)
{
    return gbx_record_is_formatted(record) ? record->format_length : (uint32_t)strlen(record->name);
}

#ifdef __cplusplus
}
#endif

#endif
