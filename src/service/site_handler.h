/* SPDX-License-Identifier: MIT */
/* The embedded web pages: the page to try the service on, the API page, and speedscope. */
#ifndef GBX_SERVICE_SITE_HANDLER_H
#define GBX_SERVICE_SITE_HANDLER_H

#include <h2o.h>
#include <stdbool.h>

/* Whether a path is a site's folder plus one segment, and so a file that a page loads. */
bool gbxi_site_has_file(const char *path, size_t length);

/* Answers GET of a site's page or of one of its files, with a Content-Security-Policy that restricts the site to this
 * server. Errors: 404 if the site has no such file, 501 if the site was not built in. The path of a folder's page
 * without the slash at its end redirects to the page. */
void gbxi_site_answer(h2o_req_t *req);

#endif
