/* SPDX-License-Identifier: MIT */
/* The document that a tool answers with. It stays below a size that a language model can read at once, whatever the
 * store holds: parts are trimmed, lists end where the room does, and `size` says how large the document is and how to
 * go on.
 *
 *     gbxi_mcp_answer_init(&answer);
 *     gbxi_run_write(gbxi_mcp_part(&answer), &run);
 *     gbxi_mcp_answer_member(&answer, "run");
 *     gbxi_mcp_answer_list(&answer, "traces");
 *     do
 *         gbxi_stored_trace_write(gbxi_mcp_part(&answer), trace);
 *     while (gbxi_mcp_answer_item(&answer) && ...);             // false: no room; the item is not in the document
 *     gbxi_mcp_answer_list_end(&answer);
 *     gbxi_mcp_answer_more(&answer, "%llu", number);            // if the list goes on
 *     err = gbxi_mcp_answer_end(&answer, &error);
 *     ... answer.document.bytes, answer.document.length ...
 *     gbxi_mcp_answer_fini(&answer);
 *
 * After an error calls do nothing, and gbxi_mcp_answer_end tells it. */
#ifndef GBX_CLI_MCP_ANSWER_H
#define GBX_CLI_MCP_ANSWER_H

#include "cli/mcp/trimmed.h"

enum {
    GBXI_MCP_MESSAGE_MAX = 60000,  /* bytes of an answer with all that surrounds the document: 20,000 tokens */
    GBXI_MCP_BYTES_PER_TOKEN = 3,  /* fewer than a token of JSON has on average */
    GBXI_MCP_DOCUMENT_MAX = 58000, /* bytes of the document as a JSON string */
    GBXI_MCP_CURSOR_SIZE = 64
};

typedef struct gbxi_mcp_answer {
    gbxi_json_buffer document;
    gbxi_json_writer writer; /* of the document, whose object is open */
    gbxi_json_buffer part;
    gbxi_json_writer part_writer;
    gbxi_mcp_trim trim;                /* of each part; may be changed between parts */
    size_t room;                       /* bytes of a JSON string that are left for parts */
    uint64_t cut_count;                /* texts and lists that were cut */
    size_t item_count;                 /* of the open list */
    char cursor[GBXI_MCP_CURSOR_SIZE]; /* "": there is no more */
    gbx_err error;
} gbxi_mcp_answer;

/* Begins a document. Owns: the answer, until fini. */
void gbxi_mcp_answer_init(gbxi_mcp_answer *answer);

/* Begins a part, and returns what to write its value with. */
gbxi_json_writer *gbxi_mcp_part(gbxi_mcp_answer *answer);

/* Adds the part as a member of the document. A part for which there is no room becomes null. */
void gbxi_mcp_answer_member(gbxi_mcp_answer *answer, const char *name);

/* Begins a member that is a list, adds the part to it, and ends it. Adding returns false if there is no room for the
 * part, or after an error; the first part of a list is made small enough to find room. */
void gbxi_mcp_answer_list(gbxi_mcp_answer *answer, const char *name);
bool gbxi_mcp_answer_item(gbxi_mcp_answer *answer);
void gbxi_mcp_answer_list_end(gbxi_mcp_answer *answer);

/* Sets the cursor with which the next call goes on. */
void gbxi_mcp_answer_more(gbxi_mcp_answer *answer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds the size and ends the document. Errors: NO_MEMORY, or that of a writer. */
GBX_MUST_USE gbx_err gbxi_mcp_answer_end(gbxi_mcp_answer *answer, gbx_error *error);

void gbxi_mcp_answer_fini(gbxi_mcp_answer *answer);

#endif
