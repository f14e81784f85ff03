/* SPDX-License-Identifier: MIT */
/* Serves the contract from inside the program. */
#define _GNU_SOURCE
#include "server/contract_handler.h"
#include "middleware/problem.h"
#include "server/asset.h"
#include "server/openapi.h"
#include "server/respond.h"
#include <glassbox/error.h>

#define SCHEMAS "/schemas/"
#define DOCS "/docs/"
#define DOCS_PAGE "index.html"

/* The page runs its own scripts and asks its own server; Swagger UI styles its elements and inlines small images. */
#define DOCS_POLICY                                                                                                    \
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "                  \
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/* What follows `start`, which the path begins with. */
static h2o_iovec_t rest_of_path(const h2o_req_t *req, const char *start)
{
    size_t length = strlen(start);

    return h2o_iovec_init(req->path_normalized.base + length, req->path_normalized.len - length);
}

static bool is_one_part_below(const char *path, size_t length, const char *start)
{
    size_t start_length = strlen(start);

    return length > start_length && memcmp(path, start, start_length) == 0 &&
           memchr(path + start_length, '/', length - start_length) == NULL;
}

void gbx__openapi_answer(h2o_req_t *req)
{
    char etag[64];

    snprintf(etag, sizeof(etag), "%s-%s", gbx__embedded_openapi_etag, gbx__embedded_schemas_etag);
    if (!gbx__asset_is_known(req, etag))
        gbx__respond_written(req, gbx__openapi_write);
}

void gbx__schema_list_answer(h2o_req_t *req)
{
    if (!gbx__asset_is_known(req, gbx__embedded_schemas_etag))
        gbx__respond_written(req, gbx__schema_list_write);
}

static void refuse_schema(h2o_req_t *req, h2o_iovec_t name)
{
    gbx_error error;
    char known[sizeof(error.text)] = "";
    size_t used = 0;

    for (const gbx__embedded *schema = gbx__embedded_schemas; schema->name != NULL && used < sizeof(known); ++schema)
        used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s", used != 0 ? ", " : "", schema->name);
    gbx_error_set(&error, GBX_ERR_UNKNOWN, NULL, "there is no schema \"%.*s\"; known: %s",
                  name.len < 40 ? (int)name.len : 40, name.base, known);
    gbx_problem_send(req, 404, &error);
}

bool gbx__schema_has_path(const char *path, size_t length)
{
    return is_one_part_below(path, length, SCHEMAS);
}

void gbx__schema_answer(h2o_req_t *req)
{
    h2o_iovec_t name = rest_of_path(req, SCHEMAS);
    const gbx__embedded *schema = gbx__asset_find(gbx__embedded_schemas, name.base, name.len);

    if (schema != NULL)
        gbx__asset_answer(req, schema);
    else
        refuse_schema(req, name);
}

static void answer_docs(h2o_req_t *req, h2o_iovec_t name)
{
    const gbx__embedded *file = gbx__asset_find(gbx__embedded_docs, name.base, name.len);
    gbx_error error;

    if (file != NULL) {
        h2o_add_header_by_str(&req->pool, &req->res.headers, H2O_STRLIT("content-security-policy"), 0, NULL,
                              H2O_STRLIT(DOCS_POLICY));
        h2o_add_header_by_str(&req->pool, &req->res.headers, H2O_STRLIT("referrer-policy"), 0, NULL,
                              H2O_STRLIT("no-referrer"));
        gbx__asset_answer(req, file);
    } else if (gbx__embedded_docs[0].name == NULL) {
        gbx_error_set(&error, GBX_ERR_STATE, NULL,
                      "this program was built without the API page (npm ci in web/, then configure and build again); "
                      "the same is at /openapi.json and /schemas");
        gbx_problem_send(req, 501, &error);
    } else {
        gbx_error_set(&error, GBX_ERR_UNKNOWN, NULL, "the API page has no file of that name; it is at /docs");
        gbx_problem_send(req, 404, &error);
    }
}

void gbx__docs_answer(h2o_req_t *req)
{
    answer_docs(req, h2o_iovec_init(H2O_STRLIT(DOCS_PAGE)));
}

bool gbx__docs_has_path(const char *path, size_t length)
{
    return is_one_part_below(path, length, DOCS);
}

void gbx__docs_file_answer(h2o_req_t *req)
{
    answer_docs(req, rest_of_path(req, DOCS));
}
