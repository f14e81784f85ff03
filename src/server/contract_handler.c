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
    return gbx__asset_name_in(path, length, SCHEMAS).base != NULL;
}

void gbx__schema_answer(h2o_req_t *req)
{
    h2o_iovec_t name = gbx__asset_name_in(req->path_normalized.base, req->path_normalized.len, SCHEMAS);
    const gbx__embedded *schema = gbx__asset_find(gbx__embedded_schemas, name.base, name.len);

    if (schema != NULL)
        gbx__asset_answer(req, schema);
    else
        refuse_schema(req, name);
}
