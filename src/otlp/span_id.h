/* SPDX-License-Identifier: MIT */
/* The ids of spans, which are computed: whoever gets a trace twice gets the same ids. */
#ifndef GBX_OTLP_SPAN_ID_H
#define GBX_OTLP_SPAN_ID_H

#include "otlp/span.h"
#include <string.h>

/* The finalizer of SplitMix64 (Stafford's variant 13), a bijection. Source: https://prng.di.unimi.it/splitmix64.c */
static inline uint64_t gbxi_otlp_mix(uint64_t value)
{
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return value ^ value >> 31;
}

static inline uint64_t gbxi_otlp_half(const uint8_t *bytes)
{
    uint64_t value = 0;

    for (size_t i = 0; i < sizeof(value); i++)
        value = value << 8 | bytes[i];
    return value;
}

/* Makes the id of span number `number` of a trace: that number of a SplitMix64 sequence whose seed is mixed from the
 * trace id. So no two spans of a trace have the same id. All zero is no id, so the sequence's 0 is replaced by 1. */
static inline void gbxi_otlp_span_id(const uint8_t trace_id[GBXI_OTLP_TRACE_ID_BYTES], uint64_t number,
                                     uint8_t id[GBXI_OTLP_SPAN_ID_BYTES])
{
    uint64_t seed = gbxi_otlp_mix(gbxi_otlp_mix(gbxi_otlp_half(trace_id)) + gbxi_otlp_half(trace_id + 8));
    uint64_t value = gbxi_otlp_mix(seed + (number + 1) * 0x9e3779b97f4a7c15u);

    value = value != 0 ? value : 1;
    for (size_t i = GBXI_OTLP_SPAN_ID_BYTES; i > 0; i--, value >>= 8)
        id[i - 1] = (uint8_t)value;
}

#endif
