/* SPDX-License-Identifier: MIT */
/* Owns /careless and /redacted: a handler that records all of its input in the trace, without and with a redaction. */
#define _GNU_SOURCE
#include "tests/support/pieces.h"
#include "tests/support/routes.h"
#include <glassbox/h2o.h>
#include <glassbox/span.h>
#include <stdlib.h>

static const char *terminated(h2o_req_t *req, const char *bytes, size_t length)
{
    return h2o_strdup(&req->pool, bytes, length).base;
}

static const char *query_of(h2o_req_t *req)
{
    bool has = req->query_at != SIZE_MAX;

    return terminated(req, has ? req->path.base + req->query_at : "", has ? req->path.len - req->query_at : 0);
}

static int on_careless(h2o_handler_t *self, h2o_req_t *req)
{
    const char *body = terminated(req, req->entity.len > 0 ? req->entity.base : "", req->entity.len);
    const char *query = query_of(req);
    ssize_t header = h2o_find_header_by_str(&req->headers, H2O_STRLIT("x-secret"), -1);

    GBX_SPAN_NAMED("careless");
    (void)self;
    gbx_note_str("Password", query);
    gbx_note_str("request.body", body);
    gbx_note_str("tries", "three");
    if (header != -1) {
        h2o_iovec_t value = req->headers.entries[header].value;

        gbx_note_str("secret header", terminated(req, value.base, value.len));
        gbx_note_int("pin", strtol(value.base, NULL, 10));
    }
    {
        GBX_SPAN_FMT("sign in %s", query);
        gbx_span_fail(body);
    }
    set_response(req, 200, "text/plain");
    send_body(req, h2o_iovec_init(H2O_STRLIT("done")));
    return 0;
}

/* The filter for text that the keys do not cover: redacts text with a question mark and replaces digits by stars. */
static bool mask(void *context, gbx_text *text)
{
    (void)context;
    for (size_t i = 0; i < text->length; ++i)
        if (text->bytes[i] >= '0' && text->bytes[i] <= '9')
            text->bytes[i] = '*';
    return memchr(text->bytes, '?', text->length) == NULL;
}

static void register_one(h2o_hostconf_t *host, const char *path, const gbx_h2o_config *config)
{
    h2o_pathconf_t *pathconf = h2o_config_register_path(host, path, 0);

    if (gbx_h2o_register(pathconf, config) != GBX_ERR_OK)
        abort();
    h2o_create_handler(pathconf, sizeof(h2o_handler_t))->on_req = on_careless;
}

void register_careless(h2o_hostconf_t *host)
{
    static const char *const keys[] = {"password", "request.*", NULL};
    gbx_redaction *redaction = gbx_redaction_new(
        &(gbx_redaction_options){.size = sizeof(gbx_redaction_options), .keys = keys, .reasons = true, .filter = mask});
    const gbx_h2o_config redacted = {.size = sizeof(redacted), .redaction = redaction};

    if (redaction == NULL)
        abort();
    register_one(host, "/careless", NULL);
    register_one(host, "/redacted", &redacted);
    gbx_redaction_unref(redaction);
}
