/* SPDX-License-Identifier: MIT */
/* Owns the idle blocks and the number of blocks in use. */
#define _GNU_SOURCE
#include "capture/pool.h"
#include <assert.h>
#include <glassbox/capture.h>
#include <pthread.h>
#include <sys/mman.h>

enum { IDLE_MAX = 256 };
#define LIMIT_DEFAULT (GBX_CAPTURE_MEMORY_BYTES_DEFAULT / GBXI_BLOCK_BYTES)

typedef struct idle_block {
    struct idle_block *next;
} idle_block;

/* The lock guards all members. */
static struct {
    pthread_mutex_t lock;
    idle_block *idle;
    size_t idle_count;
    size_t used_count;
    size_t limit;
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .limit = LIMIT_DEFAULT};

static void lock_pool(void)
{
    pthread_mutex_lock(&pool.lock);
}

static void unlock_pool(void)
{
    pthread_mutex_unlock(&pool.lock);
}

/* Ensures that the child of a fork does not inherit a lock that another thread of its parent holds. */
__attribute__((constructor)) static void survive_fork(void)
{
    pthread_atfork(lock_pool, unlock_pool, unlock_pool);
}

/* Gets a block from the system. The caller has increased used_count for it; on failure it is decreased again. */
static void *map_block(void)
{
    void *block =
        mmap(NULL, GBXI_BLOCK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

    if (block != MAP_FAILED)
        return block;
    lock_pool();
    --pool.used_count;
    unlock_pool();
    return NULL;
}

void *gbxi_pool_take(void)
{
    idle_block *block = NULL;
    int allowed;

    lock_pool();
    if ((allowed = pool.used_count < pool.limit)) {
        ++pool.used_count;
        if ((block = pool.idle) != NULL) {
            pool.idle = block->next;
            --pool.idle_count;
        }
    }
    unlock_pool();
    return block != NULL || !allowed ? (void *)block : map_block();
}

void gbxi_pool_give(void *memory)
{
    idle_block *block = memory;
    int keep;

    lock_pool();
    assert(pool.used_count != 0);
    --pool.used_count;
    if ((keep = pool.idle_count < IDLE_MAX && pool.used_count + pool.idle_count < pool.limit)) {
        block->next = pool.idle;
        pool.idle = block;
        ++pool.idle_count;
    }
    unlock_pool();
    if (!keep)
        munmap(memory, GBXI_BLOCK_BYTES);
}

static size_t read_locked(const size_t *count)
{
    size_t value;

    lock_pool();
    value = *count;
    unlock_pool();
    return value;
}

size_t gbxi_pool_used_count(void)
{
    return read_locked(&pool.used_count);
}

size_t gbxi_pool_idle_count(void)
{
    return read_locked(&pool.idle_count);
}

/* Removes the idle blocks that exceed the limit. The lock is held. */
static idle_block *take_surplus(void)
{
    idle_block *surplus = NULL, *block;

    while ((block = pool.idle) != NULL && pool.used_count + pool.idle_count > pool.limit) {
        pool.idle = block->next;
        --pool.idle_count;
        block->next = surplus;
        surplus = block;
    }
    return surplus;
}

size_t gbxi_pool_limit_set(size_t block_count)
{
    idle_block *surplus, *block;
    size_t before;

    lock_pool();
    before = pool.limit;
    pool.limit = block_count;
    surplus = take_surplus();
    unlock_pool();
    while ((block = surplus) != NULL) {
        surplus = block->next;
        munmap(block, GBXI_BLOCK_BYTES);
    }
    return before;
}

void gbx_capture_memory_limit_set(size_t bytes)
{
    size_t blocks = bytes != 0 ? bytes / GBXI_BLOCK_BYTES : LIMIT_DEFAULT;

    gbxi_pool_limit_set(blocks != 0 ? blocks : 1);
}

size_t gbx_capture_memory_limit(void)
{
    return read_locked(&pool.limit) * GBXI_BLOCK_BYTES;
}

size_t gbx_capture_memory_used(void)
{
    return gbxi_pool_used_count() * GBXI_BLOCK_BYTES;
}
