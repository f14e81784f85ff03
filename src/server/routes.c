/* SPDX-License-Identifier: MIT */
/* Owns the table of routes. */
#define _GNU_SOURCE
#include "server/routes.h"
#include "http/early_error.h"
#include "runtime/fair.h"
#include "server/host_guard.h"
#include "server/mirror_guard.h"
#include "service/contract_handler.h"
#include "service/graph_handler.h"
#include "service/graph_route.h"
#include "service/health.h"
#include "service/index.h"
#include "service/site_handler.h"

static const gbxi_endpoint endpoints[] = {
    {"GET", "/healthz", NULL, NULL, false, gbxi_health_answer, "The state of the server, its captures and its workers"},
    {"GET", "/graph/engines", NULL, NULL, false, gbxi_graph_handler_answer_engines, "The output engines"},
    {"GET", "/graph/transformations", NULL, NULL, false, gbxi_graph_handler_answer_transformations,
     "The transformations"},
    {"POST", GBXI_GRAPH_ROUTE_TEMPLATE, "/graph", gbxi_graph_handler_has_path, true, gbxi_graph_handler_answer,
     "Turns graph_data into a graph, transforms it and renders it for the engine"},
    {"GET", "/openapi.json", NULL, NULL, false, gbxi_openapi_answer, "These routes as an OpenAPI document"},
    {"GET", "/schemas/{name}", "/schemas/", gbxi_schema_has_path, false, gbxi_schema_answer, "One JSON Schema"},
    {"GET", "/schemas", NULL, NULL, false, gbxi_schema_list_answer, "The JSON Schemas of all documents"},
    {"GET", "/docs/{file}", "/docs/", gbxi_site_has_file, false, gbxi_site_answer, "A file that the API page loads"},
    {"GET", "/docs", NULL, NULL, false, gbxi_site_answer, "The API as a page to read and to try"},
    {"GET", "/speedscope/{file}", "/speedscope/", gbxi_site_has_file, false, gbxi_site_answer,
     "A file that speedscope loads"},
    {"GET", "/speedscope/", NULL, NULL, false, gbxi_site_answer, "The speedscope viewer, which shows traces"},
    {"GET", "/speedscope", NULL, NULL, false, gbxi_site_answer, "Redirects to speedscope"},
    {"GET", "/ui/{file}", "/ui/", gbxi_site_has_file, false, gbxi_site_answer, "A file that the page loads"},
    {"GET", "/", NULL, NULL, false, gbxi_index_answer,
     "The page to try the service on, or this list for clients that prefer JSON"},
};

const gbxi_router gbxi_routes = {
    .endpoints = endpoints,
    .count = sizeof(endpoints) / sizeof(endpoints[0]),
    .advice = "graph requests go to " GBXI_GRAPH_ROUTE_TEMPLATE ", GET / lists all",
};

/* What is in front of the endpoints. */
typedef struct routes_front {
    gbx_h2o_config traced;
    const gbxi_host_check *hosts; /* NULL: any host */
} routes_front;

static gbx_err routes_prepare(h2o_pathconf_t *path, const gbxi_endpoint *first, void *context)
{
    const routes_front *front = context;

    gbxi_fair_register(path);
    if (front->hosts != NULL)
        gbxi_host_guard_register(path, front->hosts, "; the operator may add it with --allow-host");
    if (!first->traced)
        return GBX_ERR_OK;
    gbxi_mirror_guard_register(path, first);
    return gbx_h2o_register(path, &front->traced);
}

gbx_err gbxi_routes_register(h2o_hostconf_t *host, const gbx_h2o_config *traced, const gbxi_host_check *hosts)
{
    routes_front front = {.traced = *traced, .hosts = hosts};

    front.traced.output_key = "graph_output";
    gbxi_early_error_register(&host->fallback_path);
    return gbxi_router_register(host, &gbxi_routes, routes_prepare, &front);
}
