/* SPDX-License-Identifier: MIT */
/* A clock whose time a test sets: `fake_now`, in nanoseconds. Threads run for half of it, and all are the thread 1. */
#ifndef GBX_TESTS_SUPPORT_FAKE_CLOCK_H
#define GBX_TESTS_SUPPORT_FAKE_CLOCK_H

#include <glassbox/capture.h>
#include <stdint.h>

static uint64_t fake_now;

static uint64_t fake_now_ns(void *context)
{
    (void)context;
    return fake_now;
}

static int64_t fake_unix_ns(void *context)
{
    (void)context;
    return 0;
}

static uint64_t fake_cpu_ns(void *context)
{
    (void)context;
    return fake_now / 2;
}

static uint32_t fake_thread_id(void *context)
{
    (void)context;
    return 1;
}

static const gbx_clock fake = {sizeof(fake), fake_now_ns, fake_unix_ns, fake_cpu_ns, fake_thread_id, 0, NULL};

#endif
