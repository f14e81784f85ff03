/* SPDX-License-Identifier: MIT */
/* A stream cut into lines with bounded memory. A line that is too long is refused once, and the next one is read.
 *
 *     gbxi_mcp_lines lines = {0};
 *     while ((length = read(0, piece, sizeof(piece))) > 0)
 *         err = gbxi_mcp_lines_feed(&lines, piece, length, use, context);
 *     err = gbxi_mcp_lines_end(&lines, use, context);                    // a last line without a line break
 *     gbxi_mcp_lines_fini(&lines); */
#ifndef GBX_CLI_MCP_LINES_H
#define GBX_CLI_MCP_LINES_H

#include "base/view.h"
#include <glassbox/error.h>

enum { GBXI_MCP_LINE_MAX = 1 << 20 }; /* bytes of a line, without its line break */

/* Takes a line without its line break and without a carriage return before it, or why the line is refused: LIMIT or
 * NO_MEMORY; then `line` is empty. Empty lines are left out. An error ends the reading. */
typedef gbx_err gbxi_mcp_line_use(void *context, gbx_err refused, gbxi_view line);

/* A zeroed struct has read nothing. Owns: its bytes, until fini. */
typedef struct gbxi_mcp_lines {
    char *bytes; /* the begin of a line whose end has not come */
    size_t length, capacity;
    bool skips; /* the rest of a line that was refused */
} gbxi_mcp_lines;

/* Takes further bytes, and gives each line that they end to `use`. Errors: those of `use`. */
GBX_MUST_USE gbx_err gbxi_mcp_lines_feed(gbxi_mcp_lines *lines, const char *bytes, size_t length,
                                         gbxi_mcp_line_use *use, void *context);

/* Gives the last line, if the stream did not end in a line break. Errors: those of `use`. */
GBX_MUST_USE gbx_err gbxi_mcp_lines_end(gbxi_mcp_lines *lines, gbxi_mcp_line_use *use, void *context);

void gbxi_mcp_lines_fini(gbxi_mcp_lines *lines);

#endif
