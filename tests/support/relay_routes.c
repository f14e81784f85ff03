/* SPDX-License-Identifier: MIT */
/* Routes whose answer is elsewhere: redirects, and libh2o's FastCGI handler and reverse proxy. */
#define _GNU_SOURCE
#include "tests/support/pieces.h"
#include "tests/support/routes.h"
#include <arpa/inet.h>
#include <glassbox/h2o.h>
#include <glassbox/span.h>
#include <string.h>

/* Redirects with the status and to the place that the query asks for. */
static int on_moved(h2o_handler_t *self, h2o_req_t *req)
{
    static const char place[] = "/echo/moved?to=here";

    GBX_SPAN_NAMED("moved");
    (void)self;
    set_response(req, (int)query_number(req, "status", 302), "text/plain");
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_LOCATION, NULL, place, strlen(place));
    if (query_has(req, "refresh"))
        h2o_add_header_by_str(&req->pool, &req->res.headers, H2O_STRLIT("refresh"), 0, "Refresh",
                              H2O_STRLIT("0; url=/echo/refreshed"));
    send_body(req, h2o_iovec_init(H2O_STRLIT("it is elsewhere\n")));
    return 0;
}

static h2o_pathconf_t *open_path(h2o_hostconf_t *host, const char *path, const char *log_file)
{
    h2o_pathconf_t *pathconf = h2o_config_register_path(host, path, 0);
    h2o_access_log_filehandle_t *log;

    if (log_file != NULL) {
        if ((log = h2o_access_log_open_handle(log_file, "%m %U%q %r %s", H2O_LOGCONF_ESCAPE_APACHE)) == NULL)
            abort();
        h2o_access_log_register(pathconf, log);
        h2o_mem_release_shared(log);
    }
    if (gbx_h2o_register(pathconf, NULL) != GBX_ERR_OK)
        abort();
    return pathconf;
}

static void register_fastcgi(h2o_pathconf_t *pathconf, uint16_t port)
{
    h2o_fastcgi_config_vars_t vars = {.io_timeout = H2O_DEFAULT_FASTCGI_IO_TIMEOUT};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    h2o_fastcgi_register_by_address(pathconf, (struct sockaddr *)&address, sizeof(address), &vars);
}

static void register_proxy(h2o_pathconf_t *pathconf, uint16_t port)
{
    h2o_proxy_config_vars_t vars = {.io_timeout = H2O_DEFAULT_PROXY_IO_TIMEOUT};
    h2o_url_t upstream;
    char text[64];

    snprintf(text, sizeof(text), "http://127.0.0.1:%u/upstream", (unsigned)port);
    if (h2o_url_parse(text, SIZE_MAX, &upstream) != 0)
        abort();
    h2o_proxy_register_reverse_proxy(pathconf, &upstream, &vars);
}

void register_relays(h2o_hostconf_t *host, const relays *to)
{
    h2o_create_handler(open_path(host, "/moved", NULL), sizeof(h2o_handler_t))->on_req = on_moved;
    h2o_redirect_register(open_path(host, "/redirect", NULL), 0, 301, "/echo/redirected");
    h2o_redirect_register(open_path(host, "/inside", NULL), 1, 301, "/echo/inside");
    if (to->fastcgi_port != 0)
        register_fastcgi(open_path(host, "/fastcgi", to->log_file), to->fastcgi_port);
    if (to->proxy_port != 0)
        register_proxy(open_path(host, "/proxy", to->log_file), to->proxy_port);
}
