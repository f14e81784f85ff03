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

static bool target_has_scheme(const char *url, size_t length, const char *scheme)
{
    return length == strlen(scheme) && strncasecmp(url, scheme, length) == 0;
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
static void target_give_path(gbxi_target *parts)
{
    char *moved = (char *)parts->authority - 1;

    memmove(moved, parts->authority, parts->authority_length);
    moved[parts->authority_length] = '/';
    parts->authority = moved;
    parts->path--;
    parts->path_length++;
}

static int target_check(const gbxi_target *parts, bool http, bool https, bool tls, const char **text)
{
    if (!http && !https) {
        *text = "the scheme of the target is neither http nor https";
        return 400;
    }
    if (parts->authority_length == 0 || !gbxi_target_is_authority(parts->authority, parts->authority_length)) {
        *text = "the target is a URL without a valid host";
        return 400;
    }
    if (https && !tls) {
        *text = "the target is an https URL, but the connection is not encrypted";
        return 421;
    }
    return 0;
}

int gbxi_target_take_apart(const char *url, size_t length, bool tls, gbxi_target *parts, const char **text)
{
    const size_t scheme = target_scheme_length(url, length), before = scheme + strlen("://");
    int status;

    parts->authority = url + before;
    parts->authority_length = target_authority_length(parts->authority, length - before);
    parts->path = parts->authority + parts->authority_length;
    parts->path_length = length - before - parts->authority_length;
    status =
        target_check(parts, target_has_scheme(url, scheme, "http"), target_has_scheme(url, scheme, "https"), tls, text);
    if (status == 0 && parts->path_length != 0 && parts->path[0] != '/')
        target_give_path(parts);
    return status;
}
