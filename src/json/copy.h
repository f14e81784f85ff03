/* SPDX-License-Identifier: MIT */
/* From reading to writing: a value of a document, as it is, into another document. */
#ifndef GBX_JSON_COPY_H
#define GBX_JSON_COPY_H

#include "json/reader.h"
#include "json/writer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes `value` and all below it; absent is written as null. Members keep their order, and repeated ones are all
 * written. Numbers keep their value, not their spelling. Errors stay in the writer. Cost: linear, and stack by depth,
 * which reading bounds. */
void gbxi_json_copy(gbxi_json_writer *writer, gbxi_json_value value);

/* Writes the members of an object into the one that is open, but for those with a name in `but` (which ends in NULL).
 */
void gbxi_json_copy_members(gbxi_json_writer *writer, gbxi_json_value object, const char *const *but);

#ifdef __cplusplus
}
#endif

#endif
