/* SPDX-License-Identifier: MIT */
/* The memory of libxml2, counted in the thread's account (base/account.h).
 *
 * libxml2 2.9 may loop for ever when it is refused memory, so it is never refused any. Instead the account holds in
 * advance what libxml2 can need for its next few thousand bytes, and without that the page ends there.
 *
 *     gbxi_parser_memory_begin(&memory);
 *     if (!gbxi_parser_memory_reserve(&memory)) ...   // before libxml2 gets its next bytes: give it no more
 *     gbxi_parser_memory_end(&memory);                // after the parser is freed
 */
#ifndef GBX_GRAPH_SOURCE_PARSER_MEMORY_H
#define GBX_GRAPH_SOURCE_PARSER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Of one parser. Thread: one. */
typedef struct gbxi_parser_memory {
    size_t before;   /* libxml2's bytes on this thread at the beginning */
    size_t reserved; /* bytes that the account holds */
} gbxi_parser_memory;

/* Makes libxml2 ready and counts its allocations in the whole process. Idempotent. Thread: any. */
void gbxi_parser_memory_init(void);

void gbxi_parser_memory_begin(gbxi_parser_memory *memory);
/* Reserves what the parser has allocated and what the next bytes may add: false if that is too much. */
__attribute__((warn_unused_result)) bool gbxi_parser_memory_reserve(gbxi_parser_memory *memory);
void gbxi_parser_memory_end(gbxi_parser_memory *memory);

#endif
