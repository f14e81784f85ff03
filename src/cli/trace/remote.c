/* SPDX-License-Identifier: MIT */
/* Judges the answers of mirrored routes, and stores the traces in them. */
#define _GNU_SOURCE
#include "cli/trace/remote.h"
#include "base/time.h"
#include "store/import.h"
#include "json/reader.h"
#include <glassbox/read.h>
#include <stdio.h>
#include <string.h>

enum {
    WAITS_MAX = 5,
    WAIT_S_MAX = 60,
    DETAIL_MAX = 250,
    NOT_MODIFIED = 304,
    UNAUTHORIZED = 401,
    FORBIDDEN = 403,
    TOO_MANY = 429,
    BUSY = 503
};

gbx_err gbxi_remote_open(gbxi_remote *remote, const char *store, const char *program, gbx_error *error)
{
    const gbxi_store_options options = {.directory = store, .program = program};
    gbx_err err = gbxi_store_open(&options, &remote->store, error);

    if (err == GBX_ERR_OK) {
        remote->sink = gbxi_store_sink(remote->store);
        remote->flushed_ns = gbxi_monotonic_ns();
    }
    return err;
}

/* The detail of a problem document; empty if it is none. */
static void read_detail(const gbxi_answer *answer, char detail[static DETAIL_MAX])
{
    gbxi_json_document *document;
    gbxi_json_string text = {0};

    detail[0] = '\0';
    if (gbxi_json_parse(answer->body, answer->length, &document, NULL) != GBX_ERR_OK)
        return;
    if (gbxi_json_str(gbxi_json_member(gbxi_json_root(document), "detail"), &text))
        snprintf(detail, DETAIL_MAX, ": %.*s", (int)(text.length < DETAIL_MAX ? text.length : DETAIL_MAX), text.at);
    gbxi_json_free(document);
}

static gbx_err refuse_permission(const gbxi_answer *answer, gbx_error *error)
{
    return gbx_error_set(
        error, GBX_ERR_STATE, NULL, "%s: status %u, %s; --token sends a token, which 'glassbox token' makes",
        answer->target->shown, answer->status,
        answer->status == FORBIDDEN ? "the permission to capture does not cover this" : "capturing needs a permission");
}

/* What an answer without a trace is likely to be. */
static const char *no_trace_because(uint32_t status)
{
    if (status >= 500)
        return "the service, or a proxy before it, failed";
    if (status >= 300 && status < 400 && status != NOT_MODIFIED)
        return "it redirects, perhaps to a login, which --login or --cookie may spare";
    return "this is no route that Glassbox mirrors";
}

static gbx_err refuse_answer(const gbxi_answer *answer, gbx_error *error)
{
    const char *shown = answer->target->shown;
    char detail[DETAIL_MAX];

    if (answer->status == UNAUTHORIZED || answer->status == FORBIDDEN)
        return refuse_permission(answer, error);
    read_detail(answer, detail);
    if (answer->status == TOO_MANY)
        return gbx_error_set(error, GBX_ERR_LIMIT, NULL, "%s: status 429%s; a lower --concurrency may help", shown,
                             detail);
    if (detail[0] != '\0' && answer->status != 404 && answer->status != 405)
        return gbx_error_set(error, GBX_ERR_STATE, NULL, "%s: status %u%s", shown, answer->status, detail);
    return gbx_error_set(error, GBX_ERR_MISSING, NULL, "%s" GBXI_REMOTE_SUFFIX ": status %u without a trace: %s", shown,
                         answer->status, no_trace_because(answer->status));
}

/* A server at its limits says when to come again. Requests that were under way together wait once. */
static bool may_wait(gbxi_remote *remote, const gbxi_answer *answer)
{
    uint64_t now_ns = gbxi_monotonic_ns();

    if (answer->status != TOO_MANY && !(answer->status == BUSY && answer->retry_after_s > 0))
        return false;
    if (answer->retry_after_s > WAIT_S_MAX)
        return false;
    if (now_ns < remote->waits_until_ns)
        return true;
    remote->waits_until_ns = now_ns + (answer->retry_after_s > 0 ? answer->retry_after_s : 1) * GBXI_NS_PER_S;
    return remote->waits++ < WAITS_MAX;
}

static gbx_err refuse_fault(const gbxi_answer *answer, gbx_error *error)
{
    if (answer->began)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "%s: the answer broke off: %s", answer->target->shown,
                             answer->fault);
    return gbx_error_set(error, GBX_ERR_IO, NULL, "%s: no answer: %s", answer->target->shown, answer->fault);
}

static gbx_err store_capture(gbxi_remote *remote, const gbxi_answer *answer, const char *method, gbx_capture *capture,
                             gbxi_remote_result *result, gbx_error *error)
{
    const gbx_recording recording = {.size = sizeof(recording),
                                     .capture = capture,
                                     .method = method,
                                     .path = answer->target->path,
                                     .route = answer->target->path,
                                     .source_root = "",
                                     .status = result->status,
                                     .reasons = GBX_KEEP_ASKED};
    gbx_capture_facts facts;

    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    result->duration_ns = facts.duration_ns;
    remote->sink.offered(remote->sink.context);
    return remote->sink.take(remote->sink.context, &recording, error);
}

static gbx_err take_trace(gbxi_remote *remote, const gbxi_answer *answer, const char *method,
                          gbxi_remote_result *result, gbx_error *error)
{
    gbxi_import import = {0};
    gbx_error inner = {0};
    gbx_err err = gbxi_import_full(answer->body, answer->length, &import, &inner);

    if (err != GBX_ERR_OK)
        return gbx_error_set(error, err, NULL, "%s: the answer is no trace: %s", answer->target->shown, inner.text);
    remote->guessed += import.guessed_calls;
    result->verdict = GBXI_ANSWER_ON;
    result->status = answer->output_status != 0 ? answer->output_status : answer->status;
    err = store_capture(remote, answer, method, import.capture, result, error);
    if (err != GBX_ERR_OK)
        result->verdict = GBXI_ANSWER_STOP;
    gbx_capture_unref(import.capture);
    return err;
}

gbx_err gbxi_remote_take(gbxi_remote *remote, const gbxi_answer *answer, const char *method, gbxi_remote_result *result,
                         gbx_error *error)
{
    *result = (gbxi_remote_result){.verdict = answer->fault != NULL ? GBXI_ANSWER_ON : GBXI_ANSWER_NEXT_URL};
    if (answer->fault != NULL)
        return refuse_fault(answer, error);
    if (!answer->has_capture && may_wait(remote, answer)) {
        result->verdict = GBXI_ANSWER_AGAIN;
        return GBX_ERR_OK;
    }
    if (!answer->has_capture)
        return refuse_answer(answer, error);
    remote->waits = 0;
    if (!answer->is_captured)
        return gbx_error_set(error, GBX_ERR_STATE, NULL, "%s: capturing is switched off there", answer->target->shown);
    return take_trace(remote, answer, method, result, error);
}

gbx_err gbxi_remote_flush(gbxi_remote *remote, gbx_error *error)
{
    uint64_t now_ns = gbxi_monotonic_ns();

    if (now_ns - remote->flushed_ns < GBXI_NS_PER_S)
        return GBX_ERR_OK;
    remote->flushed_ns = now_ns;
    return remote->sink.flush(remote->sink.context, error);
}

gbx_err gbxi_remote_close(gbxi_remote *remote, gbx_error *error)
{
    gbxi_store *store = remote->store;

    remote->store = NULL;
    return store != NULL ? gbxi_store_close(store, error) : GBX_ERR_OK;
}
