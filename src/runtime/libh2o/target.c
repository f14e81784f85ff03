/* SPDX-License-Identifier: MIT */
/* Takes URLs in request lines apart. */
#include "runtime/libh2o/target.h"
#include <string.h>
#include <strings.h>

static bool target_is_alphanumeric(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

static size_t target_scheme_length(const char *target, size_t length)
{
    size_t scheme = 0;

    while (scheme < length && (target_is_alphanumeric(target[scheme]) || memchr("+-.", target[scheme], 3) != NULL))
        scheme++;
    return scheme;
}

bool gbxi_target_is_url(const char *target, size_t length)
{
    size_t scheme = target_scheme_length(target, length);

    return scheme > 0 && length - scheme >= 3 && memcmp(target + scheme, "://", 3) == 0;
}

bool gbxi_target_is_authority(const char *text, size_t length)
{
    static const char others[] = "-._~!$&'()*+,;=%:[]";

    for (size_t i = 0; i < length; i++)
        if (!target_is_alphanumeric(text[i]) && memchr(others, text[i], sizeof(others) - 1) == NULL)
            return false;
    return true;
}

static bool target_has_scheme(const gbxi_head *head, const char *scheme)
{
    return target_scheme_length(head->target, head->target_length) == strlen(scheme) &&
           strncasecmp(head->target, scheme, strlen(scheme)) == 0;
}

/* The bytes before the path, the query or a fragment, which no target may have but which ends the authority. */
static size_t target_authority_length(const char *rest, size_t length)
{
    size_t authority = 0;

    while (authority < length && memchr("/?#", rest[authority], 3) == NULL)
        authority++;
    return authority;
}

/* Puts a slash in front of the query. The authority moves to the place of the slash before it. */
static void target_give_path(const char **authority, size_t authority_length)
{
    char *moved = (char *)*authority - 1;

    memmove(moved, *authority, authority_length);
    moved[authority_length] = '/';
    *authority = moved;
}

static void target_set_path(gbxi_head *head, const char **authority, size_t authority_length)
{
    const char *path = *authority + authority_length, *end = head->target + head->target_length;

    if (path == end) {
        head->target = head->method_length == 7 && memcmp(head->method, "OPTIONS", 7) == 0 ? "*" : "/";
        head->target_length = 1;
        return;
    }
    if (*path != '/') {
        target_give_path(authority, authority_length);
        path--;
    }
    head->target = path;
    head->target_length = (size_t)(end - path);
}

int gbxi_target_take_apart(gbxi_head *head, bool tls, const char **authority, size_t *authority_length,
                           const char **text)
{
    const size_t before = target_scheme_length(head->target, head->target_length) + strlen("://");

    *authority = head->target + before;
    *authority_length = target_authority_length(*authority, head->target_length - before);
    if (!target_has_scheme(head, "http") && !target_has_scheme(head, "https")) {
        *text = "the scheme of the target is neither http nor https";
        return 400;
    }
    if (*authority_length == 0 || !gbxi_target_is_authority(*authority, *authority_length)) {
        *text = "the target is a URL without a valid host";
        return 400;
    }
    if (target_has_scheme(head, "https") && !tls) {
        *text = "the target is an https URL, but the connection is not encrypted";
        return 421;
    }
    target_set_path(head, authority, *authority_length);
    return 0;
}
