/* SPDX-License-Identifier: MIT */
/* A session of the Model Context Protocol (https://modelcontextprotocol.io/specification), from line to line: what each
 * line of the client is answered with. */
#ifndef GBX_CLI_MCP_SESSION_H
#define GBX_CLI_MCP_SESSION_H

#include "base/view.h"
#include "cli/mcp/methods.h"

enum { GBXI_MCP_BATCH_MAX = 32 }; /* messages of a batch */

/* Appends the answer to a line to `out`, without a line break; nothing if the line needs none. `refused` says why the
 * line could not be read, or is OK. Errors: NO_MEMORY; then the answer is an error that says so, or `out` is as it was
 * if there is no memory for that either. */
GBX_MUST_USE gbx_err gbxi_mcp_session_answer(gbxi_mcp_session *session, gbx_err refused, gbxi_view line,
                                             gbxi_json_buffer *out);

#endif
