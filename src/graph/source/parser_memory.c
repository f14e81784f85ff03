/* SPDX-License-Identifier: MIT */
/* Owns counting what libxml2 allocates. */
#include "graph/source/parser_memory.h"
#include "base/account.h"
#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <malloc.h>
#include <pthread.h>

/* libxml2's largest steps: a buffer that doubles is copied, and a pool of names is followed by one four times as large.
 * Everything else grows by less than 64 bytes for each of the 4,000 bytes that it reads at a time. */
enum { GROWTH = 4, STEP_BYTES = 256 << 10 };

static pthread_once_t parser_once = PTHREAD_ONCE_INIT;
static xmlFreeFunc plain_free;
static xmlMallocFunc plain_malloc;
static xmlReallocFunc plain_realloc;
static xmlStrdupFunc plain_strdup;

/* Of this thread, modulo 2^64: what one thread allocates, another may free. */
static _Thread_local size_t parser_bytes;

static void *parser_memory_added(void *memory)
{
    parser_bytes += malloc_usable_size(memory);
    return memory;
}

static void parser_memory_free(void *memory)
{
    parser_bytes -= malloc_usable_size(memory);
    plain_free(memory);
}

static void *parser_memory_malloc(size_t bytes)
{
    return parser_memory_added(plain_malloc(bytes));
}

static void *parser_memory_realloc(void *memory, size_t bytes)
{
    size_t before = malloc_usable_size(memory);
    void *moved = parser_memory_added(plain_realloc(memory, bytes));

    if (moved != NULL)
        parser_bytes -= before;
    return moved;
}

static char *parser_memory_strdup(const char *text)
{
    return parser_memory_added(plain_strdup(text));
}

static void parser_memory_set_up(void)
{
    xmlInitParser();
    xmlMemGet(&plain_free, &plain_malloc, &plain_realloc, &plain_strdup);
    xmlMemSetup(parser_memory_free, parser_memory_malloc, parser_memory_realloc, parser_memory_strdup);
}

void gbxi_parser_memory_init(void)
{
    pthread_once(&parser_once, parser_memory_set_up);
}

void gbxi_parser_memory_begin(gbxi_parser_memory *memory)
{
    *memory = (gbxi_parser_memory){.before = parser_bytes};
}

bool gbxi_parser_memory_reserve(gbxi_parser_memory *memory)
{
    size_t wanted = GROWTH * (parser_bytes - memory->before) + STEP_BYTES;

    if (wanted <= memory->reserved)
        return true;
    if (!gbxi_account_take(wanted - memory->reserved))
        return false;
    memory->reserved = wanted;
    return true;
}

void gbxi_parser_memory_end(gbxi_parser_memory *memory)
{
    gbxi_account_give(memory->reserved);
    memory->reserved = 0;
}
