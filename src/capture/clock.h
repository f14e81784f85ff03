/* SPDX-License-Identifier: MIT */
/* Ticks for the hot path, and their exact conversion to nanoseconds of CLOCK_MONOTONIC. */
#ifndef GBX_CAPTURE_CLOCK_H
#define GBX_CAPTURE_CLOCK_H

#include <glassbox/capture.h>

/* The CPU's counter, not serialising. Zero on a CPU for which gbxi_counter_is_usable is false. */
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

/* Whether the kernel calls the counter invariant (x86: constant_tsc and nonstop_tsc; AArch64: always). Decided once. */
bool gbxi_counter_is_usable(void);
/* The same question about a /proc/cpuinfo of your own, NUL-terminated; the decision above is this one on the real file.
 */
bool gbxi_counter_flags_suffice(const char *cpuinfo);

/* One moment on both clocks. */
typedef struct gbxi_anchor {
    uint64_t ticks;
    uint64_t ns;
} gbxi_anchor;

/* ns = start.ns + ((ticks - start.ticks) * multiplier >> 32). */
typedef struct gbxi_timebase {
    gbxi_anchor start;
    uint64_t multiplier; /* ns per tick, 32.32 fixed point */
} gbxi_timebase;

/* Now, on the counter and CLOCK_MONOTONIC, or on `clock` (both the same) when it is not NULL. */
gbxi_anchor gbxi_anchor_now(const gbx_clock *clock);

/* The base that maps `start` to `end` exactly when they are 10 ms apart or more; for shorter times the slope comes from
 * the process's whole life, which is longer than they are. `clock` as in gbxi_anchor_now. */
gbxi_timebase gbxi_timebase_between(gbxi_anchor start, gbxi_anchor end, const gbx_clock *clock);

/* Nanoseconds since the base's start; 0 for ticks before it. Cost: one wide multiplication. */
static inline uint64_t gbxi_timebase_ns(const gbxi_timebase *base, uint64_t ticks)
{
    __extension__ typedef unsigned __int128 wide;
    return ticks <= base->start.ticks ? 0 : (uint64_t)((wide)(ticks - base->start.ticks) * base->multiplier >> 32);
}

/* Copies a host's clock to `own`, with the monotonic one's functions in the place of those it has not. Errors: ARGUMENT
 * (a struct that is refused). */
GBX_MUST_USE gbx_err gbxi_clock_copy(gbx_clock *own, const gbx_clock *given);

/* What captures read beside ticks; `clock` NULL is the built-in one. */
uint64_t gbxi_now_ns(const gbx_clock *clock);
int64_t gbxi_unix_ns(const gbx_clock *clock);
uint64_t gbxi_cpu_ns(const gbx_clock *clock);
uint32_t gbxi_thread_id(const gbx_clock *clock);

/* The calling thread's CPU time as a clock that other threads can read (a clockid_t; not so named, for the headers of a
 * strict C program do not know it). Thread: any. */
int gbxi_cpu_clock_here(void);
/* The CPU time of the thread that `cpu_clock` is of. False when the thread is gone, or when `clock` is the host's own:
 * that one tells a thread about itself only. */
bool gbxi_cpu_ns_of(const gbx_clock *clock, int cpu_clock, uint64_t *ns);

#endif
