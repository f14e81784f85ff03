/* SPDX-License-Identifier: MIT */
/* Owns the table of sites, and serves them. */
#define _GNU_SOURCE
#include "service/site_handler.h"
#include "http/asset.h"
#include "http/headers.h"
#include "http/problem.h"
#include "http/respond.h"
#include "service/contents.h"
#include <glassbox/error.h>
#include <string.h>

#define PAGE "index.html"

/* Every site runs only its own scripts, connects only to its own server, cannot be framed and sends no forms. All three
 * need inline styles. */
#define OWN_POLICY(scripts, connections)                                                                               \
    "default-src 'none'; script-src 'self'" scripts "; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " \
    "font-src 'self'; connect-src 'self'" connections "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

typedef struct site {
    const char *name;
    const char *page;   /* the path of its index.html */
    const char *folder; /* the path of its files; ends in a slash */
    const gbxi_embedded *files;
    const char *policy;
    const char *instead; /* an alternative if the site was not built in; appended to the error */
} site;

static const site sites[] = {
    /* The page draws with Graphviz, which is WebAssembly. */
    {"the page", "/", "/ui/", gbxi_embedded_page, OWN_POLICY(" 'wasm-unsafe-eval'", ""), ""},
    {"the API page", "/docs", "/docs/", gbxi_embedded_docs, OWN_POLICY("", ""),
     "; /openapi.json and /schemas have the same content"},
    /* The page passes the trace to speedscope as a blob. */
    {"speedscope", "/speedscope/", "/speedscope/", gbxi_embedded_speedscope,
     OWN_POLICY(" 'wasm-unsafe-eval'", " blob:"), "; any other copy of speedscope can open a trace"},
};
enum { SITE_COUNT = sizeof(sites) / sizeof(sites[0]) };

static bool site_is_page(const site *candidate, const char *path, size_t length)
{
    return length == strlen(candidate->page) && memcmp(path, candidate->page, length) == 0;
}

/* Whether a path is that of a page without the slash at its end. */
static bool site_is_short_of_page(const site *candidate, const char *path, size_t length)
{
    return length > 0 && length + 1 == strlen(candidate->page) && memcmp(path, candidate->page, length) == 0;
}

bool gbxi_site_has_file(const char *path, size_t length)
{
    for (int i = 0; i < SITE_COUNT; i++)
        if (gbxi_asset_name_in(path, length, sites[i].folder).base != NULL)
            return true;
    return false;
}

static void site_answer_file(h2o_req_t *req, const site *from, h2o_iovec_t name)
{
    const gbxi_embedded *file = gbxi_asset_find(from->files, name.base, name.len);
    gbx_error error;

    if (file != NULL) {
        gbxi_header_add(req, "content-security-policy", from->policy);
        gbxi_header_add(req, "referrer-policy", "no-referrer");
        gbxi_asset_answer(req, file);
    } else if (from->files[0].name == NULL) {
        gbx_error_set(&error, GBX_ERR_STATE, NULL,
                      "this program was built without %s (npm ci in web/, then configure and build again)%s",
                      from->name, from->instead);
        gbxi_problem_send(req, 501, &error);
    } else {
        gbx_error_set(&error, GBX_ERR_UNKNOWN, NULL, "%s has no file of that name; it is at %s", from->name,
                      from->page);
        gbxi_problem_send(req, 404, &error);
    }
}

void gbxi_site_answer(h2o_req_t *req)
{
    h2o_iovec_t path = req->path_normalized, name = {NULL, 0};
    const site *found = NULL;

    for (const site *each = sites; found == NULL && each != sites + SITE_COUNT; each++) {
        if (site_is_page(each, path.base, path.len))
            name = h2o_iovec_init(H2O_STRLIT(PAGE));
        else if (!site_is_short_of_page(each, path.base, path.len))
            name = gbxi_asset_name_in(path.base, path.len, each->folder);
        else {
            h2o_send_redirect(req, 308, "Permanent Redirect", each->page, strlen(each->page));
            return;
        }
        found = name.base != NULL ? each : NULL;
    }
    /* `found` cannot be NULL here: the table of routes contains no other paths. */
    site_answer_file(req, found, name);
}
