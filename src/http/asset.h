/* SPDX-License-Identifier: MIT */
/* Responses that never change for one build of the program. They carry an ETag, and a client that already has the
 * current version gets 304. */
#ifndef GBX_HTTP_ASSET_H
#define GBX_HTTP_ASSET_H

#include "http/embedded.h"
#include <h2o.h>
#include <stdbool.h>

/* Sets ETag and Cache-Control on the response. If the client already has that version, answers 304 and returns true.
 * `etag` has no quotes and must outlive the request. */
bool gbxi_asset_is_known(h2o_req_t *req, const char *etag);

/* Answers with an embedded file, compressed if the client accepts gzip, and without the body for HEAD. */
void gbxi_asset_answer(h2o_req_t *req, const gbxi_embedded *file);

/* The last segment of `path` if the path is `folder`, which ends in a slash, plus one segment. Otherwise the result's
 * base is NULL. */
h2o_iovec_t gbxi_asset_name_in(const char *path, size_t length, const char *folder);

/* Finds the row with that name; NULL if there is none. */
const gbxi_embedded *gbxi_asset_find(const gbxi_embedded *table, const char *name, size_t length);

#endif
