/* SPDX-License-Identifier: MIT */
/* JSON made smaller: long texts cut, and long lists and deep levels left out. Nothing that a trace contains can make
 * the result larger than the limits say. */
#ifndef GBX_CLI_MCP_TRIMMED_H
#define GBX_CLI_MCP_TRIMMED_H

#include "json/reader.h"
#include "json/writer.h"

typedef struct gbxi_mcp_trim {
    size_t text_bytes_max; /* of a text, in bytes of UTF-8; what is cut is told at its end */
    size_t count_max;      /* elements of an array, members of an object */
    size_t level_max;      /* arrays and objects inside each other; what is deeper becomes null */
} gbxi_mcp_trim;

/* Writes a copy of `value` as a value. Returns how many texts, lists and levels were cut. Errors stay in the writer. */
uint64_t gbxi_mcp_trimmed_write(gbxi_json_writer *writer, gbxi_json_value value, const gbxi_mcp_trim *trim);

#endif
