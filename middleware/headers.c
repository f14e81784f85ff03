/* SPDX-License-Identifier: MIT */
/* Owns the changes to the headers of mirrored requests and their responses. */
#define _GNU_SOURCE
#include "middleware/headers.h"
#include "export/identity.h"
#include "http/field.h"
#include "http/headers.h"
#include "middleware/traceparent.h"
#include <string.h>

/* One of our headers: its name in lower case for HTTP/2, and as sent over HTTP/1. */
typedef struct own_header {
    const char *name;
    const char *shown;
} own_header;

static const own_header capture_header = {"glassbox-capture", "Glassbox-Capture"};
static const own_header trace_id_header = {"glassbox-trace-id", "Glassbox-Trace-Id"};
static const own_header output_type_header = {"glassbox-output-content-type", "Glassbox-Output-Content-Type"};
static const own_header output_encoding_header = {"glassbox-output-content-encoding",
                                                  "Glassbox-Output-Content-Encoding"};
static const own_header output_range_header = {"glassbox-output-content-range", "Glassbox-Output-Content-Range"};
static const own_header output_status_header = {"glassbox-output-status", "Glassbox-Output-Status"};
static const own_header output_location_header = {"glassbox-output-location", "Glassbox-Output-Location"};
static const own_header output_refresh_header = {"glassbox-output-refresh", "Glassbox-Output-Refresh"};
static const own_header no_sniffing_header = {"x-content-type-options", "X-Content-Type-Options"};

/* Response headers that apply to the handler's body, but not to the envelope. */
static const char *const about_the_body[] = {
    "accept-ranges",    "content-digest",
    "content-encoding", "content-length",
    "content-md5",      "content-range",
    "content-type",     "cache-control",
    "digest",           "etag",
    "expires",          "last-modified",
    "repr-digest",      "transfer-encoding",
    "trailer",          NULL,
};

static bool header_is_listed(const h2o_header_t *header, const char *const *names)
{
    for (; *names != NULL; names++)
        if (gbxi_header_is(header, *names))
            return true;
    return false;
}

void gbxi_headers_drop(h2o_headers_t *headers, const char *const *names)
{
    size_t kept = 0;

    for (size_t i = 0; i < headers->size; i++)
        if (!header_is_listed(&headers->entries[i], names))
            headers->entries[kept++] = headers->entries[i];
    headers->size = kept;
}

/* Replaces the header; an empty value removes it. */
static void headers_set_own(h2o_req_t *req, const own_header *header, h2o_iovec_t value)
{
    const char *const names[] = {header->name, NULL};

    gbxi_headers_drop(&req->res.headers, names);
    if (value.len > 0)
        h2o_add_header_by_str(&req->pool, &req->res.headers, header->name, strlen(header->name), 0, header->shown,
                              value.base, value.len);
}

bool gbxi_headers_traceparent(const h2o_req_t *req, gbxi_traceparent *parent)
{
    h2o_iovec_t value;
    gbxi_view trimmed;

    /* Several headers are treated like none, because they are ambiguous. */
    if (gbxi_header_find(&req->headers, "traceparent", &value) != 1)
        return false;
    /* libh2o leaves the blanks behind a value, which are not part of it (RFC 9110, section 5.5). */
    trimmed = gbxi_field_trim((gbxi_view){value.base, value.len});
    return gbxi_traceparent_parse(trimmed.at, trimmed.length, parent);
}

/* Whether clients would never show the envelope: a status without a body (RFC 9110: 1xx, 204, 205, 304) cannot carry
 * it, a client that follows a redirect throws it away, and the envelope is not the part that 206 announces. */
static bool headers_hide_body(int status)
{
    return (status >= 100 && status <= 199) || (status >= 204 && status <= 206) || (status >= 300 && status <= 399);
}

/* Sends the envelope with 200, and the original status in a header. Returns whether the status was a redirect. */
static bool headers_move_status(h2o_req_t *req)
{
    h2o_iovec_t value = {NULL, 0};
    int status = req->res.status;

    if (headers_hide_body(status)) {
        value.base = h2o_mem_alloc_pool(&req->pool, 3);
        value.base[0] = (char)('0' + status / 100);
        value.base[1] = (char)('0' + status / 10 % 10);
        value.base[2] = (char)('0' + status % 10);
        value.len = 3;
        req->res.status = 200;
        req->res.reason = "OK";
    }
    headers_set_own(req, &output_status_header, value);
    return status >= 300 && status <= 399;
}

/* Renames a header that makes a client leave the envelope for another page. */
static void headers_move(h2o_req_t *req, const char *name, const own_header *moved)
{
    const char *const names[] = {name, NULL};
    h2o_iovec_t value;

    gbxi_header_find(&req->res.headers, name, &value);
    gbxi_headers_drop(&req->res.headers, names);
    headers_set_own(req, moved, value);
}

/* With a status other than a redirect, Location names what was created (RFC 9110, section 10.2.2), and stays. */
static void headers_move_on(h2o_req_t *req)
{
    if (headers_move_status(req))
        headers_move(req, "location", &output_location_header);
    else
        headers_set_own(req, &output_location_header, h2o_iovec_init(NULL, 0));
    headers_move(req, "refresh", &output_refresh_header);
}

void gbxi_headers_tell_trace_id(h2o_req_t *req, const gbx_capture *capture)
{
    h2o_iovec_t id = {NULL, 0};

    if (capture != NULL) {
        id.len = 32;
        id.base = h2o_mem_alloc_pool(&req->pool, id.len);
        gbxi_trace_id_format(gbx_capture_trace_id(capture), id.base);
    }
    headers_set_own(req, &trace_id_header, id);
}

static void headers_describe_capture(h2o_req_t *req, const gbx_capture *capture)
{
    headers_set_own(req, &capture_header, capture != NULL ? h2o_iovec_init("captured", 8) : h2o_iovec_init("off", 3));
    gbxi_headers_tell_trace_id(req, capture);
}

gbxi_media gbxi_headers_wrap(h2o_req_t *req, const gbx_capture *capture)
{
    h2o_headers_t *headers = &req->res.headers;
    h2o_iovec_t type, encoding, range;
    gbxi_media media;

    gbxi_header_find(headers, "content-type", &type);
    gbxi_header_find(headers, "content-encoding", &encoding);
    gbxi_header_find(headers, "content-range", &range);
    media = gbxi_media_of(type.base, type.len);
    if (h2o_lcstris(encoding.base, encoding.len, "identity", 8))
        encoding.len = 0;
    if (encoding.len > 0)
        media = GBXI_MEDIA_BINARY;
    else if (media == GBXI_MEDIA_JSON)
        type.len = 0;
    gbxi_headers_drop(headers, about_the_body);
    headers_move_on(req);
    headers_set_own(req, &output_type_header, type);
    headers_set_own(req, &output_encoding_header, encoding);
    headers_set_own(req, &output_range_header, range);
    headers_describe_capture(req, capture);
    headers_set_own(req, &no_sniffing_header, h2o_iovec_init(H2O_STRLIT("nosniff")));
    h2o_add_header(&req->pool, headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    h2o_add_header(&req->pool, headers, H2O_TOKEN_CACHE_CONTROL, NULL, H2O_STRLIT("no-store"));
    req->res.content_length = SIZE_MAX;
    /* It belongs to the handler's content type; filters look it up again. */
    req->res.mime_attr = NULL;
    /* HTTP/1.0 has no chunked coding, so the end of the connection must end a body of unknown length. */
    if (req->version < 0x101)
        req->http1_is_persistent = 0;
    return media;
}
