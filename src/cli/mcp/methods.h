/* SPDX-License-Identifier: MIT */
/* The methods of the Model Context Protocol that this server has. */
#ifndef GBX_CLI_MCP_METHODS_H
#define GBX_CLI_MCP_METHODS_H

#include "cli/mcp/message.h"

/* What is known of the client, from message to message. */
typedef struct gbxi_mcp_session {
    const char *store; /* directory of the store */
    bool has_batches;  /* the version of the protocol that was agreed on has them */
} gbxi_mcp_session;

/* Writes the answer to a request, as a value. Errors stay in the writer. */
void gbxi_mcp_method_answer(gbxi_mcp_session *session, const gbxi_mcp_message *request, gbxi_json_writer *writer);

#endif
