/* SPDX-License-Identifier: MIT */
/* Atomic operations that name their memory order. All access to shared words goes through them. */
#ifndef GBX_BASE_ATOMIC_H
#define GBX_BASE_ATOMIC_H

#include <stdatomic.h>

#define gbxi_load_relaxed(word) atomic_load_explicit((word), memory_order_relaxed)
#define gbxi_load_acquire(word) atomic_load_explicit((word), memory_order_acquire)
#define gbxi_store_relaxed(word, value) atomic_store_explicit((word), (value), memory_order_relaxed)
#define gbxi_store_release(word, value) atomic_store_explicit((word), (value), memory_order_release)
#define gbxi_add_relaxed(word, value) atomic_fetch_add_explicit((word), (value), memory_order_relaxed)
#define gbxi_add_acq_rel(word, value) atomic_fetch_add_explicit((word), (value), memory_order_acq_rel)
#define gbxi_sub_relaxed(word, value) atomic_fetch_sub_explicit((word), (value), memory_order_relaxed)
#define gbxi_sub_acq_rel(word, value) atomic_fetch_sub_explicit((word), (value), memory_order_acq_rel)
/* Stores a value and returns the one before. What this thread stored earlier is seen by whoever misses the new value.
 */
#define gbxi_exchange_seq_cst(word, value) atomic_exchange_explicit((word), (value), memory_order_seq_cst)
/* Stores `desired` if the word equals `*expected`; otherwise sets `*expected` to the current value. May fail
 * spuriously. */
#define gbxi_swap_relaxed(word, expected, desired)                                                                     \
    atomic_compare_exchange_weak_explicit((word), (expected), (desired), memory_order_relaxed, memory_order_relaxed)

#endif
