/* SPDX-License-Identifier: MIT */
/* Owns the recorder under test and its sink. */
#define _GNU_SOURCE
#include "recorded.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

recorded recorded_list[RECORDED_MAX];
static size_t taken_count; /* read after the recorder is closed */

static void list_names(const gbx_capture *capture, char *names)
{
    gbx_capture_facts facts;
    gbx_reader reader;
    gbx_record record;
    size_t length = 0;

    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    for (size_t lane = 0; lane < facts.lane_count; lane++)
        for (gbx_reader_init(&reader, capture, lane); gbx_reader_next(&reader, &record);)
            if (record.kind == GBX_RECORD_ENTER && length < RECORDED_NAMES_BYTES)
                length += (size_t)snprintf(names + length, RECORDED_NAMES_BYTES - length, " %.*s",
                                           (int)gbx_record_name_length(&record), record.name);
}

static gbx_err take_recording(void *context, const gbx_recording *recording, gbx_error *error)
{
    recorded *one = &recorded_list[taken_count++];
    gbx_capture_facts facts;

    (void)context, (void)error;
    gbx_capture_facts_get(recording->capture, &facts, sizeof(facts));
    snprintf(one->method, sizeof(one->method), "%s", recording->method);
    snprintf(one->path, sizeof(one->path), "%s", recording->path);
    snprintf(one->route, sizeof(one->route), "%s", recording->route);
    snprintf(one->root, sizeof(one->root), "%s", recording->source_root);
    for (size_t i = 0; i < sizeof(facts.trace_id); i++)
        snprintf(one->id + 2 * i, 3, "%02x", facts.trace_id[i]);
    for (size_t i = 0; i < sizeof(facts.parent_span_id); i++)
        snprintf(one->parent + 2 * i, 3, "%02x", facts.parent_span_id[i]);
    one->flags = facts.trace_flags;
    one->status = recording->status;
    one->reasons = recording->reasons;
    one->duration_ns = facts.duration_ns;
    one->truncated = facts.truncated;
    list_names(recording->capture, one->names);
    return GBX_ERR_OK;
}

int recorded_answer(h2o_handler_t *self, h2o_req_t *req)
{
    GBX_SPAN_NAMED("test.handler");
    (void)self;
    req->res.status = 201;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("text/plain"));
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_ETAG, NULL, H2O_STRLIT("\"1\""));
    h2o_send_inline(req, H2O_STRLIT("answer"));
    {
        GBX_SPAN_NAMED("test.after");
    }
    return 0;
}

void recorded_open(const gbx_recorder_options *options)
{
    const gbx_sink sink = {.size = sizeof(sink), .take = take_recording};

    exchange_close();
    taken_count = 0;
    memset(recorded_list, 0, sizeof(recorded_list));
    exchange_recorder = gbx_recorder_new(options);
    assert_non_null(exchange_recorder);
    assert_int_equal(gbx_recorder_add(exchange_recorder, &sink), GBX_ERR_OK);
    exchange_open();
}

void recorded_open_all(void)
{
    recorded_open(&(gbx_recorder_options){.size = sizeof(gbx_recorder_options), .one_in = 1});
}

void recorded_close(exchange *x, size_t expected)
{
    exchange_end(x);
    assert_int_equal(gbx_recorder_close(exchange_recorder, 0), GBX_ERR_OK);
    assert_int_equal(taken_count, expected);
}

int recorded_end(exchange *x)
{
    exchange_end(x);
    exchange_close();
    gbx_recorder_unref(exchange_recorder);
    exchange_recorder = NULL;
    return gbx_capture_live_count() == 0 ? 0 : -1;
}
