/* SPDX-License-Identifier: MIT */
/* Serves one trace and speedscope. */
#define _GNU_SOURCE
#include "server/viewer.h"
#include "http/early_error.h"
#include "http/headers.h"
#include "http/respond.h"
#include "http/router.h"
#include "http/send.h"
#include "permission/host_check.h"
#include "runtime/fair.h"
#include "runtime/listener.h"
#include "runtime/loop.h"
#include "server/host_guard.h"
#include "service/contents.h"
#include "service/site_handler.h"
#include <errno.h>
#include <glassbox/h2o.h>
#include <glassbox/version.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOST "127.0.0.1"
#define DOCUMENT_PATH "/trace.speedscope.json"

enum { VIEWER_CONNECTIONS_MAX = 64, VIEWER_TIMEOUT_MS = 30000, VIEWER_URL_SIZE = 64 };

struct gbxi_viewer {
    gbxi_viewer_options options;
    h2o_globalconf_t config;
    gbxi_host_check *hosts;
    _Atomic(size_t) connections;
    gbxi_loop_settings settings;
    bool loop_started;
    gbxi_loop loop;
    char url[VIEWER_URL_SIZE];
};

/* Speedscope fetches the document that the address names behind its #. */
static void viewer_answer_start(h2o_req_t *req)
{
    static const char place[] = "/speedscope/#profileURL=" DOCUMENT_PATH;

    h2o_send_redirect(req, 302, "Found", place, sizeof(place) - 1);
}

static void viewer_answer_document(h2o_req_t *req)
{
    const gbxi_viewer *viewer = gbxi_loop_of(req->conn->ctx)->settings->service;

    gbxi_header_add(req, "cache-control", "no-store");
    gbxi_header_add(req, "cross-origin-resource-policy", "same-origin");
    gbxi_respond_head(req, viewer->options.document_length);
    gbxi_send_body(req, h2o_iovec_init(viewer->options.document, viewer->options.document_length));
}

static const gbxi_endpoint viewer_endpoints[] = {
    {"GET", DOCUMENT_PATH, NULL, NULL, false, viewer_answer_document, "The trace"},
    {"GET", "/speedscope/{file}", "/speedscope/", gbxi_site_has_file, false, gbxi_site_answer,
     "A file that speedscope loads"},
    {"GET", "/speedscope/", NULL, NULL, false, gbxi_site_answer, "The speedscope viewer"},
    {"GET", "/", NULL, NULL, false, viewer_answer_start, "Redirects to the viewer with the trace"},
};

static const gbxi_router viewer_routes = {.endpoints = viewer_endpoints,
                                          .count = sizeof(viewer_endpoints) / sizeof(viewer_endpoints[0]),
                                          .advice = "the viewer is at /"};

static gbx_err viewer_prepare(h2o_pathconf_t *path, const gbxi_endpoint *first, void *context)
{
    (void)first;
    gbxi_fair_register(path);
    gbxi_host_guard_register(path, context, "");
    return GBX_ERR_OK;
}

/* Closing the viewer waits for the loop itself. */
static void viewer_on_loop_end(void *context)
{
    (void)context;
}

static gbx_err viewer_configure(gbxi_viewer *viewer, gbx_error *error)
{
    h2o_hostconf_t *host = h2o_config_register_host(&viewer->config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    gbx_err err;

    if ((err = gbxi_host_check_new(HOST, NULL, &viewer->hosts, error)) != GBX_ERR_OK)
        return err;
    gbxi_early_error_register(&host->fallback_path);
    if ((err = gbxi_router_register(host, &viewer_routes, viewer_prepare, viewer->hosts)) != GBX_ERR_OK)
        return gbx_error_set(error, err, NULL, "cannot set up the routes: %s", gbx_err_text(err));
    gbx_h2o_harden(&viewer->config);
    viewer->config.server_name = h2o_iovec_init(H2O_STRLIT("glassbox/" GBX_VERSION));
    viewer->config.max_request_entity_size = 0;
    viewer->config.http1.req_timeout = VIEWER_TIMEOUT_MS;
    viewer->settings = (gbxi_loop_settings){
        .config = &viewer->config,
        .connections = {.open = &viewer->connections, .max = VIEWER_CONNECTIONS_MAX, .timeout_ms = VIEWER_TIMEOUT_MS},
        .service = viewer,
        .on_end = viewer_on_loop_end};
    return GBX_ERR_OK;
}

static gbx_err viewer_start(gbxi_viewer *viewer, gbx_error *error)
{
    uint16_t port;
    int listener_fd;
    gbx_err err = gbxi_listeners_open(HOST, viewer->options.port, 1, &listener_fd, &port, error);

    if (err != GBX_ERR_OK)
        return err;
    gbxi_listener_url(viewer->url, sizeof(viewer->url) - 1, "http", HOST, port);
    strcat(viewer->url, "/");
    if (gbxi_loop_start(&viewer->loop, &viewer->settings, listener_fd, "viewer") != GBX_ERR_OK) {
        gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "cannot start a thread: %s", strerror(errno));
        close(listener_fd);
        return GBX_ERR_NO_MEMORY;
    }
    viewer->loop_started = true;
    return GBX_ERR_OK;
}

gbx_err gbxi_viewer_open(const gbxi_viewer_options *options, gbxi_viewer **viewer, gbx_error *error)
{
    gbxi_viewer *made;
    gbx_err err;

    if (gbxi_embedded_speedscope[0].name == NULL)
        return gbx_error_set(
            error, GBX_ERR_STATE, NULL,
            "this program was built without speedscope; 'glassbox export --format speedscope' writes a "
            "file for any copy of it");
    if ((made = calloc(1, sizeof(*made))) == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    made->options = *options;
    h2o_config_init(&made->config);
    if ((err = viewer_configure(made, error)) == GBX_ERR_OK && (err = viewer_start(made, error)) == GBX_ERR_OK)
        *viewer = made;
    else
        gbxi_viewer_close(made);
    return err;
}

const char *gbxi_viewer_url(const gbxi_viewer *viewer)
{
    return viewer->url;
}

void gbxi_viewer_close(gbxi_viewer *viewer)
{
    if (viewer == NULL)
        return;
    if (viewer->loop_started) {
        gbxi_loop_stop(&viewer->loop);
        gbxi_loop_join(&viewer->loop);
    }
    h2o_config_dispose(&viewer->config);
    gbxi_host_check_free(viewer->hosts);
    free(viewer);
}
