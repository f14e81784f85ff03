/* SPDX-License-Identifier: MIT */
/* Owns the counts of uses and their locks. */
#define _GNU_SOURCE
#include "permission/use_table.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Free once expires_s is reached. A zeroed entry is free. */
struct entry {
    uint8_t id[GBXI_TOKEN_ID_BYTES];
    uint64_t expires_s;
    uint32_t used;
};

/* Writer: whoever holds `lock`. */
struct bucket {
    pthread_mutex_t lock;
    uint64_t forgotten_s; /* the latest expiry time of all entries that were replaced */
    struct entry entries[GBXI_USE_BUCKET_ENTRIES];
};

struct gbxi_use_table {
    struct bucket buckets[GBXI_USE_BUCKETS];
};

/* Replaces the entry of an expired token. */
static void use_table_occupy(struct bucket *bucket, struct entry *vacant, const gbxi_token *token)
{
    if (bucket->forgotten_s < vacant->expires_s)
        bucket->forgotten_s = vacant->expires_s;
    *vacant = (struct entry){.expires_s = token->expires_s};
    memcpy(vacant->id, token->id, sizeof(vacant->id));
}

/* Finds or creates the token's entry. Returns NULL if there is no room, or if the token may have been forgotten: it had
 * expired before the clock was set back. */
static struct entry *use_table_find(struct bucket *bucket, const gbxi_token *token, uint64_t now_s)
{
    struct entry *vacant = NULL;

    for (int i = 0; i < GBXI_USE_BUCKET_ENTRIES; i++) {
        struct entry *each = &bucket->entries[i];

        if (each->expires_s != 0 && memcmp(each->id, token->id, sizeof(each->id)) == 0)
            return each;
        if (each->expires_s <= now_s)
            vacant = each;
    }
    if (vacant == NULL || token->expires_s <= bucket->forgotten_s)
        return NULL;
    use_table_occupy(bucket, vacant, token);
    return vacant;
}

gbxi_use_table *gbxi_use_table_new(void)
{
    gbxi_use_table *table = calloc(1, sizeof(*table));

    for (int i = 0; table != NULL && i < GBXI_USE_BUCKETS; i++)
        pthread_mutex_init(&table->buckets[i].lock, NULL);
    return table;
}

gbx_err gbxi_use_table_take(gbxi_use_table *table, const gbxi_token *token, uint64_t now_s, gbx_error *error)
{
    struct bucket *bucket = &table->buckets[token->id[0] % GBXI_USE_BUCKETS]; /* ids are random */
    gbx_err err = GBX_ERR_OK;
    struct entry *entry;

    pthread_mutex_lock(&bucket->lock);
    if ((entry = use_table_find(bucket, token, now_s)) == NULL)
        err = GBX_ERR_NO_MEMORY;
    else if (entry->used >= token->uses)
        err = GBX_ERR_LIMIT;
    else
        entry->used++;
    pthread_mutex_unlock(&bucket->lock);
    if (err == GBX_ERR_NO_MEMORY)
        return gbx_error_set(
            error, err, NULL,
            "the token's uses cannot be counted: too many such tokens are in use, or the clock was set back");
    if (err == GBX_ERR_LIMIT)
        return gbx_error_set(error, err, NULL, "the token is used up: it was valid for %u use%s", token->uses,
                             token->uses == 1 ? "" : "s");
    return GBX_ERR_OK;
}

void gbxi_use_table_free(gbxi_use_table *table)
{
    for (int i = 0; table != NULL && i < GBXI_USE_BUCKETS; i++)
        pthread_mutex_destroy(&table->buckets[i].lock);
    free(table);
}
