/* SPDX-License-Identifier: MIT */
/* Ticks for the hot path, and their conversion to nanoseconds of CLOCK_MONOTONIC. */
#ifndef GBX_CAPTURE_CLOCK_H
#define GBX_CAPTURE_CLOCK_H

#include <glassbox/capture.h>

/* Reads the CPU's time-stamp counter without serializing. Only valid if gbxi_counter_is_usable() is true. */
static inline uint64_t gbxi_counter_read(void)
{
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
    return 0;
#endif
}

/* Whether the kernel reports the counter as invariant (x86: constant_tsc and nonstop_tsc; AArch64: always). Determined
 * once. */
bool gbxi_counter_is_usable(void);
/* Whether the text of a /proc/cpuinfo, NUL-terminated, reports the counter as invariant. For tests. */
bool gbxi_counter_flags_suffice(const char *cpuinfo);

/* The same moment on both clocks. */
typedef struct gbxi_anchor {
    uint64_t ticks;
    uint64_t ns;
} gbxi_anchor;

/* ns = start.ns + ((ticks - start.ticks) * multiplier >> 32). */
typedef struct gbxi_timebase {
    gbxi_anchor start;
    uint64_t multiplier; /* ns per tick, 32.32 fixed point */
} gbxi_timebase;

/* The current moment on the counter and CLOCK_MONOTONIC. If `clock` is not NULL, both values are from `clock`. */
gbxi_anchor gbxi_anchor_now(const gbx_clock *clock);

/* The base that converts ticks between `start` and `end`. If they are at least 10 ms apart, it maps `end` exactly. For
 * shorter times the rate is that since the process's first anchor, a longer time, which is more accurate. `clock` as in
 * gbxi_anchor_now. */
gbxi_timebase gbxi_timebase_between(gbxi_anchor start, gbxi_anchor end, const gbx_clock *clock);

/* Nanoseconds since the base's start; 0 for ticks before it. Cost: one wide multiplication. */
static inline uint64_t gbxi_timebase_ns(const gbxi_timebase *base, uint64_t ticks)
{
    __extension__ typedef unsigned __int128 wide;
    return ticks <= base->start.ticks ? 0 : (uint64_t)((wide)(ticks - base->start.ticks) * base->multiplier >> 32);
}

/* Copies a host's clock to `own` and replaces NULL functions by those of gbx_clock_monotonic(). Errors: ARGUMENT (a
 * struct that is refused). */
GBX_MUST_USE gbx_err gbxi_clock_copy(gbx_clock *own, const gbx_clock *given);

/* The other readings of a clock. NULL is the built-in clock. */
uint64_t gbxi_now_ns(const gbx_clock *clock);
int64_t gbxi_unix_ns(const gbx_clock *clock);
uint64_t gbxi_cpu_ns(const gbx_clock *clock);
uint32_t gbxi_thread_id(const gbx_clock *clock);

/* The id of the calling thread's CPU-time clock, which other threads can read. It is a clockid_t, declared as int
 * because the headers of strict C do not define clockid_t. Thread: any. */
int gbxi_cpu_clock_here(void);
/* Reads the CPU time of the thread that `cpu_clock` belongs to. False if the thread has ended, or if `clock` is the
 * host's own, because such a clock can only read the CPU time of the calling thread. */
bool gbxi_cpu_ns_of(const gbx_clock *clock, int cpu_clock, uint64_t *ns);

#endif
