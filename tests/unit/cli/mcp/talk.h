/* SPDX-License-Identifier: MIT */
/* Calls of tools for tests: what a session answers, which must be one message of limited size. */
#ifndef GBX_TESTS_CLI_MCP_TALK_H
#define GBX_TESTS_CLI_MCP_TALK_H

#include "json/reader.h"

/* The document that a tool answers with; freed by talk_free. */
typedef struct talk_answer {
    gbxi_json_document *message, *document;
    gbxi_json_value root; /* of the document */
    char cursor[128];     /* "": there is no more */
} talk_answer;

/* The arguments of a call; those that are NULL or 0 are left out. */
typedef struct talk_arguments {
    const char *run, *trace, *cursor;
    uint32_t span, depth, limit, top;
    bool all; /* min_share is 0 */
} talk_arguments;

/* Calls a tool. Fails unless the answer is a document whose size is what it says, below the limit. */
void talk_call(const char *store, const char *tool, const talk_arguments *arguments, talk_answer *answer);
void talk_free(talk_answer *answer);

#endif
