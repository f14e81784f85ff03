/* SPDX-License-Identifier: MIT */
/* What stands in front of libh2o's parser of request heads. libh2o calls phr_parse_request through the dynamic linker,
 * and a definition in the program comes before the one in the library. */
#ifndef GBX_RUNTIME_LIBH2O_REQUEST_HEAD_H
#define GBX_RUNTIME_LIBH2O_REQUEST_HEAD_H

#include "runtime/libh2o/head.h"

/* The most bytes of a request line and its headers. libh2o keeps the head of a connection in a buffer, and if there is
 * a body, copies the headers: both have their place in the 128 KiB that SECURITY.md counts for a connection. libh2o
 * alone would keep 408 KiB. */
enum { GBXI_REQUEST_HEAD_BYTES_MAX = 32 * 1024 };

/* Parses a head like libh2o's function of this name: returns its length, -2 if it is incomplete, and -1 if it is
 * refused. Then head_refusal.h has the reason. In contrast to libh2o's:
 * - the head has at most GBXI_REQUEST_HEAD_BYTES_MAX;
 * - empty lines before the request line are skipped (RFC 9112, section 2.2);
 * - the rules of head.h apply.
 * Thread: any. */
int phr_parse_request(const char *bytes, size_t length, const char **method, size_t *method_len, const char **path,
                      size_t *path_len, int *minor_version, struct phr_header *headers, size_t *num_headers,
                      size_t last_len);

#endif
