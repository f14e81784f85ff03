/* SPDX-License-Identifier: MIT */
/* Request targets that are a whole URL (RFC 9112, section 3.2.2). */
#ifndef GBX_RUNTIME_LIBH2O_TARGET_H
#define GBX_RUNTIME_LIBH2O_TARGET_H

#include "runtime/libh2o/head.h"

/* Whether the target has a scheme and an authority. */
bool gbxi_target_is_url(const char *target, size_t length);

/* Replaces a target that is a URL by its path and query, and stores its authority. An empty path becomes /, and with
 * OPTIONS and no query * (section 3.2.4). Returns 0, or the status to refuse the request with and the reason in `text`.
 */
int gbxi_target_take_apart(gbxi_head *head, bool tls, const char **authority, size_t *authority_length,
                           const char **text);

/* Whether a text has only bytes of hosts and ports (RFC 3986, section 3.2.2). It may be empty. */
bool gbxi_target_is_authority(const char *text, size_t length);

#endif
