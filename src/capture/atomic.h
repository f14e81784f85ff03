/* SPDX-License-Identifier: MIT */
/* Atomic access with the memory order in the operation's name; the only way shared words are touched. */
#ifndef GBX_CAPTURE_ATOMIC_H
#define GBX_CAPTURE_ATOMIC_H

#include <stdatomic.h>

#define gbx__load_relaxed(word) atomic_load_explicit((word), memory_order_relaxed)
#define gbx__load_acquire(word) atomic_load_explicit((word), memory_order_acquire)
#define gbx__store_relaxed(word, value) atomic_store_explicit((word), (value), memory_order_relaxed)
#define gbx__store_release(word, value) atomic_store_explicit((word), (value), memory_order_release)
#define gbx__add_relaxed(word, value) atomic_fetch_add_explicit((word), (value), memory_order_relaxed)
#define gbx__sub_relaxed(word, value) atomic_fetch_sub_explicit((word), (value), memory_order_relaxed)
#define gbx__sub_acq_rel(word, value) atomic_fetch_sub_explicit((word), (value), memory_order_acq_rel)
/* Stores `desired` if the word still is `*expected`, which else becomes what it is now; may fail for no reason. */
#define gbx__swap_relaxed(word, expected, desired)                                                                     \
    atomic_compare_exchange_weak_explicit((word), (expected), (desired), memory_order_relaxed, memory_order_relaxed)

#endif
