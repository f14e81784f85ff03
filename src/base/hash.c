/* SPDX-License-Identifier: MIT */
/* Owns the random key of the process's hash tables. */
#define _GNU_SOURCE
#include "base/hash.h"
#include "base/atomic.h"
#include "base/time.h"
#include <sys/random.h>

/* 0 until it is needed. Written once, by whichever thread is first; every thread uses that value. */
static _Atomic uint64_t process_key;

/* While the kernel's entropy pool is not ready, the address space layout and the time stand in for it. */
static uint64_t draw_key(void)
{
    uint64_t key;

    if (getrandom(&key, sizeof(key), GRND_NONBLOCK) != (ssize_t)sizeof(key))
        key = gbxi_hash_fold((uintptr_t)&process_key ^ gbxi_monotonic_ns(), (uintptr_t)&key | 1);
    return key != 0 ? key : 1;
}

uint64_t gbxi_hash_key(void)
{
    uint64_t key = gbxi_load_relaxed(&process_key);
    uint64_t drawn;

    if (__builtin_expect(key != 0, 1))
        return key;
    drawn = draw_key();
    while (key == 0)
        if (gbxi_swap_relaxed(&process_key, &key, drawn))
            key = drawn;
    return key;
}
