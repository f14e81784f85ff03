/* SPDX-License-Identifier: MIT */
/* Takes URLs apart and puts them together again, with libcurl's parser. */
#define _GNU_SOURCE
#include "cli/trace/url.h"
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TARGET_SHOWN_MAX = 200 };

static bool is_http(CURLU *parts)
{
    char *scheme = NULL;
    bool is = curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
              (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);

    curl_free(scheme);
    return is;
}

/* A copy of a part that belongs to the caller as any other text does; NULL if memory is short. */
static char *part_of(CURLU *parts, CURLUPart part, unsigned flags)
{
    char *text = NULL, *copy = NULL;

    if (curl_url_get(parts, part, &text, flags) == CURLUE_OK)
        copy = strdup(text);
    curl_free(text);
    return copy;
}

static char *host_of(CURLU *parts)
{
    char *host = part_of(parts, CURLUPART_HOST, 0);
    size_t length = host != NULL ? strlen(host) : 0;

    if (length > 2 && host[0] == '[') {
        memmove(host, host + 1, length - 2);
        host[length - 2] = '\0';
    }
    return host;
}

/* The path "/" is the suffix alone. */
static bool add_suffix(CURLU *parts, const char *path, const char *suffix)
{
    char *whole = NULL;
    bool good = asprintf(&whole, "%s%s", strcmp(path, "/") == 0 ? "" : path, suffix) > 0 &&
                curl_url_set(parts, CURLUPART_PATH, whole, 0) == CURLUE_OK;

    free(whole);
    return good;
}

/* What may be secret is no part of what is shown. */
static char *shown_url(CURLU *parts)
{
    static const CURLUPart secret[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT};
    CURLU *copy = curl_url_dup(parts);
    char *shown = NULL;

    for (size_t i = 0; copy != NULL && i < sizeof(secret) / sizeof(secret[0]); i++)
        curl_url_set(copy, secret[i], NULL, 0);
    if (copy != NULL)
        shown = part_of(copy, CURLUPART_URL, 0);
    curl_url_cleanup(copy);
    return shown;
}

static char *origin_of(const char *shown)
{
    const char *host = strstr(shown, "://") + 3;

    return strndup(shown, (size_t)(host - shown) + strcspn(host, "/"));
}

static bool fill_target(gbxi_trace_url *target, CURLU *parts, const char *suffix)
{
    target->host = host_of(parts);
    target->port = part_of(parts, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    target->path = part_of(parts, CURLUPART_PATH, 0);
    target->shown = shown_url(parts);
    if (target->host == NULL || target->port == NULL || target->path == NULL || target->shown == NULL)
        return false;
    target->origin = origin_of(target->shown);
    if (suffix != NULL && !add_suffix(parts, target->path, suffix))
        return false;
    target->url = part_of(parts, CURLUPART_URL, 0);
    return target->origin != NULL && target->url != NULL;
}

/* What is no URL may have a password nevertheless: all before the last @ stays hidden. */
static const char *without_user(const char *text)
{
    const char *at = strrchr(text, '@');

    return at != NULL ? at + 1 : text;
}

gbx_err gbxi_trace_url_init(gbxi_trace_url *target, const char *text, const char *suffix, gbx_error *error)
{
    CURLU *parts = curl_url();
    gbx_err err = GBX_ERR_OK;

    *target = (gbxi_trace_url){0};
    if (parts == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    if (curl_url_set(parts, CURLUPART_URL, text, CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
        !is_http(parts))
        err = gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "'%.*s' is no URL of http or https", TARGET_SHOWN_MAX,
                            without_user(text));
    else if (!fill_target(target, parts, suffix))
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    curl_url_cleanup(parts);
    return err;
}

void gbxi_trace_url_fini(gbxi_trace_url *target)
{
    free(target->url);
    free(target->shown);
    free(target->origin);
    free(target->host);
    free(target->port);
    free(target->path);
    *target = (gbxi_trace_url){0};
}
