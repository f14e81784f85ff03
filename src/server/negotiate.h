/* SPDX-License-Identifier: MIT */
/* What request headers ask of a file that does not change: whether it is still the same, and in what coding. */
#ifndef GBX_SERVER_NEGOTIATE_H
#define GBX_SERVER_NEGOTIATE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether an If-None-Match of these bytes names `etag` (given without quotes): in a list, weak or not, or by "*". */
bool gbx__names_etag(const char *header, size_t length, const char *etag);

/* Whether an Accept-Encoding of these bytes takes gzip: by name or by "*", and not with a weight of 0. */
bool gbx__takes_gzip(const char *header, size_t length);

#endif
