/* SPDX-License-Identifier: MIT */
/* Messages of JSON-RPC 2.0 (https://www.jsonrpc.org/specification), as the Model Context Protocol restricts them: ids
 * are texts and numbers, and parameters are objects. */
#ifndef GBX_CLI_MCP_MESSAGE_H
#define GBX_CLI_MCP_MESSAGE_H

#include "json/reader.h"
#include "json/writer.h"

enum { GBXI_MCP_ID_SIZE = 300 }; /* of an id as JSON; a longer one is refused */

/* Codes of JSON-RPC. */
typedef enum gbxi_mcp_code {
    GBXI_MCP_PARSE_ERROR = -32700,
    GBXI_MCP_INVALID_REQUEST = -32600,
    GBXI_MCP_UNKNOWN_METHOD = -32601,
    GBXI_MCP_INVALID_PARAMS = -32602,
    GBXI_MCP_INTERNAL_ERROR = -32603
} gbxi_mcp_code;

typedef enum gbxi_mcp_kind {
    GBXI_MCP_REQUEST,
    GBXI_MCP_NOTIFICATION,
    GBXI_MCP_RESPONSE, /* to a request that was never sent */
    GBXI_MCP_INVALID   /* `fault` says why */
} gbxi_mcp_kind;

/* Values and texts are borrowed from the parsed document. */
typedef struct gbxi_mcp_message {
    gbxi_mcp_kind kind;
    char id[GBXI_MCP_ID_SIZE]; /* as JSON; null if there is none that can be repeated */
    size_t id_length;
    gbxi_json_string method;
    gbxi_json_value params; /* an object, or absent */
    const char *fault;
    gbxi_mcp_code code; /* of the fault */
} gbxi_mcp_message;

/* Reads one message from a parsed value. */
void gbxi_mcp_message_read(gbxi_json_value value, gbxi_mcp_message *message);

/* Write the answer to a message: what surrounds its result, which is written between them, or an error. */
void gbxi_mcp_result_begin(gbxi_json_writer *writer, const gbxi_mcp_message *message);
void gbxi_mcp_result_end(gbxi_json_writer *writer);
void gbxi_mcp_error_write(gbxi_json_writer *writer, const gbxi_mcp_message *message, gbxi_mcp_code code,
                          const char *text);

/* Writes the answer to a line that has no message that can be read. */
void gbxi_mcp_refusal_write(gbxi_json_writer *writer, gbxi_mcp_code code, const char *text);

#endif
