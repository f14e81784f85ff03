/* SPDX-License-Identifier: MIT */
/* Answers that are the same until the program is another: they carry a tag, and who has them already gets 304. */
#ifndef GBX_HTTP_ASSET_H
#define GBX_HTTP_ASSET_H

#include "http/embedded.h"
#include <h2o.h>
#include <stdbool.h>

/* Puts ETag and Cache-Control on the response; when the request has that version already, answers 304 and returns
 * true. `etag` is without quotes and outlives the request. */
bool gbxi_asset_is_known(h2o_req_t *req, const char *etag);

/* Answers with an embedded file, compressed for those who take it; without the body for HEAD. */
void gbxi_asset_answer(h2o_req_t *req, const gbxi_embedded *file);

/* What follows `folder`, which ends in a slash, when the path is that and one more part; otherwise its base is NULL. */
h2o_iovec_t gbxi_asset_name_in(const char *path, size_t length, const char *folder);

/* The row of that name, or NULL. */
const gbxi_embedded *gbxi_asset_find(const gbxi_embedded *table, const char *name, size_t length);

#endif
