/* SPDX-License-Identifier: MIT */
/* Counts durations in buckets. */
#include "store/histogram.h"
#include <string.h>

enum { HISTOGRAM_VERSION = 1, HISTOGRAM_EMPTY = 0 };

uint32_t gbxi_histogram_bucket(uint64_t value)
{
    uint32_t shift;

    if (value < GBXI_HISTOGRAM_SUBS)
        return (uint32_t)value;
    shift = 63 - (uint32_t)__builtin_clzll(value) - GBXI_HISTOGRAM_SUB_BITS;
    return (shift + 1) * GBXI_HISTOGRAM_SUBS + (uint32_t)(value >> shift) - GBXI_HISTOGRAM_SUBS;
}

uint64_t gbxi_histogram_bucket_max(uint32_t bucket)
{
    uint32_t shift = bucket / GBXI_HISTOGRAM_SUBS;
    uint64_t sub = bucket % GBXI_HISTOGRAM_SUBS;

    if (shift <= 1)
        return bucket;
    return ((sub + GBXI_HISTOGRAM_SUBS) << (shift - 1)) + ((UINT64_C(1) << (shift - 1)) - 1);
}

static uint64_t sum_of(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static void histogram_raise(gbxi_histogram *histogram, uint32_t bucket, uint64_t count)
{
    if (histogram->count == HISTOGRAM_EMPTY)
        histogram->first = histogram->last = bucket;
    histogram->first = bucket < histogram->first ? bucket : histogram->first;
    histogram->last = bucket > histogram->last ? bucket : histogram->last;
    histogram->buckets[bucket] = sum_of(histogram->buckets[bucket], count);
    histogram->count = sum_of(histogram->count, count);
}

void gbxi_histogram_add(gbxi_histogram *histogram, uint64_t value)
{
    histogram_raise(histogram, gbxi_histogram_bucket(value), 1);
}

void gbxi_histogram_merge(gbxi_histogram *histogram, const gbxi_histogram *more)
{
    if (more->count == HISTOGRAM_EMPTY)
        return;
    for (uint32_t i = more->first; i <= more->last; i++)
        if (more->buckets[i] != 0)
            histogram_raise(histogram, i, more->buckets[i]);
}

uint64_t gbxi_histogram_quantile(const gbxi_histogram *histogram, uint32_t per_mille)
{
    /* The rank is rounded up, and no product overflows. */
    uint64_t rank = histogram->count / 1000 * per_mille + (histogram->count % 1000 * per_mille + 999) / 1000;
    uint64_t below = 0;

    if (histogram->count == HISTOGRAM_EMPTY)
        return 0;
    for (uint32_t i = histogram->first; i < histogram->last; i++) {
        below = sum_of(below, histogram->buckets[i]);
        if (below >= rank && below != 0)
            return gbxi_histogram_bucket_max(i);
    }
    return gbxi_histogram_bucket_max(histogram->last);
}

static uint8_t *varint_write(uint8_t *at, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        *at++ = (uint8_t)(number | 0x80);
    *at++ = (uint8_t)number;
    return at;
}

size_t gbxi_histogram_encode(const gbxi_histogram *histogram, uint8_t *bytes)
{
    uint8_t *at = bytes;
    uint32_t before = 0;

    *at++ = HISTOGRAM_VERSION;
    if (histogram->count == HISTOGRAM_EMPTY)
        return 1;
    for (uint32_t i = histogram->first; i <= histogram->last; i++) {
        if (histogram->buckets[i] == 0)
            continue;
        at = varint_write(at, i - before);
        at = varint_write(at, histogram->buckets[i]);
        before = i;
    }
    return (size_t)(at - bytes);
}

/* Reads a number at `*at`; false if it does not end before `end`, or does not fit. */
static bool varint_read(const uint8_t **at, const uint8_t *end, uint64_t *number)
{
    *number = 0;
    for (uint32_t shift = 0; *at < end && shift < 64; shift += 7) {
        uint8_t byte = *(*at)++;

        if (shift == 63 && byte > 1)
            return false;
        *number |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

/* Reads one bucket: its number and its count. Only the first bucket may be at distance 0. */
static bool histogram_read_bucket(const uint8_t **at, const uint8_t *end, bool is_first, uint32_t *bucket,
                                  uint64_t *count)
{
    uint64_t distance;

    if (!varint_read(at, end, &distance) || !varint_read(at, end, count) || *count == 0)
        return false;
    if ((distance == 0 && !is_first) || distance >= GBXI_HISTOGRAM_BUCKETS - *bucket)
        return false;
    *bucket += (uint32_t)distance;
    return true;
}

bool gbxi_histogram_decode(gbxi_histogram *histogram, const void *bytes, size_t length)
{
    const uint8_t *begin = bytes, *end = begin + length, *at = begin + 1;
    uint32_t bucket = 0;
    uint64_t count;

    if (length == 0 || begin[0] != HISTOGRAM_VERSION)
        return false;
    for (bool is_first = true; at < end; is_first = false)
        if (!histogram_read_bucket(&at, end, is_first, &bucket, &count))
            return false;
    bucket = 0;
    at = begin + 1;
    while (at < end && histogram_read_bucket(&at, end, true, &bucket, &count))
        histogram_raise(histogram, bucket, count);
    return true;
}
