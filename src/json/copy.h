/* SPDX-License-Identifier: MIT */
/* Copies a value of a parsed document into a document being written. */
#ifndef GBX_JSON_COPY_H
#define GBX_JSON_COPY_H

#include "json/reader.h"
#include "json/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes `value` with everything in it; an absent value is written as null. Members keep their order, and repeated
 * members are all written. Integers keep all their digits; other numbers keep their value but not their spelling.
 * Errors stay in the writer. Cost: linear; stack by depth, which the parser limits. */
void gbxi_json_copy(gbxi_json_writer *writer, gbxi_json_value value);

/* Writes the members of an object into the open one, except members named in `but` (which ends with NULL). */
void gbxi_json_copy_members(gbxi_json_writer *writer, gbxi_json_value object, const char *const *but);

#ifdef __cplusplus
}
#endif

#endif
