/* SPDX-License-Identifier: MIT */
/* Owns the choice of the clock and the calibration of the counter. */
#define _GNU_SOURCE
#include "capture/clock.h"
#include "base/time.h"
#include "base/versioned.h"
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ANCHOR_TRIES = 5, OWN_SLOPE_MIN_NS = 10000000 };

static pthread_once_t decide_once = PTHREAD_ONCE_INIT;
static bool counter_usable;
static gbxi_anchor process_anchor; /* taken at the first use of the clock */

static uint64_t ns_of(struct timespec time)
{
    return (uint64_t)time.tv_sec * GBXI_NS_PER_S + (uint64_t)time.tv_nsec;
}

static uint64_t read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return ns_of(now);
}

static uint64_t monotonic_now(void *context)
{
    (void)context;
    return gbxi_monotonic_ns();
}

static int64_t realtime_now(void *context)
{
    (void)context;
    return (int64_t)read_clock(CLOCK_REALTIME);
}

static uint64_t thread_cpu_now(void *context)
{
    (void)context;
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

static uint32_t kernel_thread_id(void *context)
{
    (void)context;
    return (uint32_t)gettid();
}

static const gbx_clock monotonic = {
    .size = sizeof(monotonic),
    .now_ns = monotonic_now,
    .unix_ns = realtime_now,
    .cpu_ns = thread_cpu_now,
    .thread_id = kernel_thread_id,
};

const gbx_clock *gbx_clock_monotonic(void)
{
    return &monotonic;
}

gbx_err gbxi_clock_copy(gbx_clock *own, const gbx_clock *given)
{
    gbx_err err = gbxi_options_read(own, sizeof(*own), GBXI_SIZE_THROUGH(gbx_clock, context), given, NULL);

    if (err != GBX_ERR_OK)
        return err;
    own->now_ns = own->now_ns != NULL ? own->now_ns : monotonic.now_ns;
    own->unix_ns = own->unix_ns != NULL ? own->unix_ns : monotonic.unix_ns;
    own->cpu_ns = own->cpu_ns != NULL ? own->cpu_ns : monotonic.cpu_ns;
    own->thread_id = own->thread_id != NULL ? own->thread_id : monotonic.thread_id;
    return GBX_ERR_OK;
}

/* Finds `flag` as a whole word. */
static bool has_flag(const char *text, const char *flag)
{
    size_t length = strlen(flag);

    for (const char *at = text; (at = strstr(at, flag)) != NULL; at += length)
        if (at != text && (at[-1] == ' ' || at[-1] == '\t') && (at[length] == ' ' || at[length] == '\n' || !at[length]))
            return true;
    return false;
}

bool gbxi_counter_flags_suffice(const char *cpuinfo)
{
    return has_flag(cpuinfo, "constant_tsc") && has_flag(cpuinfo, "nonstop_tsc");
}

static bool ask_kernel(void)
{
#if defined(__aarch64__)
    return true;
#elif defined(__x86_64__)
    char text[8192]; /* the first processor's entry; the flags are the same for all */
    ssize_t length;
    int fd = open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return false;
    length = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (length <= 0)
        return false;
    text[length] = '\0';
    return gbxi_counter_flags_suffice(text);
#else
    return false;
#endif
}

/* Reads the counter before and after the other clock, several times, and keeps the shortest interval. Its middle is off
 * by at most half of the interval. */
static gbxi_anchor take_anchor(void)
{
    gbxi_anchor best = {0, 0};
    uint64_t best_width = UINT64_MAX;

    for (int i = 0; i != ANCHOR_TRIES; i++) {
        uint64_t before = gbxi_counter_read();
        uint64_t ns = gbxi_monotonic_ns();
        uint64_t width = gbxi_counter_read() - before;
        if (width < best_width) {
            best_width = width;
            best = (gbxi_anchor){before + width / 2, ns};
        }
    }
    return best;
}

static void decide(void)
{
    counter_usable = ask_kernel();
    process_anchor = take_anchor();
}

bool gbxi_counter_is_usable(void)
{
    pthread_once(&decide_once, decide);
    return counter_usable;
}

gbxi_anchor gbxi_anchor_now(const gbx_clock *clock)
{
    uint64_t ns;

    if (clock == NULL)
        return take_anchor();
    ns = clock->now_ns(clock->context);
    return (gbxi_anchor){ns, ns};
}

gbxi_timebase gbxi_timebase_between(gbxi_anchor start, gbxi_anchor end, const gbx_clock *clock)
{
    const uint64_t one = (uint64_t)1 << 32;
    gbxi_anchor from = end.ns - start.ns >= OWN_SLOPE_MIN_NS ? start : process_anchor;
    __extension__ typedef unsigned __int128 wide;

    if (clock != NULL || end.ticks <= from.ticks || end.ns <= from.ns)
        return (gbxi_timebase){start, one};
    return (gbxi_timebase){start, (uint64_t)(((wide)(end.ns - from.ns) << 32) / (end.ticks - from.ticks))};
}

uint64_t gbxi_now_ns(const gbx_clock *clock)
{
    clock = clock != NULL ? clock : &monotonic;
    return clock->now_ns(clock->context);
}

int64_t gbxi_unix_ns(const gbx_clock *clock)
{
    clock = clock != NULL ? clock : &monotonic;
    return clock->unix_ns(clock->context);
}

uint64_t gbxi_cpu_ns(const gbx_clock *clock)
{
    clock = clock != NULL ? clock : &monotonic;
    return clock->cpu_ns(clock->context);
}

uint32_t gbxi_thread_id(const gbx_clock *clock)
{
    clock = clock != NULL ? clock : &monotonic;
    return clock->thread_id(clock->context);
}

int gbxi_cpu_clock_here(void)
{
    clockid_t id = CLOCK_THREAD_CPUTIME_ID;

    pthread_getcpuclockid(pthread_self(), &id);
    return id;
}

bool gbxi_cpu_ns_of(const gbx_clock *clock, int cpu_clock, uint64_t *ns)
{
    struct timespec now;

    if ((clock != NULL && clock != &monotonic) || clock_gettime(cpu_clock, &now) != 0)
        return false;
    *ns = ns_of(now);
    return true;
}
