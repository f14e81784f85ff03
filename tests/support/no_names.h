/* SPDX-License-Identifier: MIT */
/* A resolver that knows addresses but, when told so, no names: as on a machine without /etc/hosts. Its user is linked
 * with --wrap=getaddrinfo. */
#ifndef GBX_TESTS_SUPPORT_NO_NAMES_H
#define GBX_TESTS_SUPPORT_NO_NAMES_H

#include <netdb.h>
#include <stdbool.h>
#include <string.h>

static bool knows_no_names;

int __real_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result);
int __wrap_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result);

int __wrap_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    if (knows_no_names && strspn(node, "0123456789.:") != strlen(node))
        return EAI_NONAME;
    return __real_getaddrinfo(node, service, hints, result);
}

#endif
