/* SPDX-License-Identifier: MIT */
/* Applies the rules for heads. */
#include "runtime/libh2o/head.h"
#include "runtime/libh2o/target.h"
#include <string.h>
#include <strings.h>

static bool head_is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static void head_trim(const gbxi_head *head)
{
    for (size_t i = 0; i < head->count; i++) {
        struct phr_header *header = &head->headers[i];

        while (header->value_len > 0 && head_is_blank(header->value[header->value_len - 1]))
            header->value_len--;
    }
}

/* The first header of that name from `at` on; NULL if there is none. */
static struct phr_header *head_find(const gbxi_head *head, size_t at, const char *name)
{
    const size_t length = strlen(name);

    for (; at < head->count; at++)
        if (head->headers[at].name_len == length && strncasecmp(head->headers[at].name, name, length) == 0)
            return &head->headers[at];
    return NULL;
}

static void head_remove(gbxi_head *head, const char *name)
{
    struct phr_header *found;

    while ((found = head_find(head, 0, name)) != NULL) {
        const size_t behind = head->count - (size_t)(found - head->headers) - 1;

        memmove(found, found + 1, behind * sizeof(*found));
        head->count--;
    }
}

static bool head_has_method(const gbxi_head *head, const char *method)
{
    return head->method_length == strlen(method) && memcmp(head->method, method, head->method_length) == 0;
}

static bool head_has_target(const gbxi_head *head)
{
    if (head->target_length > 0 && head->target[0] == '/')
        return true;
    if (head->target_length == 1 && head->target[0] == '*')
        return head_has_method(head, "OPTIONS");
    return gbxi_target_is_url(head->target, head->target_length) || head_has_method(head, "CONNECT");
}

static int head_refuse_host(const char **text, const char *reason)
{
    *text = reason;
    return 400;
}

/* The Host of a request with a URL must be valid too, although it is not used. */
static int head_check_host(const gbxi_head *head, const char **text)
{
    const struct phr_header *host = head_find(head, 0, "host");

    if (host == NULL)
        return head->minor_version == 0 ? 0 : head_refuse_host(text, "a request of HTTP/1.1 needs a Host header");
    if (head_find(head, (size_t)(host - head->headers) + 1, "host") != NULL)
        return head_refuse_host(text, "the Host header is given more than once");
    if (!gbxi_target_is_authority(host->value, host->value_len))
        return head_refuse_host(text, "the Host header is not a host");
    return 0;
}

/* Libh2o writes the names of headers again, so they cannot be constant. */
static int head_set_host(gbxi_head *head, const char *authority, size_t length, const char **text)
{
    static _Thread_local char name[] = "host";
    struct phr_header *host = head_find(head, 0, name);

    if (host == NULL) {
        if (head->count == head->max) {
            *text = "the request has no room for a Host header";
            return 431;
        }
        host = &head->headers[head->count++];
        *host = (struct phr_header){.name = name, .name_len = strlen(name)};
    }
    host->value = authority;
    host->value_len = length;
    return 0;
}

/* A URL without a path is about the server with OPTIONS (RFC 9112, section 3.2.4), and else has the path /. */
static int head_settle_url(gbxi_head *head, bool tls, const char **text)
{
    gbxi_target parts;
    int status = gbxi_target_take_apart(head->target, head->target_length, tls, &parts, text);

    if (status != 0)
        return status;
    head->target = parts.path_length != 0 ? parts.path : head_has_method(head, "OPTIONS") ? "*" : "/";
    head->target_length = parts.path_length != 0 ? parts.path_length : 1;
    return head_set_host(head, parts.authority, parts.authority_length, text);
}

int gbxi_head_settle(gbxi_head *head, bool tls, const char **text)
{
    int status;

    head_trim(head);
    if (!head_has_target(head)) {
        *text = "the target of the request begins neither with / nor with a scheme";
        return 400;
    }
    if (head->minor_version == 0 && head_find(head, 0, "transfer-encoding") != NULL) {
        *text = "a request of HTTP/1.0 cannot have a Transfer-Encoding";
        return 400;
    }
    if ((status = head_check_host(head, text)) != 0)
        return status;
    if (head->minor_version == 0)
        head_remove(head, "expect");
    if (head_has_method(head, "CONNECT") || !gbxi_target_is_url(head->target, head->target_length))
        return 0;
    return head_settle_url(head, tls, text);
}
