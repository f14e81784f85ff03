/* SPDX-License-Identifier: MIT */
/* A lane: one thread's events inside one capture.
 *
 * Writer rule: the lane's own thread writes everything. `cursor`, the counters and the times are atomic because the
 * thread that finishes the capture reads them. Recording never fails, takes no locks, and does not allocate on the
 * common path. What does not fit is dropped and counted. Room for the exits of all open spans is always reserved. */
#ifndef GBX_CAPTURE_LANE_H
#define GBX_CAPTURE_LANE_H

#include "base/atomic.h"
#include "capture/budget.h"
#include "capture/clock.h"
#include "capture/event.h"
#include <stdalign.h>
#include <stddef.h>

enum { GBXI_DEPTH_MAX = 2000, GBXI_BUDGET_BATCH = 64 };

/* An open span, and the number of spans that were dropped inside it and have not ended yet. */
typedef struct gbxi_open {
    const gbx_span *span;
    uint64_t dropped;
} gbxi_open;

typedef struct gbxi_lane {
    /* Hot: touched by every event. */
    _Atomic(gbxi_event *) cursor; /* the next free slot */
    gbxi_event *soft_end;         /* a begin at or past it must make room first */
    gbxi_event *hard_end;         /* end of the current block */
    const gbx_clock *clock;       /* NULL: the CPU's counter */
    _Atomic(uint32_t) budget;     /* spans this lane may still begin before it asks the capture for more */
    uint32_t depth;               /* spans open; also the index of the innermost in `open` */
    uint32_t max_depth;
    bool starved; /* no block was available: all further begins are dropped */

    /* Cold. */
    gbx_capture *capture;      /* for gbx_capture_current */
    gbxi_event *kept_soft_end; /* `soft_end`, while something must be recorded first (gbxi_lane_owe); or NULL */
    bool paused;               /* that is the end of the innermost span, as the next members say (pause.h) */
    uint64_t paused_ticks;     /* where it ends */
    const char *paused_key;    /* of the note that it gets */
    int64_t paused_value;
    const gbx_redaction *redaction; /* the capture's; usually NULL */
    gbxi_budget *shared;            /* the capture's */
    gbxi_block *block;              /* the current one */
    gbxi_block *spare;              /* the next one, taken in advance so that exits never need memory */
    uint32_t entries;               /* scopes of the thread that record here */
    _Atomic(uint64_t) granted;      /* budget granted so far, minus what was given back */
    _Atomic(uint64_t) dropped;      /* spans */
    _Atomic(uint64_t) lost;         /* notes */
    _Atomic(bool) failed;           /* a span has failed, or the trace itself */
    _Atomic(uint64_t) inside_ns;    /* of entries left */
    _Atomic(uint64_t) cpu_ns;       /* of entries left */
    _Atomic(uint64_t) entered_ns;   /* when the thread entered, 0 while it is not inside */
    uint64_t entered_cpu_ns;        /* the thread's CPU time when it entered */
    int cpu_clock;                  /* the thread's CPU clock, for a finish on another thread */
    gbxi_event *frozen;             /* the cursor at the capture's finish; written under the capture's lock */
    uint64_t frozen_span_count;     /* this and the following members: likewise */
    uint64_t frozen_dropped;
    uint64_t frozen_lost;
    uint64_t frozen_inside_ns;
    uint64_t frozen_cpu_ns;
    bool frozen_failed;
    uint64_t owner;     /* the thread state's id */
    uint32_t thread_id; /* the kernel's */
    char thread_name[16];
    gbxi_open open[GBXI_DEPTH_MAX + 1]; /* open[0] matches no span */
    alignas(16) gbxi_block first;       /* uses the rest of the lane's own block */
} gbxi_lane;

/* Creates a lane for the calling thread, ready to record, or NULL. Owns: the capture, until gbxi_lane_free. */
gbxi_lane *gbxi_lane_new(gbx_capture *capture, gbxi_budget *budget, uint64_t owner, const gbx_clock *clock,
                         const gbx_redaction *redaction, uint32_t max_depth);
void gbxi_lane_free(gbxi_lane *lane);

/* Finds `slots` free slots in one block for the begin of a span, which gbxi_lane_begun must then complete. NULL if the
 * span is dropped, which is counted. Thread: the lane's. */
gbxi_event *gbxi_lane_begin(gbxi_lane *lane, size_t slots);

/* Counts a note or a name as lost. Thread: the lane's. */
void gbxi_lane_lose(gbxi_lane *lane);

/* Whether a note has an owner: the innermost open span, or the trace if there is none. A dropped span owns nothing.
 * Thread: the lane's. */
static inline bool gbxi_lane_has_owner(const gbxi_lane *lane)
{
    return lane->open[lane->depth].dropped == 0;
}

/* Whether a note has an owner. If not, counts the note as lost. Thread: the lane's. */
bool gbxi_lane_takes_text(gbxi_lane *lane);

/* Writes an event followed by a key and a text. If there is no room, counts the event as lost. Thread: the lane's. */
void gbxi_lane_write_text(gbxi_lane *lane, uint64_t value, uint64_t word, const char *key, size_t key_length,
                          const char *text, size_t text_length);

/* Before anything else is recorded, what is owed is: the end of the paused span, or, if the lane has no span open, the
 * capture's waits. Thread: the lane's. */
void gbxi_lane_owe(gbxi_lane *lane);
/* Records now what is owed, if anything is. Thread: the lane's. */
void gbxi_lane_pay(gbxi_lane *lane);
/* Ends the paused span, where it was paused. Thread: the lane's. */
void gbxi_lane_end_paused(gbxi_lane *lane);

/* Adds a note to the innermost open span or to the trace, as gbxi_note_int does. Thread: the lane's. */
void gbxi_lane_note_int(gbxi_lane *lane, const char *key, int64_t value);

/* Records a span that is over, between two times in ticks. Thread: the lane's. */
void gbxi_lane_write_span(gbxi_lane *lane, const gbx_site *site, uint64_t from, uint64_t to);

/* Closes all spans deeper than `depth` at the current time. `dropped` is the number of dropped spans that are still
 * open afterwards. Thread: the lane's. */
void gbxi_lane_unwind(gbxi_lane *lane, uint32_t depth, uint64_t dropped);

/* Freezes the events that can be read. Thread: any, once, under the capture's lock; the writer may continue. */
void gbxi_lane_freeze(gbxi_lane *lane, uint64_t now_ns);

/* The number of misuses in this process: scopes left twice, in the wrong order or on another thread. A debug build
 * asserts at the first one unless misuse is tolerated, as in the tests of misuse. Thread: any. */
uint64_t gbxi_misuse_count(void);
void gbxi_misuse_add(void);
void gbxi_misuse_tolerate(bool tolerated);

/* The current time of a capture's clock; NULL is the CPU's counter. */
static inline uint64_t gbxi_ticks_of(const gbx_clock *clock)
{
    return clock == NULL ? gbxi_counter_read() : clock->now_ns(clock->context);
}

/* Whether a span of up to `slots` slots can begin at the cursor `at` by the CPU's counter, without gbxi_lane_begin. */
static inline bool gbxi_lane_is_ready(const gbxi_lane *lane, const gbxi_event *at, size_t slots)
{
    return lane->soft_end - at >= (ptrdiff_t)slots && gbxi_load_relaxed(&lane->budget) != 0 &&
           lane->depth < lane->max_depth && lane->clock == NULL;
}

/* Opens a span in a lane that has budget and depth for it. Thread: the lane's. */
static inline void gbxi_lane_open(gbxi_lane *lane, const gbx_span *span)
{
    gbxi_store_relaxed(&lane->budget, gbxi_load_relaxed(&lane->budget) - 1);
    lane->open[++lane->depth] = (gbxi_open){span, 0};
}

/* Begins a span at `at`; all its slots but the first must have been filled. `clock` is the lane's. Reads the clock
 * last, so that the span's time does not include its recording. Thread: the lane's. */
static inline void gbxi_lane_begun(gbxi_lane *lane, gbxi_event *at, size_t slots, const gbx_span *span, uint64_t word,
                                   const gbx_clock *clock)
{
    gbxi_lane_open(lane, span);
    at->word = word;
    at->value = gbxi_ticks_of(clock);
    gbxi_store_release(&lane->cursor, at + slots);
}

#endif
