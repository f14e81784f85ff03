/* SPDX-License-Identifier: MIT */
/* Objects in a request that allow only known members, so that a typo is never ignored. */
#ifndef GBX_GRAPH_FIELDS_H
#define GBX_GRAPH_FIELDS_H

#include "json/reader.h"

/* Checks that `object`, whose JSON pointer is `pointer`, has only members listed in `known` (which ends with NULL),
 * each at most once. Errors: TYPE if it is not an object, UNKNOWN, CONFLICT, each with the pointer of the wrong
 * value. */
GBX_MUST_USE gbx_err gbxi_fields_check(gbxi_json_value object, const gbxi_json_pointer *pointer,
                                       const char *const *known, gbx_error *error);

/* Writes the names (which end with NULL) as "a, b, c" into `text`. The list is cut to the capacity and terminated. */
void gbxi_fields_list_names(const char *const *names, char *text, size_t capacity);

/* The pointer to the member `key` of the object at `parent`. NULL means the root. */
gbxi_json_pointer gbxi_pointer_to(const gbxi_json_pointer *parent, const char *key);

#endif
