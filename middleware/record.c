/* SPDX-License-Identifier: MIT */
/* Owns the copies of a request's method, path and route until the request has ended. */
#define _GNU_SOURCE
#include "middleware/record.h"
#include "middleware/making.h"
#include "recorder/recorder.h"
#include <stdlib.h>

struct gbxi_record {
    gbx_recorder *recorder; /* borrowed from the path configuration */
    gbx_request request;
    bool entered;
    char text[];
};

/* A path that a redaction may have changed is taken from the capture's name, "METHOD /path". If the client chose the
 * name, nothing that was redacted has the path. */
static h2o_iovec_t path_to_tell(const gbxi_mirror *mirror, const h2o_req_t *req, const gbx_capture *capture,
                                const gbxi_trace_config *config)
{
    const char *name;

    if (mirror->config.redaction == NULL)
        return gbxi_path_without_query(req);
    if (config != NULL && config->name[0] != '\0')
        return h2o_iovec_init(H2O_STRLIT(GBX_REDACTED));
    name = gbx_capture_name(capture);
    if (strncmp(name, req->method.base, req->method.len) == 0 && name[req->method.len] == ' ')
        name += req->method.len + 1;
    return h2o_iovec_init(name, strlen(name));
}

bool gbxi_record_enter(const gbxi_mirror *mirror)
{
    return mirror->config.recorder != NULL && gbx_capture_is_on() && gbx_gate_is_on(mirror->config.gate) &&
           gbxi_recorder_enter(mirror->config.recorder);
}

void gbxi_record_leave(const gbxi_mirror *mirror)
{
    gbxi_recorder_leave(mirror->config.recorder);
}

static const char *put_terminated(char **at, h2o_iovec_t text)
{
    char *copy = *at;

    memcpy(copy, text.base, text.len);
    copy[text.len] = '\0';
    *at += text.len + 1;
    return copy;
}

gbxi_record *gbxi_record_new(const gbxi_mirror *mirror, const h2o_req_t *req, const gbx_capture *capture,
                             const gbxi_trace_config *config, bool entered)
{
    const h2o_iovec_t route = req->pathconf->path;
    h2o_iovec_t path;
    gbxi_record *record;
    char *at;

    if (mirror->config.recorder == NULL)
        return NULL;
    path = path_to_tell(mirror, req, capture, config);
    if ((record = malloc(sizeof(*record) + req->method.len + path.len + route.len + 3)) == NULL) {
        if (entered)
            gbxi_recorder_leave(mirror->config.recorder);
        return NULL;
    }
    at = record->text;
    record->recorder = mirror->config.recorder;
    record->entered = entered;
    record->request = (gbx_request){.size = sizeof(record->request),
                                    .method = put_terminated(&at, req->method),
                                    .path = put_terminated(&at, path),
                                    .route = put_terminated(&at, route),
                                    .source_root = mirror->config.source_root};
    return record;
}

void gbxi_record_end(gbxi_record *record, gbx_capture *capture, int status, bool asked)
{
    if (record == NULL)
        return;
    record->request.status = (uint32_t)status;
    record->request.asked = asked;
    if (capture != NULL)
        gbx_recorder_offer(record->recorder, capture, &record->request);
    if (record->entered)
        gbxi_recorder_leave(record->recorder);
    free(record);
}
