/* SPDX-License-Identifier: MIT */
/* How often each token that may be used a limited number of times has been used: the one thing about tokens that the
 * server remembers.
 *
 * The table has room for a fixed number of tokens and never forgets one that is still valid: when there is no room for
 * another it says so, and nothing is used more often than it may be. A restart forgets all counts. */
#ifndef GBX_PERMISSION_USE_TABLE_H
#define GBX_PERMISSION_USE_TABLE_H

#include "permission/token.h"

enum { GBXI_USE_BUCKETS = 256, GBXI_USE_BUCKET_ENTRIES = 32 };

/* Shared by all loops; each bucket has a lock of its own. */
typedef struct gbxi_use_table gbxi_use_table;

/* NULL when memory is short. Owns: the caller, until gbxi_use_table_free. */
gbxi_use_table *gbxi_use_table_new(void);

/* Uses `token`, whose `uses` is not 0 and which is not expired, once more. `now_s` is what decides whose place is free
 * again. Errors: LIMIT when it is used up, NO_MEMORY when its place in the table (the bucket of its id's first byte) is
 * taken by tokens that are valid still. Thread: any. */
GBX_MUST_USE gbx_err gbxi_use_table_take(gbxi_use_table *table, const gbxi_token *token, uint64_t now_s,
                                         gbx_error *error);

/* NULL is allowed. */
void gbxi_use_table_free(gbxi_use_table *table);

#endif
