/* SPDX-License-Identifier: MIT */
/* Growing arrays for this room: base's arrays with 32-bit item numbers. */
#ifndef GBX_GRAPH_ARRAY_H
#define GBX_GRAPH_ARRAY_H

#include "base/grow.h"
#include <glassbox/error.h>

/* Reserves room like gbxi_grow. Errors: NO_MEMORY; LIMIT above 2^32 - 2 items. After an error the array is
 * unchanged. */
GBX_MUST_USE static inline gbx_err gbxi_array_reserve(void *array, size_t *capacity, size_t need, size_t item_bytes)
{
    if (need >= UINT32_MAX)
        return GBX_ERR_LIMIT;
    return gbxi_grow(array, capacity, need, item_bytes) ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
}

#endif
