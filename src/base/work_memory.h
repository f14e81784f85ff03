/* SPDX-License-Identifier: MIT */
/* The memory that all requests of the process may use together for their work: parsed bodies, graphs, answers that wait
 * for their clients. Who allocates for a request takes the bytes first and gives them back afterwards.
 *
 *     if (!gbxi_work_memory_take(bytes, GBXI_WORK_LARGE)) ...   // refuse the request with 503
 *     ... allocate, use, free ...
 *     gbxi_work_memory_give(bytes);
 *
 * One sixteenth of the memory is a reserve for small work, so that large requests never keep small ones out. There is
 * no limit until one is set. For work that allocates in many places there are accounts (base/account.h). Thread: any.
 */
#ifndef GBX_BASE_WORK_MEMORY_H
#define GBX_BASE_WORK_MEMORY_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GBXI_WORK_MEMORY_UNLIMITED SIZE_MAX
/* A request with a body of at most this size is small work. */
#define GBXI_WORK_SMALL_BODY_BYTES ((size_t)64 << 10)

typedef enum gbxi_work_size {
    GBXI_WORK_LARGE, /* leaves the reserve alone */
    GBXI_WORK_SMALL  /* may use it */
} gbxi_work_size;

typedef struct gbxi_work_memory_state {
    size_t used;      /* bytes taken and not given back yet */
    size_t used_max;  /* the most so far */
    size_t limit;     /* GBXI_WORK_MEMORY_UNLIMITED: none */
    uint64_t refused; /* how often gbxi_work_memory_take returned false */
} gbxi_work_memory_state;

/* The size of the work for a body. */
static inline gbxi_work_size gbxi_work_size_of(size_t body_bytes)
{
    return body_bytes <= GBXI_WORK_SMALL_BODY_BYTES ? GBXI_WORK_SMALL : GBXI_WORK_LARGE;
}

/* Sets the limit. What is in use stays in use, even if it is more. */
void gbxi_work_memory_limit_set(size_t bytes);

/* The most that work of a size can ever use. */
size_t gbxi_work_memory_limit_for(gbxi_work_size size);

/* Takes `bytes`; false, and nothing is taken, if the limit would be exceeded. Cost: an atomic exchange. */
__attribute__((warn_unused_result)) bool gbxi_work_memory_take(size_t bytes, gbxi_work_size size);
void gbxi_work_memory_give(size_t bytes);

gbxi_work_memory_state gbxi_work_memory_look(void);

/* Fills `error` for work that was refused memory: LIMIT if it could never have it, otherwise NO_MEMORY. Thread: any. */
void gbxi_work_memory_explain(bool never, gbx_error *error);

#ifdef __cplusplus
}
#endif

#endif
