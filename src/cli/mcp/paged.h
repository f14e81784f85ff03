/* SPDX-License-Identifier: MIT */
/* Answers that are a page of the document of a command: its members, and of one list as many elements as there is room
 * for. */
#ifndef GBX_CLI_MCP_PAGED_H
#define GBX_CLI_MCP_PAGED_H

#include "cli/mcp/answer.h"

typedef struct gbxi_mcp_page {
    const char *list;        /* the member that is paged; it comes last */
    const char *counted;     /* a list of which only the number of elements is told; NULL: none */
    const char *cursor;      /* with which the page begins; NULL: none */
    uint64_t first;          /* number of the element with which the page begins, from 0 */
    uint32_t limit;          /* elements; 0: as many as there is room for */
    size_t text_bytes_max;   /* of texts in the list; 0: as usual */
    const char *member, *is; /* only elements that have this member with this text; NULL: all */
} gbxi_mcp_page;

/* Reads where a page begins from its cursor; NULL is the beginning. Errors: ARGUMENT. */
GBX_MUST_USE gbx_err gbxi_mcp_page_begin(gbxi_mcp_page *page, const char *cursor, gbx_error *error);

/* Answers with a page of the document, which is an object as JSON. Errors: NO_MEMORY, SYNTAX if it is none, ARGUMENT if
 * the cursor is behind the end of the list. */
GBX_MUST_USE gbx_err gbxi_mcp_page_answer(const gbxi_mcp_page *page, const gbxi_json_buffer *document,
                                          gbxi_mcp_answer *answer, gbx_error *error);

#endif
