/* SPDX-License-Identifier: MIT */
/* Counts the uses of tokens that may be used a limited number of times. This is the only state about tokens that the
 * server keeps.
 *
 * The table has room for a fixed number of tokens and never forgets a token that is still valid. When there is no room
 * for another token, its use is refused, so no token can be used too often. A restart forgets all counts. */
#ifndef GBX_PERMISSION_USE_TABLE_H
#define GBX_PERMISSION_USE_TABLE_H

#include "permission/token.h"

enum { GBXI_USE_BUCKETS = 256, GBXI_USE_BUCKET_ENTRIES = 32 };

/* Shared by all loops; each bucket has a lock of its own. */
typedef struct gbxi_use_table gbxi_use_table;

/* Creates an empty table; NULL if memory is short. Owns: the caller, until gbxi_use_table_free. */
gbxi_use_table *gbxi_use_table_new(void);

/* Counts one use of `token`, which must not be expired and whose `uses` must not be 0. Entries that expired before
 * `now_s` are reused. Errors: LIMIT if the token has no use left now, NO_MEMORY if the token's bucket (selected by the
 * first byte of its id) is full of valid tokens or the clock was set back. Thread: any. */
GBX_MUST_USE gbx_err gbxi_use_table_take(gbxi_use_table *table, const gbxi_token *token, uint64_t now_s,
                                         gbx_error *error);

/* Takes back one use that gbxi_use_table_take counted for the token with that id. A token that expired meanwhile may
 * have been forgotten; then nothing changes. Call it once for each use at most. Thread: any. */
void gbxi_use_table_give_back(gbxi_use_table *table, const uint8_t id[GBXI_TOKEN_ID_BYTES]);

/* Frees the table. NULL is allowed. */
void gbxi_use_table_free(gbxi_use_table *table);

#endif
