/* SPDX-License-Identifier: MIT */
/* Request targets that are a whole URL (RFC 9112, section 3.2.2). */
#ifndef GBX_RUNTIME_LIBH2O_TARGET_H
#define GBX_RUNTIME_LIBH2O_TARGET_H

#include <stdbool.h>
#include <stddef.h>

/* The parts of a URL. They are in its memory. */
typedef struct gbxi_target {
    const char *authority;
    size_t authority_length;
    const char *path;   /* and query */
    size_t path_length; /* 0: there are neither */
} gbxi_target;

/* Whether the target has a scheme and an authority. */
bool gbxi_target_is_url(const char *target, size_t length);

/* Takes a target that is a URL apart. A query without a path gets the path /, for which the URL's memory is written to.
 * `tls`: the connection is encrypted. Returns 0, or the status to refuse the request with and the reason in `text`. */
int gbxi_target_take_apart(const char *url, size_t length, bool tls, gbxi_target *parts, const char **text);

/* Whether a text has only bytes of hosts and ports (RFC 3986, section 3.2.2). It may be empty. */
bool gbxi_target_is_authority(const char *text, size_t length);

#endif
