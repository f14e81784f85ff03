/* SPDX-License-Identifier: MIT */
/* The rules of RFC 9112 for a head that libh2o's parser has read, and that libh2o does not apply. */
#ifndef GBX_RUNTIME_LIBH2O_HEAD_H
#define GBX_RUNTIME_LIBH2O_HEAD_H

#include <stdbool.h>
#include <stddef.h>

/* A header as libh2o 2.2.5 has it. No installed header declares it. libh2o writes the name again in lower case. */
struct phr_header {
    const char *name; /* NULL: the line continues the one before */
    size_t name_len;
    const char *value;
    size_t value_len;
};

/* What the parser has read. Texts are not terminated; they are in the connection's buffer, which may be written to. */
typedef struct gbxi_head {
    const char *method;
    size_t method_length;
    const char *target;
    size_t target_length;
    int minor_version; /* of HTTP/1 */
    struct phr_header *headers;
    size_t count; /* of the headers */
    size_t max;   /* that `headers` has room for */
} gbxi_head;

/* Checks the head, and makes of it what libh2o understands:
 * - values end before the white space behind them (RFC 9110, section 5.5);
 * - the target is a path, an http or https URL, * with OPTIONS, or anything with CONNECT (section 3.2);
 * - a URL is replaced by its path and query, and its authority replaces the Host header (section 3.2.2);
 * - a request has one Host, which looks like a host or is empty; with HTTP/1.0 it may have none (section 3.2);
 * - a request of HTTP/1.0 has no Transfer-Encoding (section 6.1), and its Expect is removed (RFC 9110, section 10.1.1).
 * `tls`: the connection is encrypted, as an https URL requires (RFC 9110, section 4.2.2).
 * Returns 0, or the status to refuse the request with and the reason in `text`. */
int gbxi_head_settle(gbxi_head *head, bool tls, const char **text);

#endif
