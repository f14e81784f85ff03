/* SPDX-License-Identifier: MIT */
/* Owns the decision about a request, and the keys in use. */
#define _GNU_SOURCE
#include "permission/permission.h"
#include "permission/use_table.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

struct gbxi_permission {
    char *key_file;
    uint64_t (*now_s)(void);
    gbxi_use_table *uses;
    pthread_rwlock_t keys_lock; /* guards `keys`; writer: a reload */
    gbxi_keys keys;
};

uint64_t gbxi_permission_now_s(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec;
}

gbx_err gbxi_permission_new(const char *key_file, uint64_t (*now_s)(void), gbxi_permission **permission,
                            gbx_error *error)
{
    gbxi_permission *made = calloc(1, sizeof(*made));
    gbx_err err = GBX_ERR_OK;

    if (made == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    made->now_s = now_s;
    pthread_rwlock_init(&made->keys_lock, NULL);
    if ((made->key_file = strdup(key_file)) == NULL || (made->uses = gbxi_use_table_new()) == NULL) {
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
        goto Exit;
    }
    if ((err = gbxi_keys_load(key_file, &made->keys, error)) != GBX_ERR_OK)
        goto Exit;
    *permission = made;
    made = NULL;

Exit:
    gbxi_permission_free(made);
    return err;
}

gbx_err gbxi_permission_reload(gbxi_permission *permission, gbx_error *error)
{
    gbxi_keys keys;
    gbx_err err = gbxi_keys_load(permission->key_file, &keys, error);

    if (err == GBX_ERR_OK) {
        pthread_rwlock_wrlock(&permission->keys_lock);
        permission->keys = keys;
        pthread_rwlock_unlock(&permission->keys_lock);
    }
    gbxi_keys_fini(&keys);
    return err;
}

/* The token after "Bearer", which is compared without regard to case, without the blanks behind it; NULL if the scheme
 * is another one. */
static const char *permission_bearer_token(const char *authorization, size_t *length)
{
    static const char scheme[] = "bearer";
    const char *at = authorization, *end = authorization + *length;

    if (*length < sizeof(scheme) || strncasecmp(at, scheme, sizeof(scheme) - 1) != 0 || at[sizeof(scheme) - 1] != ' ')
        return NULL;
    for (at += sizeof(scheme); at != end && *at == ' '; at++)
        ;
    while (end != at && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *length = (size_t)(end - at);
    return at;
}

static gbx_err permission_open_token(gbxi_permission *permission, const char *text, size_t length, gbxi_token *token,
                                     gbx_error *error)
{
    gbx_err err;

    pthread_rwlock_rdlock(&permission->keys_lock);
    err = gbxi_token_open(text, length, &permission->keys, token, error);
    pthread_rwlock_unlock(&permission->keys_lock);
    return err;
}

/* Counts the use, unless the token has any number of them. */
static gbx_err permission_spend(gbxi_permission *permission, const gbxi_token *token, uint64_t now_s,
                                gbxi_permission_use *use, gbx_error *error)
{
    gbx_err err;

    *use = (gbxi_permission_use){0};
    if (token->uses == 0)
        return GBX_ERR_OK;
    if ((err = gbxi_use_table_take(permission->uses, token, now_s, error)) != GBX_ERR_OK)
        return err;
    use->is_counted = true;
    memcpy(use->token_id, token->id, sizeof(use->token_id));
    return GBX_ERR_OK;
}

static gbx_err permission_say_missing(gbxi_purpose purpose, gbx_error *error)
{
    char name[GBXI_PURPOSES_TEXT_SIZE];

    if (purpose == GBXI_PURPOSE_CAPTURE)
        return gbx_error_set(error, GBX_ERR_MISSING, NULL,
                             "capturing needs a token, sent as 'Authorization: Bearer TOKEN'; the operator creates one "
                             "with 'glassbox token'");
    return gbx_error_set(error, GBX_ERR_MISSING, NULL,
                         "this needs a token for the purpose '%s', sent as 'Authorization: Bearer TOKEN'; the operator "
                         "creates one with 'glassbox token --allow %s'",
                         gbxi_purposes_write((uint8_t)purpose, name), name);
}

static gbx_err permission_check_purpose(const gbxi_token *token, gbxi_purpose purpose, gbx_error *error)
{
    char allowed[GBXI_PURPOSES_TEXT_SIZE], wanted[GBXI_PURPOSES_TEXT_SIZE];

    if ((token->purposes & purpose) != 0)
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_STATE, NULL, "the token is for the purpose '%s', and this needs '%s'",
                         gbxi_purposes_write(token->purposes, allowed), gbxi_purposes_write((uint8_t)purpose, wanted));
}

/* Checks time and path, which need no counting. */
static gbx_err permission_check_token(const gbxi_token *token, uint64_t now_s, const char *path, size_t path_length,
                                      gbx_error *error)
{
    if (now_s >= token->expires_s)
        return gbx_error_set(error, GBX_ERR_STATE, NULL, "the token expired %llu seconds ago",
                             (unsigned long long)(now_s - token->expires_s));
    if (!gbxi_token_covers(token, path, path_length))
        return gbx_error_set(error, GBX_ERR_STATE, NULL, "the token is valid for %.200s, not for this path",
                             token->path);
    return GBX_ERR_OK;
}

void gbxi_permission_give_back(gbxi_permission *permission, gbxi_permission_use *use)
{
    if (use->is_counted)
        gbxi_use_table_give_back(permission->uses, use->token_id);
    *use = (gbxi_permission_use){0};
}

gbxi_verdict gbxi_permission_judge(gbxi_permission *permission, gbxi_purpose purpose, const char *authorization,
                                   size_t authorization_length, const char *path, size_t path_length,
                                   gbxi_permission_grant *grant, gbx_error *error)
{
    size_t length = authorization_length;
    const char *text = authorization != NULL ? permission_bearer_token(authorization, &length) : NULL;
    gbxi_permission_use use;
    gbxi_token token;
    uint64_t now_s;

    if (text == NULL || length == 0) {
        (void)permission_say_missing(purpose, error);
        return GBXI_PERMISSION_MISSING;
    }
    if (permission_open_token(permission, text, length, &token, error) != GBX_ERR_OK)
        return GBXI_PERMISSION_REFUSED;
    now_s = permission->now_s();
    if (permission_check_purpose(&token, purpose, error) != GBX_ERR_OK ||
        permission_check_token(&token, now_s, path, path_length, error) != GBX_ERR_OK ||
        permission_spend(permission, &token, now_s, &use, error) != GBX_ERR_OK)
        return GBXI_PERMISSION_REFUSED;
    *grant = (gbxi_permission_grant){.max_spans = token.max_spans, .use = use};
    memcpy(grant->key_id, token.key_id, sizeof(grant->key_id));
    return GBXI_PERMISSION_GRANTED;
}

void gbxi_permission_free(gbxi_permission *permission)
{
    if (permission == NULL)
        return;
    gbxi_keys_fini(&permission->keys);
    pthread_rwlock_destroy(&permission->keys_lock);
    gbxi_use_table_free(permission->uses);
    free(permission->key_file);
    free(permission);
}
