/* SPDX-License-Identifier: MIT */
/* Reads whole documents, and owns the captures that the export tests share. */
#define _GNU_SOURCE
#include "document.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

static const gbx_site site_handle = {"handle", "handle", "src/server.c", 40, {0}};
static const gbx_site site_parse = {"graph.parse", "parse", "src/graph.c", 12, {0}};
static const gbx_site site_walk = {"walk", "walk", "src/graph.c", 77, {0}};
static const gbx_site site_query = {"db.query", "query", "src/db.c", 8, {0}};
static const gbx_site site_link = {"link", "link", "src/graph.c", 101, {0}};
static const gbx_site site_render = {"render \"quoted\"\n<b>\\", "render", "src/render.c", 5, {0}};
static const gbx_site site_job = {"job", "job", "src/worker.c", 3, {0}};

char *document_read(gbx_exporter *exporter, size_t piece, size_t *length)
{
    size_t capacity = piece + 1;
    char *text = malloc(capacity);
    ptrdiff_t got = 1;

    assert_non_null(exporter);
    for (*length = 0; got > 0; *length += (size_t)got) {
        if (capacity - *length < piece + 1) {
            capacity = capacity * 2 + piece;
            text = realloc(text, capacity);
        }
        assert_non_null(text);
        got = gbx_exporter_read(exporter, text + *length, piece);
        assert_in_range(got, 0, piece);
    }
    assert_int_equal(gbx_exporter_read(exporter, text + *length, piece), 0);
    text[*length] = '\0';
    return text;
}

char *document_of(gbx_capture *capture, gbx_format format, const gbx_export_options *options, size_t *length)
{
    gbx_exporter *exporter = gbx_exporter_new(capture, format, options);
    char *text = document_read(exporter, 4096, length);

    gbx_exporter_free(exporter);
    return text;
}

char *document_unpacked(gbx_capture *capture, gbx_format format, const gbx_export_options *options, size_t *length)
{
    char *packed = document_of(capture, format, options, length), *text;
    z_stream stream = {.next_in = (unsigned char *)packed, .avail_in = (unsigned)*length};
    size_t room = 1 << 20;

    if (format != GBX_FORMAT_PPROF)
        return packed;
    text = malloc(room + 1);
    assert_non_null(text);
    assert_int_equal(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
    stream.next_out = (unsigned char *)text;
    stream.avail_out = (unsigned)room;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.avail_in, 0);
    *length = room - stream.avail_out;
    text[*length] = '\0';
    assert_int_equal(inflateEnd(&stream), Z_OK);
    free(packed);
    return text;
}

static void parse(recording *r)
{
    recording_enter(r, &site_parse);
    gbxi_note_int("bytes", 4096);
    gbxi_note_str("encoding", "latin-1");
    recording_pass(r, 1000);
    recording_enter(r, &site_walk);
    gbxi_note_double("depth share", 0.25);
    recording_pass(r, 200);
    recording_enter(r, &site_walk);
    recording_pass(r, 300);
    recording_exit(r);
    recording_exit(r);
    gbxi_note_str("encoding", "utf-8"); /* the second value is the one that counts */
    gbxi_note_double("not a number", __builtin_nan(""));
    gbxi_note_str("quo\"te \xFF", "line\nfeed \xF0\x9F\x98\x80 \xC3(");
    gbxi_note_str("quo\"te \xFE", "a key that reads the same once written");
    recording_exit(r);
}

static void load(recording *r)
{
    for (int i = 0; i < 4; ++i)
        recording_call(r, &site_query, 250);
    for (int i = 0; i < 3; ++i) {
        recording_enter_named(r, &site_link, i % 2 == 0 ? "link(a)" : "link(\xC3\xA9\xFF)");
        recording_pass(r, 40);
        recording_exit(r);
    }
}

static void work(recording *r, void *argument)
{
    (void)argument;
    recording_enter(r, &site_job);
    recording_pass(r, 1500);
    recording_call(r, &site_query, 600);
    gbxi_span_fail("disk on fire");
    recording_exit(r);
}

/* The calling thread's name is part of the documents. */
static void begin(recording *r, const gbx_capture_options *options)
{
    pthread_setname_np(pthread_self(), "main");
    recording_begin(r, options);
}

gbx_capture *document_record_request(recording *r)
{
    static const gbx_capture_options options = {
        .size = sizeof(options),
        .name = "POST /graph/\"x\"",
        .trace_id = {0x0A, 0xF7, 0x65, 0x19, 0x16, 0xCD, 0x43, 0xDD, 0x84, 0x48, 0xEB, 0x21, 0x1C, 0x80, 0x31, 0x9C}};

    begin(r, &options);
    recording_pass(r, 500);
    recording_enter(r, &site_handle);
    recording_pass(r, 100);
    parse(r);
    load(r);
    recording_call(r, &site_render, 0);
    gbxi_span_fail("template missing");
    recording_pass(r, 2000000);
    recording_exit(r);
    recording_on_thread(r, "worker/1", 101, 1000, work, NULL);
    recording_pass(r, 250);
    recording_call(r, &site_render, 999);
    gbxi_note_str("region", "eu-1"); /* of the trace itself, as is the next */
    gbxi_note_int("attempt", 2);
    recording_pass(r, 1);
    return recording_finish(r);
}

gbx_capture *document_record_truncated(recording *r)
{
    const gbx_capture_options options = {
        .size = sizeof(options), .name = "GET /deep", .max_depth = 3, .max_spans = 200, .trace_id = {1}};

    begin(r, &options);
    for (int i = 0; i < 300; ++i) {
        recording_enter(r, &site_handle);
        recording_enter(r, &site_parse);
        recording_call(r, &site_query, (uint64_t)(i * 17 % 50));
        recording_enter(r, &site_walk);
        recording_call(r, &site_render, 10);
        recording_exit(r);
        recording_exit(r);
        recording_pass(r, 5);
        recording_exit(r);
    }
    return recording_finish(r);
}

gbx_capture *document_record_unentered(recording *r)
{
    const gbx_capture_options options = {.size = sizeof(options), .name = "GET /nothing", .trace_id = {2}};

    recording_begin_outside(r, &options);
    recording_pass(r, 1234567);
    return recording_finish(r);
}
