/* SPDX-License-Identifier: MIT */
/* Changes the body of a request. */
#define _GNU_SOURCE
#include "middleware/entity.h"
#include "base/work_memory.h"
#include "http/headers.h"
#include "middleware/headers.h"
#include <stdio.h>
#include <stdlib.h>

/* Memory of a new body, which is freed with the request's pool. */
typedef struct entity_copy {
    char *bytes;
    size_t counted;
} entity_copy;

static void entity_free(void *memory)
{
    entity_copy *copy = memory;

    gbxi_work_memory_give(copy->counted);
    free(copy->bytes);
}

static int entity_no_memory(gbx_error *error)
{
    gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "%s", gbx_err_text(GBX_ERR_NO_MEMORY));
    return 503;
}

/* libh2o does not show Content-Length to handlers, but a handler in front of this one may have set it. */
static void entity_set_length(h2o_req_t *req, size_t length)
{
    char text[sizeof("18446744073709551615")];

    req->entity.len = length;
    for (size_t i = 0; i < req->headers.size; i++)
        if (gbxi_header_is(&req->headers.entries[i], "content-length"))
            req->headers.entries[i].value =
                h2o_strdup(&req->pool, text, (size_t)snprintf(text, sizeof(text), "%zu", length));
}

/* Takes over malloc's `bytes`. */
static int entity_replace(h2o_req_t *req, char *bytes, size_t length, gbx_error *error)
{
    entity_copy *copy;

    if (bytes == NULL)
        return entity_no_memory(error);
    if (!gbxi_work_memory_take(length, gbxi_work_size_of(length))) {
        free(bytes);
        return entity_no_memory(error);
    }
    copy = h2o_mem_alloc_shared(&req->pool, sizeof(*copy), entity_free);
    *copy = (entity_copy){bytes, length};
    req->entity.base = bytes;
    entity_set_length(req, length);
    return 0;
}

/* Whether the body is in the buffer that the connection has filled and owns. */
static bool entity_is_in_buffer(const h2o_req_t *req)
{
    const h2o_socket_t *socket = req->version < 0x200 ? req->conn->callbacks->get_socket(req->conn) : NULL;
    const h2o_buffer_t *input = socket != NULL ? socket->input : NULL;

    return input != NULL && req->entity.base >= input->bytes &&
           req->entity.base + req->entity.len <= input->bytes + input->size;
}

/* Moves the shorter of the two ends over the gap. */
static void entity_close_gap(h2o_req_t *req, gbxi_member cut)
{
    char *base = req->entity.base;
    size_t behind = req->entity.len - cut.at - cut.length;

    if (cut.at <= behind) {
        memmove(base + cut.length, base, cut.at);
        req->entity.base = base + cut.length;
    } else {
        memmove(base + cut.at, base + cut.at + cut.length, behind);
    }
    entity_set_length(req, cut.at + behind);
}

static int entity_copy_without(h2o_req_t *req, gbxi_member cut, gbx_error *error)
{
    size_t behind = req->entity.len - cut.at - cut.length;
    char *bytes = malloc(cut.at + behind);

    if (bytes != NULL) {
        memcpy(bytes, req->entity.base, cut.at);
        memcpy(bytes + cut.at, req->entity.base + cut.at + cut.length, behind);
    }
    return entity_replace(req, bytes, cut.at + behind, error);
}

int gbxi_entity_apply(gbxi_body *body, h2o_req_t *req, gbx_error *error)
{
    char *packed = body->packed;

    body->packed = NULL;
    if (packed != NULL)
        return entity_replace(req, packed, body->packed_length, error);
    if (body->cut.length == 0)
        return 0;
    if (!entity_is_in_buffer(req))
        return entity_copy_without(req, body->cut, error);
    entity_close_gap(req, body->cut);
    return 0;
}

void gbxi_entity_drop(h2o_req_t *req)
{
    static const char *const about_it[] = {"content-type", "content-encoding", "content-length", NULL};

    req->entity = h2o_iovec_init(NULL, 0);
    gbxi_headers_drop(&req->headers, about_it);
}
