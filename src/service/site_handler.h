/* SPDX-License-Identifier: MIT */
/* The pages for people, from inside the program: the page to try the service on, the API page, and speedscope. */
#ifndef GBX_SERVICE_SITE_HANDLER_H
#define GBX_SERVICE_SITE_HANDLER_H

#include <h2o.h>
#include <stdbool.h>

/* Whether a path is a site's folder and one more part: a file that a page loads. */
bool gbxi_site_has_file(const char *path, size_t length);

/* Answers GET of a site's page or of one of its files, under the policy that keeps the site to this server: 404 where
 * it has no such file, 501 where it was not built in. A page that lies in its folder redirects there from the path
 * without the slash at the end. */
void gbxi_site_answer(h2o_req_t *req);

#endif
