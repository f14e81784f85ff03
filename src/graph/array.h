/* SPDX-License-Identifier: MIT */
/* The room's growing arrays: base's, with as many items as 32-bit numbers reach. */
#ifndef GBX_GRAPH_ARRAY_H
#define GBX_GRAPH_ARRAY_H

#include "base/grow.h"
#include <glassbox/error.h>

/* Makes room as gbxi_grow does. Errors: NO_MEMORY; LIMIT past 2^32 - 2 items. On an error nothing has changed. */
GBX_MUST_USE static inline gbx_err gbxi_array_reserve(void *array, size_t *capacity, size_t need, size_t item_bytes)
{
    if (need >= UINT32_MAX)
        return GBX_ERR_LIMIT;
    return gbxi_grow(array, capacity, need, item_bytes) ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
}

#endif
