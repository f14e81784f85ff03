/* SPDX-License-Identifier: MIT */
/* Owns the writing of events: begin, end, the text of notes, and dropping when there is no room. name.c has the begin
 * of spans with formatted names. */
#define _GNU_SOURCE
#include "capture/lane.h"
#include "capture/state.h"
#include <assert.h>
#include <pthread.h>
#include <string.h>

__thread gbxi_lane *gbxi_lane_here __attribute__((tls_model("initial-exec")));

static _Atomic(uint64_t) misuse_count;
static _Atomic(bool) misuse_tolerated;

static inline bool unlikely(bool condition)
{
    return __builtin_expect(condition, false);
}

uint64_t gbxi_misuse_count(void)
{
    return gbxi_load_relaxed(&misuse_count);
}

void gbxi_misuse_tolerate(bool tolerated)
{
    gbxi_store_relaxed(&misuse_tolerated, tolerated);
}

void gbxi_misuse_add(void)
{
    assert(gbxi_load_relaxed(&misuse_tolerated));
    gbxi_add_relaxed(&misuse_count, 1);
}

static inline uint64_t ticks_now(const gbxi_lane *lane)
{
    return gbxi_ticks_of(lane->clock);
}

/* There is a single writer, so a load and a store suffice; an atomic read-modify-write would be slower. */
static inline void add_own(_Atomic(uint64_t) *counter, uint64_t amount)
{
    gbxi_store_relaxed(counter, gbxi_load_relaxed(counter) + amount);
}

/* Sets the position at which begins must make room. Without a spare block, the rest of the block must be large enough
 * for the exits of a lane at its maximum depth. */
static void set_soft_end(gbxi_lane *lane, const gbxi_event *begin)
{
    size_t slots = (size_t)(lane->hard_end - begin);
    size_t held_back = lane->spare != NULL ? 0 : (size_t)lane->max_depth + 1;

    lane->soft_end = lane->hard_end - (held_back < slots ? held_back : slots);
}

/* Continues in the spare block, which must exist. The cursor moves there with the first event in it. */
static gbxi_event *switch_block(gbxi_lane *lane, const gbxi_event *at)
{
    gbxi_block *next = lane->spare;

    assert(next != NULL);
    lane->block->used = (uint32_t)(at - lane->block->events);
    lane->block->next = next;
    lane->block = next;
    lane->spare = NULL;
    lane->hard_end = next->events + GBXI_BLOCK_SLOTS;
    set_soft_end(lane, next->events);
    return next->events;
}

static bool take_spare(gbxi_lane *lane)
{
    gbxi_block *spare = lane->starved ? NULL : gbxi_pool_take();

    if (spare == NULL) {
        lane->starved = true;
        return false;
    }
    *spare = (gbxi_block){0};
    lane->spare = spare;
    lane->soft_end = lane->hard_end;
    return true;
}

/* Finds `slots` free slots in one block, with room for all exits after them; NULL if there are none. */
static gbxi_event *make_room(gbxi_lane *lane, size_t slots)
{
    gbxi_event *at = gbxi_load_relaxed(&lane->cursor);

    if (at + slots > lane->soft_end && lane->spare == NULL && !take_spare(lane))
        return NULL;
    if (at + slots > lane->hard_end)
        at = switch_block(lane, at);
    return at;
}

static inline gbxi_event *find_room(gbxi_lane *lane, size_t slots)
{
    gbxi_event *at = gbxi_load_relaxed(&lane->cursor);

    return unlikely(at + slots > lane->soft_end) ? make_room(lane, slots) : at;
}

static bool refill_budget(gbxi_lane *lane)
{
    uint32_t batch = gbxi_budget_take(lane->shared, GBXI_BUDGET_BATCH);

    add_own(&lane->granted, batch);
    gbxi_store_release(&lane->budget, batch);
    return batch != 0;
}

/* Finds room for a begin of `slots` slots. If there is none, counts the span as dropped and returns NULL. */
static inline gbxi_event *begin_room(gbxi_lane *lane, size_t slots)
{
    gbxi_event *at;

    if (unlikely(lane->depth >= lane->max_depth) ||
        (unlikely(gbxi_load_relaxed(&lane->budget) == 0) && !refill_budget(lane)) ||
        unlikely((at = find_room(lane, slots)) == NULL)) {
        ++lane->open[lane->depth].dropped;
        add_own(&lane->dropped, 1);
        return NULL;
    }
    return at;
}

static inline void begin_at(gbxi_lane *lane, gbxi_event *at, gbx_span *span, const gbx_site *site,
                            const gbx_clock *clock)
{
    gbxi_lane_begun(lane, at, 1, span, gbxi_event_word(GBXI_EVENT_ENTER, site), clock);
}

/* Begins a span when room or budget must be obtained first, or the clock is the host's. */
__attribute__((noinline)) static void begin_slowly(gbxi_lane *lane, gbx_span *span, const gbx_site *site)
{
    gbxi_event *at;

    gbxi_lane_pay(lane);
    at = begin_room(lane, 1);
    if (at != NULL)
        begin_at(lane, at, span, site, lane->clock);
}

/* All calls are tail calls of other functions, so this function saves no registers. */
void gbxi_span_begin(gbx_span *span, const gbx_site *site)
{
    gbxi_lane *lane = gbxi_lane_here;
    gbxi_event *at = gbxi_load_relaxed(&lane->cursor);

    if (unlikely(at >= lane->soft_end) || unlikely(gbxi_load_relaxed(&lane->budget) == 0) ||
        unlikely(lane->depth >= lane->max_depth) || unlikely(lane->clock != NULL))
        begin_slowly(lane, span, site);
    else
        begin_at(lane, at, span, site, NULL);
}

gbxi_event *gbxi_lane_begin(gbxi_lane *lane, size_t slots)
{
    gbxi_lane_pay(lane);
    return begin_room(lane, slots);
}

static inline void end_at(gbxi_lane *lane, gbxi_event *at, uint64_t ticks)
{
    --lane->depth;
    *at = (gbxi_event){ticks, gbxi_event_word(GBXI_EVENT_EXIT, NULL)};
    gbxi_store_release(&lane->cursor, at + 1);
}

/* Writes one exit. There is always room, because every begin reserves it. */
static void close_innermost(gbxi_lane *lane, uint64_t ticks)
{
    gbxi_event *at = gbxi_load_relaxed(&lane->cursor);

    if (unlikely(at == lane->hard_end))
        at = switch_block(lane, at);
    end_at(lane, at, ticks);
}

/* Ends a span that is not the innermost one. There are three cases: the span was dropped; scopes inside it never ended
 * (longjmp), so they end now; or it began before the thread entered the capture and is ignored. A dropped span has a
 * lower stack address than the span that it was dropped in. This avoids a search in deep recursion. */
__attribute__((noinline, cold)) static void end_other(gbxi_lane *lane, const gbx_span *span, uint64_t ticks)
{
    gbxi_open *top;
    uint32_t depth;

    if (lane->paused)
        gbxi_lane_pay(lane);
    top = &lane->open[lane->depth];
    depth = lane->depth;
    if (top->dropped != 0 && (uintptr_t)span < (uintptr_t)top->span) {
        --top->dropped;
        return;
    }
    while (depth != 0 && lane->open[depth].span != span)
        --depth;
    if (depth == 0) {
        if (top->dropped != 0)
            --top->dropped;
        return;
    }
    while (lane->depth >= depth)
        close_innermost(lane, ticks);
}

__attribute__((noinline)) static void end_slowly(gbxi_lane *lane, const gbx_span *span, uint64_t ticks)
{
    if (lane->open[lane->depth].span != span)
        end_other(lane, span, ticks);
    else
        close_innermost(lane, ticks);
}

__attribute__((noinline)) static void end_by_clock(gbxi_lane *lane, const gbx_span *span)
{
    end_slowly(lane, span, ticks_now(lane));
}

/* Saves no registers, like gbxi_span_begin, and reads the clock first. */
void gbxi_span_end(gbx_span *span)
{
    gbxi_lane *lane = gbxi_lane_here;
    gbxi_event *at = gbxi_load_relaxed(&lane->cursor);
    uint64_t ticks;

    if (unlikely(lane->clock != NULL)) {
        end_by_clock(lane, span);
        return;
    }
    ticks = gbxi_counter_read();
    if (unlikely(lane->open[lane->depth].span != span) || unlikely(at == lane->hard_end))
        end_slowly(lane, span, ticks);
    else
        end_at(lane, at, ticks);
}

uint64_t gbxi_span_moment(void)
{
    return ticks_now(gbxi_lane_here);
}

/* The begin may be earlier than events that are already recorded; the reader corrects that (capture/read.c). */
void gbxi_lane_write_span(gbxi_lane *lane, const gbx_site *site, uint64_t from, uint64_t to)
{
    gbxi_event *at = begin_room(lane, 1);

    if (at == NULL) {
        --lane->open[lane->depth].dropped; /* this span has no end to wait for */
        return;
    }
    gbxi_lane_open(lane, NULL);
    *at = (gbxi_event){from, gbxi_event_word(GBXI_EVENT_ENTER, site)};
    gbxi_store_release(&lane->cursor, at + 1);
    close_innermost(lane, to);
}

void gbxi_lane_end_paused(gbxi_lane *lane)
{
    lane->paused = false;
    gbxi_lane_note_int(lane, lane->paused_key, lane->paused_value);
    close_innermost(lane, lane->paused_ticks);
}

void gbxi_lane_unwind(gbxi_lane *lane, uint32_t depth, uint64_t dropped)
{
    uint64_t ticks;

    if (lane->paused)
        gbxi_lane_pay(lane);
    if (lane->depth > depth) {
        ticks = ticks_now(lane);
        while (lane->depth > depth)
            close_innermost(lane, ticks);
    }
    /* The depth is lower only if spans from before the scope ended inside it. Then their dropped spans have ended too.
     */
    lane->open[lane->depth].dropped = lane->depth == depth ? dropped : 0;
}

void gbxi_lane_lose(gbxi_lane *lane)
{
    add_own(&lane->lost, 1);
}

bool gbxi_lane_takes_text(gbxi_lane *lane)
{
    if (unlikely(lane->paused))
        gbxi_lane_pay(lane);
    if (gbxi_lane_has_owner(lane))
        return true;
    gbxi_lane_lose(lane);
    return false;
}

void gbxi_lane_write_text(gbxi_lane *lane, uint64_t value, uint64_t word, const char *key, size_t key_length,
                          const char *text, size_t text_length)
{
    size_t slots = 1 + gbxi_event_slots(key_length + text_length);
    gbxi_event *at;

    gbxi_lane_pay(lane);
    if (!gbxi_budget_take_text(lane->shared, slots * sizeof(gbxi_event)) || (at = find_room(lane, slots)) == NULL) {
        gbxi_lane_lose(lane);
        return;
    }
    *at = (gbxi_event){value, word};
    memcpy(at + 1, key, key_length);
    if (text_length != 0)
        memcpy((char *)(at + 1) + key_length, text, text_length);
    gbxi_store_release(&lane->cursor, at + slots);
}

gbxi_lane *gbxi_lane_new(gbx_capture *capture, gbxi_budget *budget, uint64_t owner, const gbx_clock *clock,
                         const gbx_redaction *redaction, uint32_t max_depth)
{
    gbxi_lane *lane = gbxi_pool_take();

    if (lane == NULL)
        return NULL;
    memset(lane, 0, offsetof(gbxi_lane, open) + sizeof(lane->open[0]));
    lane->capture = capture;
    lane->shared = budget;
    lane->owner = owner;
    lane->clock = clock;
    lane->redaction = redaction;
    lane->max_depth = max_depth;
    lane->thread_id = gbxi_thread_id(clock);
    lane->cpu_clock = gbxi_cpu_clock_here();
    pthread_getname_np(pthread_self(), lane->thread_name, sizeof(lane->thread_name));
    lane->first = (gbxi_block){0};
    lane->block = &lane->first;
    lane->hard_end = (gbxi_event *)((char *)lane + GBXI_BLOCK_BYTES);
    set_soft_end(lane, lane->first.events);
    gbxi_store_release(&lane->cursor, lane->first.events);
    return lane;
}

void gbxi_lane_free(gbxi_lane *lane)
{
    gbxi_block *block = lane->first.next;

    while (block != NULL) {
        gbxi_block *next = block->next;
        gbxi_pool_give(block);
        block = next;
    }
    if (lane->spare != NULL)
        gbxi_pool_give(lane->spare);
    gbxi_pool_give(lane);
}

/* CPU time since the thread, which is still inside, entered. It is read after the end of the `inside_ns` since then. */
static uint64_t entry_cpu_ns(const gbxi_lane *lane, uint64_t inside_ns)
{
    uint64_t now_ns, cpu_ns;

    if (!gbxi_cpu_ns_of(lane->clock, lane->cpu_clock, &now_ns))
        now_ns = lane == gbxi_lane_here ? gbxi_cpu_ns(lane->clock) : lane->entered_cpu_ns;
    cpu_ns = now_ns - lane->entered_cpu_ns;
    return cpu_ns < inside_ns ? cpu_ns : inside_ns;
}

void gbxi_lane_freeze(gbxi_lane *lane, uint64_t now_ns)
{
    uint64_t entered_ns = gbxi_load_acquire(&lane->entered_ns);
    uint32_t unspent = gbxi_load_acquire(&lane->budget); /* read before `granted`, so that it is never larger */

    lane->frozen = gbxi_load_acquire(&lane->cursor);
    lane->frozen_span_count = gbxi_load_relaxed(&lane->granted) - unspent;
    lane->frozen_dropped = gbxi_load_relaxed(&lane->dropped);
    lane->frozen_lost = gbxi_load_relaxed(&lane->lost);
    lane->frozen_failed = gbxi_load_relaxed(&lane->failed);
    lane->frozen_inside_ns = gbxi_load_relaxed(&lane->inside_ns);
    lane->frozen_cpu_ns = gbxi_load_relaxed(&lane->cpu_ns);
    if (entered_ns != 0 && now_ns > entered_ns) {
        lane->frozen_inside_ns += now_ns - entered_ns;
        lane->frozen_cpu_ns += entry_cpu_ns(lane, now_ns - entered_ns);
    }
}
