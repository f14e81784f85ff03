/* SPDX-License-Identifier: MIT */
/* Serves the embedded API contract. */
#define _GNU_SOURCE
#include "service/contract_handler.h"
#include "http/asset.h"
#include "http/problem.h"
#include "http/respond.h"
#include "service/contents.h"
#include "service/openapi.h"
#include "json/quote.h"
#include <glassbox/error.h>
#include <stdio.h>

#define SCHEMAS "/schemas/"

void gbxi_openapi_answer(h2o_req_t *req)
{
    char etag[64];

    snprintf(etag, sizeof(etag), "%s-%s", gbxi_embedded_openapi_etag, gbxi_embedded_schemas_etag);
    if (!gbxi_asset_is_known(req, etag))
        gbxi_respond_written(req, gbxi_openapi_write);
}

void gbxi_schema_list_answer(h2o_req_t *req)
{
    if (!gbxi_asset_is_known(req, gbxi_embedded_schemas_etag))
        gbxi_respond_written(req, gbxi_schema_list_write);
}

static void schema_refuse(h2o_req_t *req, h2o_iovec_t name)
{
    gbx_error error;
    char known[sizeof(error.text)] = "";
    size_t used = 0;

    for (const gbxi_embedded *schema = gbxi_embedded_schemas; schema->name != NULL && used < sizeof(known); schema++)
        used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s", used != 0 ? ", " : "", schema->name);
    gbx_error_set(&error, GBX_ERR_UNKNOWN, NULL, "there is no schema \"%s\"; known: %s",
                  gbxi_quoted((gbxi_view){name.base, name.len}).text, known);
    gbxi_problem_send(req, 404, &error);
}

bool gbxi_schema_has_path(const char *path, size_t length)
{
    return gbxi_asset_name_in(path, length, SCHEMAS).base != NULL;
}

void gbxi_schema_answer(h2o_req_t *req)
{
    h2o_iovec_t name = gbxi_asset_name_in(req->path_normalized.base, req->path_normalized.len, SCHEMAS);
    const gbxi_embedded *schema = gbxi_asset_find(gbxi_embedded_schemas, name.base, name.len);

    if (schema != NULL)
        gbxi_asset_answer(req, schema);
    else
        schema_refuse(req, name);
}
