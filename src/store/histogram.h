/* SPDX-License-Identifier: MIT */
/* Log-linear histograms of durations: they can be added up, and quantiles are computed when they are asked for.
 *
 * Each power of two is divided into 32 buckets of the same width; below 32 each number has its own. So what a bucket
 * says is at most 3.2 % too high. Source of the idea: G. Tene, HdrHistogram,
 * https://hdrhistogram.github.io/HdrHistogram
 *
 * As bytes, a histogram is its version, and for each bucket that is not empty the distance to the one before it and its
 * count, as variable-length integers (LEB128). */
#ifndef GBX_STORE_HISTOGRAM_H
#define GBX_STORE_HISTOGRAM_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GBXI_HISTOGRAM_SUB_BITS = 5,
    GBXI_HISTOGRAM_SUBS = 1 << GBXI_HISTOGRAM_SUB_BITS,
    GBXI_HISTOGRAM_BUCKETS = (64 - GBXI_HISTOGRAM_SUB_BITS + 1) * GBXI_HISTOGRAM_SUBS,
    GBXI_HISTOGRAM_BYTES_MAX = 1 + 12 * GBXI_HISTOGRAM_BUCKETS /* of any histogram */
};

/* Caller's memory. Zeroed: empty. Only buckets from `first` to `last` are not 0; `last` < `first` does not occur. */
typedef struct gbxi_histogram {
    uint64_t count;
    uint32_t first, last;
    uint64_t buckets[GBXI_HISTOGRAM_BUCKETS];
} gbxi_histogram;

/* The bucket of a number, and the largest number of a bucket. */
uint32_t gbxi_histogram_bucket(uint64_t value);
uint64_t gbxi_histogram_bucket_max(uint32_t bucket);

/* Adds one number. */
void gbxi_histogram_add(gbxi_histogram *histogram, uint64_t value);

/* Adds all numbers of another one. Counts stop at UINT64_MAX. */
void gbxi_histogram_merge(gbxi_histogram *histogram, const gbxi_histogram *more);

/* An upper bound for the smallest number that `per_mille` of all numbers do not exceed (nearest rank); 0 if it is
 * empty. */
uint64_t gbxi_histogram_quantile(const gbxi_histogram *histogram, uint32_t per_mille);

/* Writes the histogram to `bytes`, which has room for GBXI_HISTOGRAM_BYTES_MAX. Returns the length. */
size_t gbxi_histogram_encode(const gbxi_histogram *histogram, uint8_t *bytes);

/* Reads what gbxi_histogram_encode wrote, and adds it to `histogram`. Returns false, and changes nothing, if the bytes
 * are no histogram. */
GBX_MUST_USE bool gbxi_histogram_decode(gbxi_histogram *histogram, const void *bytes, size_t length);

#endif
