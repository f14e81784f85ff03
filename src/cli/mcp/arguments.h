/* SPDX-License-Identifier: MIT */
/* The arguments of a tool: their JSON Schema, and a call's values, both from the tool's rows. */
#ifndef GBX_CLI_MCP_ARGUMENTS_H
#define GBX_CLI_MCP_ARGUMENTS_H

#include "cli/mcp/tool.h"

/* Writes the JSON Schema of the tool's arguments as a value. */
void gbxi_mcp_arguments_schema(gbxi_json_writer *writer, const gbxi_mcp_tool *tool);

/* The arguments of one call. */
typedef struct gbxi_mcp_arguments {
    char *texts[GBXI_MCP_ARGUMENTS_MAX];                               /* which the values point into */
    _Alignas(max_align_t) unsigned char values[GBXI_MCP_VALUES_BYTES]; /* the tool's struct */
} gbxi_mcp_arguments;

/* Reads the members of `object`, which is an object or absent; null stands for no value. Call gbxi_mcp_arguments_fini
 * even after an error. Errors: ARGUMENT with a message that names the argument, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_mcp_arguments_read(gbxi_mcp_arguments *arguments, const gbxi_mcp_tool *tool,
                                             gbxi_json_value object, gbx_error *error);

void gbxi_mcp_arguments_fini(gbxi_mcp_arguments *arguments);

#endif
