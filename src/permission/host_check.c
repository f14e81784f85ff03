/* SPDX-License-Identifier: MIT */
/* Compares hosts by meaning: names without regard to case, and addresses by their bytes. */
#define _GNU_SOURCE
#include "permission/host_check.h"
#include "json/quote.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <strings.h>

enum { HOST_BYTES_MAX = 255 };

/* A host in a form of its own: lower case does not matter, and addresses are bytes. */
typedef struct host {
    char name[HOST_BYTES_MAX + 1]; /* "" if it is an address */
    int family;                    /* AF_INET, AF_INET6, or 0 for a name */
    unsigned char address[16];     /* 4 bytes with AF_INET */
} host;

struct gbxi_host_check {
    size_t count;
    host hosts[];
};

static bool host_is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '_' || byte == '.';
}

/* Every label has a byte; a dot may follow the last one. */
static bool host_is_name(const char *text)
{
    const char *at = text;

    for (; host_is_name_byte(*at); at++)
        if (*at == '.' && (at == text || at[-1] == '.'))
            return false;
    return at != text && *at == '\0';
}

/* An IPv4 address inside an IPv6 one is the IPv4 address. */
static void host_unmap(host *made)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

    if (memcmp(made->address, mapped, sizeof(mapped)) != 0)
        return;
    memmove(made->address, made->address + 12, 4);
    made->family = AF_INET;
}

/* Reads a host without a port and without brackets; `literal` if it had brackets. */
static bool host_read(gbxi_view text, bool literal, host *made)
{
    char copy[HOST_BYTES_MAX + 1];

    *made = (host){.family = 0};
    if (text.length > HOST_BYTES_MAX || memchr(text.at, '\0', text.length) != NULL)
        return false;
    memcpy(copy, text.at, text.length);
    copy[text.length] = '\0';
    if (inet_pton(AF_INET6, copy, made->address) == 1) {
        made->family = AF_INET6;
        host_unmap(made);
        return true;
    }
    if (literal || !host_is_name(copy))
        return false;
    if (copy[text.length - 1] == '.')
        copy[text.length - 1] = '\0';
    if (inet_pton(AF_INET, copy, made->address) == 1)
        made->family = AF_INET;
    else
        strcpy(made->name, copy);
    return true;
}

/* Reads "host", "[address]" and either with a port. */
static bool host_read_authority(gbxi_view authority, host *made)
{
    gbxi_view text = authority, port;
    const char *end;
    bool literal;

    if (authority.length == 0)
        return false;
    literal = authority.at[0] == '[';
    if ((end = memchr(authority.at, literal ? ']' : ':', authority.length)) != NULL)
        text.length = (size_t)(end - authority.at);
    else if (literal)
        return false;
    port = gbxi_view_after(authority, text.length + literal);
    if (port.length != 0 && port.at[0] != ':')
        return false;
    for (size_t i = 1; i < port.length; i++)
        if (port.at[i] < '0' || port.at[i] > '9')
            return false;
    return host_read(literal ? gbxi_view_after(text, 1) : text, literal, made);
}

/* Reads a name that the operator gave. */
static bool host_read_given(const char *given, host *made)
{
    gbxi_view text = gbxi_view_of(given);
    bool literal = text.length > 2 && given[0] == '[' && given[text.length - 1] == ']';

    return host_read(literal ? (gbxi_view){given + 1, text.length - 2} : text, literal, made);
}

bool gbxi_host_is_valid(const char *name)
{
    host made;

    return host_read_given(name, &made);
}

static bool host_is_loopback(const host *it)
{
    static const unsigned char one[16] = {[15] = 1};
    static const char below[] = ".localhost";
    size_t length = strlen(it->name);

    if (it->family == AF_INET)
        return it->address[0] == 127;
    if (it->family == AF_INET6)
        return memcmp(it->address, one, sizeof(one)) == 0;
    return strcasecmp(it->name, below + 1) == 0 ||
           (length >= strlen(below) && strcasecmp(it->name + length - strlen(below), below) == 0);
}

static bool host_equals(const host *a, const host *b)
{
    return a->family == b->family && memcmp(a->address, b->address, sizeof(a->address)) == 0 &&
           strcasecmp(a->name, b->name) == 0;
}

gbx_err gbxi_host_check_new(const char *listen_host, const char *const *names, gbxi_host_check **check,
                            gbx_error *error)
{
    gbxi_host_check *made;
    size_t count = 0;

    while (names != NULL && names[count] != NULL)
        count++;
    if ((made = calloc(1, sizeof(*made) + (count + 1) * sizeof(made->hosts[0]))) == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    for (size_t i = 0; i < count; i++)
        if (!host_read_given(names[i], &made->hosts[made->count++])) {
            free(made);
            return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL,
                                 "an allowed host is a host name or an address without a port, not \"%s\"",
                                 gbxi_quoted(gbxi_view_of(names[i])).text);
        }
    if (host_read_given(listen_host, &made->hosts[made->count]))
        made->count++;
    *check = made;
    return GBX_ERR_OK;
}

bool gbxi_host_check_allows(const gbxi_host_check *check, gbxi_view authority)
{
    host asked;

    if (!host_read_authority(authority, &asked))
        return false;
    if (host_is_loopback(&asked))
        return true;
    for (size_t i = 0; i < check->count; i++)
        if (host_equals(&asked, &check->hosts[i]))
            return true;
    return false;
}

void gbxi_host_check_free(gbxi_host_check *check)
{
    free(check);
}
