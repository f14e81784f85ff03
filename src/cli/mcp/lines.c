/* SPDX-License-Identifier: MIT */
/* Cuts a stream into lines. */
#include "cli/mcp/lines.h"
#include "base/grow.h"
#include <stdlib.h>

enum { LINES_KEPT_BYTES = 1 << 16 }; /* memory that is kept from line to line */

static gbx_err give_line(gbxi_view line, gbxi_mcp_line_use *use, void *context)
{
    if (line.length > 0 && line.at[line.length - 1] == '\r')
        line.length--;
    return line.length > 0 ? use(context, GBX_ERR_OK, line) : GBX_ERR_OK;
}

static void forget_line(gbxi_mcp_lines *lines)
{
    lines->length = 0;
    if (lines->capacity > LINES_KEPT_BYTES)
        gbxi_mcp_lines_fini(lines);
}

static gbx_err refuse_mcp_line(gbxi_mcp_lines *lines, gbx_err refused, gbxi_mcp_line_use *use, void *context)
{
    gbxi_view none = {0};

    forget_line(lines);
    lines->skips = true;
    return use(context, refused, none);
}

/* Adds bytes of a line, unless the line is skipped. */
static gbx_err add_to_line(gbxi_mcp_lines *lines, gbxi_view part, gbxi_mcp_line_use *use, void *context)
{
    if (lines->skips || part.length == 0)
        return GBX_ERR_OK;
    if (part.length > GBXI_MCP_LINE_MAX - lines->length)
        return refuse_mcp_line(lines, GBX_ERR_LIMIT, use, context);
    if (!gbxi_grow(&lines->bytes, &lines->capacity, lines->length + part.length, 1))
        return refuse_mcp_line(lines, GBX_ERR_NO_MEMORY, use, context);
    memcpy(lines->bytes + lines->length, part.at, part.length);
    lines->length += part.length;
    return GBX_ERR_OK;
}

gbx_err gbxi_mcp_lines_end(gbxi_mcp_lines *lines, gbxi_mcp_line_use *use, void *context)
{
    gbxi_view line = {lines->bytes, lines->length};
    gbx_err err = lines->skips ? GBX_ERR_OK : give_line(line, use, context);

    lines->skips = false;
    forget_line(lines);
    return err;
}

gbx_err gbxi_mcp_lines_feed(gbxi_mcp_lines *lines, const char *bytes, size_t length, gbxi_mcp_line_use *use,
                            void *context)
{
    gbx_err err = GBX_ERR_OK;

    for (size_t at = 0; err == GBX_ERR_OK && at < length;) {
        const char *end = memchr(bytes + at, '\n', length - at);
        gbxi_view part = {bytes + at, end != NULL ? (size_t)(end - bytes) - at : length - at};

        err = add_to_line(lines, part, use, context);
        if (err == GBX_ERR_OK && end != NULL)
            err = gbxi_mcp_lines_end(lines, use, context);
        at += part.length + (end != NULL);
    }
    return err;
}

void gbxi_mcp_lines_fini(gbxi_mcp_lines *lines)
{
    gbxi_account_free(lines->bytes);
    *lines = (gbxi_mcp_lines){.skips = lines->skips};
}
