/* SPDX-License-Identifier: MIT */
/* Starts and stops the parts of a server: listeners, TLS, routes, workers and loops. */
#define _GNU_SOURCE
#include "server/server.h"
#include "base/atomic.h"
#include "permission/host_check.h"
#include "permission/permission.h"
#include "runtime/listener.h"
#include "runtime/loop.h"
#include "runtime/tls.h"
#include "server/lend.h"
#include "server/permit.h"
#include "server/recording.h"
#include "server/resources.h"
#include "server/routes.h"
#include "server/warm_up.h"
#include "service/service.h"
#include <errno.h>
#include <glassbox/version.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { DEFAULT_THREADS_MAX = 64, URL_SIZE = 320 };

struct gbxi_server {
    h2o_globalconf_t config;
    SSL_CTX *tls;
    gbxi_permission *permission; /* NULL: everyone may capture */
    gbxi_host_check *hosts;      /* NULL: requests may have any host */
    gbxi_recording *recording;   /* NULL: nothing is recorded */
    bool listening;
    int done_fd;
    _Atomic(size_t) running;     /* loops whose thread has not ended; writer: any thread */
    gbxi_service service;        /* its workers end after the loops, which submit their work */
    _Atomic(size_t) connections; /* of all loops */
    gbxi_loop_settings settings;
    size_t loop_count;
    size_t loops_started; /* the first ones in `loops` */
    int *listener_fds;    /* a started loop owns its descriptor */
    char url[URL_SIZE];
    gbxi_loop loops[]; /* `loop_count` of them */
};

static size_t server_default_threads(void)
{
    cpu_set_t cpus;
    int count;

    CPU_ZERO(&cpus);
    if (sched_getaffinity(0, sizeof(cpus), &cpus) != 0)
        return 1;
    count = CPU_COUNT(&cpus);
    return count < DEFAULT_THREADS_MAX ? (size_t)count : DEFAULT_THREADS_MAX;
}

/* One CPU is left for the event loops. Otherwise small requests would wait for a worker's time slice to end, which
 * takes milliseconds even though workers have a lower priority. */
static size_t server_default_workers(void)
{
    size_t cpus = server_default_threads();

    return cpus > 1 ? cpus - 1 : 1;
}

static size_t server_slow_clients(const gbxi_server_options *options)
{
    switch (options->slow_clients) {
    case 0:
        return GBXI_SERVER_SLOW_CLIENTS_DEFAULT;
    case GBXI_SERVER_SLOW_CLIENTS_NONE:
        return 0;
    default:
        return options->slow_clients;
    }
}

static gbx_err server_check_options(const gbxi_server_options *options, gbx_error *error)
{
    if ((options->cert_file == NULL) != (options->key_file == NULL))
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "TLS needs both a certificate and a key");
    if (options->threads > GBXI_SERVER_THREADS_MAX)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "at most %d threads are allowed", GBXI_SERVER_THREADS_MAX);
    if (options->request_timeout_s > GBXI_SERVER_REQUEST_TIMEOUT_S_MAX)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "a request timeout of at most %d s is allowed",
                             GBXI_SERVER_REQUEST_TIMEOUT_S_MAX);
    if (server_slow_clients(options) > GBXI_SERVER_SLOW_CLIENTS_MAX)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "at most %d slow clients are allowed",
                             GBXI_SERVER_SLOW_CLIENTS_MAX);
    if (options->workers > GBXI_SERVER_WORKERS_MAX)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "at most %d workers are allowed", GBXI_SERVER_WORKERS_MAX);
    return GBX_ERR_OK;
}

static void server_on_loop_end(void *context)
{
    gbxi_server *server = context;

    if (gbxi_sub_acq_rel(&server->running, 1) == 1)
        gbxi_worker_pool_stop(server->service.workers);
}

/* Workers that still run at this point work for clients that have left. */
static void server_on_workers_end(void *context)
{
    gbxi_server *server = context;

    eventfd_write(server->done_fd, 1);
}

static void server_set_limits(gbxi_server *server, const gbxi_server_options *options)
{
    server->settings = (gbxi_loop_settings){
        .config = &server->config,
        .connections = {.open = &server->connections,
                        .max = options->max_connections != 0 ? options->max_connections
                                                             : GBXI_SERVER_MAX_CONNECTIONS_DEFAULT,
                        .timeout_ms = 1000 * (options->request_timeout_s != 0 ? options->request_timeout_s
                                                                              : GBXI_SERVER_REQUEST_TIMEOUT_S_DEFAULT)},
        .http2 = options->http2,
        .service = &server->service,
        .on_end = server_on_loop_end,
        .on_end_context = server};
    server->service =
        (gbxi_service){.router = &gbxi_routes,
                       .inline_body_bytes = options->inline_body_bytes != 0 ? options->inline_body_bytes
                                                                            : GBXI_SERVER_INLINE_BODY_BYTES_DEFAULT,
                       .patience_ms = server->settings.connections.timeout_ms};
}

static gbx_err server_configure(gbxi_server *server, const gbxi_server_options *options, gbx_error *error)
{
    h2o_hostconf_t *host = h2o_config_register_host(&server->config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    size_t max_body_bytes = options->max_body_bytes != 0 ? options->max_body_bytes : GBXI_SERVER_MAX_BODY_BYTES_DEFAULT;
    gbx_redaction *redaction = options->redaction != NULL ? gbx_redaction_new(options->redaction) : NULL;
    const gbx_h2o_executor workers = gbxi_lend_executor(&server->service.workers);
    const gbx_h2o_config traced = {.size = sizeof(traced),
                                   .max_body_bytes = max_body_bytes,
                                   .redaction = redaction,
                                   .recorder = gbxi_recording_recorder(server->recording),
                                   .permit = server->permission != NULL ? gbxi_permit : NULL,
                                   .permit_context = server->permission,
                                   .give_back = gbxi_permit_give_back,
                                   .executor = &workers,
                                   .inline_body_bytes = gbxi_lend_above(server->service.inline_body_bytes)};
    gbx_err err = GBX_ERR_NO_MEMORY;

    if (redaction != NULL || options->redaction == NULL)
        err = gbxi_routes_register(host, &traced, server->hosts);
    gbx_redaction_unref(redaction);
    gbx_h2o_harden(&server->config);
    server->config.server_name = h2o_iovec_init(H2O_STRLIT("glassbox/" GBX_VERSION));
    server->config.max_request_entity_size = max_body_bytes;
    server->config.http1.req_timeout = server->settings.connections.timeout_ms;
    server->config.http2.idle_timeout = server->settings.connections.timeout_ms;
    if (server->config.handshake_timeout > server->settings.connections.timeout_ms)
        server->config.handshake_timeout = server->settings.connections.timeout_ms;
    /* libh2o would write large bodies to files in /tmp. Bodies are bounded, so they stay in memory. */
    h2o_socket_buffer_mmap_settings.threshold = SIZE_MAX;
    if (err != GBX_ERR_OK)
        return gbx_error_set(error, err, NULL, "cannot set up the routes: %s", gbx_err_text(err));
    return GBX_ERR_OK;
}

static const char *server_host(const gbxi_server_options *options)
{
    return options->host != NULL ? options->host : "127.0.0.1";
}

static gbx_err server_open_listeners(gbxi_server *server, const gbxi_server_options *options, gbx_error *error)
{
    const char *host = server_host(options);
    uint16_t port;
    gbx_err err;

    if ((err = gbxi_listeners_open(host, options->port, server->loop_count, server->listener_fds, &port, error)) !=
        GBX_ERR_OK)
        return err;
    server->listening = true;
    gbxi_listener_url(server->url, sizeof(server->url), server->tls != NULL ? "https" : "http", host, port);
    return GBX_ERR_OK;
}

/* Checks the address that was actually bound, not the name that was given. */
static gbx_err server_check_openness(const gbxi_server *server, const gbxi_server_options *options, gbx_error *error)
{
    if (server->permission != NULL || options->allow_open_capture || gbxi_listener_is_loopback(server->listener_fds[0]))
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL,
                         "at %s anyone could capture requests: give a key file (--key-file), or confirm that this is "
                         "intended (--allow-open-capture)",
                         server->url);
}

/* On loopback, where browsers are, a page that points its own name at the server must not reach it. */
static gbx_err server_limit_hosts(gbxi_server *server, const gbxi_server_options *options, gbx_error *error)
{
    if (options->allowed_hosts == NULL && !gbxi_listener_is_loopback(server->listener_fds[0]))
        return GBX_ERR_OK;
    return gbxi_host_check_new(server_host(options), options->allowed_hosts, &server->hosts, error);
}

static gbx_err server_open_recording(gbxi_server *server, const gbxi_server_options *options, gbx_error *error)
{
    return options->recording != NULL ? gbxi_recording_open(options->recording, &server->recording, error) : GBX_ERR_OK;
}

static gbx_err server_warm_up(gbx_error *error)
{
    gbx_err err = gbxi_warm_up();

    return err == GBX_ERR_OK ? err : gbx_error_set(error, err, NULL, "out of memory");
}

static gbx_err server_start_workers(gbxi_server *server, const gbxi_server_options *options, gbx_error *error)
{
    const gbxi_worker_pool_settings settings = {
        .worker_count = options->workers != 0 ? options->workers : server_default_workers(),
        .paused_max = server_slow_clients(options),
        .queue_max = options->queue != 0 ? options->queue : GBXI_SERVER_QUEUE_DEFAULT,
        .on_end = server_on_workers_end,
        .on_end_context = server};
    gbx_err err = gbxi_worker_pool_open(&settings, &server->service.workers);

    if (err != GBX_ERR_OK)
        return gbx_error_set(error, err, NULL, "cannot start %zu threads for --workers %zu and --slow-clients %zu: %s",
                             settings.worker_count + settings.paused_max, settings.worker_count, settings.paused_max,
                             strerror(errno));
    return GBX_ERR_OK;
}

static gbx_err server_start_loops(gbxi_server *server, gbx_error *error)
{
    char name[32];

    server->settings.tls = server->tls;
    /* Set before the first loop can end. */
    gbxi_store_relaxed(&server->running, server->loop_count);
    for (; server->loops_started < server->loop_count; server->loops_started++) {
        snprintf(name, sizeof(name), "loop-%zu", server->loops_started);
        if (gbxi_loop_start(&server->loops[server->loops_started], &server->settings,
                            server->listener_fds[server->loops_started], name) != GBX_ERR_OK)
            return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "cannot start thread %zu of --threads %zu: %s",
                                 server->loops_started + 1, server->loop_count, strerror(errno));
    }
    return GBX_ERR_OK;
}

/* Allocates a server and starts nothing; NULL if memory is short. */
static gbxi_server *server_allocate(size_t loop_count)
{
    gbxi_server *server = calloc(1, sizeof(*server) + loop_count * sizeof(server->loops[0]));

    if (server == NULL)
        return NULL;
    if ((server->listener_fds = calloc(loop_count, sizeof(int))) == NULL) {
        free(server);
        return NULL;
    }
    server->loop_count = loop_count;
    server->done_fd = -1;
    h2o_config_init(&server->config);
    return server;
}

gbx_err gbxi_server_open(const gbxi_server_options *options, gbxi_server **server, gbx_error *error)
{
    size_t loop_count = options->threads != 0 ? options->threads : server_default_threads();
    gbxi_server *made = NULL;
    gbx_err err;

    if ((err = server_check_options(options, error)) != GBX_ERR_OK ||
        (err = gbxi_resources_check(loop_count, error)) != GBX_ERR_OK)
        goto Exit;
    if ((made = server_allocate(loop_count)) == NULL) {
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
        goto Exit;
    }
    if ((made->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) == -1) {
        err = gbx_error_set(error, GBX_ERR_IO, NULL, "cannot create an event descriptor: %s", strerror(errno));
        goto Exit;
    }
    server_set_limits(made, options);
    if (options->cert_file != NULL &&
        (err = gbxi_tls_new(options->cert_file, options->key_file, options->http2, &made->tls, error)) != GBX_ERR_OK)
        goto Exit;
    if (options->token_key_file != NULL && (err = gbxi_permission_new(options->token_key_file, gbxi_permission_now_s,
                                                                      &made->permission, error)) != GBX_ERR_OK)
        goto Exit;
    if ((err = server_open_listeners(made, options, error)) != GBX_ERR_OK ||
        (err = server_check_openness(made, options, error)) != GBX_ERR_OK ||
        (err = server_limit_hosts(made, options, error)) != GBX_ERR_OK ||
        (err = server_open_recording(made, options, error)) != GBX_ERR_OK ||
        (err = server_configure(made, options, error)) != GBX_ERR_OK ||
        (err = server_start_workers(made, options, error)) != GBX_ERR_OK ||
        (err = server_warm_up(error)) != GBX_ERR_OK || (err = server_start_loops(made, error)) != GBX_ERR_OK)
        goto Exit;
    gbxi_recording_watch(made->recording, made->loops, loop_count, made->service.workers);
    *server = made;
    made = NULL;

Exit:
    gbxi_server_close(made);
    return err;
}

const char *gbxi_server_url(const gbxi_server *server)
{
    return server->url;
}

int gbxi_server_done_fd(const gbxi_server *server)
{
    return server->done_fd;
}

gbx_err gbxi_server_reload(gbxi_server *server, gbx_error *error)
{
    return server->permission != NULL ? gbxi_permission_reload(server->permission, error) : GBX_ERR_OK;
}

void gbxi_server_stop(gbxi_server *server)
{
    for (size_t i = 0; i < server->loops_started; i++)
        gbxi_loop_stop(&server->loops[i]);
}

bool gbxi_server_close(gbxi_server *server)
{
    bool all_stored;

    if (server == NULL)
        return true;
    gbxi_server_stop(server);
    gbxi_recording_unwatch(server->recording);
    for (size_t i = 0; i < server->loops_started; i++)
        gbxi_loop_join(&server->loops[i]);
    gbxi_worker_pool_close(server->service.workers);
    for (size_t i = server->loops_started; server->listening && i < server->loop_count; i++)
        close(server->listener_fds[i]);
    h2o_config_dispose(&server->config);
    all_stored = gbxi_recording_close(server->recording); /* the workers are done with their captures too */
    SSL_CTX_free(server->tls);
    gbxi_permission_free(server->permission);
    gbxi_host_check_free(server->hosts);
    if (server->done_fd != -1)
        close(server->done_fd);
    free(server->listener_fds);
    free(server);
    return all_stored;
}
