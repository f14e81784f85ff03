/* SPDX-License-Identifier: MIT */
/* Owns the counters of the memory for work. */
#include "base/work_memory.h"
#include "base/atomic.h"

enum { RESERVE_DIVISOR = 16 };

/* Writer: any thread. They are counters, and no other memory depends on their order. */
static _Atomic(size_t) work_limit = GBXI_WORK_MEMORY_UNLIMITED;
static _Atomic(size_t) work_used;
static _Atomic(size_t) work_used_max;
static _Atomic(uint64_t) work_refused;

void gbxi_work_memory_limit_set(size_t bytes)
{
    gbxi_store_relaxed(&work_limit, bytes);
}

size_t gbxi_work_memory_limit_for(gbxi_work_size size)
{
    size_t limit = gbxi_load_relaxed(&work_limit);

    if (limit == GBXI_WORK_MEMORY_UNLIMITED || size == GBXI_WORK_SMALL)
        return limit;
    return limit - limit / RESERVE_DIVISOR;
}

static void work_note_used(size_t used)
{
    size_t max = gbxi_load_relaxed(&work_used_max);

    while (used > max && !gbxi_swap_relaxed(&work_used_max, &max, used))
        ;
}

bool gbxi_work_memory_take(size_t bytes, gbxi_work_size size)
{
    size_t used = gbxi_load_relaxed(&work_used), limit = gbxi_work_memory_limit_for(size);

    do {
        if (used > limit || bytes > limit - used) {
            gbxi_add_relaxed(&work_refused, 1);
            return false;
        }
    } while (!gbxi_swap_relaxed(&work_used, &used, used + bytes));
    work_note_used(used + bytes);
    return true;
}

void gbxi_work_memory_give(size_t bytes)
{
    gbxi_sub_relaxed(&work_used, bytes);
}

gbxi_work_memory_state gbxi_work_memory_look(void)
{
    return (gbxi_work_memory_state){.used = gbxi_load_relaxed(&work_used),
                                    .used_max = gbxi_load_relaxed(&work_used_max),
                                    .limit = gbxi_load_relaxed(&work_limit),
                                    .refused = gbxi_load_relaxed(&work_refused)};
}

void gbxi_work_memory_explain(bool never, gbx_error *error)
{
    size_t limit = gbxi_work_memory_look().limit;

    if (never)
        gbx_error_set(error, GBX_ERR_LIMIT, NULL,
                      "this request needs more memory than all of --work-memory, which is %zu bytes; send a smaller "
                      "body, or raise --work-memory",
                      limit);
    else
        gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL,
                      "other requests use too much of the memory for work (--work-memory), which is %zu bytes; try "
                      "again",
                      limit);
}
