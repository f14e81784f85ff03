/* SPDX-License-Identifier: MIT */
/* Owns the table of the test server's routes, and the handlers that answer at once. */
#define _GNU_SOURCE
#include "tests/support/routes.h"
#include "tests/support/pieces.h"
#include <glassbox/h2o.h>
#include <glassbox/limits.h>
#include <glassbox/span.h>

typedef int (*request_handler)(h2o_handler_t *self, h2o_req_t *req);

/* Answers with the request as the handler sees it, after the changes of the middleware. */
static int on_echo(h2o_handler_t *self, h2o_req_t *req)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;
    size_t i;

    GBX_SPAN_NAMED("echo");
    (void)self;
    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_object_begin(&w);
    gbxi_json_key(&w, "method");
    gbxi_json_string_n(&w, req->method.base, req->method.len);
    gbxi_json_key(&w, "path");
    gbxi_json_string_n(&w, req->path.base, req->path.len);
    gbxi_json_key(&w, "path_normalized");
    gbxi_json_string_n(&w, req->path_normalized.base, req->path_normalized.len);
    gbxi_json_key(&w, "query");
    gbxi_json_string_n(&w, req->query_at != SIZE_MAX ? req->path.base + req->query_at : NULL,
                       req->query_at != SIZE_MAX ? req->path.len - req->query_at : 0);
    gbxi_json_key(&w, "body");
    gbxi_json_string_n(&w, req->entity.len > 0 ? req->entity.base : NULL, req->entity.len);
    gbxi_json_key(&w, "headers");
    gbxi_json_array_begin(&w);
    for (i = 0; i < req->headers.size; i++)
        gbxi_json_string_n(&w, req->headers.entries[i].name->base, req->headers.entries[i].name->len);
    gbxi_json_array_end(&w);
    gbxi_json_object_end(&w);
    send_json(req, (int)query_number(req, "status", 200), &w, &buffer);
    return 0;
}

/* Repeats a pattern of `period` bytes and cuts it to `bytes` bytes. */
static h2o_iovec_t make_pattern(h2o_req_t *req, const char *pattern, size_t period, size_t bytes)
{
    h2o_iovec_t body = {h2o_mem_alloc_pool(&req->pool, bytes + 1), bytes};
    size_t i;

    for (i = 0; i < bytes; i++)
        body.base[i] = pattern[i % period];
    return body;
}

static int on_text(h2o_handler_t *self, h2o_req_t *req)
{
    static const char good[] = "a \"quoted\" \\ word,\ta tab\r\nand \x01, \xC3\xA9, \xE2\x82\xAC, \xF0\x9F\x90\xBF. ";
    static const char bad[] = "lone \xC3, overlong \xC0\xAF, surrogate \xED\xA0\x80, end \xF0\x9F";
    const char *pattern = query_has(req, "invalid") ? bad : good;
    size_t period = (query_has(req, "invalid") ? sizeof(bad) : sizeof(good)) - 1;
    h2o_iovec_t body = make_pattern(req, pattern, period, query_number(req, "bytes", period));

    GBX_SPAN_NAMED("text");
    (void)self;
    if (query_has(req, "hint"))
        req->compress_hint = H2O_COMPRESS_HINT_ENABLE;
    set_response(req, (int)query_number(req, "status", 200), "text/plain; charset=utf-8");
    send_pieces(req, body, query_number(req, "piece", SIZE_MAX));
    return 0;
}

static int on_binary(h2o_handler_t *self, h2o_req_t *req)
{
    size_t bytes = query_number(req, "bytes", 256);
    h2o_iovec_t body = {h2o_mem_alloc_pool(&req->pool, bytes + 1), bytes};
    size_t i;

    GBX_SPAN_NAMED("binary");
    (void)self;
    for (i = 0; i < bytes; i++)
        body.base[i] = (char)(unsigned char)i;
    set_response(req, 200, query_has(req, "untyped") ? NULL : "application/octet-stream");
    send_pieces(req, body, query_number(req, "piece", SIZE_MAX));
    return 0;
}

static int on_empty(h2o_handler_t *self, h2o_req_t *req)
{
    GBX_SPAN_NAMED("empty");
    (void)self;
    set_response(req, (int)query_number(req, "status", 200), NULL);
    send_body(req, h2o_iovec_init(NULL, 0));
    return 0;
}

static int on_error(h2o_handler_t *self, h2o_req_t *req)
{
    GBX_SPAN_NAMED("error");
    (void)self;
    gbx_span_fail("as asked");
    h2o_send_error_generic(req, (int)query_number(req, "status", 500), "Asked For", "an error, as asked", 0);
    return 0;
}

static void nest(size_t depth)
{
    GBX_SPAN_NAMED("big.nested");
    if (depth > 1)
        nest(depth - 1);
}

static int on_big(h2o_handler_t *self, h2o_req_t *req)
{
    size_t spans = query_number(req, "spans", 1000);
    size_t depth = query_number(req, "depth", 10);
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;
    size_t made;

    GBX_SPAN_NAMED("big");
    (void)self;
    depth = depth < 1 ? 1 : depth > 500 ? 500 : depth;
    for (made = 0; made < spans; made += depth)
        nest(depth < spans - made ? depth : spans - made);
    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_object_begin(&w);
    gbxi_json_key(&w, "spans");
    gbxi_json_uint(&w, spans);
    gbxi_json_object_end(&w);
    send_json(req, 200, &w, &buffer);
    return 0;
}

/* A chain of multiplications: work that no compiler removes and that takes about the same time on every machine. */
static uint64_t chain(size_t links)
{
    volatile uint64_t end;
    uint64_t value = links;

    GBX_SPAN_NAMED("busy.step");
    while (links-- != 0)
        value = value * 6364136223846793005u + 1442695040888963407u;
    end = value;
    return end;
}

static int on_busy(h2o_handler_t *self, h2o_req_t *req)
{
    size_t steps = query_number(req, "steps", 100);
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;
    uint64_t sum = 0;

    GBX_SPAN_NAMED("busy");
    (void)self;
    for (size_t i = 0; i < steps; i++)
        sum += chain(2500);
    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_object_begin(&w);
    gbxi_json_key(&w, "sum");
    gbxi_json_uint(&w, sum);
    gbxi_json_object_end(&w);
    send_json(req, 200, &w, &buffer);
    return 0;
}

static int on_decline(h2o_handler_t *self, h2o_req_t *req)
{
    GBX_SPAN_NAMED("decline");
    (void)self;
    (void)req;
    return -1;
}

static int on_reprocess(h2o_handler_t *self, h2o_req_t *req)
{
    GBX_SPAN_NAMED("reprocess");
    (void)self;
    h2o_reprocess_request(req, req->method, req->scheme, req->hostconf->authority.hostport,
                          query_has(req, "mirrored") ? h2o_iovec_init(H2O_STRLIT("/echo/again/full"))
                                                     : h2o_iovec_init(H2O_STRLIT("/echo/again")),
                          NULL, 0);
    return 0;
}

static int on_silent(h2o_handler_t *self, h2o_req_t *req)
{
    GBX_SPAN_NAMED("silent");
    (void)self;
    (void)req;
    return 0;
}

static void write_number(gbxi_json_writer *w, const char *key, uint64_t number)
{
    gbxi_json_key(w, key);
    gbxi_json_uint(w, number);
}

static int on_status(h2o_handler_t *self, h2o_req_t *req)
{
    gbx_capture_counts counts;
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;

    (void)self;
    gbx_capture_counts_get(&counts, sizeof(counts));
    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_object_begin(&w);
    write_number(&w, "live_captures", gbx_capture_live_count());
    write_number(&w, "under_way", counts.under_way);
    write_number(&w, "expired", counts.expired);
#define WRITE_FATE(name, number, text) write_number(&w, #name, counts.name);
    GBX_CAPTURE_FATES(WRITE_FATE)
#undef WRITE_FATE
    gbxi_json_object_end(&w);
    send_json(req, 200, &w, &buffer);
    return 0;
}

static const struct route {
    const char *path;
    request_handler on_req;
} routes[] = {
    {"/echo", on_echo},           {"/text", on_text},     {"/binary", on_binary},   {"/empty", on_empty},
    {"/error", on_error},         {"/big", on_big},       {"/stream", on_stream},   {"/abort", on_abort},
    {"/never", on_never},         {"/silent", on_silent}, {"/decline", on_decline}, {"/busy", on_busy},
    {"/reprocess", on_reprocess}, {"/held", on_held},     {"/release", on_release},
};

static void mount_middleware(h2o_pathconf_t *pathconf, const gbx_h2o_config *config)
{
    if (gbx_h2o_register(pathconf, config) != GBX_ERR_OK)
        abort();
}

static void register_compressed(h2o_pathconf_t *pathconf)
{
    h2o_compress_args_t args = {.min_size = 0, .gzip = {.quality = 1}, .brotli = {.quality = -1}};

    h2o_compress_register(pathconf, &args);
    mount_middleware(pathconf, NULL);
    h2o_create_handler(pathconf, sizeof(h2o_handler_t))->on_req = on_text;
}

static void register_files(h2o_hostconf_t *host, const char *path, const char *root, int flags, gbx_recorder *recorder)
{
    const gbx_h2o_config files = {.size = sizeof(files), .handler_method = "GET", .recorder = recorder};
    h2o_pathconf_t *pathconf = h2o_config_register_path(host, path, 0);

    mount_middleware(pathconf, &files);
    h2o_file_register(pathconf, root, NULL, NULL, flags);
}

static void register_bare(h2o_hostconf_t *host, const char *path)
{
    h2o_create_handler(h2o_config_register_path(host, path, 0), sizeof(h2o_handler_t))->on_req = on_echo;
}

void register_recorded(h2o_hostconf_t *host, gbx_recorder *recorder, const char *root)
{
    const gbx_h2o_config recorded = {.size = sizeof(recorded), .recorder = recorder};
    h2o_pathconf_t *pathconf;
    char path[64];

    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        snprintf(path, sizeof(path), "/recorded%s", routes[i].path);
        pathconf = h2o_config_register_path(host, path, 0);
        mount_middleware(pathconf, &recorded);
        h2o_create_handler(pathconf, sizeof(h2o_handler_t))->on_req = routes[i].on_req;
    }
    if (root != NULL)
        register_files(host, "/recorded/file/", root, 0, recorder);
}

void register_routes(h2o_hostconf_t *host, const char *root)
{
    h2o_pathconf_t *pathconf;
    size_t i;

    /* Registered before and after /echo, which is compared with them, because libh2o checks paths in order. */
    register_bare(host, "/bare");
    for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        pathconf = h2o_config_register_path(host, routes[i].path, 0);
        mount_middleware(pathconf, NULL);
        h2o_create_handler(pathconf, sizeof(h2o_handler_t))->on_req = routes[i].on_req;
        if (i == 0)
            register_bare(host, "/bald");
    }
    pathconf = h2o_config_register_path(host, "/later", 0);
    mount_middleware(pathconf, NULL);
    register_later(pathconf);
    register_careless(host);
    register_seen(host);
    register_compressed(h2o_config_register_path(host, "/compressed", 0));
    pathconf = h2o_config_register_path(host, "/status", 0);
    h2o_create_handler(pathconf, sizeof(h2o_handler_t))->on_req = on_status;
    if (root == NULL)
        return;
    register_files(host, "/file/", root, 0, NULL);
    register_files(host, "/zipped/", root, H2O_FILE_FLAG_SEND_COMPRESSED, NULL);
    register_files(host, "/unzipped/", root, H2O_FILE_FLAG_GUNZIP, NULL);
}
