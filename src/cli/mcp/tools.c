/* SPDX-License-Identifier: MIT */
/* The table of tools. */
#include "cli/mcp/tool.h"
#include "json/quote.h"

#define MCP_TOOL_ROW(name) &gbxi_mcp_tool_##name,
static const gbxi_mcp_tool *const mcp_tools[] = {GBXI_MCP_TOOLS(MCP_TOOL_ROW)};
enum { MCP_TOOL_COUNT = sizeof(mcp_tools) / sizeof(mcp_tools[0]) };

const gbxi_mcp_tool *gbxi_mcp_tool_find(gbxi_json_string name)
{
    for (size_t i = 0; i < MCP_TOOL_COUNT; i++)
        if (gbxi_view_is(name, mcp_tools[i]->name))
            return mcp_tools[i];
    return NULL;
}

const gbxi_mcp_tool *gbxi_mcp_tool_at(size_t index)
{
    return index < MCP_TOOL_COUNT ? mcp_tools[index] : NULL;
}

gbx_err gbxi_mcp_refuse_cursor(const char *cursor, gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL,
                         "cursor '%s' does not go with these arguments; call again without a cursor",
                         gbxi_quoted(gbxi_view_of(cursor)).text);
}
