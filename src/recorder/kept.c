/* SPDX-License-Identifier: MIT */
/* Owns the memory of kept captures: one block for each. */
#define _GNU_SOURCE
#include "recorder/kept.h"
#include "base/cut.h"
#include "base/versioned.h"
#include <stdlib.h>
#include <string.h>

/* A text that is kept, and where the recording has it. */
typedef struct kept_text {
    const char *from;
    size_t length;
    const char **to;
} kept_text;

static kept_text text_to_keep(const char *from, size_t max, const char **to)
{
    return (kept_text){from, gbxi_cut(from, strnlen(from, max + 1), max), to};
}

gbxi_kept *gbxi_kept_new(gbx_capture *capture, size_t capture_bytes, const gbx_request *request, uint32_t reasons)
{
    gbx_recording recording = {.size = sizeof(recording), .status = request->status, .reasons = reasons};
    const kept_text texts[] = {
        text_to_keep(request->method, GBXI_KEPT_METHOD_BYTES_MAX, &recording.method),
        text_to_keep(request->path, GBXI_KEPT_PATH_BYTES_MAX, &recording.path),
        text_to_keep(request->route, GBXI_KEPT_PATH_BYTES_MAX, &recording.route),
        text_to_keep(request->source_root, GBXI_KEPT_PATH_BYTES_MAX, &recording.source_root),
    };
    enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };
    size_t bytes = sizeof(gbxi_kept) + TEXTS;
    gbxi_kept *kept;
    char *at;

    for (size_t i = 0; i < TEXTS; i++)
        bytes += texts[i].length;
    if ((kept = malloc(bytes)) == NULL)
        return NULL;
    at = kept->text;
    for (size_t i = 0; i < TEXTS; i++) {
        memcpy(at, texts[i].from, texts[i].length);
        at[texts[i].length] = '\0';
        *texts[i].to = at;
        at += texts[i].length + 1;
    }
    kept->bytes = capture_bytes;
    kept->recording = recording;
    kept->recording.capture = gbx_capture_ref(capture);
    return kept;
}

void gbxi_kept_free(gbxi_kept *kept)
{
    if (kept == NULL)
        return;
    gbx_capture_unref(kept->recording.capture);
    free(kept);
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

bool gbxi_request_read(const gbx_capture *capture, const gbx_request *given, gbx_request *request)
{
    const char *told = gbx_capture_route(capture);

    if (gbxi_options_read(request, sizeof(*request), GBXI_SIZE_THROUGH(gbx_request, reserved), given, NULL) !=
            GBX_ERR_OK ||
        gbxi_reserved_check(request->reserved, sizeof(request->reserved), NULL) != GBX_ERR_OK)
        return false;
    request->method = or_empty(request->method);
    request->path = or_empty(request->path);
    request->route = told != NULL ? told : or_empty(request->route);
    request->source_root = or_empty(request->source_root);
    return true;
}
