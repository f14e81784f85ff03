/* SPDX-License-Identifier: MIT */
/* Tools. Each is its own file, NAME_tool.c, which defines gbxi_mcp_tool_NAME, and a row in GBXI_MCP_TOOLS. Its
 * arguments are rows like the options of a command, from which its schema is generated and its arguments are read. */
#ifndef GBX_CLI_MCP_TOOL_H
#define GBX_CLI_MCP_TOOL_H

#include "cli/mcp/answer.h"
#include "cli/option.h"

/* X(name): all tools in the order of the list. */
#define GBXI_MCP_TOOLS(X)                                                                                              \
    X(list)                                                                                                            \
    X(report)                                                                                                          \
    X(show)                                                                                                            \
    X(compare)

typedef struct gbxi_mcp_tool {
    const char *name;
    const char *title;
    const char *description;          /* for the model that chooses a tool */
    const gbxi_cli_option *arguments; /* named with _ for each - of a row; their help is their description */
    size_t argument_count;
    size_t values_bytes; /* size of the struct that the arguments fill */
    /* Writes the members of the document, which only reads the store in the directory `store`. Errors: any; the message
     * is the answer, and says what to do. */
    gbx_err (*run)(const char *store, const void *values, gbxi_mcp_answer *answer, gbx_error *error);
} gbxi_mcp_tool;

/* The members that describe a tool's arguments: their rows and the struct that they fill. */
#define GBXI_MCP_ARGUMENTS(rows, type)                                                                                 \
    .arguments = (rows), .argument_count = sizeof(rows) / sizeof((rows)[0]),                                           \
    .values_bytes = sizeof(type) + 0 * sizeof(char[sizeof(type) <= GBXI_MCP_VALUES_BYTES ? 1 : -1]) +                  \
                    0 * sizeof(char[sizeof(rows) / sizeof((rows)[0]) <= GBXI_MCP_ARGUMENTS_MAX ? 1 : -1])

enum { GBXI_MCP_VALUES_BYTES = 1024, GBXI_MCP_ARGUMENTS_MAX = 32 };

#define GBXI_MCP_TOOL_DECLARATION(name) extern const gbxi_mcp_tool gbxi_mcp_tool_##name;
GBXI_MCP_TOOLS(GBXI_MCP_TOOL_DECLARATION)
#undef GBXI_MCP_TOOL_DECLARATION

enum { GBXI_MCP_CURSOR_TEXT_MAX = GBXI_MCP_CURSOR_SIZE - 1 };

/* The row of the argument `cursor`, which a tool has whose list may go on; `type` is the tool's struct. */
#define GBXI_MCP_CURSOR_ROW(type)                                                                                      \
    {                                                                                                                  \
        "cursor", GBXI_TEXT(type, cursor), .max = GBXI_MCP_CURSOR_TEXT_MAX, .value = "CURSOR",                         \
                                           .unset = "the beginning",                                                   \
                                           .help = "size.next_cursor of the answer before, to go on where it ended; "  \
                                                   "the other arguments must be the same."                             \
    }

/* The tool with this name; NULL if there is none. */
const gbxi_mcp_tool *gbxi_mcp_tool_find(gbxi_json_string name);

/* The tool at `index` of the list; NULL after the last. */
const gbxi_mcp_tool *gbxi_mcp_tool_at(size_t index);

/* Reports that a cursor is none of the tool's. Returns ARGUMENT. */
gbx_err gbxi_mcp_refuse_cursor(const char *cursor, gbx_error *error);

#endif
