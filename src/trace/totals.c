/* SPDX-License-Identifier: MIT */
/* Orders frames by total time: a radix sort, because a client that chooses names chooses the number of frames. */
#include "trace/totals.h"

#include <stdlib.h>

enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS };

/* Collects the frames that have calls, in their order. Returns the bits of all total times together. */
static uint64_t collect_totals(const gbxi_frames *frames, gbxi_total *totals)
{
    uint64_t bits = 0;

    for (uint32_t i = 0; i < frames->count; i++) {
        if (frames->at[i].calls == 0)
            continue;
        *totals++ = (gbxi_total){frames->at[i].total_ns, i};
        bits |= frames->at[i].total_ns;
    }
    return bits;
}

/* Puts the totals in the descending order of one digit. Those with the same digit keep their order. */
static void order_by_digit(const gbxi_total *from, gbxi_total *to, uint32_t count, unsigned shift)
{
    uint32_t places[DIGITS] = {0};
    uint32_t before = 0;

    for (uint32_t i = 0; i < count; i++)
        ++places[from[i].total_ns >> shift & (DIGITS - 1)];
    for (size_t digit = DIGITS; digit-- > 0;) {
        uint32_t same = places[digit];
        places[digit] = before;
        before += same;
    }
    for (uint32_t i = 0; i < count; i++)
        to[places[from[i].total_ns >> shift & (DIGITS - 1)]++] = from[i];
}

gbxi_total *gbxi_totals_new(const gbxi_frames *frames, uint32_t count)
{
    gbxi_total *totals = malloc(((size_t)count + 1) * sizeof(*totals));
    gbxi_total *spare = malloc(((size_t)count + 1) * sizeof(*spare));
    uint64_t bits;

    if (totals == NULL || spare == NULL) {
        free(totals);
        totals = NULL;
        goto Exit;
    }
    bits = collect_totals(frames, totals);
    for (unsigned shift = 0; shift < 64 && bits >> shift != 0; shift += DIGIT_BITS) {
        gbxi_total *ordered = spare;
        order_by_digit(totals, ordered, count, shift);
        spare = totals;
        totals = ordered;
    }
Exit:
    free(spare);
    return totals;
}
