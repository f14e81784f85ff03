/* SPDX-License-Identifier: MIT */
/* Owns the account of the calling thread and the allocation functions that count. */
#include "base/account.h"
#include "base/atomic.h"
#include <malloc.h>
#include <stdlib.h>

/* An account takes memory in steps, because the counters of the process are shared by all threads. */
static const size_t STEP_BYTES = (size_t)64 << 10;
static const size_t BLOCK_EXTRA_BYTES = 4096 + 64;

static _Thread_local gbxi_account *current_account;

void gbxi_account_enter(gbxi_account *account)
{
    account->outer = current_account;
    current_account = account;
}

void gbxi_account_leave(gbxi_account *account)
{
    current_account = account->outer;
    gbxi_work_memory_give(account->taken);
    account->held = 0;
    account->taken = 0;
}

/* Takes what is missing: a whole step, or, near the limit, no more than needed. */
static bool account_take_from_process(gbxi_account *account, size_t missing)
{
    size_t step = missing < STEP_BYTES ? STEP_BYTES : missing;

    if (gbxi_work_memory_take(step, account->size)) {
        account->taken += step;
        return true;
    }
    if (step == missing || !gbxi_work_memory_take(missing, account->size))
        return false;
    account->taken += missing;
    return true;
}

bool gbxi_account_take(size_t bytes)
{
    gbxi_account *account = current_account;

    if (account == NULL)
        return true;
    if (bytes > account->taken - account->held &&
        !account_take_from_process(account, bytes - (account->taken - account->held))) {
        account->refused = true;
        account->never = bytes > gbxi_work_memory_limit_for(account->size) - account->held;
        return false;
    }
    account->held += bytes;
    return true;
}

/* Memory that was not counted, such as that from before the account, may be freed in it. */
void gbxi_account_give(size_t bytes)
{
    gbxi_account *account = current_account;
    size_t spare;

    if (account == NULL || bytes == 0)
        return;
    account->held -= bytes < account->held ? bytes : account->held;
    spare = account->taken - account->held;
    if (spare < 2 * STEP_BYTES)
        return;
    gbxi_work_memory_give(spare - STEP_BYTES);
    account->taken -= spare - STEP_BYTES;
}

/* The most memory that a block of `bytes` takes: allocators round up, by up to a quarter or to whole pages. */
static bool account_take_block(size_t bytes, size_t *bound)
{
    return !__builtin_add_overflow(bytes, bytes / 4 + BLOCK_EXTRA_BYTES, bound) && gbxi_account_take(*bound);
}

/* Counts a new block as what it really takes, which is known only now, instead of as its bound. */
static void *account_settle(void *memory, size_t bound)
{
    size_t real = malloc_usable_size(memory);

    gbxi_account_give(real < bound ? bound - real : 0);
    return memory;
}

void *gbxi_account_malloc(size_t bytes)
{
    size_t bound;

    if (current_account == NULL)
        return malloc(bytes);
    return account_take_block(bytes, &bound) ? account_settle(malloc(bytes), bound) : NULL;
}

void *gbxi_account_calloc(size_t count, size_t bytes)
{
    size_t all, bound;

    if (current_account == NULL)
        return calloc(count, bytes);
    if (__builtin_mul_overflow(count, bytes, &all) || !account_take_block(all, &bound))
        return NULL;
    return account_settle(calloc(count, bytes), bound);
}

/* While the contents move, both blocks are in use, so both are counted. */
void *gbxi_account_realloc(void *memory, size_t bytes)
{
    size_t before, bound;
    void *moved;

    if (current_account == NULL)
        return realloc(memory, bytes);
    before = malloc_usable_size(memory);
    if (!account_take_block(bytes, &bound))
        return NULL;
    moved = account_settle(realloc(memory, bytes), bound);
    if (moved != NULL)
        gbxi_account_give(before);
    return moved;
}

void gbxi_account_free(void *memory)
{
    if (current_account != NULL)
        gbxi_account_give(malloc_usable_size(memory));
    free(memory);
}

bool gbxi_account_is_stopped(void)
{
    const gbxi_account *account = current_account;

    return account != NULL && account->stopped != NULL && gbxi_load_relaxed(account->stopped);
}
