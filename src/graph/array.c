/* SPDX-License-Identifier: MIT */
/* Owns the growth of the room's arrays. */
#include "graph/array.h"
#include <stdint.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 64 };

gbx_err gbxi_array_reserve(void **array, size_t *capacity, size_t need, size_t size)
{
    size_t grown = *capacity < FIRST_CAPACITY / 2 ? FIRST_CAPACITY : *capacity * 2;
    void *moved;

    if (need <= *capacity)
        return GBX_ERR_OK;
    if (need >= UINT32_MAX)
        return GBX_ERR_LIMIT;
    if (grown < need)
        grown = need;
    if (grown > UINT32_MAX)
        grown = UINT32_MAX;
    if ((moved = realloc(*array, grown * size)) == NULL)
        return GBX_ERR_NO_MEMORY;
    *array = moved;
    *capacity = grown;
    return GBX_ERR_OK;
}
