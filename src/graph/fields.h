/* SPDX-License-Identifier: MIT */
/* Objects in a request whose members are all known: a typo is never ignored. */
#ifndef GBX_GRAPH_FIELDS_H
#define GBX_GRAPH_FIELDS_H

#include "json/reader.h"

/* Checks that `object`, at `pointer`, has no member but those in `known` (which ends in NULL), and none twice. Errors:
 * TYPE when it is no object, UNKNOWN, CONFLICT, each with the pointer of the culprit. */
GBX_MUST_USE gbx_err gbxi_fields_check(gbxi_json_value object, const gbxi_json_pointer *pointer,
                                       const char *const *known, gbx_error *error);

/* Writes names (which end in NULL) as "a, b, c" into `text`, as far as they fit, terminated. */
void gbxi_fields_list_names(const char *const *names, char *text, size_t capacity);

/* The pointer to the member `key` of what is at `parent`; NULL is the root. */
gbxi_json_pointer gbxi_pointer_to(const gbxi_json_pointer *parent, const char *key);

#endif
