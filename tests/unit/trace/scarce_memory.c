/* SPDX-License-Identifier: MIT */
/* Wrappers around the allocator: single-threaded, for tests. */
#include "scarce_memory.h"

#include <malloc.h>
#include <stdlib.h>

static struct {
    bool scarce;
    bool refused;
    size_t grants;
    long blocks;
    size_t bytes;
    size_t peak_bytes;
} memory;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *block);

static bool grant(void)
{
    if (!memory.scarce)
        return true;
    if (memory.grants == 0) {
        memory.refused = true;
        return false;
    }
    --memory.grants;
    return true;
}

static void *count_in(void *block)
{
    if (block == NULL)
        return NULL;
    ++memory.blocks;
    memory.bytes += malloc_usable_size(block);
    if (memory.bytes > memory.peak_bytes)
        memory.peak_bytes = memory.bytes;
    return block;
}

static void count_out(size_t bytes)
{
    --memory.blocks;
    memory.bytes -= bytes;
}

void *__wrap_malloc(size_t size)
{
    return grant() ? count_in(__real_malloc(size)) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return grant() ? count_in(__real_calloc(count, size)) : NULL;
}

void *__wrap_realloc(void *old, size_t size)
{
    size_t old_bytes = old != NULL ? malloc_usable_size(old) : 0;
    void *block;

    if (!grant())
        return NULL;
    block = __real_realloc(old, size);
    if (block != NULL && old != NULL)
        count_out(old_bytes);
    return count_in(block);
}

void __wrap_free(void *block)
{
    if (block != NULL)
        count_out(malloc_usable_size(block));
    __real_free(block);
}

void scarce_memory_begin(size_t grants)
{
    memory.scarce = true;
    memory.refused = false;
    memory.grants = grants;
}

bool scarce_memory_end(void)
{
    memory.scarce = false;
    return memory.refused;
}

long scarce_memory_blocks(void)
{
    return memory.blocks;
}

size_t scarce_memory_bytes(void)
{
    return memory.bytes;
}

size_t scarce_memory_peak_bytes(void)
{
    return memory.peak_bytes;
}

void scarce_memory_reset_peak(void)
{
    memory.peak_bytes = memory.bytes;
}
