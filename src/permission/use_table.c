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

/* The entry with that id; NULL if there is none. */
static struct entry *use_table_known(struct bucket *bucket, const uint8_t *id)
{
    for (size_t i = 0; i < GBXI_USE_BUCKET_ENTRIES; i++) {
        struct entry *each = &bucket->entries[i];

        if (each->expires_s != 0 && memcmp(each->id, id, sizeof(each->id)) == 0)
            return each;
    }
    return NULL;
}

/* An entry that no valid token needs; NULL if there is none. */
static struct entry *use_table_vacant(struct bucket *bucket, uint64_t now_s)
{
    for (size_t i = 0; i < GBXI_USE_BUCKET_ENTRIES; i++)
        if (bucket->entries[i].expires_s <= now_s)
            return &bucket->entries[i];
    return NULL;
}

/* Finds or creates the token's entry. Returns NULL if there is no room, or if the token may have been forgotten: it had
 * expired before the clock was set back. */
static struct entry *use_table_find(struct bucket *bucket, const gbxi_token *token, uint64_t now_s)
{
    struct entry *known = use_table_known(bucket, token->id), *vacant;

    if (known != NULL)
        return known;
    vacant = use_table_vacant(bucket, now_s);
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

/* Ids are random, so their first byte spreads them evenly. */
static struct bucket *use_table_bucket(gbxi_use_table *table, const uint8_t *id)
{
    return &table->buckets[id[0] % GBXI_USE_BUCKETS];
}

gbx_err gbxi_use_table_take(gbxi_use_table *table, const gbxi_token *token, uint64_t now_s, gbx_error *error)
{
    struct bucket *bucket = use_table_bucket(table, token->id);
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
        return gbx_error_set(
            error, err, NULL,
            "the token has no use left now: it is valid for %u use%s, and one comes back only if its request "
            "is not captured after all",
            token->uses, token->uses == 1 ? "" : "s");
    return GBX_ERR_OK;
}

void gbxi_use_table_give_back(gbxi_use_table *table, const uint8_t id[GBXI_TOKEN_ID_BYTES])
{
    struct bucket *bucket = use_table_bucket(table, id);
    struct entry *entry;

    pthread_mutex_lock(&bucket->lock);
    if ((entry = use_table_known(bucket, id)) != NULL && entry->used > 0)
        entry->used--;
    pthread_mutex_unlock(&bucket->lock);
}

void gbxi_use_table_free(gbxi_use_table *table)
{
    for (int i = 0; table != NULL && i < GBXI_USE_BUCKETS; i++)
        pthread_mutex_destroy(&table->buckets[i].lock);
    free(table);
}
