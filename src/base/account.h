/* SPDX-License-Identifier: MIT */
/* What one piece of work may use: its memory is counted against the memory for work (base/work_memory.h), and it can be
 * told to stop.
 *
 *     gbxi_account account = {.size = gbxi_work_size_of(body_length), .stopped = &stopped};
 *
 *     gbxi_account_enter(&account);
 *     ... the work, on this thread: gbxi_account_malloc and the others, gbxi_account_is_stopped ...
 *     gbxi_account_leave(&account);          // what is still counted is given back
 *
 * The functions below act on the account that the calling thread is in. On a thread without an account they allocate
 * without counting and never stop, so that the code in between works everywhere. Pointers are malloc's: free() may free
 * what is counted, which then stays counted until the account is left, and the functions below take pointers of any
 * origin. Thread: an account belongs to the thread that has entered it; `stopped` may be set by any. */
#ifndef GBX_BASE_ACCOUNT_H
#define GBX_BASE_ACCOUNT_H

#include "base/work_memory.h"

#ifdef __cplusplus
extern "C" {
struct gbxi_account;
#else
/* Caller's memory. Set the first two members; the others are zero at first. */
typedef struct gbxi_account {
    gbxi_work_size size;
    const _Atomic(bool) *stopped; /* the work is no longer wanted; NULL: it always is */
    size_t held;                  /* bytes counted now */
    size_t taken;                 /* bytes taken from the memory for work: at least `held` */
    bool refused;                 /* the memory for work has refused some */
    bool never;                   /* it would refuse that much even if nobody else used any */
    struct gbxi_account *outer;   /* the thread's account before this one */
} gbxi_account;
#endif

/* Makes `account` the calling thread's. Accounts nest: leave the last one first. */
void gbxi_account_enter(struct gbxi_account *account);
/* Gives back all that the account still holds, and makes the previous account the thread's again. Counted memory that
 * is still in use stays valid. */
void gbxi_account_leave(struct gbxi_account *account);

/* Counts memory that is allocated by somebody else. False, and nothing is counted, if there is too little. */
__attribute__((warn_unused_result)) bool gbxi_account_take(size_t bytes);
void gbxi_account_give(size_t bytes);

/* Like the functions of malloc(3). NULL also if there is too little memory for work. */
__attribute__((warn_unused_result)) void *gbxi_account_malloc(size_t bytes);
__attribute__((warn_unused_result)) void *gbxi_account_calloc(size_t count, size_t bytes);
__attribute__((warn_unused_result)) void *gbxi_account_realloc(void *memory, size_t bytes);
void gbxi_account_free(void *memory);

/* Whether the work is no longer wanted. It then ends soon, with any result. Cost: a function call. */
bool gbxi_account_is_stopped(void);

/* The condition of loops that take long: looks every 1,024 turns whether to stop.
 *
 *     for (size_t i = 0; i < count && gbxi_account_goes_on(i); i++)
 */
static inline bool gbxi_account_goes_on(size_t turn)
{
    return (turn & 1023) != 0 || !gbxi_account_is_stopped();
}

#ifdef __cplusplus
}
#endif

#endif
