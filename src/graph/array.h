/* SPDX-License-Identifier: MIT */
/* Growing arrays: the one place of the room that doubles memory. */
#ifndef GBX_GRAPH_ARRAY_H
#define GBX_GRAPH_ARRAY_H

#include <glassbox/error.h>
#include <stddef.h>

/* Makes room for `need` elements of `size` bytes in `*array`, which holds `*capacity` of them; at least doubles, so
 * that adding one at a time is linear. Errors: NO_MEMORY; LIMIT past 2^32 - 1 elements, so that 32-bit indices always
 * do. On an error nothing changed. */
GBX_MUST_USE gbx_err gbxi_array_reserve(void **array, size_t *capacity, size_t need, size_t size);

#endif
