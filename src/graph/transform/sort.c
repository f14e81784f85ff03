/* SPDX-License-Identifier: MIT */
/* Owns sorting by keys. */
#include "graph/transform/sort.h"
#include "graph/stop.h"
#include <string.h>

enum { BYTES = sizeof(uint64_t), VALUES = 256 };

typedef size_t counts[BYTES][VALUES];

static size_t byte_of(uint64_t key, size_t byte)
{
    return (key >> (8 * byte)) & (VALUES - 1);
}

static void count_bytes(const gbxi_sort_item *items, size_t count, counts counted)
{
    memset(counted, 0, sizeof(counts));
    for (size_t i = 0; i < count; i++)
        for (size_t byte = 0; byte < BYTES; byte++)
            ++counted[byte][byte_of(items[i].key, byte)];
}

/* Turns the count of each byte value into the index of its first item. */
static void sum_up(size_t *of_value)
{
    size_t next = 0;

    for (size_t value = 0; value < VALUES; value++) {
        size_t here = of_value[value];

        of_value[value] = next;
        next += here;
    }
}

gbx_err gbxi_sort(gbxi_sort_item *items, size_t count)
{
    gbxi_sort_item *from = items, *to, *room = gbxi_account_malloc((count + 1) * sizeof(*room));
    counts counted;
    gbx_err err;

    if (room == NULL)
        return GBX_ERR_NO_MEMORY;
    to = room;
    count_bytes(items, count, counted);
    err = gbxi_stop_check();
    for (size_t byte = 0; byte < BYTES && count > 0 && err == GBX_ERR_OK; byte++) {
        gbxi_sort_item *sorted = to;

        if (counted[byte][byte_of(items[0].key, byte)] == count)
            continue;
        sum_up(counted[byte]);
        for (size_t i = 0; i < count && gbxi_account_goes_on(i); i++)
            to[counted[byte][byte_of(from[i].key, byte)]++] = from[i];
        to = from;
        from = sorted;
        err = gbxi_stop_check();
    }
    if (err == GBX_ERR_OK && from != items)
        memcpy(items, from, count * sizeof(*items));
    gbxi_account_free(room);
    return err;
}

uint64_t gbxi_sort_key_of_double(double value)
{
    static const uint64_t SIGN = UINT64_C(1) << 63;
    double plain = value + 0.0; /* -0 becomes 0 */
    uint64_t bits;

    memcpy(&bits, &plain, sizeof(bits));
    return (bits & SIGN) != 0 ? ~bits : bits | SIGN;
}
